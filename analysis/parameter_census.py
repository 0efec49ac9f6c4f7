"""Where a network keeps its parameters: by layer, by kind of layer, by stage; and how large its file is.

A parameter belongs to the kind of the first operation that reads it, and to that operation's stage.
One that no operation reads (auxiliary heads, in evaluation mode) goes by the type of its module and
stands in the stage "not used". A tied weight counts once, under its first name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import prod

import pandas as pd

from analysis.records import Kind, Operation, ParameterRecord, Report

NOT_USED = "not used"
DTYPE_BYTES = {"float32": 4, "float16": 2, "bfloat16": 2, "int8": 1}

_PRODUCTS = frozenset({"linear", "matmul", "mm", "bmm", "addmm", "baddbmm", "einsum"})
_JOINED = frozenset({"cat", "embedding", "expand", "scaled_dot_product_attention"})


class ParameterKind(StrEnum):
    """What a parameter is for.

    A fully connected layer takes one vector: the whole flattened or pooled map. A linear layer that
    runs at each position (a token, a pixel) with the same weights is a 1 x 1 convolution in all but
    name and a kind of its own. Embeddings are what is added to a map or joined to it: position
    embeddings and biases, class tokens. "Other" is the rest, such as layer
    scales and LeNet-5's trainable subsampling.
    """

    CONVOLUTION = "convolution"
    FULLY_CONNECTED = "fully connected"
    POSITIONWISE_LINEAR = "linear at each position"
    NORMALISATION = "normalisation"
    EMBEDDING = "embedding"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CensusLine:
    """The parameters of one kind that a module owns itself; ``name`` is its dotted path."""

    name: str
    module_type: str
    kind: ParameterKind
    stage: str
    tensors: int
    params: int
    trainable_params: int
    param_bytes: int


@dataclass(frozen=True, slots=True)
class CensusGroup:
    """All lines of one kind or stage; ``share`` is their part of the network's parameters, 0 to 1."""

    name: str
    layers: int
    params: int
    share: float


@dataclass(frozen=True, slots=True)
class ParameterCensus:
    """The census of a network: ``lines`` in the order of its modules, ``kinds`` by size, ``stages`` in order.

    ``fully_connected_share`` is None for a network without parameters.
    """

    params: int
    lines: tuple[CensusLine, ...]
    kinds: tuple[CensusGroup, ...]
    stages: tuple[CensusGroup, ...]
    fully_connected_share: float | None


def parameter_census(report: Report) -> ParameterCensus:
    """Count the parameters of a report's network by layer, kind and stage.

    >>> census = parameter_census(analyze(torchvision.models.alexnet(), (3, 224, 224)))
    >>> [(group.name, group.layers, group.params) for group in census.kinds]
    [('fully connected', 3, 58631144), ('convolution', 5, 2469696)]
    """
    lines = _lines(report)
    total = sum(line.params for line in lines)
    order = {stage.name: position for position, stage in enumerate(report.stages)}
    kinds = sorted(_groups(lines, total, lambda line: line.kind.value), key=lambda group: -group.params)
    stages = sorted(
        _groups(lines, total, lambda line: line.stage), key=lambda g: order.get(g.name, len(order))
    )
    fully_connected = sum(line.params for line in lines if line.kind is ParameterKind.FULLY_CONNECTED)
    return ParameterCensus(
        params=total,
        lines=lines,
        kinds=tuple(kinds),
        stages=tuple(stages),
        fully_connected_share=fully_connected / total if total else None,
    )


def census_table(report: Report) -> pd.DataFrame:
    """One line for each layer and kind: name, module, kind, stage, tensors, params and their share (0 to 1).

    AlexNet's largest: name "classifier.1", kind "fully connected", params 37752832, share 0.618.
    """
    census = parameter_census(report)
    columns = (
        "name",
        "module",
        "kind",
        "stage",
        "tensors",
        "params",
        "trainable_params",
        "param_bytes",
        "share",
    )
    return pd.DataFrame(
        [
            (
                line.name,
                line.module_type,
                line.kind.value,
                line.stage,
                line.tensors,
                line.params,
                line.trainable_params,
                line.param_bytes,
                line.params / census.params if census.params else 0.0,
            )
            for line in census.lines
        ],
        columns=list(columns),
    )


