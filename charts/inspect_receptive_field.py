"""How the receptive field grows along the depth of one network, beside the size of its input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.format import exact
from charts.inspect_panels import indices, log_axis, named, numbers, on_the_main_path, row_figure
from charts.theme import BLUE, GREY, ORANGE

if TYPE_CHECKING:
    from analysis.records import Pair, Report, Row


def receptive_field_chart(report: Report) -> go.Figure:
    """Receptive field of every row in pixels, strict and along the local path where they differ."""
    size = report.input_shapes[0][-1]
    rows = [row for row in report.rows if on_the_main_path(row) and row.stage != "head"]
    picture = row_figure(_title(rows, size), "receptive field (pixels)")
    differ = any(row.receptive_field != row.local_receptive_field for row in rows)
    strict = "strict: gates and attention see everything" if differ else "receptive field"
    _line(picture, rows, [_side(row.receptive_field) for row in rows], strict, BLUE)
    if differ:
        local = [_side(row.local_receptive_field) for row in rows]
        _line(picture, rows, local, "local path: without gates and attention", ORANGE)
    picture.add_trace(
        go.Scatter(
            name=f"the input, {exact(size)} pixels",
            x=[rows[0].index, rows[-1].index],
            y=[size, size],
            mode="lines",
            line={"color": GREY, "dash": "dash"},
            hoverinfo="skip",
        )
    )
    sides = [_side(pair) for row in rows for pair in (row.receptive_field, row.local_receptive_field)]
    picture.update_yaxes(**log_axis([size, *sides]))
    return picture


def _line(picture: go.Figure, rows: Sequence[Row], values: list[int | None], name: str, colour: str) -> None:
    picture.add_trace(
        go.Scatter(
            name=name,
            x=indices(rows),
            y=numbers(values),
            mode="lines",
            line={"shape": "hv", "color": colour, "width": 2},
            customdata=named(rows),
            hovertemplate="row %{x}: %{customdata}<br>%{y:,} px<extra></extra>",
        )
    )


def _side(pair: Pair | None) -> int | None:
    return None if pair is None else pair[1]


def _title(rows: Sequence[Row], size: int) -> str:
    fields = [(side, row) for row in rows if (side := _side(row.local_receptive_field)) is not None]
    if not fields:
        return "The receptive field of this network is not known"
    widest = exact(max(side for side, _ in fields))
    first = next((row for row in rows if row.receptive_field != row.local_receptive_field), None)
    if first is not None:
        return (
            f"From {first.name} on a unit sees the whole input; "
            f"without gates and attention the field grows to {widest} pixels"
        )
    beyond = next((row for side, row in fields if side >= size), None)
    if beyond is None:
        return f"No unit sees the whole input: the largest field is {widest} of {exact(size)} pixels"
    return (
        f"From {beyond.name} on the field is as wide as the input, {exact(size)} pixels; in the end {widest}"
    )
