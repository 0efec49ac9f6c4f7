"""Where each box of the picture lies: columns by depth, lanes for parallel branches.

The longest path from the image to the output runs along lane 0; every other chain of boxes gets
the nearest lane that is free over the columns that it needs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import median

from charts.architecture_boxes import Box

_SMALLEST_SHARE = 0.07
_GAP_SHARE = 0.7
_LANE_GAP_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Place:
    """One box on the drawing plane: ``x``, ``y`` its centre; column and lane are whole numbers."""

    column: int
    lane: int
    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        """Where edges arrive."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """Where edges leave."""
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        """Where arcs leave and arrive."""
        return self.y + self.height / 2


def place(boxes: Sequence[Box]) -> tuple[Place, ...]:
    """A place for each box: width by channels, height by map side, both on a square-root scale.

    A chain of three boxes lies in columns 0, 1, 2 on lane 0.
    """
    columns = _columns(boxes)
    lanes = _lanes(boxes, columns)
    widths = _scaled([sqrt(box.channels) for box in boxes])
    heights = _scaled([sqrt(box.map_size[0]) for box in boxes])
    centres = _column_centres(columns, widths)
    spacings = _lane_spacings(columns, lanes, heights)
    return tuple(
        Place(column, lane, centres[column], -lane * spacings[column], width, height)
        for column, lane, width, height in zip(columns, lanes, widths, heights, strict=True)
    )


def _columns(boxes: Sequence[Box]) -> list[int]:
    """The length of the longest path from the image to each box."""
    columns: list[int] = []
    for box in boxes:
        columns.append(1 + max((columns[source] for source in box.inputs), default=-1))
    return columns


def _lanes(boxes: Sequence[Box], columns: Sequence[int]) -> list[int]:
    readers: dict[int, list[int]] = defaultdict(list)
    for box in boxes:
        for source in box.inputs:
            readers[source].append(box.index)
    lanes: dict[int, int] = dict.fromkeys(_longest_path(boxes, columns), 0)
    taken: dict[int, set[int]] = defaultdict(set)
    for box in boxes:
        if box.index in lanes:
            continue
        chain = [box.index]
        while following := [reader for reader in readers[chain[-1]] if reader not in lanes]:
            chain.append(min(following, key=columns.__getitem__))
        ends = [columns[reader] - 1 for reader in readers[chain[-1]]]
        span = range(columns[chain[0]], max(columns[chain[-1]], min(ends, default=0)) + 1)
        lane = next(lane for lane in _outwards() if taken[lane].isdisjoint(span))
        taken[lane].update(span)
        lanes.update(dict.fromkeys(chain, lane))
    return [lanes[box.index] for box in boxes]


def _longest_path(boxes: Sequence[Box], columns: Sequence[int]) -> list[int]:
    path = [max(range(len(boxes)), key=lambda index: (columns[index], index))]
    while sources := [
        source for source in boxes[path[-1]].inputs if columns[source] + 1 == columns[path[-1]]
    ]:
        path.append(max(sources, key=lambda source: boxes[source].macs))
    return path


def _outwards() -> Iterator[int]:
    lane = 0
    while True:
        lane += 1
        yield lane
        yield -lane


def _scaled(sizes: Sequence[float]) -> list[float]:
    """The sizes, the smallest lifted so far that they can still be seen and clicked."""
    least = _SMALLEST_SHARE * max(sizes)
    return [max(size, least) for size in sizes]


def _column_centres(columns: Sequence[int], widths: Sequence[float]) -> list[float]:
    widest: dict[int, float] = defaultdict(float)
    for column, width in zip(columns, widths, strict=True):
        widest[column] = max(widest[column], width)
    ordered = [widest[column] for column in range(len(widest))]
    gap = _GAP_SHARE * median(ordered)
    centres = [ordered[0] / 2]
    for left, right in pairwise(ordered):
        centres.append(centres[-1] + left / 2 + gap + right / 2)
    return centres


def _lane_spacings(columns: Sequence[int], lanes: Sequence[int], heights: Sequence[float]) -> list[float]:
    """For each column the distance of its lanes: one value over each run of columns with branches."""
    tallest: dict[int, float] = defaultdict(float)
    branched = set()
    for column, lane, height in zip(columns, lanes, heights, strict=True):
        tallest[column] = max(tallest[column], height)
        if lane:
            branched.add(column)
    spacings = [0.0] * len(tallest)
    run: list[int] = []
    for column in range(len(tallest) + 1):
        if column in branched:
            run.append(column)
            continue
        spacing = max((tallest[member] for member in run), default=0.0) + _LANE_GAP_SHARE * max(heights)
        for member in run:
            spacings[member] = spacing
        run = []
    return spacings
