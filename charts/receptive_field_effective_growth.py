"""How the effective field grows along the depth of a network, beside the theoretical one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10, sqrt

import plotly.graph_objects as go

from charts.format import exact, share_text
from charts.log_axis import log_axis
from charts.theme import BLUE, GREY, ORANGE, figure


@dataclass(frozen=True, slots=True)
class Measured:
    """One layer of the chart: its name, its depth in layers, and both sides of its field in pixels."""

    name: str
    depth: int
    theoretical: float
    effective: float


def effective_growth_chart(measured: Sequence[Measured], size: int) -> go.Figure:
    """Side of the theoretical and of the effective field over depth, both axes logarithmic; one point a stage."""
    chart = figure(
        _title(measured), "Depth (layers, log scale)", "Side of the field (pixels, log scale)", 380
    )
    depths = [point.depth for point in measured]
    for name, sides, colour, symbol in (
        ("theoretical", [point.theoretical for point in measured], BLUE, "square"),
        ("effective", [point.effective for point in measured], ORANGE, "circle"),
    ):
        chart.add_scatter(
            x=depths,
            y=sides,
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 2.5},
            marker={"color": colour, "symbol": symbol, "size": 8},
            customdata=[[point.name, share_text(point.effective / point.theoretical)] for point in measured],
            hovertemplate=f"%{{customdata[0]}}, depth %{{x}}<br>{name} field %{{y:,.1f}} px"
            "<br>effective / theoretical %{customdata[1]}<extra></extra>",
        )
    first = measured[0]
    chart.add_scatter(
        x=depths,
        y=[first.effective * sqrt(point.theoretical / first.theoretical) for point in measured],
        name="root of the theoretical",
        mode="lines",
        line={"color": GREY, "width": 1.5, "dash": "dot"},
        hovertemplate="%{y:,.1f} px if it grew as the root of the theoretical field<extra></extra>",
    )
    chart.add_scatter(
        x=[depths[0], depths[-1]],
        y=[size, size],
        name=f"the input, {exact(size)} pixels",
        mode="lines",
        line={"color": GREY, "width": 1.5, "dash": "dash"},
        hoverinfo="skip",
    )
    sides = [side for point in measured for side in (point.theoretical, point.effective)]
    low, high = min(*sides, size), max(*sides, size)
    chart.update_yaxes(log_axis(low, high) | {"range": [log10(0.8 * low), log10(1.3 * high)]})
    chart.update_xaxes(log_axis(depths[0], max(depths[-1], depths[0] + 1)))
    return chart


def _title(measured: Sequence[Measured]) -> str:
    first, last = measured[0], measured[-1]
    if first is last:
        return f"{first.name}: {first.effective:,.0f} of {first.theoretical:,.0f} pixels"
    shares = [share_text(point.effective / point.theoretical) for point in (first, last)]
    if shares[0] == shares[1]:
        return f"With depth the effective field stays at {shares[0]} of the theoretical one"
    return f"With depth the effective field goes from {shares[0]} to {shares[1]} of the theoretical one"
