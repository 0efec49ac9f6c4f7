"""How much of what reaches each subsampling lies above its limit: a bar a layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.format import share_text
from charts.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, figure

if TYPE_CHECKING:
    from analysis.measured_aliasing import LayerAliasing

# By the low-pass that stands before the subsampling, or in it.
VERDICTS = {
    "present": ("has a low-pass", GREEN),
    "can be learned": ("kernel could learn one", BLUE),
    "not linear": ("maximum", PURPLE),
    "none": ("has none", ORANGE),
    "unknown": ("not known", GREY),
}
_MOST_NAMES = 40
_BAR_PX = 26


def shares_chart(layers: Sequence[LayerAliasing]) -> go.Figure:
    """Share of the energy above f* in the map that is sampled (bars) and in the layer's input (diamonds), in percent.

    A click on a bar gives the layer's name as the first value of its customdata.
    """
    names = [layer.subsampling.name for layer in layers]
    height = 110 + (_BAR_PX * len(layers) if len(layers) <= _MOST_NAMES else 10 * len(layers))
    chart = figure(_title(layers), "Energy above the limit f* (%)", "", min(height, 1000))
    for verdict, (label, colour) in VERDICTS.items():
        chosen = [layer for layer in layers if layer.subsampling.low_pass.verdict == verdict]
        if not any(layer.share_above is not None for layer in chosen):
            continue
        chart.add_bar(
            y=[layer.subsampling.name for layer in chosen],
            x=[_percent(layer.share_above) for layer in chosen],
            orientation="h",
            name=label,
            marker={"color": colour, "line": {"width": 0}},
            customdata=[_details(layer) for layer in chosen],
            hovertemplate="<b>%{customdata[0]}</b>, S = %{customdata[1]}<br>%{x:.2f} % above f*"
            "<br>%{customdata[2]}<br>%{customdata[3]}<extra></extra>",
        )
    chart.add_scatter(
        y=names,
        x=[_percent(layer.input_share) for layer in layers],
        mode="markers",
        name="in its input",
        marker={"color": GREY, "symbol": "diamond", "size": 9, "line": {"color": "white", "width": 1}},
        customdata=[_details(layer) for layer in layers],
        hovertemplate="<b>%{customdata[0]}</b><br>%{x:.2f} % of the input's energy above f*<br>%{customdata[4]}"
        "<extra></extra>",
    )
    chart.update_layout(barmode="overlay", bargap=0.3, legend={"y": -0.3})
    chart.update_xaxes(rangemode="tozero")
    chart.update_yaxes(
        categoryorder="array",
        categoryarray=names[::-1],
        showgrid=False,
        showticklabels=len(layers) <= _MOST_NAMES,
        ticklabelstandoff=4,
    )
    return chart


def _details(layer: LayerAliasing) -> tuple[str, str, str, str, str]:
    steps = layer.subsampling.factor
    factor = f"{float(steps[0]):g}" if steps[0] == steps[1] else f"{float(steps[0]):g} x {float(steps[1]):g}"
    counted = f"{layer.measured_channels} of {layer.channels} channels" if layer.channels else ""
    changed = f"aliasing makes {share_text(layer.alias_share)} of the energy after it"
    return layer.subsampling.name, factor, changed, counted, layer.reason


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _title(layers: Sequence[LayerAliasing]) -> str:
    known = [(layer.share_above, layer.subsampling.name) for layer in layers if layer.share_above is not None]
    if not known:
        return "No subsampling of this network could be measured"
    share, name = max(known)
    return f"Most is aliased in {name}: {share_text(share)} of what it samples lies above its limit"
