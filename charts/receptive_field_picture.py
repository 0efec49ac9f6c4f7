"""A picture in a figure whose axes count its pixels, to draw boxes over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from charts.box_shapes import Box, Shape, hull
from charts.theme import RED

MARGINS = {"l": 56, "r": 8, "t": 8, "b": 44}


@dataclass(frozen=True, slots=True)
class Scene:
    """The picture: an image as a data URI and its height and width in pixels."""

    uri: str
    size: tuple[int, int]

    @property
    def whole(self) -> Box:
        """The box of all its pixels."""
        return 0, 0, self.size[0] - 1, self.size[1] - 1


def picture_chart(
    scene: Scene,
    traces: Sequence[Mapping[str, Any]],
    shapes: Sequence[Shape],
    *,
    beyond: Sequence[Box] = (),
    height: int = 450,
    drags: bool = False,
) -> go.Figure:
    """A picture whose axes count its pixels, row 0 above, with traces and shapes over it, room for boxes ``beyond`` it.

    It is made in one call, from plain values: a click draws it anew, and plotly takes ten times as long to
    update a figure step by step. Its margins and what clicks do are fixed, for whatever is left to be found out later
    makes the browser draw it twice. Where it ``drags``, a rectangle is drawn instead of a point chosen.
    """
    area = view(scene, beyond)
    axis = {
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "constrain": "domain",
        "automargin": False,
        "ticklabeloverflow": "allow",
    }
    image = {
        "source": scene.uri,
        "x": -0.5,
        "y": -0.5,
        "sizex": scene.size[1],
        "sizey": scene.size[0],
        "xref": "x",
        "yref": "y",
        "sizing": "stretch",
        "layer": "below",
    }
    layout = {
        "xaxis": axis | {"title": {"text": "column (pixels)"}, "range": [area[1], area[3]]},
        "yaxis": axis | {"title": {"text": "row (pixels)"}, "range": [area[2], area[0]], "scaleanchor": "x"},
        "images": [image],
        "shapes": list(shapes),
        "height": height,
        "margin": MARGINS,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hovermode": "closest",
        "showlegend": False,
        "dragmode": "select" if drags else "pan",
        "clickmode": "event" if drags else "event+select",
        "newselection": {"line": {"color": RED, "width": 2, "dash": "solid"}},
    }
    return go.Figure({"data": list(traces), "layout": layout})


def view(scene: Scene, beyond: Sequence[Box] = ()) -> tuple[float, float, float, float]:
    """What is in sight, in pixels (top, left, bottom, right): the picture, boxes beyond it, a margin."""
    top, left, bottom, right = hull([scene.whole, *beyond])
    margin = 0.5 + 0.03 * max(bottom - top, right - left)
    return top - margin, left - margin, bottom + margin, right + margin
