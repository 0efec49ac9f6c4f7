"""How resolution falls and channels rise along the depth of one network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.format import exact
from charts.inspect_panels import indices, log_axis, named, numbers, on_the_main_path, two_panels
from charts.theme import BLUE, ORANGE

if TYPE_CHECKING:
    from analysis.records import Report, Row


def shape_chart(report: Report) -> go.Figure:
    """Map side (above) and channels (below) by row, on logarithmic axes; the inside of gates and the head left out."""
    rows = [row for row in report.rows if on_the_main_path(row) and _has_positions(row)]
    sides = [_stage_side(row.stage) for row in rows]
    channels = [row.channels for row in rows]
    names, places = named(rows), indices(rows)
    picture = two_panels(_title(report, sides, rows), ("map side (pixels)", "channels"))
    for axis, values, colour, text in (("y", sides, BLUE, "map side"), ("y2", channels, ORANGE, "channels")):
        picture.add_trace(
            go.Scatter(
                x=places,
                y=numbers(values),
                yaxis=axis,
                mode="lines",
                line={"shape": "hv", "color": colour, "width": 2},
                customdata=names,
                hovertemplate=f"row %{{x}}: %{{customdata}}<br>{text} %{{y:,}}<extra></extra>",
                showlegend=False,
            )
        )
    picture.update_layout(yaxis=log_axis(sides), yaxis2=log_axis(channels))
    return picture


def _title(report: Report, sides: Sequence[int | None], rows: Sequence[Row]) -> str:
    known = [side for side in sides if side is not None]
    if not known:
        return "No row of this network has a feature map"
    widest = max(row.channels or 0 for row in rows)
    return (
        f"Resolution falls from {exact(report.input_shapes[0][-1])} to {exact(min(known))} pixels "
        f"while channels rise to {exact(widest)}"
    )


def _has_positions(row: Row) -> bool:
    """Whether a row still has a grid or tokens: what is flattened has features, not channels."""
    return row.stage != "head" and len(row.output_shape) > 2


def _stage_side(stage: str) -> int | None:
    height, _, _ = stage.partition("x")
    return int(height) if height.isdigit() else None
