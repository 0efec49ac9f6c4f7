"""One layer as a dense, a locally connected and a convolutional one."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.format import exact
from charts.log_axis import log_axis
from charts.theme import BLUE, PURPLE, figure

if TYPE_CHECKING:
    from analysis.block_arithmetic import WeightSharing

FORMS = ("dense", "locally connected", "shared weights")


def sharing_chart(sharing: WeightSharing) -> go.Figure:
    """Parameters and MACs of the three forms as bars on a logarithmic axis, exact numbers beside them."""
    params = (sharing.dense_params, sharing.local_params, sharing.shared_params)
    macs = (sharing.dense_macs, sharing.local_macs, sharing.local_macs)
    chart = figure(
        f"Sharing leaves {exact(sharing.shared_params)} of {exact(sharing.dense_params)} parameters",
        "number, on a logarithmic axis",
        height=320,
    )
    for name, values, colour in (("MACs", macs, BLUE), ("parameters", params, PURPLE)):
        chart.add_bar(
            orientation="h",
            name=name,
            x=values,
            y=FORMS,
            text=[exact(value) for value in values],
            textposition="auto",
            insidetextanchor="end",
            textangle=0,
            constraintext="none",
            cliponaxis=False,
            hovertemplate=f"%{{y}}: %{{x:,}} {name}<extra></extra>",
            marker={"color": colour, "line": {"width": 0}},
        )
    low, high = min(*params, *macs), max(*params, *macs)
    # A short bar has its number beside it: there must be room for the longest.
    chart.update_xaxes(**log_axis(low, high), range=[log10(low) - 0.5, log10(high) + 0.3])
    chart.update_yaxes(autorange="reversed", showgrid=False)
    return chart
