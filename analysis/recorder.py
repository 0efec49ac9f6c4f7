"""Turning the dispatcher's calls into records: which tensor is which, and what depends on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from analysis.meta_outputs import MetaOutputs
from analysis.operators import OperatorInfo, kind_of, operator_info
from analysis.private_copy import PrivateCopy
from analysis.records import Kind, Operation, TensorRecord, TensorRef

_MULTIPLYING = (Kind.CONVOLUTION, Kind.LINEAR, Kind.ATTENTION)
_PLUMBING = frozenset(
    (
        *("contiguous", "alias", "detach", "to", "_to_copy"),
        *("expand", "slice", "reshape", "view", "pad"),
    )
)
# Operators that take only the shape and dtype of a tensor: what they return does not depend on its values.
_FACTORIES = frozenset(
    (
        *("new_zeros", "new_ones", "new_full", "new_empty", "new_empty_strided"),
        *("zeros_like", "ones_like", "full_like", "empty_like", "rand_like", "randn_like", "randint_like"),
    )
)


_NOTHING: frozenset[int] = frozenset()


class Recorder(TorchDispatchMode):
    """Turns the dispatcher's calls into :class:`Operation` records.

    A tensor is known by its identity; ``_keep`` holds each one alive so that no identity is
    reused. ``_data`` maps tensors that depend on an input to their reference, ``_constants`` the
    others to the parameters that they were made from.
    """

    def __init__(self, inputs: list[torch.Tensor], private: PrivateCopy, *, constants_on_meta: bool) -> None:
        super().__init__()
        self._constants_on_meta = constants_on_meta
        self.stack: list[tuple[str, str, int]] = []
        self.calls: dict[str, int] = {}
        self.failed_in: str | None = None
        self.failed_call: tuple[str, Kind, tuple[Any, ...]] | None = None
        self.operations: list[Operation] = []
        self.parameter_records = tuple(record for _, record in private.parameters)
        self._call = MetaOutputs().__call__
        self._keep: list[Any] = [*inputs]
        self._storages: dict[int, int] = {}
        self.storage_bytes: list[int] = []
        self._first_views: list[torch.Tensor] = []
        self._aliases: dict[int, list[torch.Tensor]] = {}
        self._data: dict[int, TensorRef] = {}
        self._records: dict[int, TensorRecord] = {}
        self._constants: dict[int, frozenset[int]] = {
            id(tensor): frozenset((index,)) for index, (tensor, _) in enumerate(private.parameters)
        }
        for index, tensor in enumerate(inputs):
            self._data[id(tensor)] = TensorRef(-1, index)
        self.input_records = tuple(self._record(tensor) for tensor in inputs)

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here, so PyTorch need not wrap every call to keep its compiler out."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        info = operator_info(func)
        if info.composite and not info.known:
            with self:
                result = func.decompose(*args, **kwargs)
            if result is not NotImplemented:
                return result
        if self._constants_on_meta and "device" in kwargs:
            kwargs = {**kwargs, "device": torch.device("meta")}
        try:
            result = self._call(func, info, args, kwargs)
        except Exception:
            self.failed_call = (info.name, info.kind, args)
            raise
        outputs = _tensors(result)
        if outputs:
            self._observe(info, args, kwargs, outputs)
        return result

    def _observe(
        self, info: OperatorInfo, args: tuple[Any, ...], kwargs: dict[str, Any], outputs: list[torch.Tensor]
    ) -> None:
        # A row reads the values that its inputs had before it ran: take the references first.
        data: list[TensorRef] = []
        made_from: set[int] = set()
        arguments = dict(info.defaults)
        for name, value in zip(info.argument_names, args, strict=False):
            arguments[name] = self._reference(value, data, made_from)
        for name, value in kwargs.items():
            arguments[name] = self._reference(value, data, made_from)
        self._keep.append(outputs)
        if info.name in _FACTORIES or not (data or info.kind in _MULTIPLYING):
            parameters = frozenset() if info.name in _FACTORIES else frozenset(made_from)
            for tensor in outputs:
                self._constants[id(tensor)] = parameters
            return
        if len(outputs) == 1 and info.name in _PLUMBING and self._is_same_view(outputs[0], args[0]):
            self._data[id(outputs[0])] = self._data[id(args[0])]
            return
        index = len(self.operations)
        written = outputs
        if info.in_place and (len(data) > 1 or id(outputs[0]) not in self._data):
            written = outputs + self._stale_aliases(outputs[0], arguments)
        for position, tensor in enumerate(written):
            self._data[id(tensor)] = TensorRef(index, position)
        path, type_name, call = self.stack[-1] if self.stack else ("", "", 1)
        self.operations.append(
            Operation(
                index=index,
                module_path=path,
                module_type=type_name,
                call=call,
                operator=info.name,
                kind=info.kind if len(data) == 1 else kind_of(info, len(set(data))),
                pointwise=info.pointwise,
                arguments=arguments,
                inputs=tuple(dict.fromkeys(data)),
                outputs=tuple([self._record(tensor) for tensor in written]),
                parameters=tuple(sorted(made_from)),
                writes_in_place=info.in_place,
            )
        )

    def _is_same_view(self, output: torch.Tensor, source: torch.Tensor) -> bool:
        return id(source) in self._data and (
            output is source
            or (
                output.shape == source.shape
                and output.stride() == source.stride()
                and self._record(output).storage == self._record(source).storage
            )
        )

    def _stale_aliases(self, target: torch.Tensor, arguments: dict[str, Any]) -> list[torch.Tensor]:
        """Other views of a tensor that is written in place with new data: their content changes too."""
        if id(target) in self._data:
            storage = self._record(target).storage
            views = [self._first_views[storage], *self._aliases.get(storage, ())]
        else:  # a constant until now, and so was all that shares its memory
            address = target.untyped_storage()._cdata
            views = [t for t in _tensors(self._keep) if t.untyped_storage()._cdata == address]
        stale = [view for view in views if view is not target]
        if stale:
            arguments["aliases"] = tuple(self._data[id(t)] for t in stale if id(t) in self._data)
        return stale

    def references(self, values: Any) -> tuple[TensorRef, ...]:
        """References of all tensors in what a model returns: a tensor, or lists and dictionaries of them."""
        if isinstance(values, torch.Tensor):
            reference = self._data.get(id(values))
            return () if reference is None else (reference,)
        if is_dataclass(values) and not isinstance(values, type):
            values = [getattr(values, item.name) for item in fields(values)]
        elif isinstance(values, Mapping):
            values = list(values.values())
        if not isinstance(values, (list, tuple)):
            return ()
        return tuple(reference for value in values for reference in self.references(value))

    def _reference(self, value: Any, data: list[TensorRef], made_from: set[int]) -> Any:
        """What stands for an argument in a record; adds to ``data`` and to the parameters that it is made from."""
        if isinstance(value, torch.Tensor):
            reference = self._data.get(id(value))
            if reference is not None:
                data.append(reference)
                return reference
            made_from |= self._constants.get(id(value), _NOTHING)
            return self._record(value)
        if isinstance(value, (list, tuple)):
            return tuple([self._reference(item, data, made_from) for item in value])
        return value

    def _record(self, tensor: torch.Tensor) -> TensorRecord:
        record = self._records.get(id(tensor))
        if record is None:
            self._keep.append(tensor)
            memory = tensor.untyped_storage()
            address = memory._cdata
            storage = self._storages.get(address)
            if storage is None:
                storage = self._storages[address] = len(self.storage_bytes)
                self.storage_bytes.append(memory.nbytes())
                self._first_views.append(tensor)
            else:
                self._aliases.setdefault(storage, []).append(tensor)
            dtype = tensor.dtype
            record = TensorRecord(
                tuple(tensor.shape), _dtype_name(dtype), dtype.itemsize, storage, tensor.stride()
            )
            self._records[id(tensor)] = record
        return record


@cache
def _dtype_name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _tensors(values: Any) -> list[torch.Tensor]:
    """Tensors in a result or an argument list, one level of lists deep, in order."""
    if isinstance(values, torch.Tensor):
        return [values]
    found = []
    if isinstance(values, (list, tuple)) or hasattr(values, "__iter__"):
        for value in values:
            if isinstance(value, torch.Tensor):
                found.append(value)
            elif isinstance(value, (list, tuple)):
                found.extend(item for item in value if isinstance(item, torch.Tensor))
    return found
