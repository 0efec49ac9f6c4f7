"""The side of a network's maps from layer to layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.log_axis import log_axis
from charts.theme import BLUE, ORANGE, figure

if TYPE_CHECKING:
    from analysis.window_walk import WindowStep


def walk_chart(steps: Sequence[WindowStep], current: int | None = None) -> go.Figure:
    """A bar for the input and one for each step of the walk; the step with the index ``current`` stands out."""
    sizes = [steps[0].size, *(step.output_size for step in steps)]
    chart = figure(
        f"From {sizes[0]} to {sizes[-1]} in {len(steps)} windows", "layer", "side of its map (values)", 260
    )
    described = ["the input"] + [
        f"{step.layer}: {step.size} to {step.output_size}<br>kernel {step.kernel}, stride {step.stride}, "
        f"padding {step.padding}"
        for step in steps
    ]
    chart.add_bar(
        x=["input", *(step.layer for step in steps)],
        y=sizes,
        text=[f"{size:,}" for size in sizes],
        textposition="outside",
        cliponaxis=False,
        customdata=described,
        hovertemplate="%{customdata}<extra></extra>",
        marker={"color": [ORANGE if index - 1 == current else BLUE for index in range(len(sizes))]},
        showlegend=False,
    )
    low, high = min(sizes), max(sizes)
    chart.update_yaxes(**log_axis(low, 2 * high))
    return chart
