"""What a dropout mask leaves of a layer, and what the next unit receives over many masks."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from charts.theme import BLUE, GREY, ORANGE, PURPLE, figure

_BINS = 60


def mask_chart(
    activations: NDArray[np.float64], mask: NDArray[np.bool_], read: NDArray[np.float64]
) -> go.Figure:
    """Each unit's activation, kept or dropped, and beside it what the next layer ``read`` of it; all (n,)."""
    units = np.arange(len(activations))
    silenced = int((~mask & (activations > 0)).sum())
    title = f"This mask silences {silenced} of the {int((activations > 0).sum())} units that speak"
    chart = figure(title, "unit", "activation", 320)
    for name, colour, values in (
        ("dropped", GREY, np.where(mask, np.nan, activations)),
        ("kept", BLUE, np.where(mask, activations, np.nan)),
        ("what the next layer reads", ORANGE, np.where(mask, read, np.nan)),
    ):
        chart.add_bar(
            x=units,
            y=values,
            name=name,
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate=f"unit %{{x}}: %{{y:.3f}}, {name}<extra></extra>",
        )
    chart.update_layout(barmode="group", bargap=0.1, bargroupgap=0)
    return chart


def received_chart(sums: NDArray[np.float64], expected: float, evaluation: float, title: str) -> go.Figure:
    """A histogram of what the next unit receives behind each mask, its mean, and what evaluation gives it."""
    counts, edges = np.histogram(sums, bins=_BINS)
    chart = figure(title, "sum that the next unit receives", "masks", 320)
    chart.add_bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=counts,
        width=np.diff(edges),
        name="training, one mask after the other",
        marker={"color": BLUE, "line": {"width": 0}},
        hovertemplate="%{y:,} masks near %{x:.3f}<extra></extra>",
    )
    top = int(counts.max()) * 1.08
    for name, value, colour, dash in (
        ("mean of training, by the formula", expected, ORANGE, "solid"),
        ("evaluation", evaluation, PURPLE, "dash"),
    ):
        chart.add_scatter(
            x=[value, value],
            y=[0, top],
            mode="lines",
            name=name,
            line={"color": colour, "width": 3, "dash": dash},
            hovertemplate=f"{name}: %{{x:.4f}}<extra></extra>",
        )
    chart.update_yaxes(range=[0, top])
    return chart
