"""Stacks of 3 x 3 beside one large kernel: over the receptive field, and over the channels in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.log_axis import log_axis
from charts.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, figure

if TYPE_CHECKING:
    from analysis.stack_comparison import StackComparison

QUANTITIES = {"params": "parameters", "macs": "MACs", "non_linearities": "non-linearities"}
# Costs further apart than this are drawn on a logarithmic axis.
_LOG_FROM = 20
_LINES = ((GREEN, "dot"), (PURPLE, "dash"), (BLUE, "solid"), (SKY, "longdash"))


def depth_chart(comparisons: Sequence[StackComparison], quantity: str) -> go.Figure:
    """``quantity`` of :data:`QUANTITIES` over the receptive field, for the one kernel and for the stack."""
    word = QUANTITIES[quantity]
    chart = figure(_depth_title(comparisons, quantity), "receptive field = side of the one kernel", word, 320)
    fields = [comparison.kernel for comparison in comparisons]
    for name, colour, dash, costs in (
        ("one K x K", ORANGE, "dash", [comparison.one for comparison in comparisons]),
        ("stack of 3 x 3", BLUE, "solid", [comparison.stack for comparison in comparisons]),
    ):
        layers = ["1 layer" if cost.layers == 1 else f"{cost.layers} layers" for cost in costs]
        chart.add_scatter(
            x=fields,
            y=[getattr(cost, quantity) for cost in costs],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash},
            marker={"color": colour, "size": 9},
            customdata=layers,
            hovertemplate=f"{name}, sees %{{x}} x %{{x}}<br>%{{customdata}}: %{{y:,}} {word}<extra></extra>",
        )
    chart.update_xaxes(tickvals=fields, ticktext=[f"{field} x {field}" for field in fields])
    values = [getattr(cost, quantity) for entry in comparisons for cost in (entry.one, entry.stack)]
    if max(values) > _LOG_FROM * min(values):
        chart.update_yaxes(**log_axis(min(values), max(values)))
    else:
        chart.update_yaxes(rangemode="tozero", exponentformat="SI")
    return chart


def channels_chart(curves: Sequence[Sequence[StackComparison]], chosen: StackComparison) -> go.Figure:
    """The stack's parameters as a multiple of the one kernel's over the channels in, a curve for each kernel.

    Where a curve crosses 1 both cost the same. The chosen setting is marked.
    """
    chart = figure(_channels_title(chosen), "channels in", "parameters of the stack / of the one kernel", 380)
    for comparisons, (colour, dash) in zip(curves, _LINES, strict=False):
        kernel = comparisons[0].kernel
        layers = comparisons[0].stack.layers
        chart.add_scatter(
            x=[comparison.channels for comparison in comparisons],
            y=[comparison.params_ratio for comparison in comparisons],
            name=f"{layers} for one {kernel} x {kernel}",
            mode="lines",
            line={"color": colour, "dash": dash, "width": 4 if kernel == chosen.kernel else 2},
            customdata=[[comparison.stack.params, comparison.one.params] for comparison in comparisons],
            hovertemplate=f"%{{x}} channels in<br>{layers} of 3 x 3: %{{customdata[0]:,}} parameters<br>"
            f"one {kernel} x {kernel}: %{{customdata[1]:,}}<br>%{{y:.3g}} x<extra></extra>",
        )
    chart.add_scatter(
        x=[chosen.channels],
        y=[chosen.params_ratio],
        name="this setting",
        mode="markers",
        marker={"color": RED, "size": 13, "symbol": "diamond"},
        hovertemplate="this setting: %{x} channels in<br>%{y:.3g} x the parameters<extra></extra>",
    )
    ratios = [comparison.params_ratio for comparisons in curves for comparison in comparisons]
    channels = [comparison.channels for comparisons in curves for comparison in comparisons]
    chart.add_hline(y=1, line={"color": GREY, "width": 1.5, "dash": "dash"})
    chart.update_xaxes(**log_axis(min(channels), max(channels)))
    chart.update_yaxes(**log_axis(min(*ratios, 0.5), max(*ratios, 2)))
    return chart


def _depth_title(comparisons: Sequence[StackComparison], quantity: str) -> str:
    word = QUANTITIES[quantity]
    if quantity == "non_linearities":
        return "A non-linearity for each layer"
    saving = [
        comparison.kernel
        for comparison in comparisons
        if getattr(comparison.stack, quantity) < getattr(comparison.one, quantity)
    ]
    if len(saving) == len(comparisons):
        return f"Fewer {word} at every size"
    if not saving:
        return f"No fewer {word} at any size"
    return f"Fewer {word} for {', '.join(f'{kernel} x {kernel}' for kernel in saving)}"


def _channels_title(chosen: StackComparison) -> str:
    turning = float(chosen.break_even_channels)
    return f"For {chosen.kernel} x {chosen.kernel} the stack saves above {turning:,.3g} channels in"
