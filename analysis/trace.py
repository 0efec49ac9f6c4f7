"""One forward pass on the meta device, recorded operator by operator.

A ``TorchDispatchMode`` under inference mode sees each ATen operator as the model called it
(``linear``, ``batch_norm``, ``scaled_dot_product_attention``), before PyTorch takes it apart, with
its real arguments and whatever the Python control flow. The mode is thread-local and runs on a
private copy (:mod:`analysis.private_copy`), so nothing of the user's is touched and other threads
are not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from analysis.errors import ForwardError
from analysis.input_shapes import Shapes, input_shapes
from analysis.meta_outputs import MetaOutputs
from analysis.operators import OperatorInfo, kind_of, operator_info
from analysis.private_copy import PrivateCopy, private_copy
from analysis.records import Kind, Operation, ParameterRecord, TensorRecord, TensorRef, Trace
from analysis.refusals import refusal

_MULTIPLYING = (Kind.CONVOLUTION, Kind.LINEAR, Kind.ATTENTION)
_PLUMBING = frozenset({"contiguous", "alias", "detach", "to", "_to_copy", "expand", "slice", "reshape", "view", "pad"})
# Operators that take only the shape and dtype of a tensor: what they return does not depend on its values.
_FACTORIES = frozenset(
    "new_zeros new_ones new_full new_empty new_empty_strided zeros_like ones_like full_like empty_like "
    "rand_like randn_like randint_like".split()
)


def trace(model: nn.Module, input_shape: Sequence[int] | Sequence[Sequence[int]]) -> Trace:
    """Record one forward pass of ``model`` for a batch of one, without weights, data or arithmetic.

    ``input_shape`` is ``(channels, height, width)``, or a tuple of shapes for several inputs. The
    model is left as it was. Raises ValueError for an impossible shape and
    :class:`~analysis.errors.ForwardError` when the model cannot run on it.

    >>> len(trace(torchvision.models.alexnet(), (3, 224, 224)).operations)
    22
    """
    shapes = input_shapes(input_shape)
    return record(private_copy(model), shapes)


def record(private: PrivateCopy, shapes: Shapes) -> Trace:
    """Run a private copy once on inputs of the given shapes (batch of one added) and return its trace."""
    with torch.inference_mode():
        inputs = [torch.empty((1, *shape), device="meta") for shape in shapes]
        recorder = _Recorder(inputs, private)
        undo = _follow_modules(private, recorder)
        try:
            with recorder:
                private.model(*inputs)
        except (RuntimeError, ValueError, TypeError, AttributeError, KeyError, IndexError, AssertionError,
                NotImplementedError, ZeroDivisionError) as error:  # fmt: skip
            raise ForwardError(_sentence(error, recorder, shapes), recorder.failed_in or "") from error
        finally:
            undo()
    notes = []
    if private.skipped_hooks:
        notes.append(f"{private.skipped_hooks} hooks of the model were not run.")
    return Trace(
        inputs=recorder.input_records,
        operations=tuple(recorder.operations),
        parameters=recorder.parameter_records,
        modules=tuple((path, type(module).__name__) for path, module in private.modules),
        notes=tuple(notes),
    )


def _follow_modules(private: PrivateCopy, recorder: _Recorder) -> Callable[[], None]:
    """Make the copy's modules announce themselves to the recorder; return what takes that back."""
    for path, module in private.modules:
        module.__dict__["forward"] = _announced(module.forward, path, type(module).__name__, recorder)

    def undo() -> None:
        for _, module in private.modules:
            module.__dict__.pop("forward", None)

    return undo


def _announced(forward: Callable[..., Any], path: str, type_name: str, recorder: _Recorder) -> Callable[..., Any]:
    def announced_forward(*args: Any, **kwargs: Any) -> Any:
        stack = recorder.stack
        calls = recorder.calls
        calls[path] = call = calls.get(path, 0) + 1
        stack.append((path, type_name, call))
        try:
            return forward(*args, **kwargs)
        except Exception:
            if recorder.failed_in is None:
                recorder.failed_in = path or type_name
            raise
        finally:
            stack.pop()

    return announced_forward


def _sentence(error: Exception, recorder: _Recorder, shapes: Shapes) -> str:
    size = " and ".join(" x ".join(map(str, shape)) for shape in shapes)
    where = f"layer {recorder.failed_in!r}" if recorder.failed_in else "the model"
    info, arguments = recorder.failed_call or (None, ())
    detail = refusal(error, info and info.name, info and info.kind, arguments)
    return f"The network cannot run on an input of {size}: {where} fails, {detail}."


