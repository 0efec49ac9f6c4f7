"""The reverse question: a box is drawn on the picture, and the map shows which units see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from charts.format import exact
from charts.receptive_field_answer import answer_chart, box_chart
from ui.export import view_url
from ui.figures import show_untitled
from ui.headlines import Headline, show_headlines
from ui.url_state import publish, seed

if TYPE_CHECKING:
    from analysis.records import Row
    from charts.box_shapes import Box
    from charts.receptive_field_picture import Scene

PAGE = "field"
_KEY = f"{PAGE}_box"
CAPTION = "Drag a rectangle over the picture, or move the sliders: first and last pixel, both included."
ANSWER_CAPTION = (
    "Along the local path. A unit sees a part of the box where their pixels overlap, all of it where its own box "
    "holds it, and nothing but it where its own box lies within."
)


@st.fragment
def show_reverse(of: str, row: Row, scene: Scene, report: dict[str, Any]) -> None:
    """Draw the picture with its box beside the map of a row's units; a drag runs this function alone.

    ``of`` names the network's input; both charts are left in ``report`` as "reverse", the page's link as "url".
    """
    from analysis.receptive_field.questions import units_that_see
    from analysis.receptive_field.units import unit_grid

    grid = unit_grid(row)
    assert grid is not None and row.local_field is not None
    box = _box(of, scene.size)
    st.markdown("#### And who sees this?")
    answer = units_that_see(row.local_field, grid, box)
    titles = (
        f"Who sees rows {box[0]} to {box[2]}, columns {box[1]} to {box[3]}?",
        f"{exact(int(answer.some.sum()))} of {exact(answer.some.size)} units of {row.name} see some of it",
    )
    charts = (box_chart(scene, box), answer_chart(answer.some, answer.every, answer.only))
    with st.grid(2, min_column_width=340, gap="medium"):
        with st.container():
            show_untitled(
                charts[0],
                titles[0],
                key="field_box_chart",
                caption=CAPTION,
                legend=False,
                on_select=lambda: _dragged(scene.size),
                selection_mode="box",
            )
            _sliders(box, scene.size)
        with st.container():
            show_untitled(charts[1], titles[1], key="field_answer_chart", caption=ANSWER_CAPTION)
            show_headlines(
                Headline(label, exact(int(mask.sum())), f"of {exact(mask.size)} units")
                for label, mask in (
                    ("See a part of it", answer.some),
                    ("See all of it", answer.every),
                    ("See nothing but it", answer.only),
                )
            )
    report |= {"reverse": tuple(zip(charts, titles, strict=True)), "url": view_url()}


def _box(of: str, size: tuple[int, int]) -> Box:
    """The box, ?box=top,left,bottom,right; in the middle of the picture to begin with, and on another input."""
    middle: Box = (3 * size[0] // 8, 3 * size[1] // 8, 5 * size[0] // 8 - 1, 5 * size[1] // 8 - 1)
    state = st.session_state
    told = st.query_params.get("box", "") not in ("", state.get(f"{_KEY}.published"))
    if state.get(f"{_KEY}.of", of) != of and not told:
        state[_KEY] = middle
    state[f"{_KEY}.of"] = of
    seed(_KEY, "box", lambda text: _parsed(text, size), middle)
    box: Box = state[_KEY]
    publish(_KEY, "box", box, ",".join(map(str, box)), ",".join(map(str, middle)))
    return box


def _parsed(text: str, size: tuple[int, int]) -> Box:
    try:
        top, left, bottom, right = map(int, text.split(","))
    except ValueError:
        raise ValueError(f"{text[:30]!r} is not a box: top,left,bottom,right") from None
    if not (0 <= top <= bottom < size[0] and 0 <= left <= right < size[1]):
        raise ValueError(f"The picture has rows 0 to {size[0] - 1} and columns 0 to {size[1] - 1}")
    return top, left, bottom, right


def _dragged(size: tuple[int, int]) -> None:
    """Take over the rectangle that was dragged: the pixels whose centres it holds, one at least."""
    chosen = st.session_state["field_box_chart"].selection
    if not chosen.box:
        return
    ends = []
    for axis, length in (("y", size[0]), ("x", size[1])):
        low, high = sorted(chosen.box[0][axis])
        first = min(max(0, round(low)), length - 1)
        ends.append((first, max(first, min(length - 1, round(high)))))
    (top, bottom), (left, right) = ends
    st.session_state[_KEY] = (top, left, bottom, right)


def _sliders(box: Box, size: tuple[int, int]) -> None:
    for axis, name in enumerate(("Rows", "Columns")):
        key = f"{_KEY}_{axis}_{size[axis]}"
        st.session_state[key] = (box[axis], box[axis + 2])
        st.slider(f"{name} (pixels)", 0, size[axis] - 1, key=key, on_change=_moved, args=(key, axis))


def _moved(key: str, axis: int) -> None:
    box = list(st.session_state[_KEY])
    box[axis], box[axis + 2] = st.session_state[key]
    st.session_state[_KEY] = tuple(box)
