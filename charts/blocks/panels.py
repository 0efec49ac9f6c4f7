"""Pictures and maps side by side, in rows: one pair of axes for each, without ticks, its name below."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

_GAP_X = 0.02
_NAME_PX = 26


def panel_axes(
    chart: go.Figure, index: int, columns: int, rows: int, name: str, size: tuple[int, int]
) -> dict[str, Any]:
    """Set up the axes of panel ``index``, counted row by row; return what puts a trace on them.

    A picture of ``size`` (height, width) lies in it with row 0 above and square pixels. The height of the
    chart has to be set before: the names keep their room whatever it is.
    """
    row, column = divmod(index, columns)
    name_room = _NAME_PX * (1 + name.count("<br>")) / chart.layout.height
    top = 1 - row / rows
    suffix = str(index + 1) if index else ""
    height, width = size
    chart.layout[f"xaxis{suffix}"] = {
        "anchor": f"y{suffix}",
        "domain": [column / columns + _GAP_X / 2, (column + 1) / columns - _GAP_X / 2],
        "range": [-0.5, width - 0.5],
        "constrain": "domain",
        "showticklabels": False,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "title": {"text": name, "standoff": 4, "font": {"size": 13}},
    }
    chart.layout[f"yaxis{suffix}"] = {
        "anchor": f"x{suffix}",
        "scaleanchor": f"x{suffix}",
        "domain": [top - 1 / rows + name_room, top],
        "range": [height - 0.5, -0.5],
        "constrain": "domain",
        "constraintoward": "bottom",
        "showticklabels": False,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
    }
    return {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
