"""Boxes of pixels as shapes of a figure: outlines, filled areas with holes, small squares.

A pixel reaches from half a pixel before its number to half a pixel behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any

Box = tuple[int, int, int, int]  # top, left, bottom, right: the first and the last pixel
Shape = dict[str, Any]
WHITE = "rgba(255,255,255,0.9)"


def outline(box: Box, colour: str, width: float, dash: str = "solid") -> Shape:
    """The border of a box."""
    top, left, bottom, right = box
    return {
        "type": "rect",
        "x0": left - 0.5,
        "x1": right + 0.5,
        "y0": top - 0.5,
        "y1": bottom + 0.5,
        "line": {"color": colour, "width": width, "dash": dash},
    }


def box_outline(box: Box, colour: str) -> list[Shape]:
    """The border of a box with white around it, so that it shows on any picture."""
    return [outline(box, WHITE, 5), outline(box, colour, 2.5)]


def filled(boxes: Sequence[Box], colour: str) -> Shape:
    """The area of the first box without that of the others, which lie within it; below everything but the picture."""
    return {
        "type": "path",
        "path": "".join(map(_path, boxes)),
        "fillcolor": colour,
        "fillrule": "evenodd",
        "line": {"width": 0},
        "layer": "between",
    }


def square(y: float, x: float, radius: float) -> str:
    """The path of a small square; empty where there is no place for one (NaN)."""
    if isnan(y) or isnan(x):
        return ""
    return f"M{x - radius:.2f} {y - radius:.2f}H{x + radius:.2f}V{y + radius:.2f}H{x - radius:.2f}Z"


def overlap(box: Box, size: tuple[int, int]) -> Box | None:
    """The part of a box that lies on a picture (height, width): overlap((-2, -2, 8, 8), (5, 20)) == (0, 0, 4, 8)."""
    top, left = max(0, box[0]), max(0, box[1])
    bottom, right = min(size[0] - 1, box[2]), min(size[1] - 1, box[3])
    return (top, left, bottom, right) if top <= bottom and left <= right else None


def hull(boxes: Sequence[Box]) -> Box:
    """The smallest box around one or more boxes: hull([(0, 0, 1, 1), (5, -1, 6, 0)]) == (0, -1, 6, 1)."""
    tops, lefts, bottoms, rights = zip(*boxes, strict=True)
    return min(tops), min(lefts), max(bottoms), max(rights)


def _path(box: Box) -> str:
    top, left, bottom, right = box
    return f"M{left - 0.5} {top - 0.5}H{right + 0.5}V{bottom + 0.5}H{left - 0.5}Z"
