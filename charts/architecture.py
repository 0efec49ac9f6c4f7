"""The picture of a network: boxes along its depth, branches in lanes, shortcuts as arcs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from charts.architecture_boxes import Box, boxes
from charts.architecture_edges import edge_paths
from charts.architecture_layout import Place, place
from charts.format import bytes_text, exact, pair_text
from charts.inspect_kinds import IMAGE, look
from charts.theme import figure

if TYPE_CHECKING:
    from analysis.records import Report, Row

HEIGHT_PX = 320
_PIXELS_A_COLUMN = 10
_NARROWEST_PX = 340

_SETTINGS = frozenset({"kernel", "stride", "groups"})
_MANY = 150
_CONNECTION = {"color": "rgba(128,128,128,0.8)", "width": 1.2}
_SHORTCUT = {"color": "rgba(217,130,0,0.8)", "width": 1.4}
_DENSE = {"color": "rgba(217,130,0,0.35)", "width": 0.6}  # DenseNet-201 has 1,800 of them


def architecture_chart(report: Report, depth: int) -> go.Figure:
    """The network at ``depth``: a bar for each box, its number in the bar's custom data.

    One trace for each kind of box and one shape for each kind of edge, however many there are. The
    layout's meta states "readable_px", the width from which on boxes can be told apart and clicked.
    """
    drawn = boxes(report, depth)
    places = place(drawn)
    connections, shortcuts, highest = edge_paths(drawn, places)
    picture = figure(_title(report, drawn), height=HEIGHT_PX)
    for (label, colour), members in _by_look(drawn).items():
        picture.add_trace(_bars(report, label, colour, members, places))
    shortcut = _DENSE if shortcuts.count("M") > _MANY else _SHORTCUT
    for path, line in ((connections, _CONNECTION), (shortcuts, shortcut)):
        if path:
            picture.add_shape(type="path", path=path, line=line, layer="below")
    lowest = min(placed.y - placed.height / 2 for placed in places)
    margin = 0.04 * (highest - lowest)
    centres, labels = _stage_ticks(drawn, places)
    columns = 1 + max(placed.column for placed in places)
    picture.update_layout(
        xaxis={
            "title": {"text": "side of the feature map (pixels)"},
            "tickvals": centres,
            "ticktext": labels,
            "tickangle": 0,
            "range": [places[0].left - 1, max(placed.right for placed in places) + 1],
            "showgrid": False,
            "zeroline": False,
            "automargin": False,
            "ticklabeloverflow": "allow",
        },
        yaxis={"visible": False, "range": [lowest - margin, highest + margin], "fixedrange": True},
        margin={"l": 16, "r": 16, "t": 4, "b": 44},
        barmode="overlay",
        dragmode="pan",
        clickmode="event+select",
        meta={"readable_px": max(_NARROWEST_PX, _PIXELS_A_COLUMN * columns)},
    )
    return picture


def _title(report: Report, drawn: Sequence[Box]) -> str:
    operations = len(report.rows)
    return f"{exact(operations)} operations in {exact(len(drawn) - 1)} boxes, from the image to the answer"


def _by_look(drawn: Sequence[Box]) -> dict[tuple[str, str], list[Box]]:
    found: dict[tuple[str, str], list[Box]] = defaultdict(list)
    for box in drawn:
        found[look(box.kind)].append(box)
    return found


def _bars(report: Report, label: str, colour: str, members: Sequence[Box], places: Sequence[Place]) -> go.Bar:
    here = [places[box.index] for box in members]
    return go.Bar(
        name=label,
        x=np.array([placed.x for placed in here]),
        width=np.array([placed.width for placed in here]),
        y=np.array([placed.height for placed in here]),
        base=np.array([placed.y - placed.height / 2 for placed in here]),
        customdata=np.array([box.index for box in members]),
        hovertext=np.array([_hover(report, box) for box in members], dtype=object),
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"color": colour, "line": {"width": 0}},
        unselected={"marker": {"opacity": 0.35}},
    )


def _hover(report: Report, box: Box) -> str:
    shape = f"{box.channels} channels, {pair_text(box.map_size)}"
    if box.kind == IMAGE:
        return f"<b>the image</b><br>{shape}"
    last = report.rows[box.last_row]
    one = box.first_row == box.last_row
    rows = f"row {box.first_row}" if one else f"rows {box.first_row} to {box.last_row}"
    lines = [
        f"<b>{box.name}</b>  {box.type}",
        f"{rows}{_settings(report, box)}",
        f"output {shape}",
        f"parameters {exact(box.params)}",
        f"MACs {exact(box.macs)}",
        f"activations written {bytes_text(box.activation_bytes)}",
        f"receptive field {_field(last)}",
    ]
    if last.effective_stride is not None:
        lines.append(f"effective stride {pair_text(last.effective_stride)}")
    if last.status.value != "exact":
        lines.append(f"{last.status.value}: {last.reason}")
    return "<br>".join(lines)


def _settings(report: Report, box: Box) -> str:
    texts = []
    for name, value in () if box.leading_row is None else report.rows[box.leading_row].attributes:
        if name in _SETTINGS:
            texts.append(f"{name} {'x'.join(map(str, value)) if isinstance(value, tuple) else value}")
    return f": {', '.join(texts)}" if texts else ""


def _field(row: Row) -> str:
    text = pair_text(row.receptive_field)
    if row.whole_input:
        text += ", the whole input"
    if row.local_receptive_field != row.receptive_field:
        text += f" (local path {pair_text(row.local_receptive_field)})"
    return text


def _stage_ticks(drawn: Sequence[Box], places: Sequence[Place]) -> tuple[list[float], list[str]]:
    """A label below the first box of each map size, unless the one before it is too close."""
    closest = 0.035 * max(placed.right for placed in places)
    centres: list[float] = []
    labels: list[str] = []
    for box, placed in zip(drawn, places, strict=True):
        height, _, width = box.stage.partition("x")
        label = height if height == width else box.stage
        if label in labels or placed.lane or (centres and placed.x - centres[-1] < closest):
            continue
        centres.append(placed.x)
        labels.append(label)
    return centres, labels
