"""Frequency responses of a convolution's filters beside the limit of the subsampling that they stand before."""

from __future__ import annotations

from collections.abc import Mapping
from math import log10
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from charts.format import share_text
from charts.frequency_plane import plane_chart
from charts.log_axis import log_axis
from charts.theme import BLUE, GREEN, ORANGE, PURPLE, figure

if TYPE_CHECKING:
    from analysis.kernel_response import KernelResponse

_LOWEST_DB = -30.0
# Random weights, then trained ones.
_LINES = (
    (BLUE, "dash", "circle"),
    (ORANGE, "solid", "square"),
    (GREEN, "solid", "diamond"),
    (PURPLE, "dot", "x"),
)


def response_chart(weights: str, response: KernelResponse) -> go.Figure:
    """The mean response of all filters over the frequency plane, with the square below f*; ``weights`` names them."""
    h, w = (0.5 / step for step in response.factor)
    return plane_chart(
        f"{weights[0].upper()}{weights[1:]} weights: {share_text(response.mean_share)} above f*",
        response.mean_response / float(response.mean_response.max()),
        square=(h, w),
        lowest=_LOWEST_DB,
    )


def radial_response_chart(responses: Mapping[str, KernelResponse]) -> go.Figure:
    """The mean response over the distance from frequency 0, for weights by their names; 1 is white."""
    chart = figure(
        "Let through, beside white noise",
        "Frequency (cycles per sample)",
        "Mean |H|² (1 = white, log scale)",
        340,
    )
    for (weights, response), (colour, dash, _) in zip(responses.items(), _LINES, strict=False):
        frequency, gain = response.curve
        chart.add_scatter(
            x=frequency,
            y=gain,
            mode="lines",
            name=weights,
            line={"color": colour, "dash": dash, "width": 2.5},
            hovertemplate=f"{weights} weights<br>%{{x:.4f}} cycles per sample<br>|H|² %{{y:.4g}} of the mean"
            "<extra></extra>",
        )
    limit = 0.5 / max(next(iter(responses.values())).factor)
    chart.add_hline(y=1, line={"dash": "dot", "color": "rgba(128,128,128,0.9)"})
    chart.add_vrect(x0=limit, x1=0.5, fillcolor=ORANGE, opacity=0.12, line_width=0)
    chart.add_vline(
        x=limit,
        line={"dash": "dot", "color": "rgba(128,128,128,0.9)"},
        annotation={"text": f"f* = {limit:.4g}", "yanchor": "bottom", "y": 0},
    )
    chart.update_xaxes(range=[0, 0.5])
    gains = [gain for response in responses.values() for gain in response.curve[1] if gain > 0]
    low, high = min(0.1, *gains), max(10, *gains)  # what is white looks flat
    chart.update_yaxes(**log_axis(low, high), range=[log10(low), log10(high)])
    return chart


def filter_shares_chart(responses: Mapping[str, KernelResponse]) -> go.Figure:
    """Each filter's share of |H|² above f*, in falling order, for weights by their names; a line for white noise."""
    first = next(iter(responses.values()))
    chart = figure(_shares_title(responses), "Filters, in falling order", "|H|² above f* (%)", 340)
    for (weights, response), (colour, _, symbol) in zip(responses.items(), _LINES, strict=False):
        order = np.argsort(-np.nan_to_num(response.shares, nan=-1))
        chart.add_scatter(
            x=np.arange(1, len(order) + 1),
            y=100 * response.shares[order],
            mode="markers",
            name=weights,
            marker={"color": colour, "symbol": symbol, "size": 6},
            customdata=order * response.filters // len(order),
            hovertemplate=f"{weights} weights, filter %{{customdata}}<br>%{{y:.2f}} % above f*<extra></extra>",
        )
    chart.add_hline(
        y=100 * first.white_share,
        line={"dash": "dot", "color": "rgba(128,128,128,0.9)"},
        annotation={"text": f"white {100 * first.white_share:.4g} %", "yanchor": "bottom"},
    )
    chart.update_yaxes(range=[0, 103])
    return chart


def _shares_title(responses: Mapping[str, KernelResponse]) -> str:
    name, response = list(responses.items())[-1]
    return f"{response.damping_filters} of {len(response.shares)} filters damp ({name})"
