"""The edges of the picture as SVG paths: connections between neighbours, arcs for shortcuts.

All edges of a kind are one path, because one shape with a thousand curves draws at once and a
thousand shapes do not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import sqrt

from charts.architecture_boxes import Box
from charts.architecture_layout import Place


def edge_paths(boxes: Sequence[Box], places: Sequence[Place]) -> tuple[str, str, float]:
    """The path of all connections, the path of all shortcuts, and the height of the highest arc.

    A connection runs along a lane that is free between its boxes; where none is, the edge is a
    shortcut and arcs over what lies between.
    """
    occupied: dict[int, set[int]] = defaultdict(set)
    tops: dict[int, float] = defaultdict(float)
    for placed in places:
        occupied[placed.lane].add(placed.column)
        tops[placed.column] = max(tops[placed.column], placed.top)
    unit = 0.2 * max(placed.height for placed in places)
    connections: list[str] = []
    shortcuts: list[str] = []
    highest = max(tops.values())
    for box in boxes:
        end = places[box.index]
        for source in box.inputs:
            start = places[source]
            between = range(start.column + 1, end.column)
            if occupied[start.lane].isdisjoint(between):
                connections.append(_along(start, end, turn_late=True))
            elif occupied[end.lane].isdisjoint(between):
                connections.append(_along(start, end, turn_late=False))
            else:
                below = max(tops[column] for column in range(start.column, end.column + 1))
                peak = below + unit * (0.6 + 0.25 * sqrt(len(between)))
                shortcuts.append(_arc(start, end, peak))
                highest = max(highest, peak)
    return "".join(connections), "".join(shortcuts), highest


def _along(start: Place, end: Place, *, turn_late: bool) -> str:
    """From the right edge of one box to the left edge of another, changing lanes in one gap."""
    if start.y == end.y:
        return f"M{start.right:.4g},{start.y:.4g}L{end.left:.4g},{end.y:.4g}"
    gap = min(end.left - start.right, (start.width + end.width) / 2)
    if turn_late:
        from_x, to_x = end.left - gap, end.left
    else:
        from_x, to_x = start.right, start.right + gap
    middle = (from_x + to_x) / 2
    return (
        f"M{start.right:.4g},{start.y:.4g}L{from_x:.4g},{start.y:.4g}"
        f"C{middle:.4g},{start.y:.4g} {middle:.4g},{end.y:.4g} {to_x:.4g},{end.y:.4g}"
        f"L{end.left:.4g},{end.y:.4g}"
    )


def _arc(start: Place, end: Place, peak: float) -> str:
    """From the top of one box over all between to the top of another: a cubic curve that reaches ``peak``."""
    control = (peak - 0.125 * (start.top + end.top)) / 0.75
    lean = 0.15 * (end.x - start.x)
    return (
        f"M{start.x:.4g},{start.top:.4g}C{start.x + lean:.4g},{control:.4g} "
        f"{end.x - lean:.4g},{control:.4g} {end.x:.4g},{end.top:.4g}"
    )
