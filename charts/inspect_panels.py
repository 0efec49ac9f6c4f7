"""What the charts over the rows of one network share: the axis of rows, two panels, logarithmic ticks."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor, log2
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from charts.theme import figure

if TYPE_CHECKING:
    from analysis.records import Row

_MOST_TICKS = 8

ROW_AXIS = "row of the table, in the order in which they run"
_MARGINS = {"l": 64, "r": 8, "t": 8, "b": 44}
_GRID = "rgba(128,128,128,0.2)"


def row_figure(title: str, y_title: str, height: int = 380) -> go.Figure:
    """An empty figure over the rows of a network.

    Its margins are fixed: working out the space that labels need would draw every chart twice.
    """
    picture = figure(title, ROW_AXIS, y_title, height=height)
    picture.update_layout(
        margin=_MARGINS,
        hovermode="x",
        xaxis={"automargin": False, "ticklabeloverflow": "allow"},
        yaxis={"automargin": False, "ticklabeloverflow": "allow"},
    )
    return picture


def two_panels(title: str, y_titles: tuple[str, str], height: int = 420) -> go.Figure:
    """An empty figure with axes "y" (above) and "y2" (below) over one x axis of rows."""
    upper, lower = y_titles
    picture = row_figure(title, upper, height)
    picture.update_layout(
        xaxis={"anchor": "y2"},
        yaxis={"domain": [0.54, 1.0]},
        yaxis2={
            "title": {"text": lower},
            "domain": [0.0, 0.46],
            "automargin": False,
            "ticklabeloverflow": "allow",
            "showgrid": True,
            "gridcolor": _GRID,
        },
    )
    return picture


def log_axis(values: Iterable[float | None]) -> dict[str, Any]:
    """Settings of a logarithmic axis with a tick at every power of two, or of four, ... that fits.

    log_axis([7, 224])["ticktext"] == ["4", "8", "16", "32", "64", "128", "256"].
    """
    known = [value for value in values if value]
    low, high = floor(log2(min(known, default=1))), ceil(log2(max(known, default=2)))
    step = 1 + (high - low) // _MOST_TICKS
    ticks = [2.0**power for power in range(low, high + 1, step)]
    texts = [f"{tick:,.0f}" if tick >= 1 else f"1/{1 / tick:,.0f}" for tick in ticks]
    return {"type": "log", "tickvals": ticks, "ticktext": texts}


def on_the_main_path(row: Row) -> bool:
    """Whether a row works on its stage's map, not on the one value per channel inside a gate."""
    return row.map_size != (1, 1) or row.stage in {"1x1", "head"}


def named(rows: Iterable[Row]) -> np.ndarray:
    """The names of the rows as custom data: an array, which Plotly takes without looking at each entry."""
    return np.array([row.name for row in rows], dtype=object)


def indices(rows: Iterable[Row]) -> np.ndarray:
    """The numbers of the rows, for the x axis."""
    return np.array([row.index for row in rows], dtype=np.int32)


def numbers(values: Iterable[float | None]) -> np.ndarray:
    """The values as an array, unknown ones as NaN, which leaves a gap in a line."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
