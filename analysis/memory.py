"""Activation memory: what a forward pass writes, and how much of it is alive at once.

Definitions. A tensor's memory is its storage: views and in-place results share one and count once.
A storage lives from the operation that writes it (the input image: from the start) to the last
operation that reads it, which is the least that an executor needs that frees at the last use; the
network's output lives to the end. While an operation runs, its inputs and outputs are both alive.
Parameters, buffers and an operator's scratch memory are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.records import TensorRecord, TensorRef, Trace


@dataclass(frozen=True, slots=True)
class ActivationMemory:
    """Bytes by operation: newly written, and alive while it runs; the peak and where (-1: the input)."""

    written_bytes: tuple[int, ...]
    live_bytes: tuple[int, ...]
    peak_bytes: int
    peak_operation: int


def storage_bytes(trace: Trace) -> dict[int, int]:
    """Bytes of every storage that the forward pass reads or writes: those of the tensor that it was made for."""
    sizes: dict[int, int] = {}
    for record in trace.inputs:
        sizes.setdefault(record.storage, record.bytes)
    for operation in trace.operations:
        for record in operation.outputs:
            sizes.setdefault(record.storage, record.bytes)
    return sizes


def activation_memory(trace: Trace) -> ActivationMemory:
    """Return the activation memory of a trace, for inference with a batch of one."""
    records: dict[TensorRef, TensorRecord] = {
        TensorRef(-1, index): record for index, record in enumerate(trace.inputs)
    }
    size: dict[int, int] = {}
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for record in trace.inputs:
        size[record.storage] = record.bytes
        first[record.storage] = last[record.storage] = -1
    written = []
    for operation in trace.operations:
        new = 0
        for reference in operation.inputs:
            last[records[reference].storage] = operation.index
        for position, record in enumerate(operation.outputs):
            records[TensorRef(operation.index, position)] = record
            storage = record.storage
            last[storage] = operation.index
            if storage not in size:
                size[storage] = record.bytes
                first[storage] = operation.index
                new += record.bytes
        written.append(new)
    end = len(trace.operations) - 1
    if trace.operations:
        for record in trace.operations[-1].outputs:
            last[record.storage] = end
    changes = [0] * (end + 3)
    for storage, count in size.items():
        changes[first[storage] + 1] += count
        changes[last[storage] + 2] -= count
    live = []
    current = 0
    for change in changes[: end + 2]:
        current += change
        live.append(current)
    peak = max(range(len(live)), key=live.__getitem__)
    return ActivationMemory(tuple(written), tuple(live[1:]), live[peak], peak - 1)
