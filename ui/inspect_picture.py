"""The picture of the network and the table that its clicks mark: one fragment, rerun without the page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from charts.architecture_boxes import Box, first_depth
from charts.format import exact, short
from ui import inspect_figures, selection
from ui.inspect_table import show_layers

PAGE = "inspect"
_AS_FITS = "auto"


@st.fragment
def show_picture_and_layers(name: str, size: int) -> None:
    """Draw the network at the depth of the URL (?depth=2) and the layer table below it."""
    depth = chosen_depth(name, size)
    picture = inspect_figures.picture(name, size, depth)
    _scroll_where_narrow(picture.figure.layout.meta["readable_px"])
    state = inspect_figures.show(
        picture,
        key=f"inspect_picture_{name}_{size}_{depth}",
        caption="Height of a box: side of its feature map; width: channels; both on a square-root scale. "
        "Normalisation and activation belong to the box before them. Orange arcs are shortcuts. "
        "Click a box to mark its rows in the table.",
        on_select="rerun",
    )
    marked = _marked(inspect_figures.boxes(name, size, depth), state)
    if marked is not None:
        st.markdown(
            f"**Marked: `{marked.name}`**, rows {marked.first_row} to {marked.last_row}: "
            f"{exact(marked.params)} parameters, {exact(marked.macs)} MACs ({short(marked.macs)})"
        )
    show_layers(name, size, marked)


def _scroll_where_narrow(width_px: int) -> None:
    """Let the picture scroll sideways where the page is narrower than it can be read at."""
    chart = '[class*="st-key-inspect_picture_"]'
    st.html(f"<style>{chart} {{overflow-x: auto}} {chart} > div {{min-width: {width_px}px}}</style>")


def chosen_depth(name: str, size: int) -> int:
    """The control for the depth of the picture; a depth that this model does not have becomes "as fits"."""
    counts = inspect_figures.depths(name, size)
    options = {_AS_FITS: "as fits"} | {
        str(depth): f"{depth}: {count} boxes" for depth, count in counts.items()
    }
    key = f"{PAGE}_depth"
    if st.session_state.get(key, _AS_FITS) not in options:
        st.session_state[key] = _AS_FITS
    chosen = selection.choice(PAGE, "depth", "Depth of the modules drawn as one box", options, _AS_FITS)
    return first_depth(counts) if chosen == _AS_FITS else int(chosen)


def _marked(boxes: tuple[Box, ...], state: Any) -> Box | None:
    for point in state.selection.points:
        number = point.get("customdata")
        number = number[0] if isinstance(number, list) else number
        if isinstance(number, int) and 0 < number < len(boxes):
            return boxes[number]
    return None
