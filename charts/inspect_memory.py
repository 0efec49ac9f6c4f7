"""How much activation memory is alive while each row of one network runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.format import bytes_text
from charts.inspect_panels import indices, named, numbers, row_figure
from charts.theme import GREEN, RED

if TYPE_CHECKING:
    from analysis.records import Report

_MIB = 2**20


def memory_chart(report: Report) -> go.Figure:
    """Live activation memory in MiB for one image, by row, with its peak marked."""
    rows = report.rows
    peak = report.totals.peak_live_bytes
    at = max(report.totals.peak_row, 0)
    picture = row_figure(f"Memory peaks at {bytes_text(peak)} in {rows[at].name}", "live activations (MiB)")
    picture.add_trace(
        go.Scatter(
            x=indices(rows),
            y=numbers(row.live_bytes / _MIB for row in rows),
            mode="lines",
            line={"shape": "hvh", "color": GREEN, "width": 1.5},
            fill="tozeroy",
            fillcolor="rgba(0,158,115,0.25)",
            customdata=named(rows),
            text=[f"{row.live_bytes:,} bytes" for row in rows],
            hovertemplate="row %{x}: %{customdata}<br>%{text}<extra></extra>",
            showlegend=False,
        )
    )
    picture.add_trace(
        go.Scatter(
            x=[at],
            y=[peak / _MIB],
            mode="markers+text",
            marker={"color": RED, "size": 11, "symbol": "diamond"},
            text=[bytes_text(peak)],
            textposition="middle left" if 2 * at > len(rows) else "middle right",
            hoverinfo="skip",
            showlegend=False,
        )
    )
    picture.update_yaxes(rangemode="tozero")
    return picture
