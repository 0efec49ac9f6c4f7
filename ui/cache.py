"""The cached calls of all pages: keyed by values, bounded, shared by all visitors.

What comes back is shared: never change it. torch is imported by the first call, not before. A
ValueError (unknown model, impossible size) is not cached and reaches the caller with its sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import models
from charts import compare_curves
from charts.compare_curves import Architecture
from charts.compare_stages import stages_chart
from charts.overview_front import front_chart
from charts.overview_timeline import timeline_chart
from charts.theme import architecture_styles
from ui import zoo

if TYPE_CHECKING:
    from analysis.layer_differences import LayerPair
    from analysis.parameter_census import ParameterCensus
    from analysis.reconciliation import Reconciliation
    from analysis.records import Report
    from models.head_surgery import HeadChoice, SurgeryResult

NamesAndSizes = tuple[tuple[str, int], ...]


@st.cache_resource(max_entries=96, show_spinner="Tracing the network ...")
def report(name: str, size: int) -> Report:
    """The report of a zoo model on one image of ``size`` x ``size`` pixels with the channels of its card.

    report("resnet50", 224).totals.macs == 4089184256. Raises ValueError for a name that is not in
    the zoo and for a size at which the model cannot be built or run.
    """
    from analysis import analyze

    return analyze(models.build(name, size), _image(name, size), name=name)


@st.cache_resource(max_entries=96, show_spinner=False)
def layer_table(name: str, size: int) -> pd.DataFrame:
    """One line for each operation of ``report(name, size)``: see analysis.tables.layer_table."""
    from analysis import tables

    return tables.layer_table(report(name, size))


@st.cache_resource(max_entries=96, show_spinner=False)
def module_table(name: str, size: int) -> pd.DataFrame:
    """One line for each module of ``report(name, size)``: see analysis.tables.module_table."""
    from analysis import tables

    return tables.module_table(report(name, size))


@st.cache_resource(max_entries=96, show_spinner=False)
def stage_table(name: str, size: int) -> pd.DataFrame:
    """One line for each stage of ``report(name, size)``: see analysis.tables.stage_table."""
    from analysis import tables

    return tables.stage_table(report(name, size))


@st.cache_resource(max_entries=96, show_spinner="Asking the other counters ...")
def reconciliation(name: str, size: int) -> Reconciliation:
    """``report(name, size)`` beside fvcore, PyTorch's counter and the figures published for that size."""
    from analysis.reconciliation import reconcile

    weights = models.card(name).weights
    at_this_size = [entry for entry in weights if entry.crop == size]
    return reconcile(
        report(name, size),
        models.build(name, size),
        published_gmacs=at_this_size[0].gmacs if at_this_size else None,
        published_params=at_this_size[0].params if at_this_size else None,
    )


@st.cache_resource(max_entries=96, show_spinner=False)
def reconciliation_table(name: str, size: int) -> pd.DataFrame:
    """The witnesses of ``reconciliation(name, size)``: see analysis.tables.reconciliation_table."""
    from analysis import tables

    return tables.reconciliation_table(reconciliation(name, size))


@st.cache_resource(max_entries=32, show_spinner=False)
def comparison_table(names_and_sizes: NamesAndSizes) -> pd.DataFrame:
    """Totals of several reports side by side: see analysis.tables.comparison_table."""
    from analysis import tables

    return tables.comparison_table([report(name, size) for name, size in names_and_sizes])


@st.cache_resource(max_entries=96, show_spinner=False)
def census(name: str, size: int) -> ParameterCensus:
    """Where ``report(name, size)`` keeps its parameters: see analysis.parameter_census."""
    from analysis.parameter_census import parameter_census

    return parameter_census(report(name, size))


@st.cache_resource(max_entries=96, show_spinner=False)
def census_table(name: str, size: int) -> pd.DataFrame:
    """One line for each layer with parameters: see analysis.parameter_census.census_table."""
    from analysis import parameter_census

    return parameter_census.census_table(report(name, size))


@st.cache_resource(max_entries=32, show_spinner="Replacing the head ...")
def surgery(name: str, size: int, head: HeadChoice) -> SurgeryResult:
    """A zoo model whose fully connected head was replaced: see models.head_surgery.replace_head."""
    from models.head_surgery import replace_head

    return replace_head(models.build(name, size), head, _image(name, size))


@st.cache_resource(max_entries=64, show_spinner=False)
def report_after_surgery(name: str, size: int, head: HeadChoice, run_at: int) -> Report:
    """The report of ``surgery(name, size, head).model`` on an image of ``run_at`` x ``run_at`` pixels."""
    from analysis import analyze

    return analyze(surgery(name, size, head).model, _image(name, run_at), name=name)


@st.cache_resource(max_entries=32, show_spinner="Aligning the layers ...")
def layer_pairs(first: tuple[str, int], second: tuple[str, int]) -> tuple[LayerPair, ...]:
    """The layers of two models, each named with its size, beside each other: see analysis.layer_differences."""
    from analysis.layer_differences import layer_pairs as aligned

    return aligned(report(*first), report(*second))


@st.cache_resource(max_entries=32, show_spinner=False)
def comparison_charts(names_and_sizes: NamesAndSizes, unit: str) -> tuple[go.Figure, ...]:
    """The charts of Compare, in the order of the page; ``unit`` is "macs" or "flops"."""
    cards = [models.card(name) for name, _ in names_and_sizes]
    styles = architecture_styles([card.family for card in cards])
    entries = [
        Architecture(card.title, style, size, layer_table(name, size))
        for card, style, (name, size) in zip(cards, styles, names_and_sizes, strict=True)
    ]
    return (
        compare_curves.resolution_chart(entries),
        compare_curves.channels_chart(entries),
        compare_curves.receptive_field_chart(entries),
        compare_curves.params_chart(entries),
        compare_curves.macs_chart(entries, {"macs": "MACs", "flops": "FLOPs"}[unit]),
        stages_chart(entries, unit),
        stages_chart(entries, "params"),
        compare_curves.memory_chart(entries),
    )


@st.cache_resource(max_entries=1, show_spinner=False)
def zoo_table() -> pd.DataFrame:
    """The published figures of the zoo: see ui.zoo.build_table."""
    return zoo.build_table()


@st.cache_resource(max_entries=1, show_spinner=False)
def evolution_table() -> pd.DataFrame:
    """The zoo with the historical families that torchvision lacks: see ui.zoo.evolution_table."""
    return zoo.evolution_table()


@st.cache_resource(max_entries=64, show_spinner=False)
def zoo_front_chart(families: tuple[str, ...], years: tuple[int, int], budget: str, cost: str) -> go.Figure:
    """The bubble chart of what passes the filters of Overview, which is one model at least."""
    return front_chart(zoo.filtered(zoo_table(), families, years, budget), cost)


@st.cache_resource(max_entries=4, show_spinner=False)
def zoo_timeline_chart(quantity: str) -> go.Figure:
    """The timeline of the whole zoo over a quantity of charts.overview_timeline."""
    return timeline_chart(evolution_table(), quantity)


def _image(name: str, size: int) -> tuple[int, int, int]:
    """The shape of a square image with the channels that the model takes."""
    return models.card(name).input_shape[0], size, size
