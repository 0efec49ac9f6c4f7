"""Which input channels can reach which output channels over a chain of layers, exactly, from the trace.

A channel reaches another when its values can change it: through groups of a convolution, a shuffle,
a concatenation or slice, a residual sum, a gate, the neighbours in a local response normalisation.
The answer is structural: it holds for any weights but those that happen to be zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from analysis.channel_reach.propagate import follow
from analysis.channel_reach.reach import Reach, Shape
from analysis.records import Pair, Report, Row, Status, TensorRef

MOST_CHANNELS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Reachability:
    """``matrix[o, i]`` says whether input channel i of the first row reaches output channel o of the last.

    ``status`` is "bound" where an operator was met whose reach is not known: then a True may be too
    many, a False is certain, and ``reason`` names the operator.
    """

    matrix: NDArray[np.bool_]
    status: Status
    reason: str
    from_row: int
    to_row: int

    @property
    def share(self) -> float:
        """The part of all pairs of an input and an output channel that is connected, 0 to 1."""
        return float(self.matrix.mean())

    @property
    def inputs_of_an_output(self) -> Pair:
        """The fewest and the most input channels that reach one output channel."""
        counts = self.matrix.sum(axis=1)
        return int(counts.min()), int(counts.max())


def channel_reachability(report: Report, from_row: int | str, to_row: int | str) -> NDArray[np.bool_]:
    """The boolean matrix of :func:`reachability`, shape (channels out, channels in)."""
    return reachability(report, from_row, to_row).matrix


def reachability(report: Report, from_row: int | str, to_row: int | str) -> Reachability:
    """Find out which channels of what enters ``from_row`` reach which channels that leave ``to_row``.

    Rows are given by index or name. All paths count that lead from the tensor entering ``from_row``
    to the output of ``to_row``, a shortcut around ``from_row`` too. Where several tensors enter
    (a sum, a concatenation), their channels stand one after the other in the order of ``row.inputs``,
    each taken to be independent. Features of a vector or token are channels. Raises ValueError for
    a row that does not exist, has no channels, comes later than ``to_row`` or takes more than 10,000.

    >>> report = analyze(torchvision.models.resnext50_32x4d(), (3, 224, 224))
    >>> matrix = channel_reachability(report, "layer1.0.conv2", "layer1.0.bn2")  # 128 channels in 32 groups
    >>> matrix.shape, int(matrix.sum())
    ((128, 128), 512)
    """
    return next(_answers(report, from_row, to_row, every=False))


def reachability_along(report: Report, from_row: int | str, to_row: int | str) -> Iterator[Reachability]:
    """Yield the answer of :func:`reachability` for every row on the way, ``to_row`` the last.

    Rows on the way are those that hand something on from the one to the other and whose outputs have
    channels. It is a single pass that holds one matrix at a time. The first step raises ValueError
    where :func:`reachability` does.

    >>> [(step.to_row, step.share) for step in reachability_along(report, "layer1.0.conv2", "layer1.0.conv3")]
    [(7, 0.03125), (8, 0.03125), (9, 0.03125), (10, 1.0)]
    """
    return _answers(report, from_row, to_row, every=True)


def _answers(
    report: Report, from_row: int | str, to_row: int | str, *, every: bool
) -> Iterator[Reachability]:
    """What reaches ``to_row``, and before it, with ``every``, the rows on the way."""
    first, last = _row(report, from_row), _row(report, to_row)
    if first.index > last.index:
        raise ValueError(
            f"Row {first.name!r} ({first.index}) runs after row {last.name!r} ({last.index}): exchange them."
        )
    sources, channels = _sources(report, first)
    out_channels = prod(last.output_shape[dim] for dim in _channel_dims(last.output_shape, last))
    on_the_way = _leading_to(report, first, last) if every else [last.index]
    rows = {TensorRef(index): report.rows[index] for index in on_the_way}
    step = None
    for reference, reach in follow(report.trace, sources, rows.keys()):
        step = _step(reach, first, rows[reference], channels)
        if step is not None:
            yield step
    if step is None or step.to_row != last.index:
        matrix = np.zeros((out_channels, channels), dtype=bool)
        yield Reachability(matrix, Status.EXACT, "", first.index, last.index)


def _step(reach: Reach, first: Row, row: Row, channels: int) -> Reachability | None:
    """What reaches the output of a row; None where that has no channels."""
    try:
        dims = _channel_dims(row.output_shape, row)
    except ValueError:
        return None
    others = tuple(dim for dim in range(reach.ndim) if dim not in dims)
    seen = reach.bits.any(axis=others)
    sizes = [row.output_shape[dim] for dim in dims]
    matrix = np.broadcast_to(seen, (*sizes, channels)).reshape(prod(sizes), channels).copy()
    status = Status.BOUND if reach.reason else Status.EXACT
    return Reachability(matrix, status, reach.reason, first.index, row.index)


def _leading_to(report: Report, first: Row, last: Row) -> list[int]:
    """Rows from ``first`` on that the output of ``last`` depends on, in order, ``last`` among them."""
    found = {last.index}
    for index in range(last.index, first.index - 1, -1):
        if index in found:
            found.update(report.rows[index].inputs)
    return sorted(index for index in found if index >= first.index)


def _row(report: Report, wanted: int | str) -> Row:
    if isinstance(wanted, str):
        for row in report.rows:
            if row.name == wanted:
                return row
        raise ValueError(f"{report.name} has no row named {wanted!r}: choose a name of the layer table.")
    if not 0 <= wanted < len(report.rows):
        raise ValueError(f"{report.name} has no row {wanted}: choose one from 0 to {len(report.rows) - 1}.")
    return report.rows[wanted]


def _sources(report: Report, row: Row) -> tuple[dict[TensorRef, Reach], int]:
    """What enters a row, each channel reached by itself, and how many channels that is."""
    references = report.trace.operations[row.index].inputs
    extents: list[list[int]] = []
    for reference, shape in zip(references, row.input_shapes, strict=True):
        producer = report.rows[reference.operation] if reference.operation >= 0 else None
        dims = _channel_dims(shape, producer)
        extents.append([size if dim in dims else 1 for dim, size in enumerate(shape)])
    counts = [prod(extent) for extent in extents]
    total = sum(counts)
    if total > MOST_CHANNELS:
        raise ValueError(
            f"Row {row.name!r} takes {total:,} channels: choose one that takes at most {MOST_CHANNELS:,}."
        )
    sources = {}
    start = 0
    for reference, extent, count in zip(references, extents, counts, strict=True):
        bits = np.zeros((count, total), dtype=bool)
        bits[np.arange(count), start + np.arange(count)] = True
        sources[reference] = Reach(bits.reshape(*extent, total))
        start += count
    if not sources:
        raise ValueError(f"Row {row.name!r} does not depend on the input: choose another.")
    return sources, total


def _channel_dims(shape: Shape, row: Row | None) -> tuple[int, ...]:
    """Dimensions of a tensor that are channels: beside batch, rows and columns; the last of a vector or tokens.

    Where an operator that is not known has lost rows and columns, a map is taken to be ordered as
    PyTorch orders it, channels second.
    """
    field = None if row is None else row.field
    spatial = None if field is None else (field.h.dim, field.w.dim)
    if spatial is not None and None not in spatial:
        return tuple(dim for dim in range(1, len(shape)) if dim not in spatial)
    if len(shape) == 4 and (row is None or row.status is Status.BOUND or shape[2:] == (1, 1)):
        return (1,)
    if row is not None and row.channels is not None and row.map_size is not None:
        beside_map = [dim for dim in range(1, len(shape)) if shape[1:dim] + shape[dim + 1 :] == row.map_size]
        if len(beside_map) == 1:
            return (beside_map[0],)
    if len(shape) in (2, 3):
        return (len(shape) - 1,)
    where = "An input" if row is None else f"Row {row.name!r}"
    raise ValueError(f"{where} of shape {shape} has no channels that can be told apart: choose another row.")
