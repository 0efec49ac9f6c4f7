"""What each resolution costs: the stages of several architectures, aligned by their reduction."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

import pandas as pd
import plotly.graph_objects as go

from charts.compare_curves import HEAD, Architecture
from charts.theme import figure

QUANTITIES = {"macs": "MACs", "flops": "FLOPs", "params": "Parameters"}
_TITLES = {
    "macs": "At which resolution are the MACs spent?",
    "flops": "At which resolution are the FLOPs spent?",
    "params": "At which resolution do the parameters sit?",
}


def reduction(stage: str, size: int) -> str:
    """The resolution of a stage as a part of the input's, to the nearest power of two; the head by its name.

    reduction("56x56", 224) == "1/4"; reduction("35x35", 299) == "1/8"; reduction("head", 224) == "head".
    """
    if stage == HEAD:
        return HEAD
    return f"1/{2 ** max(0, round(log2(size / int(stage.partition('x')[0]))))}"


def cost_by_reduction(layers: pd.DataFrame, size: int, quantity: str) -> pd.Series:
    """The sum of a column of the layer table for each reduction, full resolution first and the head last."""
    amounts = layers[quantity].fillna(0).astype("int64")
    return amounts.groupby(layers["stage"].map(lambda stage: reduction(stage, size)), sort=False).sum()


def stages_chart(architectures: Sequence[Architecture], quantity: str) -> go.Figure:
    """Bars of one cost for each reduction, an architecture beside the other; ``quantity`` one of :data:`QUANTITIES`."""
    label = QUANTITIES[quantity]
    chart = figure(_TITLES[quantity], "Resolution, as a part of the input's", label, 360)
    costs = [cost_by_reduction(entry.layers, entry.size, quantity) for entry in architectures]
    for entry, cost in zip(architectures, costs, strict=True):
        share = 100 * cost / max(1, cost.sum())
        chart.add_bar(
            x=cost.index,
            y=cost,
            name=entry.title,
            marker={"color": entry.style.color, "pattern": {"shape": _PATTERNS[entry.style.dash]}},
            customdata=share,
            hovertemplate=f"<b>{entry.title}</b><br>at %{{x}}<br>%{{y:,}} {label}<br>"
            "%{customdata:.1f} % of its whole<extra></extra>",
        )
    found = {name for cost in costs for name in cost.index}
    order = sorted(found - {HEAD}, key=lambda name: int(name[2:])) + ([HEAD] if HEAD in found else [])
    chart.update_xaxes(type="category", categoryorder="array", categoryarray=order)
    chart.update_yaxes(exponentformat="SI")
    return chart


# Architectures of one colour differ by dash in lines and by pattern in bars.
_PATTERNS = {"solid": "", "dash": "/", "dot": ".", "dashdot": "x", "longdash": "\\", "longdashdot": "+"}
