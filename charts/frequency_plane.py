"""The plane of spatial frequencies as a heat map, 0 in its middle, with the square that a subsampling keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from charts.theme import figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_CELLS = 112
_FLOOR_DB = -60.0
SQUARE = "#ff5c5c"


def plane_chart(
    title: str,
    power: NDArray[np.floating],
    *,
    square: tuple[float, float] | None = None,
    spacing: tuple[float, float] = (1, 1),
    lowest: float = _FLOOR_DB,
) -> go.Figure:
    """Power (h, w) in the order of fftfreq as decibels, from ``lowest`` to 0, which is a power of 1.

    ``square`` holds the limits f* (h, w) to be drawn; ``spacing`` the samples between the values of the map,
    so that axes count in cycles per sample before it was subsampled. Large planes are averaged in blocks.
    """
    rows, row_values = _blocks(power.shape[0], spacing[0])
    columns, column_values = _blocks(power.shape[1], spacing[1])
    shifted = np.fft.fftshift(power.astype(np.float64))
    cells = np.add.reduceat(np.add.reduceat(shifted, rows, axis=0), columns, axis=1)
    counts = np.outer(np.diff([*rows, power.shape[0]]), np.diff([*columns, power.shape[1]]))
    decibels = 10 * np.log10(np.maximum(cells / counts, 10 ** (lowest / 10)))
    chart = figure(title, "fx (cycles per sample)", "fy (cycles per sample)", 330)
    chart.add_heatmap(
        x=column_values,
        y=row_values,
        z=decibels.astype(np.float32),
        zmin=lowest,
        zmax=0,
        colorscale="Viridis",
        colorbar={"title": {"text": "dB"}, "thickness": 10, "len": 0.9},
        hovertemplate="fx %{x:.4f}, fy %{y:.4f}<br>%{z:.1f} dB<extra></extra>",
    )
    if square is not None:
        fy, fx = square
        chart.add_shape(
            type="rect", x0=-fx, x1=fx, y0=-fy, y1=fy, line={"color": SQUARE, "width": 2, "dash": "dot"}
        )
        chart.add_annotation(
            x=fx,
            y=fy,
            text=f"f* = {max(fx, fy):.4g}" if fx == fy else f"f* = {fy:.4g}, {fx:.4g}",
            showarrow=False,
            xanchor="right",
            yanchor="bottom",
            font={"color": "white"},
            bgcolor="rgba(0,0,0,0.45)",
        )
    chart.update_xaxes(constrain="domain", showgrid=False, zeroline=False)
    chart.update_yaxes(
        scaleanchor="x", constrain="domain", autorange="reversed", showgrid=False, zeroline=False
    )
    return chart


def _blocks(length: int, spacing: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Where blocks of bins begin, and the mean frequency of each."""
    size = -(-length // _MOST_CELLS)
    frequencies = np.fft.fftshift(np.fft.fftfreq(length)) / spacing
    starts = np.arange(0, length, size)
    sums = np.add.reduceat(frequencies, starts)
    return starts, sums / np.diff([*starts, length])
