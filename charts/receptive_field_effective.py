"""The effective receptive field as a heat map over the picture, with a square of its size and the theoretical box."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from charts.box_shapes import WHITE, Box, Shape, box_outline, overlap
from charts.receptive_field_picture import Scene, picture_chart
from charts.theme import BLUE, GREEN, ORANGE

# Plasma, whose lightness alone tells the order, from transparent to nearly opaque.
_HEAT = (
    (0.0, "rgba(13,8,135,0)"),
    (0.05, "rgba(70,3,159,0.45)"),
    (0.25, "rgba(156,23,158,0.7)"),
    (0.5, "rgba(217,87,107,0.8)"),
    (0.75, "rgba(251,159,58,0.85)"),
    (1.0, "rgba(240,249,33,0.95)"),
)
_MOST_CELLS_A_SIDE = 448


def effective_chart(
    scene: Scene,
    strength: NDArray[np.float64],
    theoretical: Box,
    centre: tuple[float, float],
    side: float,
    title: str,
) -> go.Figure:
    """Mean |gradient| of every pixel (height, width) in percent of the largest, over the picture.

    ``theoretical`` is the box of the theoretical field, of which the part on the picture is drawn. The effective field
    is drawn as a square of its ``side`` around its ``centre`` (row, column). A picture of more than 448 pixels
    a side is drawn in means over squares of pixels.
    """
    traces = [
        _heat(strength),
        _legend("theoretical field", mode="lines", line={"color": BLUE, "width": 2.5}),
        _legend(
            "square of the effective side", mode="lines", line={"color": GREEN, "width": 2.5, "dash": "dash"}
        ),
        _legend("mean |gradient|", mode="markers", marker={"color": ORANGE, "symbol": "square", "size": 8}),
    ]
    effective = (*(at - side / 2 for at in centre), *(at + side / 2 for at in centre))
    seen = overlap(theoretical, scene.size)
    shapes = [*(box_outline(seen, BLUE) if seen else ()), *_dashed(effective)]
    chart = picture_chart(scene, traces, shapes, height=540)
    chart.update_layout(title={"text": title}, showlegend=True)
    return chart


def _dashed(edges: tuple[float, ...]) -> list[Shape]:
    """A dashed square with white under it; edges are (top, left, bottom, right)."""
    corners = dict(zip(("y0", "x0", "y1", "x1"), edges, strict=True))
    lines = ({"color": WHITE, "width": 4}, {"color": GREEN, "width": 2.5, "dash": "dash"})
    return [{"type": "rect", **corners, "line": line} for line in lines]


def _heat(strength: NDArray[np.float64]) -> dict[str, Any]:
    step = -(-max(strength.shape) // _MOST_CELLS_A_SIDE)
    cells = _means(strength, step)
    return {
        "type": "heatmap",
        "z": (100 * cells / cells.max()).astype(np.float32),
        "x0": (step - 1) / 2,
        "dx": step,
        "y0": (step - 1) / 2,
        "dy": step,
        "zmin": 0,
        "zmax": 100,
        "colorscale": _HEAT,
        "colorbar": {
            "title": {"text": "% of the largest mean |gradient|", "side": "bottom"},
            "orientation": "h",
            "thickness": 10,
            "len": 0.9,
            "y": -0.22,
            "yanchor": "top",
        },
        "hovertemplate": "row %{y:.0f}, column %{x:.0f}: %{z:.3g} % of the largest mean |gradient|<extra></extra>",
    }


def _legend(name: str, **look: Any) -> dict[str, Any]:
    return {"type": "scatter", "x": [None], "y": [None], "name": name, "hoverinfo": "skip", **look}


def _means(values: NDArray[np.float64], step: int) -> NDArray[np.float64]:
    """Means over squares of ``step`` x ``step`` values; those at the lower and right border may be smaller."""
    for axis in (0, 1):
        starts = np.arange(0, values.shape[axis], step)
        counts = np.diff(np.append(starts, values.shape[axis]))
        values = np.add.reduceat(values, starts, axis) / np.expand_dims(counts, 1 - axis)
    return values
