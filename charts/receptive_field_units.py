"""The units of a map over a picture, and what the chosen ones see: on it, and beyond its border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from charts.box_shapes import WHITE, Box, Shape, box_outline, filled, outline, overlap, square
from charts.receptive_field_picture import Scene, picture_chart, view
from charts.theme import BLUE, ORANGE, PURPLE, RED

MOST_A_SIDE = 48  # of units that a click finds: closer together than fingers and mice can tell apart
DOTS_A_SIDE = 20  # more would hide the picture
_SHADE = "rgba(0,0,0,0.5)"
_PADDING = "rgba(217,130,0,0.28)"


@dataclass(frozen=True, slots=True, eq=False)
class UnitPlaces:
    """Where the units of a map look: the centre of each row and column of units in pixels, and which see padding.

    Units without a grid have ``is_grid`` False and two values each, a row of one.
    """

    ys: NDArray[np.float64]
    xs: NDArray[np.float64]
    padded_rows: NDArray[np.bool_]
    padded_columns: NDArray[np.bool_]
    is_grid: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """What the units from ``first`` to ``last`` (row, column) see.

    ``box`` lies on the picture and ``unbounded`` may reach beyond it. ``strict`` is the box with gates and
    attention, None where they change nothing.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    box: Box | None
    unbounded: Box | None
    strict: Box | None


def unit_chart(scene: Scene, places: UnitPlaces, sight: Sight, *, drags: bool) -> go.Figure:
    """The picture, the units as dots, and what the chosen ones see; the rest of the picture is darkened.

    A click on a unit gives its row and column as custom data; with ``drags`` a rectangle is dragged instead.
    """
    beyond = [box for box in (sight.unbounded, sight.strict) if box]
    top, _, bottom, _ = view(scene, beyond)
    side = bottom - top
    shapes: list[Shape] = []
    if sight.box is not None:
        shapes.append(filled([scene.whole, sight.box], _SHADE))
        if sight.unbounded is not None and sight.unbounded != sight.box:
            inside = overlap(sight.unbounded, scene.size)
            shapes.append(filled([sight.unbounded, *([inside] if inside else [])], _PADDING))
            shapes.append(outline(sight.unbounded, RED, 2, "dash"))
    if sight.strict is not None:
        shapes.append(outline(sight.strict, PURPLE, 3, "dot"))
    shapes += _dots(places, side / 160)
    if sight.box is not None:
        shapes += box_outline(sight.box, RED)
    shapes.append(_chosen(places, sight, side / 90))
    return picture_chart(scene, [_targets(places)], shapes, beyond=beyond, drags=drags)


def unit_legend(sight: Sight) -> list[dict[str, Any]]:
    """Traces without points that name what is drawn; apart from the chart, which is drawn faster without them."""
    entries = [("sees on the picture", RED, "lines", "solid")]
    if sight.unbounded not in {None, sight.box}:
        entries.append(("on an unbounded input", RED, "lines", "dash"))
    if sight.strict is not None:
        entries.append(("strictly, with gates and attention", PURPLE, "lines", "dot"))
    entries += [
        ("chosen", RED, "markers", "solid"),
        ("units", BLUE, "markers", "solid"),
        ("units that see padding, shaded", ORANGE, "markers", "solid"),
    ]
    return [
        {
            "type": "scatter",
            "x": [None],
            "y": [None],
            "mode": mode,
            "name": name,
            "line": {"color": colour, "dash": dash, "width": 2.5},
            "marker": {"color": colour, "symbol": "square", "size": 8},
            "hoverinfo": "skip",
        }
        for name, colour, mode, dash in entries
    ]


def _targets(places: UnitPlaces) -> dict[str, Any]:
    """What a click or the pointer finds: points without a mark of their own, which cost nothing to draw."""
    rows, columns = _sample(len(places.ys), MOST_A_SIDE), _sample(len(places.xs), MOST_A_SIDE)
    if places.is_grid:
        unit_rows, unit_columns = (line.reshape(-1) for line in np.meshgrid(rows, columns, indexing="ij"))
        ys, xs = places.ys[unit_rows], places.xs[unit_columns]
    else:
        unit_columns = _sample(len(places.ys), MOST_A_SIDE**2)
        unit_rows, ys, xs = np.zeros_like(unit_columns), places.ys[unit_columns], places.xs[unit_columns]
    return {
        "type": "scatter",
        "x": xs.astype(np.float32),
        "y": ys.astype(np.float32),
        "mode": "markers",
        "marker": {"size": 12, "color": BLUE, "opacity": 0, "maxdisplayed": 1},
        "selected": {"marker": {"opacity": 0}},
        "unselected": {"marker": {"opacity": 0}},
        "customdata": np.stack([unit_rows, unit_columns], axis=1).astype(np.int16),
        "hovertemplate": "unit (%{customdata[0]}, %{customdata[1]}), centre (%{y}, %{x})<extra></extra>",
        "showlegend": False,
    }


def _dots(places: UnitPlaces, radius: float) -> list[Shape]:
    """The grid of units: two paths of small squares, those that see nothing but the picture and the others."""
    inner: list[str] = []
    padded: list[str] = []
    for row, column in _drawn(places):
        y, x = places.ys[row], places.xs[column]
        at_border = places.is_grid and (places.padded_rows[row] or places.padded_columns[column])
        (padded if at_border else inner).append(square(y, x, radius))
    return [
        {
            "type": "path",
            "path": "".join(squares),
            "fillcolor": colour,
            "line": {"width": 0.7, "color": WHITE},
        }
        for squares, colour in ((inner, BLUE), (padded, ORANGE))
        if squares
    ]


def _chosen(places: UnitPlaces, sight: Sight, radius: float) -> Shape:
    """The chosen units as larger squares, at most as many as are told apart."""
    (top, left), (bottom, right) = sight.first, sight.last
    columns = left + _sample(right - left + 1, DOTS_A_SIDE)
    if places.is_grid:
        rows = top + _sample(bottom - top + 1, DOTS_A_SIDE)
        spots = [(places.ys[row], places.xs[column]) for row in rows for column in columns]
    else:
        spots = [(places.ys[column], places.xs[column]) for column in columns]
    return {
        "type": "path",
        "path": "".join(square(y, x, radius) for y, x in spots) or "M0 0",
        "fillcolor": RED,
        "line": {"width": 1.5, "color": WHITE},
    }


def _drawn(places: UnitPlaces) -> list[tuple[int, int]]:
    """The units that get a dot, as indices into ``ys`` and ``xs``."""
    if places.is_grid:
        return [
            (int(row), int(column))
            for row in _sample(len(places.ys), DOTS_A_SIDE)
            for column in _sample(len(places.xs), DOTS_A_SIDE)
        ]
    return [(int(number), int(number)) for number in _sample(len(places.ys), DOTS_A_SIDE**2)]


def _sample(count: int, most: int) -> NDArray[np.int64]:
    """Evenly spaced numbers from 0 to below ``count``, at most ``most`` of them."""
    return np.arange(0, count, -(-count // most))
