"""How rows are called: unique names, and the settings of an operator that a reader would name."""

from __future__ import annotations

from collections import Counter
from typing import Any

from analysis.records import Kind, Operation, TensorRecord, TensorRef, Trace

_HIDDEN_ATTRIBUTES = frozenset(
    {
        "train",
        "training",
        "momentum",
        "eps",
        "cudnn_enabled",
        "cudnn_enable",
        "alpha",
        "memory_format",
        "aliases",
    }
)
_SHORTER = {"kernel_size": "kernel"}


def row_names(trace: Trace) -> list[str]:
    """Unique names: a leaf module's own path, or the path of the caller and the operator; repeats numbered."""
    parents = {path.rpartition(".")[0] for path, _ in trace.modules if path}
    per_call = Counter((operation.module_path, operation.call) for operation in trace.operations)
    used: Counter[str] = Counter()
    names = []
    for operation in trace.operations:
        path = operation.module_path
        if path and path not in parents and per_call[path, operation.call] == 1:
            name = path
        else:
            name = f"{path}.{operation.operator}" if path else operation.operator
        used[name] += 1
        names.append(name if used[name] == 1 else f"{name}:{used[name]}")
    return names


def attributes(operation: Operation, shapes: dict[TensorRef, tuple[int, ...]]) -> tuple[tuple[str, Any], ...]:
    """Settings of an operation that a reader would name: kernel, stride, padding, groups, dimensions."""
    found: list[tuple[str, Any]] = []
    if operation.kind is Kind.CONVOLUTION:
        weight = operation.arguments.get("weight")
        if weight is not None:
            shape = weight.shape if isinstance(weight, TensorRecord) else shapes[weight]
            found.append(("kernel", shape[2:]))
    for name, value in operation.arguments.items():
        if value is None or name in _HIDDEN_ATTRIBUTES or _holds_tensor(value) or value == ():
            continue
        found.append((_SHORTER.get(name, name), value))
    found.sort(key=lambda item: item[0] != "kernel")
    return tuple(found)


def _holds_tensor(value: Any) -> bool:
    if isinstance(value, tuple):
        return any(_holds_tensor(item) for item in value)
    return isinstance(value, (TensorRef, TensorRecord))
