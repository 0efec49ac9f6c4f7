"""Activation memory that training keeps: what autograd saves in the forward pass for the backward.

Convention: the storages that autograd would keep if the same forward pass, in evaluation mode and
for a batch of one, ran with gradients enabled on the CPU. A storage that several operators need
counts once and in full, even where only a view of it is needed; parameters and buffers are not
counted (what is computed from them alone counts from its first matrix product on). Nothing is kept
where no trainable parameter lies before: the input image itself needs no gradient. Training mode
adds dropout masks and batch statistics.
Source of the rules: PyTorch's derivatives.yaml; the tests compare with
``torch.autograd.graph.saved_tensors_hooks`` on real tensors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from typing import Any

from analysis.products import einsum_copies, matmul_copies
from analysis.records import Kind, Operation, TensorRecord, TensorRef, Trace

_INDEX_BYTES = 8  # positions of maxima are int64
_OPERANDS = {
    "linear": ("input", "weight"),
    "matmul": ("self", "other"),
    "bmm": ("self", "mat2"),
    "mm": ("self", "mat2"),
    "addmm": ("mat1", "mat2"),
    "baddbmm": ("batch1", "batch2"),
}
_STATISTIC_BYTES = 4  # means, deviations and log-sums are float32 even for half precision


@dataclass(slots=True)
class _Kept:
    """What one operation keeps: tensors that exist anyway, and bytes of tensors made for the backward."""

    tensors: list[TensorRecord] = field(default_factory=list)
    extra_bytes: int = 0


@dataclass(frozen=True, slots=True)
class _Call:
    """One differentiable operation, its input records by reference, and which references need a gradient."""

    operation: Operation
    records: dict[TensorRef, TensorRecord]
    differentiable: set[TensorRef]
    trainable: bool

    @property
    def inputs(self) -> list[TensorRecord]:
        return [self.records[reference] for reference in self.operation.inputs]

    @property
    def first(self) -> TensorRecord:
        return self.records[self.operation.inputs[0]]

    @property
    def output(self) -> TensorRecord:
        return self.operation.outputs[0]

    def argument(self, name: str) -> list[TensorRecord]:
        """The argument's record, if it is a tensor that depends on the input."""
        value = self.operation.arguments.get(name)
        return [self.records[value]] if isinstance(value, TensorRef) else []

    def needs_gradient(self, value: Any) -> bool:
        if isinstance(value, TensorRef):
            return value in self.differentiable
        return isinstance(value, TensorRecord) and self.trainable


_Rule = Callable[[_Call], _Kept]


def saved_for_backward_bytes(trace: Trace) -> int:
    """Bytes of the distinct activation storages that the backward pass needs.

    AlexNet at 224 x 224: 3,671,552.
    """
    records = {TensorRef(-1, index): record for index, record in enumerate(trace.inputs)}
    differentiable: set[TensorRef] = set()
    kept: set[int] = set()
    extra_bytes = 0
    for operation in trace.operations:
        trainable = any(trace.parameters[index].trainable for index in operation.parameters)
        references = [TensorRef(operation.index, position) for position in range(len(operation.outputs))]
        records.update(zip(references, operation.outputs, strict=True))
        if not trainable and differentiable.isdisjoint(operation.inputs):
            continue
        differentiable.update(
            reference for reference in references if records[reference].dtype.startswith(("float", "bfloat"))
        )
        saved = _saved(_Call(operation, records, differentiable, trainable))
        kept.update(record.storage for record in saved.tensors)
        extra_bytes += saved.extra_bytes
    return sum(trace.storage_bytes[storage] for storage in kept) + extra_bytes


def _saved(call: _Call) -> _Kept:
    operation = call.operation
    rule = _RULES.get(operation.operator)
    if rule is not None:
        return rule(call)
    if not operation.inputs or operation.kind in (Kind.RESHAPE, Kind.RESAMPLING, Kind.REGULARISATION):
        return _Kept()
    return _inputs(call)


def _nothing(call: _Call) -> _Kept:
    return _Kept()


def _inputs(call: _Call) -> _Kept:
    return _Kept(call.inputs)


def _output(call: _Call) -> _Kept:
    return _Kept([call.output])


def _input_and_output(call: _Call) -> _Kept:
    return _Kept([*call.inputs, call.output])


def _input_before_writing(call: _Call) -> _Kept:
    """The input; in place, a copy of what is about to be overwritten."""
    if call.operation.writes_in_place:
        return _Kept(extra_bytes=call.first.bytes)
    return _inputs(call)


def _input_and_work_space(call: _Call) -> _Kept:
    return _Kept(call.inputs, call.output.bytes)


def _index(*names: str) -> _Rule:
    return lambda call: _Kept([record for name in names for record in call.argument(name)])


def _factors(call: _Call) -> _Kept:
    """Each factor, if the other one needs a gradient; the first is copied before it is overwritten."""
    kept = _Kept()
    if call.needs_gradient(call.operation.arguments["other"]):
        if call.operation.writes_in_place:
            kept.extra_bytes = call.first.bytes
        else:
            kept.tensors += call.argument("self")
    if call.needs_gradient(call.operation.arguments["self"]):
        kept.tensors += call.argument("other")
    return kept


