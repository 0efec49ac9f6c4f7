"""fvcore's own counting functions as a witness of the MACs, applied to each operation of a trace.

fvcore counts what it calls flops: one for each multiply-accumulate, and its own estimates for
normalisation, adaptive pooling and resampling. Its tracer needs real weights and runs the real
arithmetic; its formulas need shapes alone and are called here through stand-ins for the values of
a TorchScript graph. The tests compare the outcome with fvcore itself.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from analysis.records import Kind, Operation, TensorRecord, TensorRef, Trace

with warnings.catch_warnings():  # fvcore uses torch.jit while it is imported, which is deprecated
    warnings.simplefilter("ignore")
    from fvcore.nn import jit_handles

Handle = Callable[[list[Any], list[Any]], Any]

# The operators that fvcore counts, and the arguments that its function for each reads, in their places.
_HANDLES: dict[str, tuple[Handle, tuple[str, ...]]] = {
    "linear": (jit_handles.linear_flop_jit, ("input", "weight")),
    "matmul": (jit_handles.matmul_flop_jit, ("self", "other")),
    "mm": (jit_handles.matmul_flop_jit, ("self", "mat2")),
    "bmm": (jit_handles.bmm_flop_jit, ("self", "mat2")),
    "addmm": (jit_handles.addmm_flop_jit, ("self", "mat1", "mat2")),
    "einsum": (jit_handles.einsum_flop_jit, ("equation", "tensors")),
    "batch_norm": (
        jit_handles.batchnorm_flop_jit,
        ("input", "weight", "bias", "running_mean", "running_var", "training"),
    ),
    "layer_norm": (jit_handles.norm_flop_counter(2), ("input", "normalized_shape", "weight")),
    "group_norm": (jit_handles.norm_flop_counter(2), ("input", "num_groups", "weight")),
    "instance_norm": (jit_handles.norm_flop_counter(1), ("input", "weight")),
    "upsample_nearest2d": (jit_handles.elementwise_flop_counter(0, 1), ()),
    "upsample_bilinear2d": (jit_handles.elementwise_flop_counter(0, 4), ()),
    "grid_sampler": (jit_handles.elementwise_flop_counter(0, 4), ()),
    "adaptive_avg_pool2d": (jit_handles.elementwise_flop_counter(1, 0), ("self",)),
}


def fvcore_counts(trace: Trace) -> tuple[int | None, ...]:
    """What fvcore counts for each operation of the trace; None where it counts nothing.

    The first batch normalisation of ResNet-50 at 224 x 224: 1605632, two for each value.
    """
    shapes = {TensorRef(-1, index): record.shape for index, record in enumerate(trace.inputs)}
    for operation in trace.operations:
        for position, record in enumerate(operation.outputs):
            shapes[TensorRef(operation.index, position)] = record.shape
    return tuple(_count(operation, shapes) for operation in trace.operations)


def _count(operation: Operation, shapes: dict[TensorRef, tuple[int, ...]]) -> int | None:
    arguments = operation.arguments
    output = operation.outputs[0].shape
    if operation.kind is Kind.CONVOLUTION and "weight" in arguments:
        inputs, weight = (_shape(arguments[name], shapes) for name in ("input", "weight"))
        transposed = "transpose" in operation.operator or bool(arguments.get("transposed"))
        return int(
            jit_handles.conv_flop_count(list(inputs), list(weight), list(output), transposed=transposed)
        )
    handle = _HANDLES.get(operation.operator)
    if handle is None:
        return None
    count, names = handle
    try:
        return int(count([_Value(arguments.get(name), shapes) for name in names], [_Value(output, shapes)]))
    except (
        AssertionError,
        IndexError,
        NotImplementedError,
    ):  # a rank or an equation that fvcore does not count
        return None


def _shape(value: Any, shapes: dict[TensorRef, tuple[int, ...]]) -> tuple[int, ...]:
    return value.shape if isinstance(value, TensorRecord) else shapes[value]


class _Value:
    """Stands in for a value of a TorchScript graph: a tensor's sizes, a list's items, a constant."""

    def __init__(self, value: Any, shapes: dict[TensorRef, tuple[int, ...]]) -> None:
        self._value, self._shapes = value, shapes

    def isCompleteTensor(self) -> bool:
        return isinstance(self._value, (TensorRecord, TensorRef)) or _is_shape(self._value)

    def type(self) -> _Value:
        return self

    def sizes(self) -> list[int]:
        return list(self._value if _is_shape(self._value) else _shape(self._value, self._shapes))

    def toIValue(self) -> Any:
        return self._value

    def node(self) -> _Value:
        return self

    def inputs(self) -> list[_Value]:
        return [_Value(item, self._shapes) for item in self._value]


def _is_shape(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(size, int) for size in value)
