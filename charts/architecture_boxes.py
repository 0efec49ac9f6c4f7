"""The boxes of the picture of a network: its rows gathered into modules at a chosen depth.

A box is an interval of rows, so the boxes of a depth partition the table and every edge between
them runs forward.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from charts.inspect_kinds import IMAGE

if TYPE_CHECKING:
    from analysis.records import Report, Row

MOST_BOXES = 400
MOST_BOXES_AT_FIRST = 130

# What a reader draws as part of the layer before it: BN and ReLU belong to their convolution.
_FOLLOWERS = frozenset({"normalisation", "activation", "reshape", "regularisation", "elementwise"})


@dataclass(frozen=True, slots=True)
class Box:
    """Rows ``first_row`` to ``last_row`` drawn as one: a layer, or a module with all that is in it.

    ``leading_row`` is the one row that the others follow (a convolution, say), None for a module.
    ``inputs`` are the numbers of the boxes that it reads; box 0 is the image itself (it has no
    rows: ``last_row`` is -1). ``channels`` and ``map_size`` are those of its last row, ``stage``
    names the map size at which it works.
    """

    index: int
    name: str
    type: str
    kind: str
    first_row: int
    last_row: int
    leading_row: int | None
    inputs: tuple[int, ...]
    channels: int
    map_size: tuple[int, int]
    stage: str
    params: int
    macs: int
    activation_bytes: int


@dataclass(slots=True)
class _Interval:
    key: tuple[str, ...] | None
    first: int
    last: int
    leaders: int


def depths(report: Report) -> dict[int, int]:
    """The depths at which the network can be drawn, and the number of boxes of each (the image aside).

    Depth 1 shows the top modules, the deepest one every layer; a depth that would show the same as
    the one before it, or more than 400 boxes, is left out.
    """
    deepest = 1 + max(_depth(row.module_path) for row in report.rows)
    found: dict[int, int] = {}
    for depth in range(1, deepest + 1):
        count = len(_intervals(report.rows, depth))
        if count not in found.values() and (count <= MOST_BOXES or not found):
            found[depth] = count
    return found


def first_depth(counts: dict[int, int]) -> int:
    """The depth to begin with: the deepest that shows at most 130 boxes."""
    return max((depth for depth, count in counts.items() if count <= MOST_BOXES_AT_FIRST), default=1)


def boxes(report: Report, depth: int) -> tuple[Box, ...]:
    """The boxes at ``depth`` in the order in which they run, the image first.

    AlexNet at depth 2 has 14: the image, five convolutions, four poolings and so on to "classifier.6".
    """
    rows = report.rows
    intervals = _intervals(rows, depth)
    box_of = {-1: 0}
    for number, interval in enumerate(intervals, start=1):
        box_of.update(dict.fromkeys(range(interval.first, interval.last + 1), number))
    types = {group.name: group.type for group in report.modules}
    found = [_image(report.input_shapes[0])]
    for number, interval in enumerate(intervals, start=1):
        members = rows[interval.first : interval.last + 1]
        inputs = {box_of.get(source, 0) for row in members for source in row.inputs}
        found.append(_box(interval, members, tuple(sorted(inputs - {number})), types, found[-1]))
    return tuple(found)


def _image(shape: tuple[int, ...]) -> Box:
    *_, channels, height, width = (1, 1, 1, *shape)
    stage = f"{height}x{width}"
    return Box(0, IMAGE, "input", IMAGE, 0, -1, None, (), channels, (height, width), stage, 0, 0, 0)


def _box(
    interval: _Interval, members: Sequence[Row], inputs: tuple[int, ...], types: dict[str, str], before: Box
) -> Box:
    leading = next((row for row in members if row.kind.value not in _FOLLOWERS), members[0])
    is_module = interval.key is not None and interval.leaders > 1
    name = ".".join(interval.key) if is_module and interval.key else leading.name
    last = members[-1]
    return Box(
        index=before.index + 1,
        name=name,
        type=types.get(name, leading.module_type) if is_module else leading.operator,
        kind=_main_kind(members, leading),
        first_row=interval.first,
        last_row=interval.last,
        leading_row=None if is_module else leading.index,
        inputs=inputs,
        channels=_channels(members, before),
        map_size=next((row.map_size for row in reversed(members) if row.map_size), _map_size(last, before)),
        stage=last.stage,
        params=sum(row.params for row in members),
        macs=sum(row.macs or 0 for row in members),
        activation_bytes=sum(row.activation_bytes for row in members),
    )


def _intervals(rows: Sequence[Row], depth: int) -> list[_Interval]:
    found: list[_Interval] = []
    for row in rows:
        path = row.module_path.split(".") if row.module_path else []
        key = tuple(path[:depth]) if len(path) >= depth else None
        leads = row.kind.value not in _FOLLOWERS
        box = found[-1] if found else None
        if box is not None and ((key is not None and key == box.key) or _follows(row, box)):
            box.last = row.index
            box.leaders += leads
        else:
            found.append(_Interval(key, row.index, row.index, int(leads)))
    return found


def _follows(row: Row, box: _Interval) -> bool:
    reads = set(row.inputs)
    if row.kind.value not in _FOLLOWERS or box.last not in reads or min(reads) < box.first:
        return False
    return box.leaders <= 1 or row.kind.value == "regularisation"


def _main_kind(members: Sequence[Row], leading: Row) -> str:
    macs: Counter[str] = Counter()
    for row in members:
        if row.kind.value == "attention":
            return "attention"
        macs[row.kind.value] += row.macs or 0
    kind, most = macs.most_common(1)[0]
    return kind if most else leading.kind.value


def _channels(members: Sequence[Row], before: Box) -> int:
    """Channels of the last map; a flattening that follows it does not make a layer wider."""
    with_map = [row.channels for row in members if row.channels is not None and row.map_size is not None]
    with_any = [row.channels for row in members if row.channels is not None]
    return (with_map or with_any or [before.channels])[-1]


def _map_size(row: Row, before: Box) -> tuple[int, int]:
    """The grid of rows without a map of their own: tokens keep that of their stage, vectors have none."""
    height, _, width = row.stage.partition("x")
    if height.isdigit() and width.isdigit():
        return int(height), int(width)
    return (1, 1) if len(row.output_shape) <= 2 else before.map_size


def _depth(path: str) -> int:
    return path.count(".") + 1 if path else 0
