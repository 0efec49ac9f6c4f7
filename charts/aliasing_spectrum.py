"""One subsampling on one picture: radial averages and maps of the spectra before and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from charts.format import share_text
from charts.frequency_plane import plane_chart
from charts.theme import BLUE, GREEN, ORANGE, figure

if TYPE_CHECKING:
    from analysis.measured_aliasing import LayerAliasing
    from analysis.spectrum import SampledSpectrum

_DYNAMIC_RANGE = 1e-7
_LINES = (
    ("before sampling", BLUE, "solid"),
    ("sampled, with its aliases", ORANGE, "solid"),
    ("ideal low-pass, then sampled", GREEN, "dash"),
)


def radial_chart(layer: LayerAliasing) -> go.Figure:
    """Power over the distance from frequency 0: before, sampled, and sampled after an ideal low-pass."""
    spectrum = _spectrum(layer)
    chart = figure(
        f"{layer.subsampling.name}: {share_text(spectrum.share_above)} of the energy lies above f* and folds",
        "Frequency (cycles per sample)",
        "Power per frequency (% of all, log scale)",
        340,
    )
    total = float(spectrum.before.sum()) or 1.0
    curves = spectrum.curves
    pixels = layer.subsampling.pixels_per_sample
    highest = max(float((power / total).max()) for _, power in curves)
    for (name, colour, dash), (frequency, power) in zip(_LINES, curves, strict=True):
        shown = np.where(power / total > highest * _DYNAMIC_RANGE, 100 * power / total, np.nan)
        chart.add_scatter(
            x=frequency[1:],
            y=shown[1:],
            mode="lines",
            name=name,
            line={"color": colour, "dash": dash, "width": 2.5},
            customdata=frequency[1:] / pixels if pixels else np.full(len(frequency) - 1, np.nan),
            hovertemplate=f"{name}<br>%{{x:.4f}} cycles per sample<br>%{{customdata:.4f}} cycles per pixel"
            "<br>%{y:.3g} % of the energy in each bin<extra></extra>",
        )
    limit = 1 / (2 * max(spectrum.factor))
    chart.add_vrect(x0=limit, x1=0.5, fillcolor=ORANGE, opacity=0.12, line_width=0)
    chart.add_vline(
        x=limit,
        line={"dash": "dot", "color": "rgba(128,128,128,0.9)"},
        annotation={"text": f"f* = {limit:.4g}", "yanchor": "bottom", "y": 0},
    )
    chart.update_xaxes(range=[0, 0.5])
    chart.update_yaxes(type="log", exponentformat="power", dtick=1)
    return chart


def map_charts(layer: LayerAliasing) -> tuple[go.Figure, go.Figure, go.Figure]:
    """The frequency plane before sampling, with the square that is kept; after it; and after an ideal low-pass.

    Decibels are below the strongest frequency of the three.
    """
    spectrum = _spectrum(layer)
    top = max(float(plane.max()) for plane in (spectrum.before, spectrum.after, spectrum.ideal)) or 1.0
    limits = (0.5 / spectrum.factor[0], 0.5 / spectrum.factor[1])
    return (
        plane_chart(
            f"Before: {share_text(spectrum.share_above)} outside the square",
            spectrum.before / top,
            square=limits,
        ),
        plane_chart("Sampled: folded inside", spectrum.after / top, spacing=spectrum.factor),
        plane_chart("Ideal low-pass, then sampled", spectrum.ideal / top, spacing=spectrum.factor),
    )


def _spectrum(layer: LayerAliasing) -> SampledSpectrum:
    if layer.spectrum is None:
        raise ValueError(f"{layer.subsampling.name} was not measured: {layer.reason}.")
    return layer.spectrum
