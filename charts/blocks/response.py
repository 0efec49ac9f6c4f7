"""Local response normalisation: all channels at one position, and maps, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from charts.blocks.panels import panel_axes
from charts.theme import BLUE, GREY, ORANGE, figure

if TYPE_CHECKING:
    from analysis.experiments.response_normalisation import Competition

_MAP_PX = 170
_GRID = "rgba(128,128,128,0.2)"
_PANELS = (
    ("before", (0.72, 1.0), "responses", "strong_responses"),
    ("after LRN", (0.37, 0.65), "normalised", "strong_normalised"),
    ("after batch norm.", (0.0, 0.28), "batch", "strong_batch"),
)


def channels_chart(
    title: str, names: Sequence[str], found: Competition, strong: str, window: tuple[int, int]
) -> go.Figure:
    """Bars of all channels at one position, as they are and with the channel ``strong`` made stronger.

    Three panels: before, after local response normalisation and after batch normalisation. The channels
    whose sums the strong one enters, from ``window``'s first to its last, stand on a grey ground.
    """
    chart = figure(title, height=560)
    for number, (label, domain, plain, strengthened) in enumerate(_PANELS, start=1):
        suffix = str(number) if number > 1 else ""
        chart.layout[f"yaxis{suffix}"] = {
            "domain": domain,
            "title": {"text": label},
            "automargin": True,
            "gridcolor": _GRID,
            "zerolinecolor": "rgba(128,128,128,0.6)",
            "nticks": 5,
        }
        for name, colour, values in (
            ("as the picture gives them", GREY, getattr(found, plain)),
            (strong, BLUE, getattr(found, strengthened)),
        ):
            chart.add_bar(
                x=list(names),
                y=values,
                yaxis=f"y{suffix}",
                name=name,
                showlegend=number == 1,
                marker={"color": colour, "line": {"width": 0}},
                hovertemplate=f"channel %{{x}}, {label}: %{{y:.3f}}<br>{name}<extra></extra>",
            )
    chart.add_shape(
        type="rect",
        x0=window[0] - 0.5,
        x1=window[1] + 0.5,
        yref="paper",
        y0=0,
        y1=1,
        fillcolor="rgba(128,128,128,0.16)",
        line={"width": 0},
        layer="below",
    )
    chart.update_xaxes(anchor="y3", title={"text": "channel"}, type="category", showgrid=False, tickangle=-60)
    return chart


def maps_chart(
    title: str,
    rows: Mapping[str, Sequence[Mapping[str, NDArray[np.float64]]]],
    position: tuple[int, int],
) -> go.Figure:
    """A row of maps (h, w) for each channel, by its name; ``position`` (row, column) is marked in all.

    Maps that stand together share a scale, from their least value to their 99th percentile: responses are sparse,
    and the few strongest would leave the rest dark.
    """
    columns = sum(len(group) for group in next(iter(rows.values())))
    chart = figure(title, height=_MAP_PX * len(rows))
    index = 0
    for channel, groups in rows.items():
        for group in groups:
            together = np.concatenate([values.ravel() for values in group.values()])
            low, high = float(together.min()), float(np.percentile(together, 99))
            scale = {"zmin": low, "zmax": high if high > low else low + 1}
            for name, values in group.items():
                axes = panel_axes(chart, index, columns, len(rows), f"{channel}<br>{name}", values.shape)
                _add_map(chart, f"{channel}, {name}", values, position, scale | axes)
                index += 1
    return chart


def _add_map(
    chart: go.Figure,
    name: str,
    values: NDArray[np.float64],
    position: tuple[int, int],
    look: Mapping[str, Any],
) -> None:
    chart.add_heatmap(
        z=values.astype(np.float32),
        colorscale="Cividis",
        showscale=False,
        hovertemplate=f"{name}<br>row %{{y}}, column %{{x}}: %{{z:.3f}}<extra></extra>",
        **look,
    )
    chart.add_scatter(
        x=[position[1]],
        y=[position[0]],
        xaxis=look["xaxis"],
        yaxis=look["yaxis"],
        mode="markers",
        marker={"symbol": "circle-open", "size": 12, "color": ORANGE, "line": {"width": 2}},
        hoverinfo="skip",
        showlegend=False,
    )


def picture_chart(
    title: str, source: str, size: tuple[int, int], corner: tuple[int, int], window: int
) -> go.Figure:
    """A picture (its data as a URI, its height and width) with the square that one position sees."""
    chart = figure(title, height=300)
    axes = panel_axes(chart, 0, 1, 1, "", size)
    chart.add_trace(go.Image(source=source, hoverinfo="skip", **axes))
    top, left = corner
    chart.add_shape(
        type="rect",
        x0=left - 0.5,
        x1=left + window - 0.5,
        y0=top - 0.5,
        y1=top + window - 0.5,
        line={"color": ORANGE, "width": 2.5},
    )
    return chart


def filters_chart(title: str, names: Sequence[str], filters: NDArray[np.float64]) -> go.Figure:
    """Filters (m, 3, h, w) as pictures: grey is a weight of 0, each on its own scale."""
    columns = 8
    rows = -(-len(filters) // columns)
    chart = figure(title, height=105 * rows)
    for index, (name, weights) in enumerate(zip(names, filters, strict=True)):
        axes = panel_axes(chart, index, columns, rows, name, weights.shape[1:])
        pixels = np.rint(127.5 + 127.5 * weights / np.abs(weights).max()).astype(np.uint8).transpose(1, 2, 0)
        chart.add_trace(go.Image(z=pixels, hoverinfo="skip", **axes))
    return chart
