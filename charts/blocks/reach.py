"""Which input channels reach which output channels: the matrix, and the share of pairs along a chain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from charts.blocks.reach_tiles import Tiles
from charts.format import share_text
from charts.theme import BLUE, GREEN, GREY, ORANGE, SKY, figure

# Tiles of which some pairs are connected: the fuller the darker.
_PART = ("rgba(77,179,230,0.5)", SKY)
_NOTHING = "rgba(128,128,128,0.18)"
# Up to so many channels a gap separates the cells, and up to so many rows each has its name on the axis.
_GAP_UP_TO = 64
_NAMES_UP_TO = 14


def matrix_chart(tiles: Tiles, title: str, first: str, last: str) -> go.Figure:
    """The matrix: outputs of row ``last`` down, inputs of row ``first`` across, one cell a pair or a tile."""
    picture = figure(title, f"channel that enters {first}", f"channel that leaves {last}", 460)
    single = tiles.sides == (1, 1)
    connected, apart, part = tiles.share == 1, tiles.share == 0, (tiles.share > 0) & (tiles.share < 1)
    pair = "input %{x} → output %{y}" if single else "inputs %{x} → outputs %{y}"
    for name, where, scale, words in (
        ("can reach" if single else "all pairs connected", connected, (BLUE, BLUE), "connected"),
        ("some pairs connected", part, _PART, "%{z:.1%} of the pairs connected"),
        ("cannot reach" if single else "no pair connected", apart, (_NOTHING, _NOTHING), "not connected"),
    ):
        if where.any():
            _add_cells(picture, tiles, where, scale, f"{pair}<br>{words}")
            _add_to_legend(picture, name, scale[1])
    for axis, update in ((1, picture.update_xaxes), (0, picture.update_yaxes)):
        update(showgrid=False, zeroline=False, constrain="domain")
        if tiles.sides[axis] > 1:
            update(type="category", **tiles.ticks(axis))
    picture.update_yaxes(autorange="reversed")
    picture.update_layout(margin={"r": 24})
    return picture


def growth_chart(names: Sequence[str], shares: Sequence[float]) -> go.Figure:
    """The share of connected pairs after each row of a chain, whose rows are ``names``."""
    picture = figure(_growth_title(names, shares), "row of the chain", "connected pairs", 460)
    picture.add_scatter(
        x=list(range(1, len(names) + 1)),
        y=list(shares),
        mode="lines+markers",
        showlegend=False,
        line={"color": GREEN, "shape": "hv"},
        marker={"color": GREEN, "size": 7},
        customdata=list(names),
        hovertemplate="<b>%{customdata}</b><br>%{y:.2%} of all pairs connected<extra></extra>",
    )
    if len(names) <= _NAMES_UP_TO:
        picture.update_xaxes(tickvals=list(range(1, len(names) + 1)), ticktext=list(names), tickangle=-60)
    picture.update_xaxes(range=[0.5, len(names) + 0.5])
    picture.update_yaxes(tickformat=".0%", range=[0, 1.05])
    return picture


def depth_chart(shuffled: Sequence[float], unshuffled: Sequence[float], depth: int) -> go.Figure:
    """The share of connected pairs after 1, 2, ... convolutions; a line marks the chosen ``depth``."""
    whole = next((number for number, share in enumerate(shuffled, 1) if share == 1), None)
    kept = share_text(unshuffled[-1])
    if shuffled[0] == 1:
        title = "With one group every convolution connects all"
    elif whole is None:
        title = f"With shuffles {share_text(shuffled[-1])} of the pairs after {len(shuffled)}, without {kept}"
    else:
        title = f"With shuffles {whole} convolutions connect all pairs, without {kept} however many"
    picture = figure(title, "convolutions", "connected pairs", 460)
    picture.add_vline(x=depth, line={"color": GREY, "dash": "dot"})
    for name, values, colour, symbol in (
        ("with a shuffle between", shuffled, GREEN, "circle"),
        ("without", unshuffled, ORANGE, "square"),
    ):
        picture.add_scatter(
            x=list(range(1, len(values) + 1)),
            y=list(values),
            name=name,
            mode="lines+markers",
            line={"color": colour},
            marker={"color": colour, "symbol": symbol, "size": 9},
            hovertemplate=f"<b>{name}</b><br>%{{x}} convolutions<br>%{{y:.2%}} of all pairs connected<extra></extra>",
        )
    picture.update_xaxes(dtick=1)
    picture.update_yaxes(tickformat=".0%", range=[0, 1.05])
    return picture


def _add_cells(
    picture: go.Figure, tiles: Tiles, where: NDArray[np.bool_], scale: tuple[str, str], hover: str
) -> None:
    gap = 1 if max(tiles.share.shape) <= _GAP_UP_TO else 0
    along = [
        tiles.labels(axis) if tiles.sides[axis] > 1 else np.arange(tiles.channels[axis], dtype=np.int32)
        for axis in (0, 1)
    ]
    picture.add_heatmap(
        z=np.where(where, tiles.share, np.float32(np.nan)),
        y=along[0],
        x=along[1],
        colorscale=[[0, scale[0]], [1, scale[1]]],
        zmin=0,
        zmax=1,
        showscale=False,
        showlegend=False,
        hoverongaps=False,
        xgap=gap,
        ygap=gap,
        hovertemplate=f"{hover}<extra></extra>",
    )


def _add_to_legend(picture: go.Figure, name: str, colour: str) -> None:
    picture.add_scatter(
        x=[None], y=[None], name=name, mode="markers", marker={"color": colour, "symbol": "square"}
    )


def _growth_title(names: Sequence[str], shares: Sequence[float]) -> str:
    if min(shares) == 1:
        return "All pairs are connected from the first row on"
    if shares[-1] < 1:
        return f"The chain starts with {share_text(shares[0])} of the pairs and ends with {share_text(shares[-1])}"
    last_gap = max(number for number, share in enumerate(shares) if share < 1)
    return f"From {names[last_gap + 1]} on all pairs are connected"
