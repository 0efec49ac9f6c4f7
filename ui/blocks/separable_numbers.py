"""The numbers of the block "Depthwise separable": headlines, the formula with its result, MobileNet's layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from analysis.block_arithmetic import BlockCost
from analysis.separable_layers import SeparableLayer
from charts.format import exact, pair_text, ratio_text, share_text, short
from ui.headlines import Headline


@dataclass(frozen=True, slots=True)
class Network:
    """A traced network by its separable layers and the MACs of all its layers."""

    title: str
    macs: int
    layers: tuple[SeparableLayer, ...]

    @property
    def pointwise_share(self) -> float:
        """The part of its MACs in the 1 x 1 convolutions of its separable layers."""
        return sum(layer.pointwise_macs for layer in self.layers) / self.macs


def headlines(
    full: BlockCost, separable: BlockCost, share: Fraction, network: Network
) -> tuple[Headline, ...]:
    """The share of the work, both convolutions, and where MobileNet's work is."""
    return (
        Headline(
            "Share of the MACs",
            share_text(float(share)),
            f"the full one does {ratio_text(float(1 / share))} the work",
        ),
        Headline("Separable", f"{short(separable.macs)}", f"MACs, {exact(separable.params)} parameters"),
        Headline("Full convolution", f"{short(full.macs)}", f"MACs, {exact(full.params)} parameters"),
        Headline(
            "1 x 1 in MobileNet",
            share_text(network.pointwise_share),
            f"of the {short(network.macs)} MACs of {network.title}",
            "Howard et al. (2017), table 2, print 94.86 % for width 1.",
        ),
    )


def formula(out_channels: int, kernel: int, share: Fraction) -> str:
    """The share in LaTeX: both counts, what is left of them, and the numbers put in."""
    return (
        r"\begin{aligned}\frac{k^2 C + C M}{k^2 C M} &= \frac{1}{M} + \frac{1}{k^2}\\[1ex] &= "
        rf"\frac{{1}}{{{out_channels}}} + \frac{{1}}{{{kernel**2}}} = "
        rf"\frac{{{share.numerator}}}{{{share.denominator}}} = {100 * float(share):.2f}\,\%\end{{aligned}}"
    )


def beyond_macs(network: Network) -> str:
    """What the share does not say: the work for each byte, from the trace."""
    depthwise = [layer.depthwise_intensity for layer in network.layers]
    pointwise = [layer.pointwise_intensity for layer in network.layers]
    return (
        f"MACs are not time. In {network.title} the depthwise layers do {_span(depthwise)} floating point "
        f"operations for each byte that they read or write, the 1 x 1 layers {_span(pointwise)} (32 bits a value). "
        "Where so little work is done for a byte, a machine waits for its memory, and an eighth of the MACs need "
        "not be an eighth of the time. How long a layer takes is for a measurement to say."
    )


def layer_table(layers: Sequence[SeparableLayer]) -> pd.DataFrame:
    """One line for each separable layer, numbered as the pills are."""
    return pd.DataFrame(
        {
            "Layer": range(1, len(layers) + 1),
            "Channels in": [layer.channels for layer in layers],
            "Channels out": [layer.out_channels for layer in layers],
            "Stride": [layer.stride[0] for layer in layers],
            "Map": [pair_text(layer.size) for layer in layers],
            "Depthwise MACs": [layer.depthwise_macs for layer in layers],
            "Pointwise MACs": [layer.pointwise_macs for layer in layers],
            "Full convolution": [layer.full_macs for layer in layers],
            "Share": [layer.share for layer in layers],
            "FLOPs a byte, depthwise": [layer.depthwise_intensity for layer in layers],
            "FLOPs a byte, pointwise": [layer.pointwise_intensity for layer in layers],
        }
    )


def _span(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{min(known):.1f} to {max(known):.1f}"
