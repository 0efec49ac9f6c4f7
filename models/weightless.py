"""Construct a module without memory for its weights.

Layers make their weights with ``torch.empty`` and then fill them. Here what has no definite value
(uninitialised and random tensors) is put on PyTorch's meta device, which knows shapes and no data,
and is not filled; tensors with a definite value stay real, so that a constructor may compute with
them (RegNet derives its widths so, and fails under a plain ``torch.device("meta")``). Parameters
and buffers that are real at the end move to the meta device then. A constructor that fails so,
because it runs a real tensor through its layers, is called again with all new tensors on the meta
device. The mode belongs to the calling thread alone, and random numbers come from a generator of
its own, never from the caller's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

_Functions = frozenset[Callable[..., Any]]

_VALUELESS: _Functions = frozenset({torch.empty, torch.empty_strided, torch.rand, torch.randn, torch.randint})
_VALUED: _Functions = frozenset(
    {
        torch.arange,
        torch.as_tensor,
        torch.eye,
        torch.full,
        torch.linspace,
        torch.ones,
        torch.tensor,
        torch.zeros,
    }
)
_RANDOM_FILLS: _Functions = frozenset(
    {
        Tensor.normal_,
        Tensor.uniform_,
        Tensor.random_,
        Tensor.bernoulli_,
        Tensor.exponential_,
        Tensor.log_normal_,
        Tensor.cauchy_,
        Tensor.geometric_,
    }
)
_RANDOM_VALUES: _Functions = frozenset({torch.randperm, torch.normal, torch.bernoulli, torch.multinomial})
_FILLS = _RANDOM_FILLS | {Tensor.zero_, Tensor.fill_}
RANDOM = _RANDOM_FILLS | _RANDOM_VALUES


class _WeightlessMode(TorchFunctionMode):
    """Sends what ``creators`` make to the meta device and skips initialisation there."""

    def __init__(self, creators: _Functions) -> None:
        super().__init__()
        self._creators = creators
        self._generator = torch.Generator().manual_seed(0)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        kwargs = dict(kwargs or {})
        if func in self._creators and kwargs.get("device") is None and kwargs.get("out") is None:
            kwargs.pop("generator", None)
            return func(*args, **{**kwargs, "device": "meta"})
        if func in _FILLS and args[0].is_meta:
            return args[0]
        if func in RANDOM:
            kwargs["generator"] = self._generator
        elif getattr(func, "__module__", None) == "torch.nn.init":
            return args[0] if args else kwargs["tensor"]
        return func(*args, **kwargs)


def construct_without_weights(constructor: Callable[[], nn.Module]) -> nn.Module:
    """The module that ``constructor()`` returns, with all parameters and buffers on the meta device.

    Tensors that several modules share stay shared; requires_grad and the training flag stay as the
    constructor leaves them. Errors of the constructor pass through. ViT-H/14: 632,045,800
    parameters, no memory for them.
    """
    try:
        with _WeightlessMode(_VALUELESS):
            module = constructor()
    except RuntimeError:
        with _WeightlessMode(_VALUELESS | _VALUED):
            module = constructor()
    parameters: dict[Tensor, nn.Parameter] = {}
    buffers: dict[Tensor, Tensor] = {}
    for part in module.modules():
        for key, parameter in part._parameters.items():
            if parameter is not None and not parameter.is_meta:
                if parameter not in parameters:
                    shape_only = parameter.detach().to("meta")
                    parameters[parameter] = nn.Parameter(shape_only, parameter.requires_grad)
                part._parameters[key] = parameters[parameter]
        for key, buffer in part._buffers.items():
            if buffer is not None and not buffer.is_meta:
                part._buffers[key] = buffers.setdefault(buffer, buffer.detach().to("meta"))
    return module
