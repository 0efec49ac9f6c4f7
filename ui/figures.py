"""Show a chart: its title as text of the page, which wraps on a narrow screen, above the figure."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any, Literal

import plotly.graph_objects as go
import streamlit as st

from charts.theme import Style

if TYPE_CHECKING:
    from streamlit.typing import PlotlyState

_SIGNS = {"circle": "●", "square": "■", "diamond": "◆", "cross": "✚", "x": "✖"}
_DASHES = {"solid": "━━", "dash": "╍╍", "dot": "┈┈", "dashdot": "━┈", "longdash": "━ ━", "longdashdot": "━ ┈"}
_CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"]}


def show_chart(
    figure: go.Figure,
    *,
    key: str,
    caption: str = "",
    legend: bool = True,
    on_select: Literal["ignore", "rerun"] | Callable[[], None] = "ignore",
) -> Any:
    """Draw ``figure`` under its own title, with a ``caption`` that explains it.

    The figure's own legend is left out: ``legend`` writes it above instead, where it wraps.
    With ``on_select`` a click on a point counts; what was chosen comes back as Streamlit's
    PlotlyState. The figure itself is not changed, so that it can go into a report as well.
    """
    title = figure.layout.title.text
    untitled = go.Figure(figure)
    untitled.update_layout(title=None, showlegend=False)
    return show_untitled(
        untitled,
        title or "",
        key=key,
        caption=caption,
        legend=legend and figure.layout.showlegend is not False,
        on_select=on_select,
    )


def show_untitled(
    figure: go.Figure,
    title: str,
    *,
    key: str,
    caption: str = "",
    legend: bool | go.Figure = True,
    on_select: Literal["ignore", "rerun"] | Callable[[], None] = "ignore",
    selection_mode: Literal["points", "box"] = "points",
) -> Any:
    """Draw a figure without title and legend of its own as :func:`show_chart` draws others, without copying it.

    ``legend`` may be another figure whose traces are named. With ``selection_mode`` "box" what counts is a
    rectangle that is dragged, not a click.
    """
    if title:
        st.markdown(f"#### {title}")
    if caption:
        st.caption(caption)
    if legend is not False:
        show_legend(figure if legend is True else legend)
    return st.plotly_chart(
        figure,
        key=key,
        on_select=on_select,
        selection_mode=selection_mode,
        config=_CONFIG,
        alt=title or None,
    )


def titled(figure: go.Figure, title: str, legend: go.Figure | None = None) -> go.Figure:
    """A copy of such a figure with title and legend, for a report; ``legend`` adds the traces of another."""
    copy = go.Figure(figure)
    if legend is not None:
        copy.add_traces(legend.data)
    copy.update_layout(title={"text": title}, showlegend=True, legend={"orientation": "h", "y": -0.15})
    return copy


def chosen_name(state: PlotlyState) -> str | None:
    """The first value of the customdata of the point that was chosen in a chart; None without one."""
    for point in state.selection.points:
        if point.get("customdata"):
            return str(point["customdata"][0])
    return None


def show_legend(figure: go.Figure) -> None:
    """Write the named traces of a figure in a line that wraps: marker or dash in its colour, then the name."""
    entries = (
        f'<span style="white-space:nowrap;margin-right:.9em">{_swatch(trace)} {escape(trace.name)}</span>'
        for trace in figure.data
        if trace.name and trace.showlegend is not False
    )
    st.html(f'<div style="font-size:.85rem;line-height:1.7">{" ".join(entries)}</div>')


def swatch(style: Style, *, line: bool = True) -> str:
    """HTML of the sign of one architecture: its line, or its marker."""
    sign = _DASHES.get(style.dash, "━━") if line else _SIGNS.get(style.symbol, "●")
    return f'<span style="color:{style.color}">{sign}</span>'


def _swatch(trace: Any) -> str:
    if trace.type == "bar" or "markers" in trace.mode:
        return swatch(
            Style(trace.marker.color, trace.marker.symbol if trace.type != "bar" else "square"), line=False
        )
    return swatch(Style(trace.line.color, "", trace.line.dash))
