"""The filters of a convolution as tiles: their kernels, and each one's response over the frequency plane."""

from __future__ import annotations

from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from charts.format import share_text
from charts.frequency_plane import SQUARE
from charts.theme import figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.kernel_response import KernelResponse

_MOST_TILES = 64
_CELLS = 32  # of a response along each axis
_GAP = 3


def kernels_chart(response: KernelResponse) -> go.Figure | None:
    """The kernels as pictures, each on its own scale; None for a layer that reads neither colours nor grey."""
    kernels = response.kernels[:_MOST_TILES]
    if kernels.shape[1] not in {1, 3}:
        return None
    low, high = (find(kernels, axis=(1, 2, 3), keepdims=True) for find in (np.min, np.max))
    scaled = (kernels - low) / np.where(high > low, high - low, 1)
    colours = np.repeat(scaled, 3 // kernels.shape[1], axis=1)
    board = np.stack([_board(colours[:, channel], 1) for channel in range(3)], axis=-1)
    opaque = np.where(np.isnan(board[..., :1]), 0, 255)
    pixels = np.concatenate([np.nan_to_num(board) * 255, opaque], axis=-1).astype(np.uint8)
    chart = figure("Their kernels", height=400)
    chart.add_image(z=pixels, colormodel="rgba", hoverinfo="skip")
    _bare(chart, pixels.shape[0], pixels.shape[1])
    return chart


def responses_chart(response: KernelResponse) -> go.Figure:
    """|H| of each filter, 0 to its own largest, frequency 0 in the middle of its tile, with the square below f*."""
    count = min(len(response.response), _MOST_TILES)
    planes = np.fft.fftshift(response.response[:count], axes=(1, 2))
    step = planes.shape[1] // _CELLS
    cells = np.sqrt(planes.reshape(count, _CELLS, step, _CELLS, step).mean(axis=(2, 4)))
    largest = cells.max(axis=(1, 2), keepdims=True)
    board = _board(cells / np.where(largest > 0, largest, 1), _GAP)
    middle = _middles(count)
    chart = figure("Their responses |H|", height=400)
    chart.add_heatmap(
        z=board.astype(np.float32), zmin=0, zmax=1, colorscale="Viridis", showscale=False, hoverinfo="skip"
    )
    chart.add_scatter(
        **_squares(response, middle),
        mode="lines",
        line={"color": SQUARE, "width": 1},
        hoverinfo="skip",
        showlegend=False,
    )
    chart.add_scatter(
        x=middle[:, 1],
        y=middle[:, 0],
        mode="markers",
        marker={"size": 30, "opacity": 0},
        text=[
            f"filter {index * response.filters // len(response.response)}: "
            f"{share_text(float(response.shares[index]))} above f*"
            for index in range(count)
        ],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )
    _bare(chart, *board.shape)
    return chart


def _board(tiles: NDArray[np.floating], gap: int) -> NDArray[np.float64]:
    """Tiles (count, h, w) side by side in a square, NaN between them."""
    count, height, width = tiles.shape
    across = ceil(sqrt(count))
    down = ceil(count / across)
    board = np.full((down * (height + gap) - gap, across * (width + gap) - gap), np.nan)
    for index, tile in enumerate(tiles):
        top, left = index // across * (height + gap), index % across * (width + gap)
        board[top : top + height, left : left + width] = tile
    return board


def _middles(count: int) -> NDArray[np.floating]:
    """Row and column of the middle of each tile of responses, where frequency 0 is."""
    places, across = np.arange(count), ceil(sqrt(count))
    middle: NDArray[np.floating] = (
        np.stack([places // across, places % across], axis=1) * (_CELLS + _GAP) + (_CELLS - 1) / 2
    )
    return middle


def _squares(response: KernelResponse, middle: NDArray[np.floating]) -> dict[str, NDArray[np.floating]]:
    """The square of f* around the middle of each tile, as one line with gaps."""
    h, w = (_CELLS / (2 * step) for step in response.factor)
    corners = np.array([(-1, -1), (-1, 1), (1, 1), (1, -1), (-1, -1), (np.nan, np.nan)])
    lines = middle[:, None, :] + corners * (h, w)
    return {"x": lines[..., 1].ravel(), "y": lines[..., 0].ravel()}


def _bare(chart: go.Figure, height: int, width: int) -> None:
    """No axes; cells as wide as high."""
    hidden = {
        "showticklabels": False,
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "constrain": "domain",
    }
    chart.update_xaxes(range=[-0.5, width - 0.5], **hidden)
    chart.update_yaxes(range=[height - 0.5, -0.5], scaleanchor="x", **hidden)
    chart.update_layout(showlegend=False)
