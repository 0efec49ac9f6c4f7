"""Translation equivariance, seen: a picture and its shift, both orders of shifting and filtering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from charts.theme import BLUE, GREEN, ORANGE, PURPLE, figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.experiments.equivariance import Orders

ORDERS = ("f(shift(x))", "shift(f(x))", "difference")
# Of the curves: a colour and a dash each, as far as they go.
_LINES = ((BLUE, "solid"), (GREEN, "dash"), (PURPLE, "dot"), (ORANGE, "longdash"))
_SIGNED = [[0.0, BLUE], [0.5, "#f4f4f4"], [1.0, ORANGE]]
_NOTHING = "rgba(128,128,128,0.3)"
_GREY = [[0.0, "#000000"], [1.0, "#ffffff"]]


def pictures_chart(picture: NDArray[np.float64], orders: Orders) -> go.Figure:
    """The picture x and shift(x), side by side; what the shift leaves empty is plain grey."""
    chart = figure("The picture and its shift", height=216)
    look = {"colorscale": _GREY, "zmin": 0, "zmax": 255}
    _add_panels(chart, (picture, orders.shifted), ("x", "shift(x)"), look)
    return chart


def orders_chart(layer: str, orders: Orders) -> go.Figure:
    """Both orders and their difference on one colour scale; ``layer`` begins the title."""
    largest = orders.largest_difference
    fate = (
        "the order makes no difference"
        if largest == 0
        else f"the order changes values by up to {largest:,.4g}"
    )
    chart = figure(f"{layer}: {fate}", height=216)
    matrices = (orders.filter_of_shifted, orders.shifted_filter, orders.difference)
    limit = float(max(np.nanmax(np.abs(matrix)) for matrix in matrices)) or 1.0
    _add_panels(chart, matrices, ORDERS, {"colorscale": _SIGNED, "zmin": -limit, "zmax": limit})
    return chart


def shifts_chart(curves: Mapping[str, Sequence[float]]) -> go.Figure:
    """For each layer, by its name, the relative difference over shifts by 0, 1, 2, ... pixels."""
    chart = figure(
        "Which shifts does a layer follow?",
        "shift to the right (pixels)",
        "difference of the two orders (%)",
        340,
    )
    for (name, differences), (colour, dash) in zip(curves.items(), _LINES, strict=False):
        chart.add_scatter(
            x=list(range(len(differences))),
            y=[100 * difference for difference in differences],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2},
            marker={"color": colour, "size": 7},
            hovertemplate=f"{name}<br>shift by %{{x}}: %{{y:.4g}} %<extra></extra>",
        )
    chart.update_yaxes(rangemode="tozero")
    chart.update_xaxes(dtick=2)
    return chart


def _add_panels(
    chart: go.Figure, matrices: Sequence[NDArray[np.float64]], names: Sequence[str], look: Mapping[str, Any]
) -> None:
    """Matrices side by side, each under its name and drawn as a picture: row 0 above, cells square."""
    width = 1 / len(matrices)
    for index, (matrix, name) in enumerate(zip(matrices, names, strict=True)):
        suffix = str(index + 1) if index else ""
        chart.add_heatmap(
            z=matrix.astype(np.float32),
            xaxis=f"x{suffix}",
            yaxis=f"y{suffix}",
            showscale=False,
            hoverongaps=False,
            hovertemplate=f"{name}, row %{{y}}, column %{{x}}: %{{z:,.6g}}<extra></extra>",
            **look,
        )
        domain = [index * width + 0.01, (index + 1) * width - 0.01]
        height, length = matrix.shape
        axis = {
            "showticklabels": False,
            "ticks": "",
            "showgrid": False,
            "zeroline": False,
            "constrain": "domain",
            "automargin": False,
        }
        across = axis | {"anchor": f"y{suffix}", "domain": domain, "range": [-0.5, length - 0.5]}
        across |= {"side": "top", "title": {"text": name, "standoff": 4}}
        down = axis | {"anchor": f"x{suffix}", "range": [height - 0.5, -0.5], "constraintoward": "top"}
        down |= {"scaleanchor": f"x{suffix}", "title": {"text": ""}}
        chart.update_layout({f"xaxis{suffix}": across, f"yaxis{suffix}": down})
    chart.update_layout(
        margin={"l": 0, "r": 0, "t": 28, "b": 0, "pad": 0}, plot_bgcolor=_NOTHING, showlegend=False
    )
