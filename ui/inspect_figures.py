"""The figures of the Inspect page, made once for each model and size and then shared; never change one."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from charts import architecture, architecture_boxes
from charts.inspect_aliasing import aliasing_chart
from charts.inspect_cost import cost_by_layer_chart, cost_by_stage_chart, cost_tree_chart
from charts.inspect_memory import memory_chart
from charts.inspect_receptive_field import receptive_field_chart
from charts.inspect_shape import shape_chart
from ui import cache

_TOPICS = {
    "shape": (shape_chart,),
    "macs": (lambda report: cost_tree_chart(report, "macs"),),
    "params": (lambda report: cost_tree_chart(report, "params"),),
    "layers": (cost_by_layer_chart, cost_by_stage_chart),
    "field": (receptive_field_chart,),
    "memory": (memory_chart,),
    "aliasing": (aliasing_chart,),
}


@st.cache_resource(max_entries=96, show_spinner=False)
def depths(name: str, size: int) -> dict[int, int]:
    """The depths at which the picture can be drawn and the number of boxes at each."""
    return architecture_boxes.depths(cache.report(name, size))


@st.cache_resource(max_entries=64, show_spinner=False)
def picture(name: str, size: int, depth: int) -> go.Figure:
    """The picture of the network at ``depth``."""
    return architecture.architecture_chart(cache.report(name, size), depth)


@st.cache_resource(max_entries=64, show_spinner=False)
def boxes(name: str, size: int, depth: int) -> tuple[architecture_boxes.Box, ...]:
    """The boxes of that picture."""
    return architecture_boxes.boxes(cache.report(name, size), depth)


@st.cache_resource(max_entries=192, show_spinner=False)
def charts(name: str, size: int, topic: str) -> tuple[go.Figure, ...]:
    """The charts of one topic: "shape", "macs", "params", "layers", "field", "memory" or "aliasing"."""
    return tuple(make(cache.report(name, size)) for make in _TOPICS[topic])


def all_charts(name: str, size: int, depth: int) -> list[go.Figure]:
    """Every figure of the page, for the report that a visitor downloads."""
    return [
        picture(name, size, depth),
        *(figure for topic in _TOPICS for figure in charts(name, size, topic)),
    ]
