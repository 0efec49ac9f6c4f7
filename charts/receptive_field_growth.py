"""How the receptive field grows with depth, and at which input sizes layers stop gaining context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from charts.format import exact, pair_text, share_text
from charts.log_axis import log_axis
from charts.theme import GREY, Style, figure

if TYPE_CHECKING:
    from analysis.receptive_field.growth import LayerField, Unproductive

_COVERS, _GAINS, _GAINS_NOTHING = "diamond", "circle", "x"
_SIZES_PX = {_COVERS: 13, _GAINS: 6, _GAINS_NOTHING: 7}


@dataclass(frozen=True, slots=True)
class Curve:
    """One network of the charts at one input size.

    ``first`` is the layer that first covers the input, ``lost`` what gains no context; ``by_size`` holds at which
    input sizes, up to ``largest``, the number of such convolutions changes, and to what.
    """

    name: str
    title: str
    style: Style
    layers: tuple[LayerField, ...]
    first: LayerField | None
    lost: Unproductive
    by_size: tuple[tuple[int, int], ...]
    largest: int


def growth_chart(curves: Sequence[Curve], size: int) -> go.Figure:
    """The field of every layer over its depth, a line through the largest; a point carries its model and its row."""
    chart = figure(
        _growth_title(curves, size),
        "Depth (layers on the longest way from the image)",
        "Receptive field (pixels, log scale)",
        400,
    )
    for curve in curves:
        widest = _widest(curve.layers)
        chart.add_scatter(
            x=list(widest),
            y=list(widest.values()),
            mode="lines",
            name=curve.title,
            line={"color": curve.style.color, "dash": curve.style.dash, "width": 2},
            hoverinfo="skip",
        )
    for curve in curves:
        _add_layers(chart, curve, size)
    _add_legend(chart)
    deepest = max(layer.depth for curve in curves for layer in curve.layers)
    chart.add_scatter(
        x=[0, deepest],
        y=[size, size],
        mode="lines",
        name=f"the input, {exact(size)} pixels",
        line={"color": GREY, "dash": "dash", "width": 1.5},
        hoverinfo="skip",
    )
    fields = [layer.field[0] for curve in curves for layer in curve.layers]
    chart.update_yaxes(
        log_axis(min(fields), max(*fields, size))
        | {"range": [log10(0.8 * min(fields)), log10(1.3 * max(*fields, size))]}
    )
    chart.update_xaxes(range=[0, deepest + 1])
    return chart


def lost_chart(curves: Sequence[Curve], size: int) -> go.Figure:
    """How many convolutions gain no context over the side of the input, and where it stands now."""
    chart = figure(
        _lost_title(curves, size),
        "Input size (pixels, log scale)",
        "Convolutions that gain no context (% of them)",
        400,
    )
    for curve in curves:
        count = max(1, curve.lost.convolutions)
        steps = [*curve.by_size, (curve.largest, curve.by_size[-1][1])]
        chart.add_scatter(
            x=[side for side, _ in steps],
            y=[100 * number / count for _, number in steps],
            mode="lines",
            name=curve.title,
            line={"color": curve.style.color, "dash": curve.style.dash, "width": 2, "shape": "hv"},
            customdata=[number for _, number in steps],
            hovertemplate=f"<b>{curve.title}</b> from %{{x}} pixels on<br>%{{customdata}} of "
            f"{curve.lost.convolutions} convolutions gain no context<extra></extra>",
        )
    chart.add_scatter(
        x=[size, size],
        y=[0, 100],
        mode="lines",
        name=f"now, {exact(size)} pixels",
        line={"color": GREY, "dash": "dash", "width": 1.5},
        hoverinfo="skip",
    )
    chart.update_yaxes(range=[-1, 101])
    sides = [2**power for power in range(4, 11)]
    chart.update_xaxes(type="log", tickvals=sides, ticktext=[str(side) for side in sides])
    return chart


def _widest(layers: Sequence[LayerField]) -> dict[int, int]:
    """The largest field at each depth, in its order."""
    found: dict[int, int] = {}
    for layer in layers:
        found[layer.depth] = max(found.get(layer.depth, 0), layer.field[0])
    return dict(sorted(found.items()))


def _add_layers(chart: go.Figure, curve: Curve, size: int) -> None:
    """A point for each layer: what it gains by its sign, all that is known in its hover text."""
    lost = {layer.row for layer in curve.lost.layers}
    signs = [
        _COVERS if layer is curve.first else _GAINS_NOTHING if layer.row in lost else _GAINS
        for layer in curve.layers
    ]
    chart.add_scatter(
        x=[layer.depth for layer in curve.layers],
        y=[layer.field[0] for layer in curve.layers],
        mode="markers",
        name=curve.title,
        showlegend=False,
        marker={
            "color": curve.style.color,
            "symbol": signs,
            "size": [_SIZES_PX[sign] for sign in signs],
            "line": {"width": 0},
        },
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        customdata=[[curve.name, layer.row] for layer in curve.layers],
        text=[_about(layer, size) for layer in curve.layers],
        hovertemplate=f"<b>{curve.title}</b>, depth %{{x}}<br>%{{text}}<extra></extra>",
    )


def _about(layer: LayerField, size: int) -> str:
    stride = "no single grid" if layer.stride is None else f"effective stride {pair_text(layer.stride)}"
    lines = [f"{layer.name} ({layer.kind.value})", f"sees {pair_text(layer.field)} px, {stride}"]
    if layer.whole_input:
        lines.append("strictly, every unit sees the whole input")
    if layer.gains_nothing((size, size)):
        lines.append(f"reads {pair_text(layer.before)} px already: no context to gain")
    return "<br>".join(lines)


def _add_legend(chart: go.Figure) -> None:
    """What the signs mean, beside the names of the networks."""
    for sign, meaning in (
        (_COVERS, "first as large as the input"),
        (_GAINS_NOTHING, "gains no context"),
    ):
        marker: dict[str, Any] = {"color": GREY, "symbol": sign, "size": _SIZES_PX[sign]}
        chart.add_scatter(x=[None], y=[None], mode="markers", name=meaning, marker=marker, hoverinfo="skip")


def _growth_title(curves: Sequence[Curve], size: int) -> str:
    if len(curves) > 1:
        seeing = sum(curve.first is not None for curve in curves)
        return f"Networks that come to see {exact(size)} pixels before their heads: {seeing} of {len(curves)}"
    (curve,) = curves
    if curve.first is None:
        widest = max(layer.field[0] for layer in curve.layers)
        if any(layer.whole_input for layer in curve.layers):
            return f"Without gates and attention the field grows to {exact(widest)} of {exact(size)} pixels"
        return f"The field grows to {exact(widest)} pixels, less than the input's {exact(size)}"
    return f"From {curve.first.name} on the field is as large as the input"


def _lost_title(curves: Sequence[Curve], size: int) -> str:
    if len(curves) > 1:
        return "Smaller inputs leave more layers without context to gain"
    (curve,) = curves
    if not curve.lost.layers:
        return f"At {exact(size)} pixels no convolution has run out of context"
    return (
        f"{len(curve.lost.layers)} of {curve.lost.convolutions} convolutions gain no context, "
        f"{share_text(curve.lost.macs_share)} of the MACs"
    )
