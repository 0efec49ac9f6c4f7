"""How fine a texture the layers of several architectures can still tell apart, over their depth."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.compare_curves import Architecture, relative_depth
from charts.inspect_panels import log_axis
from charts.theme import figure

NYQUIST = 0.5


def limit_over_depth(layers: pd.DataFrame) -> pd.Series:
    """The lowest limit so far in cycles per pixel of the image, for each line of a layer table; 0.5 at first."""
    limits = layers[["aliasing_frequency_image_h", "aliasing_frequency_image_w"]].astype(float)
    return limits.min(axis=1).fillna(NYQUIST).cummin()


def limits_chart(architectures: Sequence[Architecture]) -> go.Figure:
    """A falling staircase for each architecture; ``layers`` needs the columns of its aliasing frequencies too."""
    curves = [limit_over_depth(entry.layers) for entry in architectures]
    chart = figure(
        _title(architectures, curves),
        "Relative depth (% of the layers with MACs)",
        "Limit (cycles per pixel, log scale)",
        340,
    )
    for entry, limits in zip(architectures, curves, strict=True):
        changes = limits[(limits != limits.shift(fill_value=NYQUIST)) | (limits.index == limits.index[-1])]
        depth = relative_depth(entry.layers)[changes.index]
        chart.add_scatter(
            x=[0, *depth],
            y=[NYQUIST, *changes],
            mode="lines",
            name=entry.title,
            line={"color": entry.style.color, "dash": entry.style.dash, "width": 2.5, "shape": "hv"},
            customdata=[
                ("in the image", 1 / NYQUIST),
                *zip(
                    "after " + entry.layers.loc[changes.index, "name"].astype(str), 1 / changes, strict=True
                ),
            ],
            hovertemplate=f"<b>{entry.title}</b><br>%{{customdata[0]}}<br>%{{y:.5f}} cycles per pixel"
            "<br>one period in %{customdata[1]:,.4g} px<br>depth %{x:.1f} %<extra></extra>",
        )
    chart.update_xaxes(range=[-1, 102])
    chart.update_yaxes(**log_axis([NYQUIST, *(limits.min() for limits in curves)]))
    return chart


def _title(architectures: Sequence[Architecture], curves: Sequence[pd.Series]) -> str:
    if len(architectures) == 1:
        return f"In the end {architectures[0].title} tells periods of {1 / curves[0].min():g} pixels apart"
    ends = sorted({1 / limits.min() for limits in curves})
    if len(ends) == 1:
        return f"In the end all of them tell periods of {ends[0]:g} pixels apart"
    return f"In the end they tell periods of {ends[0]:g} to {ends[-1]:g} pixels apart"
