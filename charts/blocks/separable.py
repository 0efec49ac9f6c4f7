"""Depthwise separable against full convolution: share by channels and kernel, work by kernel, MobileNet's layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.format import exact, share_text, short
from charts.log_axis import log_axis
from charts.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, figure

if TYPE_CHECKING:
    from analysis.block_arithmetic import BlockCost
    from analysis.separable_layers import SeparableLayer

# Kernels from the smallest on: six colours, each with a dash of its own.
_LOOKS = (
    (GREY, "solid"),
    (BLUE, "solid"),
    (ORANGE, "dash"),
    (GREEN, "dot"),
    (PURPLE, "dashdot"),
    (RED, "longdash"),
)
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
_DEPTHWISE, _POINTWISE = SKY, PURPLE


def share_chart(
    curves: Mapping[int, Sequence[tuple[int, float]]], chosen: tuple[int, int, float]
) -> go.Figure:
    """Share of the full convolution's MACs over channels out, a line for each kernel.

    ``curves`` maps up to six kernels to pairs of channels out and share; ``chosen`` is kernel, channels, share.
    """
    kernel, channels, share = chosen
    picture = figure(
        f"{kernel} x {kernel} on {exact(channels)} channels out: {share_text(share)} of the full convolution's MACs",
        "channels out, M",
        "share of the full convolution's MACs",
        380,
    )
    for (side, curve), (colour, dash) in zip(curves.items(), _LOOKS, strict=True):
        picture.add_scatter(
            x=[count for count, _ in curve],
            y=[part for _, part in curve],
            name=f"{side} x {side}",
            mode="lines",
            line={"color": colour, "dash": dash},
            hovertemplate=f"<b>{side} x {side}</b><br>%{{x:,}} channels out<br>%{{y:.2%}}<extra></extra>",
        )
    picture.add_scatter(
        x=[channels],
        y=[share],
        mode="markers",
        showlegend=False,
        marker={"color": _LOOKS[list(curves).index(kernel)][0], "size": 12},
        hovertemplate=f"<b>{kernel} x {kernel}, as chosen</b><br>%{{x:,}} channels out<br>%{{y:.2%}}<extra></extra>",
    )
    counts = [count for curve in curves.values() for count, _ in curve]
    picture.update_xaxes(**log_axis(min(counts), max(counts)))
    picture.update_yaxes(type="log", tickvals=_TICKS, ticktext=[f"{part:.0%}" for part in _TICKS])
    return picture


def kernel_chart(full: Mapping[int, BlockCost], separable: Mapping[int, BlockCost]) -> go.Figure:
    """MACs of both convolutions by kernel, on a logarithmic axis."""
    small, large = min(full), max(full)
    grown, narrow = full[large].macs / full[small].macs, separable[large].macs / separable[small].macs
    picture = figure(
        f"From {small} x {small} to {large} x {large} the full convolution's work grows {grown:,.0f} times, "
        f"the separable one's {narrow:,.2f} times",
        "kernel",
        "MACs",
        380,
    )
    for name, costs, colour, symbol in (
        ("full", full, ORANGE, "square"),
        ("depthwise separable", separable, BLUE, "circle"),
    ):
        picture.add_scatter(
            x=[f"{kernel} x {kernel}" for kernel in costs],
            y=[cost.macs for cost in costs.values()],
            name=name,
            mode="lines+markers",
            line={"color": colour},
            marker={"color": colour, "symbol": symbol, "size": 9},
            customdata=[cost.params for cost in costs.values()],
            hovertemplate=f"<b>%{{x}}, {name}</b><br>%{{y:,}} MACs<br>%{{customdata:,}} parameters<extra></extra>",
        )
    macs = [cost.macs for costs in (full, separable) for cost in costs.values()]
    picture.update_xaxes(type="category")
    picture.update_yaxes(**log_axis(min(macs), max(macs)))
    return picture


def layers_chart(layers: Sequence[SeparableLayer], title: str) -> go.Figure:
    """The two parts of each separable layer of a network, as shares of the full convolution's MACs."""
    whole = sum(layer.full_macs for layer in layers)
    spent = sum(layer.depthwise_macs + layer.pointwise_macs for layer in layers)
    picture = figure(
        f"{title} spends {short(spent)} MACs where full convolutions would spend {short(whole)}",
        "separable layer (channels in to out)",
        "share of the full convolution's MACs",
        380,
    )
    labels = [f"{number}: {layer.channels} → {layer.out_channels}" for number, layer in enumerate(layers, 1)]
    for name, part, colour in (
        ("depthwise, 1 / M", [layer.depthwise_macs for layer in layers], _DEPTHWISE),
        ("pointwise, 1 / k²", [layer.pointwise_macs for layer in layers], _POINTWISE),
    ):
        picture.add_bar(
            x=labels,
            y=[macs / layer.full_macs for macs, layer in zip(part, layers, strict=True)],
            name=name,
            marker={"color": colour},
            customdata=[[macs, layer.full_macs] for macs, layer in zip(part, layers, strict=True)],
            hovertemplate=f"<b>%{{x}}</b>, {name}<br>%{{customdata[0]:,}} of %{{customdata[1]:,}} MACs"
            "<br>%{y:.2%}<extra></extra>",
        )
    picture.update_layout(barmode="stack")
    picture.update_xaxes(type="category", tickangle=-60)
    picture.update_yaxes(tickformat=".0%")
    return picture