class _Recorder(TorchDispatchMode):
    """Turns the dispatcher's calls into :class:`Operation` records.

    A tensor is known by its identity; ``_keep`` holds each one alive so that no identity is
    reused. ``_data`` maps tensors that depend on an input to their reference, ``_constants`` the
    others to the parameters that they were made from.
    """

    def __init__(self, inputs: list[torch.Tensor], private: PrivateCopy) -> None:
        super().__init__()
        self.stack: list[tuple[str, str, int]] = []
        self.calls: dict[str, int] = {}
        self.failed_in: str | None = None
        self.failed_call: tuple[OperatorInfo, tuple[Any, ...]] | None = None
        self.operations: list[Operation] = []
        self.parameter_records: tuple[ParameterRecord, ...] = tuple(record for _, record in private.parameters)
        self._meta_outputs = MetaOutputs()
        self._keep: list[Any] = [*inputs]
        self._storages: dict[int, int] = {}
        self._aliases: dict[int, list[torch.Tensor]] = {}
        self._data: dict[int, TensorRef] = {}
        self._records: dict[int, TensorRecord] = {}
        self._constants: dict[int, frozenset[int]] = {
            id(tensor): frozenset((index,)) for index, (tensor, _) in enumerate(private.parameters)
        }
        for index, tensor in enumerate(inputs):
            self._data[id(tensor)] = TensorRef(-1, index)
        self.input_records = tuple(self._record(tensor) for tensor in inputs)

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
        try:
            result = self._meta_outputs(func, info, args, kwargs)
        except Exception:
            self.failed_call = (info, args)
            raise
        outputs = _tensors(result)
        if outputs:
            self._observe(info, args, kwargs, outputs)
        return result

    def _observe(
        self, info: OperatorInfo, args: tuple[Any, ...], kwargs: dict[str, Any], outputs: list[torch.Tensor]
    ) -> None:
        sources = _tensors(args)
        if kwargs:
            sources += _tensors(kwargs.values())
        data, parameters = self._provenance(sources)
        if info.name in _FACTORIES:
            data, parameters = [], frozenset()
        self._keep.append(outputs)
        if not data and info.kind not in _MULTIPLYING:
            for tensor in outputs:
                self._constants[id(tensor)] = parameters
            return
        if len(outputs) == 1 and info.name in _PLUMBING and self._is_same_view(outputs[0], sources[0]):
            self._data[id(outputs[0])] = self._data[id(sources[0])]
            return
        # A row reads the values that its inputs had before it ran: take the references first.
        arguments = dict(info.defaults)
        for name, value in zip(info.argument_names, args, strict=False):
            arguments[name] = self._reference(value)
        for name, value in kwargs.items():
            arguments[name] = self._reference(value)
        index = len(self.operations)
        written = outputs + (self._stale_aliases(sources[0], arguments) if info.in_place and len(data) > 1 else [])
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
                kind=kind_of(info, len(set(data))),
                pointwise=info.pointwise,
                arguments=arguments,
                inputs=tuple(dict.fromkeys(data)),
                outputs=tuple(self._record(tensor) for tensor in written),
                parameters=tuple(sorted(parameters)),
                writes_in_place=info.in_place,
            )
        )

    def _provenance(self, sources: list[torch.Tensor]) -> tuple[list[TensorRef], frozenset[int]]:
        """References of the sources that depend on an input, and the parameters behind the others."""
        data = []
        parameters: frozenset[int] = frozenset()
        for tensor in sources:
            reference = self._data.get(id(tensor))
            if reference is not None:
                data.append(reference)
            else:
                made_from = self._constants.get(id(tensor))
                if made_from:
                    parameters = parameters | made_from if parameters else made_from
        return data, parameters

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
        stale = [t for t in self._aliases.get(self._record(target).storage, []) if t is not target]
        if stale:
            arguments["aliases"] = tuple(self._data[id(t)] for t in stale if id(t) in self._data)
        return stale

    def _reference(self, value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            reference = self._data.get(id(value))
            return self._record(value) if reference is None else reference
        if isinstance(value, (list, tuple)):
            return tuple(self._reference(item) for item in value)
        return value

    def _record(self, tensor: torch.Tensor) -> TensorRecord:
        record = self._records.get(id(tensor))
        if record is None:
            self._keep.append(tensor)
            address = tensor.untyped_storage()._cdata
            storage = self._storages.setdefault(address, len(self._storages))
            self._aliases.setdefault(storage, []).append(tensor)
            record = TensorRecord(
                tuple(tensor.shape), str(tensor.dtype)[6:], tensor.element_size(), storage, tensor.stride()
            )
            self._records[id(tensor)] = record
        return record


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
