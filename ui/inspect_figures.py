"""The figures of the Inspect page, made once for each model and size and then shared; never change one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go
import streamlit as st

from charts import architecture, architecture_boxes
from charts.inspect_aliasing import aliasing_chart
from charts.inspect_cost import cost_by_layer_chart, cost_by_stage_chart, cost_tree_chart
from charts.inspect_memory import memory_chart
from charts.inspect_receptive_field import receptive_field_chart
from charts.inspect_shape import shape_chart
from ui import cache
from ui.figures import show_legend

_CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"]}
_TOPICS = {
    "shape": (shape_chart,),
    "macs": (lambda report: cost_tree_chart(report, "macs"),),
    "params": (lambda report: cost_tree_chart(report, "params"),),
    "layers": (cost_by_layer_chart, cost_by_stage_chart),
    "field": (receptive_field_chart,),
    "memory": (memory_chart,),
    "aliasing": (aliasing_chart,),
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure, and the same as it is drawn on the page, where its title and legend are text above it."""

    title: str
    figure: go.Figure
    untitled: go.Figure
    has_legend: bool


@st.cache_resource(max_entries=96, show_spinner=False)
def depths(name: str, size: int) -> dict[int, int]:
    """The depths at which the picture can be drawn and the number of boxes at each."""
    return architecture_boxes.depths(cache.report(name, size))


@st.cache_resource(max_entries=64, show_spinner=False)
def picture(name: str, size: int, depth: int) -> Chart:
    """The picture of the network at ``depth``."""
    return _chart(architecture.architecture_chart(cache.report(name, size), depth))


@st.cache_resource(max_entries=64, show_spinner=False)
def boxes(name: str, size: int, depth: int) -> tuple[architecture_boxes.Box, ...]:
    """The boxes of that picture."""
    return architecture_boxes.boxes(cache.report(name, size), depth)


@st.cache_resource(max_entries=192, show_spinner=False)
def charts(name: str, size: int, topic: str) -> tuple[Chart, ...]:
    """The charts of one topic: "shape", "macs", "params", "layers", "field", "memory" or "aliasing"."""
    return tuple(_chart(make(cache.report(name, size))) for make in _TOPICS[topic])


def all_figures(name: str, size: int, depth: int) -> list[go.Figure]:
    """Every figure of the page, for the report that a visitor downloads."""
    shown = [picture(name, size, depth), *(chart for topic in _TOPICS for chart in charts(name, size, topic))]
    return [chart.figure for chart in shown]


def show(
    chart: Chart, *, key: str, caption: str = "", on_select: Literal["ignore", "rerun"] = "ignore"
) -> Any:
    """Draw a chart under its title as ``ui.figures.show_chart`` does, without copying it again each time."""
    st.markdown(f"#### {chart.title}")
    if caption:
        st.caption(caption)
    if chart.has_legend:
        show_legend(chart.figure)
    return st.plotly_chart(
        chart.untitled, key=key, on_select=on_select, selection_mode="points", config=_CONFIG, alt=chart.title
    )


def _chart(figure: go.Figure) -> Chart:
    untitled = go.Figure(figure)
    untitled.update_layout(title=None, showlegend=False)
    has_legend = any(trace.name and trace.showlegend is not False for trace in figure.data)
    return Chart(figure.layout.title.text, figure, untitled, has_legend)
