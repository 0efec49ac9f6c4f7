"""Which units of a map see a box of the picture: the box, and the map."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from charts.box_shapes import Box, box_outline, filled
from charts.receptive_field_picture import MARGINS, Scene, picture_chart
from charts.theme import BLUE, GREEN, ORANGE, SKY

MOST_A_SIDE = 256
_GAPS_UP_TO = 64
NOTHING = "rgba(128,128,128,0.18)"
# What a unit sees of the box, the strongest answer that holds; the numbers are those of the heat map.
ANSWERS = {
    0: ("none of it", NOTHING),
    1: ("a part of it", SKY),
    2: ("all of it", BLUE),
    3: ("nothing but it", ORANGE),
}
_SHADE = "rgba(0,0,0,0.4)"


def box_chart(scene: Scene, box: Box) -> go.Figure:
    """The picture with a box, which is drawn anew by dragging; the rest is darkened."""
    # Dragging takes a trace whose points could be chosen.
    trace = {
        "type": "scatter",
        "x": [0],
        "y": [0],
        "mode": "markers",
        "marker": {"opacity": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    shapes = [filled([scene.whole, box], _SHADE), *box_outline(box, GREEN)]
    return picture_chart(scene, [trace], shapes, height=420, drags=True)


def answer_chart(some: NDArray[np.bool_], every: NDArray[np.bool_], only: NDArray[np.bool_]) -> go.Figure:
    """The map of a layer, rows x columns of units, coloured by what each sees of the box."""
    levels = np.where(only, 3, np.where(every, 2, np.where(some, 1, 0))).astype(np.uint8)
    rows, columns = (np.arange(0, count, -(-count // MOST_A_SIDE)) for count in levels.shape)
    shown = levels[np.ix_(rows, columns)]
    gap = 1 if max(shown.shape) <= _GAPS_UP_TO else 0
    heatmap = {
        "type": "heatmap",
        "z": shown,
        "x": columns,
        "y": rows,
        "zmin": -0.5,
        "zmax": len(ANSWERS) - 0.5,
        "colorscale": _steps(),
        "showscale": False,
        "xgap": gap,
        "ygap": gap,
        "customdata": np.array([words for words, _ in ANSWERS.values()])[shown],
        "hovertemplate": "unit (%{y}, %{x}) sees %{customdata}<extra></extra>",
    }
    axis = {
        "showgrid": False,
        "zeroline": False,
        "constrain": "domain",
        "fixedrange": True,
        "automargin": True,
    }
    across: dict[str, Any] = {"title": {"text": "column of units"}, "range": [-0.5, levels.shape[1] - 0.5]}
    down: dict[str, Any] = {"title": {"text": "row of units"}, "range": [levels.shape[0] - 0.5, -0.5]}
    if levels.shape[0] > 1:
        down["scaleanchor"] = "x"
    else:
        across["title"], down["title"] = {"text": "unit"}, {"text": ""}
        down["showticklabels"] = False
    layout = {
        "xaxis": axis | across,
        "yaxis": axis | down,
        "height": 420,
        "margin": MARGINS,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
    }
    return go.Figure({"data": [heatmap, *map(_legend, ANSWERS.values())], "layout": layout})


def _legend(answer: tuple[str, str]) -> dict[str, Any]:
    words, colour = answer
    return {
        "type": "scatter",
        "x": [None],
        "y": [None],
        "mode": "markers",
        "name": f"sees {words}",
        "marker": {"color": colour, "symbol": "square", "size": 10},
        "hoverinfo": "skip",
    }


def _steps() -> list[tuple[float, str]]:
    """A colour scale of equal steps."""
    count = len(ANSWERS)
    return [
        (edge / count, colour)
        for number, (_, colour) in enumerate(ANSWERS.values())
        for edge in (number, number + 1)
    ]
