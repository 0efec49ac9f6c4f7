"""A private, weightless copy of a model: what is traced is never the user's own module.

The copy shares the classes and the plain values of the original, and nothing that can change: its
modules and containers are new, its tensors live on the ``meta`` device (shape and dtype, no memory;
those of a model that is there already are shared, for they have no values to change). It is in
evaluation mode and has no hooks: a hook of the user's may collect activations or count calls, and
would then be disturbed by an analysis.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import torch
from torch import fx, nn
from torch.nn.parameter import UninitializedBuffer, UninitializedParameter

from analysis.records import ParameterRecord

_SHARED_TYPES = (
    type(None), bool, int, float, complex, str, bytes, type, FunctionType, BuiltinFunctionType, ModuleType, Enum,
    torch.dtype, torch.device, torch.layout, torch.memory_format, torch.Size, range, fx.Graph,
)  # fmt: skip
_PLAIN_TYPES = frozenset((type(None), bool, int, float, str))  # nearly all of them: looked up first
_CONTENTS = frozenset(("_parameters", "_buffers", "_modules"))
_HOOKS = frozenset(key for key in nn.Identity().__dict__ if "hooks" in key)


@dataclass(frozen=True, slots=True)
class PrivateCopy:
    """A copied model, its modules by path, and its distinct tensors with the records of the originals."""

    model: nn.Module
    modules: tuple[tuple[str, nn.Module], ...]
    parameters: tuple[tuple[torch.Tensor, ParameterRecord], ...]
    skipped_hooks: int


def unwrap(model: nn.Module) -> nn.Module:
    """Return the network inside ``torch.compile`` and ``DataParallel`` wrappers."""
    while type(model).__name__ in ("OptimizedModule", "DataParallel", "DistributedDataParallel"):
        inner = getattr(model, "_orig_mod", None) or getattr(model, "module", None)
        if not isinstance(inner, nn.Module):
            break
        model = inner
    return model


def private_copy(model: Any, *, with_values: bool = False) -> PrivateCopy:
    """Copy ``model`` to the meta device without touching it; no weight is allocated.

    ``with_values`` makes a copy that computes instead: its modules are new, its tensors are those of the
    model, and ``parameters`` is empty.

    Raises ValueError for what is not a module, for a TorchScript or quantised module (its Python
    structure or its float weights are gone) and for a lazy module that has not seen an input yet
    (its shapes are unknown).
    """
    if not isinstance(model, nn.Module):
        what = f"the class {model.__name__}" if isinstance(model, type) else f"a {type(model).__name__}"
        raise ValueError(
            f"Only a torch.nn.Module can be analysed, such as torchvision.models.resnet18(), not {what}."
        )
    model = unwrap(model)
    memo: dict[int, Any] = {}
    if with_values:
        memo |= {id(tensor): tensor for tensor in _tensors_of(model)}
    modules = list(model.named_modules())
    parameters, skipped_hooks = _copy_tree(modules, memo)
    return PrivateCopy(
        model=memo[id(model)],
        modules=tuple((path, memo[id(module)]) for path, module in modules),
        parameters=parameters,
        skipped_hooks=skipped_hooks,
    )


def _tensors_of(model: nn.Module) -> Iterator[torch.Tensor]:
    """Parameters, buffers, and tensors that modules keep as plain attributes."""
    yield from model.parameters()
    yield from model.buffers()
    for module in model.modules():
        yield from (value for value in vars(module).values() if isinstance(value, torch.Tensor))


def _copy_tree(
    modules: list[tuple[str, nn.Module]], memo: dict[int, Any]
) -> tuple[tuple[tuple[torch.Tensor, ParameterRecord], ...], int]:
    """Copy modules in two steps, shells before contents, so that they may refer to each other."""
    for path, module in modules:
        if isinstance(module, torch.jit.ScriptModule):
            raise ValueError(
                f"Module {path or type(module).__name__!r} is TorchScript, whose structure cannot be read: "
                "analyse the Python model that it was made from."
            )
        if ".quantized" in type(module).__module__ and type(module).__module__.startswith("torch."):
            raise ValueError(
                f"Module {path or type(module).__name__!r} is quantised, and its operators tell no shapes: "
                "analyse the float model that it was made from."
            )
        # Not module.__class__.__new__: torch.fx makes a new class there, without the forward pass.
        memo[id(module)] = object.__new__(module.__class__)
    tensors = _copy_tensors(modules, memo)
    return tensors, sum(_fill(memo[id(module)], module, memo) for _, module in modules)


def _copy_tensors(
    modules: list[tuple[str, nn.Module]], memo: dict[int, Any]
) -> tuple[tuple[torch.Tensor, ParameterRecord], ...]:
    tensors = []
    for path, module in modules:
        prefix = f"{path}." if path else ""
        for is_buffer, owned in ((False, module._parameters), (True, module._buffers)):
            for name, tensor in owned.items():
                if tensor is None or id(tensor) in memo:
                    continue
                if isinstance(tensor, (UninitializedParameter, UninitializedBuffer)):
                    raise ValueError(
                        f"Parameter {prefix + name!r} is lazy and has no shape yet: "
                        "run the model once on a real input before analysing it."
                    )
                memo[id(tensor)] = twin = _meta(tensor)
                record = ParameterRecord(
                    name=prefix + name,
                    shape=tuple(tensor.shape),
                    elements=tensor.numel(),
                    bytes=tensor.numel() * tensor.element_size(),
                    trainable=tensor.requires_grad and not is_buffer,
                    is_buffer=is_buffer,
                )
                tensors.append((twin, record))
    return tuple(tensors)


def _meta(tensor: torch.Tensor) -> torch.Tensor:
    if tensor.is_meta:
        return tensor  # it has no values that a forward pass could change
    twin = torch.empty_strided(tensor.size(), tensor.stride(), dtype=tensor.dtype, device="meta")
    if isinstance(tensor, nn.Parameter):
        return nn.Parameter(twin, requires_grad=tensor.requires_grad)
    return twin


def _fill(twin: nn.Module, module: nn.Module, memo: dict[int, Any]) -> int:
    """Copy a module's attributes into its twin; return how many hooks were left behind."""
    skipped = 0
    attributes = twin.__dict__
    for key, value in module.__dict__.items():
        if key in _HOOKS:
            attributes[key] = OrderedDict() if type(value) is OrderedDict else _copy_value(value, memo)
            if value and "hooks" in key and "state_dict" not in key:
                skipped += len(value)
        elif key in _CONTENTS:
            attributes[key] = {name: None if v is None else memo[id(v)] for name, v in value.items()}
        else:
            attributes[key] = value if type(value) in _PLAIN_TYPES else _copy_value(value, memo)
    attributes["training"] = False
    return skipped


def _copy_value(value: Any, memo: dict[int, Any]) -> Any:
    if type(value) in _PLAIN_TYPES or isinstance(value, _SHARED_TYPES):
        return value
    known = memo.get(id(value))
    if known is not None:
        return known
    if isinstance(value, torch.Tensor):
        memo[id(value)] = twin = _meta(value)
        return twin
    if isinstance(value, nn.Module):  # kept in a plain list or attribute, so not a registered child
        _copy_tree([(path, m) for path, m in value.named_modules() if id(m) not in memo], memo)
        return memo[id(value)]
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(_copy_value(item, memo) for item in value)
    if type(value) in (dict, OrderedDict):
        return type(value)((key, _copy_value(item, memo)) for key, item in value.items())
    try:
        return copy.deepcopy(value, memo)
    except (TypeError, copy.Error):
        return value  # a lock, a file, a generator: nothing that can be copied
