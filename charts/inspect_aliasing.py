"""Which frequencies each subsampling row of one network can still carry."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.inspect_panels import log_axis
from charts.theme import BLUE, GREY, figure

if TYPE_CHECKING:
    from analysis.records import Report, Row

NYQUIST = 0.5


def aliasing_chart(report: Report) -> go.Figure:
    """The highest frequency that survives each subsampling row, in cycles per pixel of the image."""
    rows = subsampling_rows(report)
    picture = figure(_title(rows), "", "cycles per pixel of the image", height=400)
    picture.add_trace(
        go.Bar(
            x=["the image", *(row.name for row in rows)],
            y=[NYQUIST, *(_image_frequency(row) for row in rows)],
            text=[_period(NYQUIST), *(_period(_image_frequency(row)) for row in rows)],
            marker={"color": [GREY, *([BLUE] * len(rows))], "line": {"width": 0}},
            hovertemplate="%{x}<br>%{y:.5f} cycles per pixel<br>one period in %{text}<extra></extra>",
            showlegend=False,
        )
    )
    least = min((_image_frequency(row) or NYQUIST for row in rows), default=NYQUIST)
    picture.update_yaxes(**log_axis([NYQUIST, least]), range=[log10(least / 1.6), log10(NYQUIST * 1.1)])
    return picture


def subsampling_rows(report: Report) -> tuple[Row, ...]:
    """The rows that subsample a grid and whose grid on the image is known, in order."""
    return tuple(row for row in report.rows if row.aliasing_frequency is not None and _image_frequency(row))


def _image_frequency(row: Row) -> float | None:
    pair = row.aliasing_frequency_image
    return None if pair is None else pair[1]


def _period(frequency: float | None) -> str:
    return "" if not frequency else f"{1 / frequency:g} px"


def _title(rows: tuple[Row, ...]) -> str:
    if not rows:
        return "Nothing in this network subsamples"
    least = min(frequency for row in rows if (frequency := _image_frequency(row)))
    return f"After the last subsampling, patterns finer than {_period(least)} are lost or aliased"
