"""The zone plate before and after a stride, with the places where theory puts its limit and its false rings."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from charts.format import share_text
from charts.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.zone_plate import FalseCentre, SampledPlate

_LINES = {
    "none": (GREY, "solid"),
    "box": (ORANGE, "solid"),
    "binomial_3": (SKY, "solid"),
    "binomial_5": (BLUE, "solid"),
    "binomial_7": (PURPLE, "solid"),
    "ideal": (GREEN, "dash"),
}
_FAINTEST = 0.02


def plate_chart(values: NDArray[np.float64], size: int, limit: float) -> go.Figure:
    """The plate as it is, ``size`` pixels wide (``values`` may be drawn finer), and the limit f* on it."""
    chart = _panel("The plate", values, -size / 2, size)
    _mark_limit(chart, limit)
    return chart


def sampled_chart(label: str, plate: SampledPlate) -> go.Figure:
    """What the samples of a plate show, with f* and the centres of the false rings that the filter leaves."""
    size = plate.drawn.shape[0]
    fate = "no moiré" if plate.aliased_share < 5e-4 else f"{share_text(plate.aliased_share)} moiré"
    chart = _panel(f"{label}: {fate}", plate.drawn, plate.first, size)
    _mark_limit(chart, 1 / (2 * plate.stride))
    centres = [centre for centre in plate.false_centres if centre.contrast > _FAINTEST]
    if centres:
        _mark_centres(chart, centres, plate.stride)
    return chart


def filter_responses_chart(
    frequencies: NDArray[np.float64], responses: Mapping[str, tuple[str, NDArray[np.float64]]], limit: float
) -> go.Figure:
    """|H(f)| of several filters along one axis, by name with their labels; what lies above f* folds."""
    chart = figure(
        "Which frequencies pass each filter?",
        "frequency (cycles per pixel)",
        "|H(f)|, the factor of the amplitude",
        320,
    )
    for name, (label, response) in responses.items():
        colour, dash = _LINES[name]
        chart.add_scatter(
            x=frequencies,
            y=response,
            mode="lines",
            name=label,
            line={"color": colour, "dash": dash, "width": 2.5},
            hovertemplate=f"{label}<br>%{{x:.3f}} cycles per pixel<br>|H| = %{{y:.3f}}<extra></extra>",
        )
    chart.add_vrect(x0=limit, x1=0.5, fillcolor=ORANGE, opacity=0.12, line_width=0)
    chart.add_vline(
        x=limit,
        line={"dash": "dot", "color": "rgba(128,128,128,0.9)"},
        annotation={"text": f"f* = {limit:.4g}: beyond it folds", "yanchor": "bottom", "y": 0.76},
    )
    chart.update_xaxes(range=[0, 0.5])
    chart.update_yaxes(range=[0, 1.05])
    return chart


def _panel(title: str, values: NDArray[np.float64], first: float, size: int) -> go.Figure:
    """Values -1 to 1 as grey, over the local frequency that the plate has there; the first at ``first`` pixels."""
    chart = figure(title, "fx (cycles per pixel)", "fy", 300)
    step = 1 / len(values)
    chart.add_trace(
        go.Image(
            source=_png(values),
            x0=first / size,
            y0=first / size,
            dx=step,
            dy=step,
            zsmooth="fast",
            hovertemplate="the plate has here<br>fx %{x:.3f}, fy %{y:.3f} cycles per pixel<extra></extra>",
        )
    )
    axis = {"showgrid": False, "zeroline": False, "constrain": "domain", "automargin": False}
    axis["tickvals"] = [-0.5, -0.25, 0, 0.25, 0.5]
    chart.update_xaxes(range=[-0.5, 0.5], title_standoff=4, **axis)
    chart.update_yaxes(range=[0.5, -0.5], title_standoff=2, scaleanchor="x", constraintoward="top", **axis)
    chart.update_layout(showlegend=False, margin={"l": 52, "r": 10, "t": 12, "b": 56})
    return chart


def _mark_limit(chart: go.Figure, limit: float) -> None:
    """The ring of f* and the square that a stride keeps around it."""
    corners = {"x0": -limit, "x1": limit, "y0": -limit, "y1": limit}
    chart.add_shape(type="rect", line={"color": RED, "width": 2, "dash": "dot"}, **corners)
    chart.add_shape(type="circle", line={"color": RED, "width": 2}, **corners)


def _mark_centres(chart: go.Figure, centres: Sequence[FalseCentre], stride: int) -> None:
    chart.add_scatter(
        x=[centre.frequency[1] for centre in centres],
        y=[centre.frequency[0] for centre in centres],
        customdata=[centre.contrast for centre in centres],
        mode="markers",
        marker={"symbol": "cross-thin", "size": 11, "line": {"color": ORANGE, "width": 2.5}},
        cliponaxis=False,
        hovertemplate="false rings around<br>fx %{x:.3f}, fy %{y:.3f}: multiples of "
        f"1/{stride}<br>the filter leaves %{{customdata:.1%}} of their contrast<extra></extra>",
    )


def _png(values: NDArray[np.float64]) -> str:
    """Values -1 to 1 as a picture in a URI; what overshoots is clipped."""
    data = io.BytesIO()
    Image.fromarray(np.rint(127.5 + 127.5 * np.clip(values, -1, 1)).astype(np.uint8)).save(data, "PNG")
    return f"data:image/png;base64,{base64.b64encode(data.getvalue()).decode('ascii')}"
