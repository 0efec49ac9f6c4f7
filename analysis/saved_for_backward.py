"""Activation memory that training keeps: what autograd saves in the forward pass for the backward.

Each operator's rule says which of its tensors its derivative needs. A storage that several
operators need counts once; parameters are not counted. Evaluated for a batch of one in evaluation
mode (training adds dropout masks and batch statistics). Source: PyTorch's derivatives.yaml; the
tests compare with ``torch.autograd.graph.saved_tensors_hooks``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analysis.records import Kind, Operation, TensorRecord, TensorRef, Trace

_SAVES_OUTPUT = frozenset("relu sigmoid tanh softmax _softmax log_softmax _log_softmax exp sqrt rsqrt amax amin".split())
_SAVES_NOTHING = frozenset("add sub mean sum hardshrink neg clone copy dropout flatten".split())
_SAVES_BOTH = frozenset("scaled_dot_product_attention".split())
_INDEX_BYTES = 8  # max pooling keeps the position of each maximum as int64


def saved_for_backward_bytes(trace: Trace) -> int:
    """Bytes of the distinct activation storages that the backward pass needs."""
    records: dict[TensorRef, TensorRecord] = {
        TensorRef(-1, index): record for index, record in enumerate(trace.inputs)
    }
    kept: dict[int, int] = {}
    indices = 0
    for operation in trace.operations:
        for position, record in enumerate(operation.outputs):
            records[TensorRef(operation.index, position)] = record
        for record in _saved(operation, records):
            kept[record.storage] = max(kept.get(record.storage, 0), record.bytes)
        if operation.operator.startswith(("max_pool", "adaptive_max_pool")):
            indices += operation.outputs[0].elements * _INDEX_BYTES
    return sum(kept.values()) + indices


def _saved(operation: Operation, records: dict[TensorRef, TensorRecord]) -> Iterable[TensorRecord]:
    name = operation.operator
    inputs = [records[reference] for reference in operation.inputs]
    if operation.kind is Kind.RESHAPE or name in _SAVES_NOTHING or name in ("cat", "stack"):
        return []
    if name in _SAVES_OUTPUT:
        return operation.outputs[:1]
    if name in _SAVES_BOTH:
        return [*inputs, operation.outputs[0]]
    if name in ("mul", "div"):
        return inputs if _has_two_factors(operation.arguments) else []
    if operation.kind is Kind.RESAMPLING or name.startswith("adaptive_avg_pool"):
        return inputs if operation.outputs[0].shape[-2:] != (1, 1) and "pool" in name else []
    return inputs


def _has_two_factors(arguments: dict[str, Any]) -> bool:
    return isinstance(arguments.get("other"), (TensorRef, TensorRecord))