def _product(call: _Call) -> _Kept:
    """Each operand, if the other needs a gradient; the copy of it, where the product has to make one."""
    operation = call.operation
    equation = operation.arguments.get("equation", "")
    if equation:
        operands = operation.arguments["tensors"]
        if len(operands) != 2 or "." in equation:
            return _inputs(call)
    else:
        operands = tuple(operation.arguments[name] for name in _OPERANDS[operation.operator])
    first, second = (call.records[value] if isinstance(value, TensorRef) else value for value in operands)
    copied = (0, 0)
    if equation:
        copied = einsum_copies(equation, first, second)
    elif operation.operator in ("linear", "matmul"):
        copied = matmul_copies(first, second)
    kept = _Kept()
    for position, record in enumerate((first, second)):
        if not isinstance(operands[position], TensorRef) or not call.needs_gradient(operands[1 - position]):
            continue
        if copied[position]:
            kept.extra_bytes += copied[position] * record.itemsize
        else:
            kept.tensors.append(record)
    return kept


def _attention(call: _Call) -> _Kept:
    """Fused attention keeps its inputs, its output and a log-sum for each query."""
    return _Kept([*call.inputs, call.output], prod(call.output.shape[:-1]) * _STATISTIC_BYTES)


def _layer_norm(call: _Call) -> _Kept:
    normalised = prod(call.operation.arguments["normalized_shape"])
    return _Kept([call.first], 2 * _statistics(call.first, call.first.elements // normalised))


def _rms_norm(call: _Call) -> _Kept:
    normalised = prod(call.operation.arguments["normalized_shape"])
    result = call.output.bytes if isinstance(call.operation.arguments.get("weight"), TensorRecord) else 0
    return _Kept([call.first], 2 * _statistics(call.first, call.first.elements // normalised) + result)


def _group_norm(call: _Call) -> _Kept:
    return _Kept([call.first], 2 * _statistics(call.first, call.operation.arguments["num_groups"]))


def _instance_norm(call: _Call) -> _Kept:
    return _Kept([call.first], 2 * _statistics(call.first, prod(call.first.shape[:2])))


def _statistics(record: TensorRecord, count: int) -> int:
    return count * max(record.itemsize, _STATISTIC_BYTES)


def _max_pool(call: _Call) -> _Kept:
    return _Kept([call.first], call.output.elements * _INDEX_BYTES)


def _adaptive_average_pool(call: _Call) -> _Kept:
    """To one value it is a mean, which needs only the size of its input."""
    to_one = all(size == 1 for size in call.output.shape[2:])
    return _Kept() if to_one else _inputs(call)


def _extremum(call: _Call) -> _Kept:
    """Along a dimension the positions, which are its second output; over all, input and output."""
    return _Kept([call.operation.outputs[1]]) if len(call.operation.outputs) > 1 else _input_and_output(call)


def _pad(call: _Call) -> _Kept:
    return _inputs(call) if call.operation.arguments.get("mode") in ("reflect", "replicate") else _Kept()


def _power(call: _Call) -> _Kept:
    tensor_exponent: Any = call.operation.arguments.get("exponent")
    if isinstance(tensor_exponent, (TensorRef, TensorRecord)):
        return _input_and_output(call)
    return _input_before_writing(call)


_RULES: dict[str, _Rule] = {
    name: rule
    for names, rule in {
        "relu sigmoid tanh softmax _softmax log_softmax _log_softmax exp sqrt rsqrt reciprocal": _output,
        "amax amin std std_mean prod norm linalg_vector_norm logsumexp": _input_and_output,
        "hardtanh relu6 hardswish hardsigmoid silu mish threshold clamp clamp_min clamp_max abs log sin cos":
            _input_before_writing,
        "log_sigmoid log_sigmoid_forward softsign": _input_and_work_space,
        "add sub rsub neg mean sum cumsum cat stack lerp fill zero eq ne lt le gt ge": _nothing,
        "mul div": _factors,
        "pow": _power,
        "linear matmul bmm mm addmm baddbmm einsum": _product,
        "scaled_dot_product_attention": _attention,
        "layer_norm": _layer_norm,
        "rms_norm": _rms_norm,
        "group_norm": _group_norm,
        "instance_norm": _instance_norm,
        "max_pool1d max_pool2d max_pool3d max_pool2d_with_indices adaptive_max_pool1d adaptive_max_pool2d":
            _max_pool,
        "adaptive_avg_pool1d adaptive_avg_pool2d": _adaptive_average_pool,
        "max min": _extremum,
        "pad": _pad,
        "grid_sampler grid_sampler_2d": _inputs,
        "masked_fill": _index("mask"),
        "where": _index("condition"),
        "gather index_select": _index("index"),
    }.items()
    for name in names.split()
}  # fmt: skip