def checkpoint_bytes(report: Report, dtype: str) -> int:
    """Bytes of all parameters and buffers when they are saved as ``dtype``, as ``Module.to`` would convert them.

    Whole numbers (counters of batches, index tables) keep their size. int8 is one byte a value,
    without the scales that a quantised file also holds. Names and the file's own structure, some
    kilobytes, are not counted. VGG-16: checkpoint_bytes(report, "float32") == 553_430_176. Raises
    ValueError for another dtype.
    """
    if dtype not in DTYPE_BYTES:
        raise ValueError(f"Unknown dtype {dtype!r}: choose {', '.join(DTYPE_BYTES)}.")
    records = report.trace.parameters
    sizes = {_itemsize(record) for record in records if not record.is_buffer}
    return sum(
        record.bytes if _holds_whole_numbers(record, sizes) else record.elements * DTYPE_BYTES[dtype]
        for record in records
    )


def _holds_whole_numbers(record: ParameterRecord, parameter_sizes: set[int]) -> bool:
    """Tell int64 and bool buffers from floating point ones: they are 8 or 1 bytes, unlike any parameter."""
    size = _itemsize(record)
    return record.is_buffer and size in (1, 8) and size not in parameter_sizes


def _itemsize(record: ParameterRecord) -> int:
    return record.bytes // record.elements if record.elements else 0


def _lines(report: Report) -> tuple[CensusLine, ...]:
    readers: dict[int, Operation] = {}
    for operation in report.trace.operations:
        for index in operation.parameters:
            readers.setdefault(index, operation)
    types = dict(report.trace.modules)
    members: dict[tuple[str, ParameterKind, str], list[ParameterRecord]] = {}
    for index, record in enumerate(report.trace.parameters):
        if record.is_buffer:
            continue
        owner = record.name.rpartition(".")[0]
        reader = readers.get(index)
        if reader is None:
            kind, stage = _kind_of_module(types.get(owner, "")), NOT_USED
        else:
            kind, stage = _kind_of_reader(reader, record), report.rows[reader.index].stage
        members.setdefault((owner, kind, stage), []).append(record)
    return tuple(
        CensusLine(
            name=owner,
            module_type=types.get(owner, ""),
            kind=kind,
            stage=stage,
            tensors=len(records),
            params=sum(record.elements for record in records),
            trainable_params=sum(record.elements for record in records if record.trainable),
            param_bytes=sum(record.bytes for record in records),
        )
        for (owner, kind, stage), records in members.items()
    )


def _kind_of_reader(operation: Operation, record: ParameterRecord) -> ParameterKind:
    if operation.kind is Kind.CONVOLUTION:
        return ParameterKind.CONVOLUTION
    if operation.operator in _PRODUCTS:
        shape = operation.outputs[0].shape
        one_vector = len(shape) <= 2 and prod(shape[:-1]) == 1
        return ParameterKind.FULLY_CONNECTED if one_vector else ParameterKind.POSITIONWISE_LINEAR
    if operation.kind is Kind.NORMALISATION:
        return ParameterKind.NORMALISATION
    # a bias has one value a channel; what is embedded varies along positions too
    varying = sum(size > 1 for size in record.shape)
    embedded = operation.operator in _JOINED or (operation.operator == "add" and varying > 1)
    return ParameterKind.EMBEDDING if embedded else ParameterKind.OTHER


def _kind_of_module(type_name: str) -> ParameterKind:
    for part, kind in (
        ("Conv", ParameterKind.CONVOLUTION),
        ("Linear", ParameterKind.FULLY_CONNECTED),
        ("Norm", ParameterKind.NORMALISATION),
        ("Embedding", ParameterKind.EMBEDDING),
    ):
        if part in type_name:
            return kind
    return ParameterKind.OTHER


def _groups(
    lines: Iterable[CensusLine], total: int, name_of: Callable[[CensusLine], str]
) -> list[CensusGroup]:
    members: dict[str, list[CensusLine]] = {}
    for line in lines:
        members.setdefault(name_of(line), []).append(line)
    return [
        CensusGroup(
            name=name,
            layers=len({line.name for line in group}),
            params=(params := sum(line.params for line in group)),
            share=params / total if total else 0.0,
        )
        for name, group in members.items()
    ]
