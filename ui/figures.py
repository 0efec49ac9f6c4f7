"""Show a chart: its title as text of the page, which wraps on a narrow screen, above the figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import plotly.graph_objects as go
import streamlit as st

_CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"]}


def show_chart(
    figure: go.Figure,
    *,
    key: str,
    caption: str = "",
    on_select: Literal["ignore", "rerun"] | Callable[[], None] = "ignore",
) -> Any:
    """Draw ``figure`` under its own title, with a ``caption`` that explains it.

    With ``on_select`` a click on a point counts; what was chosen comes back as Streamlit's
    PlotlyState. The figure itself is not changed, so that it can go into a report as well.
    """
    title = figure.layout.title.text
    if title:
        st.markdown(f"#### {title}")
    if caption:
        st.caption(caption)
    untitled = go.Figure(figure)
    untitled.layout.title = None
    return st.plotly_chart(
        untitled, key=key, on_select=on_select, selection_mode="points", config=_CONFIG, alt=title or None
    )
