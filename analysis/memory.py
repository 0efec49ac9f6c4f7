"""Activation memory: what a forward pass writes, and how much of it is alive at once.

Definitions. A tensor's memory is its storage: views and in-place results share one and count once.
A storage lives from the operation that writes it (the input image: from the start) to the last
operation that reads it, which is the least that an executor needs that frees at the last use; the
network's output lives to the end. While an operation runs, its inputs and outputs are both alive.
Parameters, buffers and an operator's scratch memory are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from analysis.records import TensorRef, Trace


@dataclass(frozen=True, slots=True)
class ActivationMemory:
    """Bytes by operation: newly written, and alive while it runs; the peak and where (-1: the input)."""

    written_bytes: tuple[int, ...]
    live_bytes: tuple[int, ...]
    peak_bytes: int
    peak_operation: int


def activation_memory(trace: Trace) -> ActivationMemory:
    """Return the activation memory of a trace, for inference with a batch of one."""
    records = {TensorRef(-1, index): record for index, record in enumerate(trace.inputs)}
    first = {record.storage: -1 for record in trace.inputs}
    last = dict(first)
    written = []
    for operation in trace.operations:
        new = 0
        for reference in operation.inputs:
            last[records[reference].storage] = operation.index
        for position, record in enumerate(operation.outputs):
            records[TensorRef(operation.index, position)] = record
            storage = record.storage
            last[storage] = operation.index
            if storage not in first:
                first[storage] = operation.index
                new += trace.storage_bytes[storage]
        written.append(new)
    end = len(trace.operations) - 1
    for reference in trace.outputs:
        last[records[reference].storage] = end
    changes = [0] * (end + 3)
    for storage, start in first.items():
        changes[start + 1] += trace.storage_bytes[storage]
        changes[last[storage] + 2] -= trace.storage_bytes[storage]
    live = list(accumulate(changes[: end + 2]))
    peak = max(range(len(live)), key=live.__getitem__)
    return ActivationMemory(tuple(written), tuple(live[1:]), live[peak], peak - 1)
