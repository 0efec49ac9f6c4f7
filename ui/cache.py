"""The cached calls of all pages: keyed by values, bounded, shared by all visitors.

What comes back is shared: never change it. torch is imported by the first call, not before. A
ValueError (unknown model, impossible size) is not cached and reaches the caller with its sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

import models

if TYPE_CHECKING:
    from analysis.reconciliation import Reconciliation
    from analysis.records import Report


@st.cache_resource(max_entries=96, show_spinner="Tracing the network ...")
def report(name: str, size: int) -> Report:
    """The report of a zoo model on one RGB image of ``size`` x ``size`` pixels.

    report("resnet50", 224).totals.macs == 4089184256. Raises ValueError for a name that is not in
    the zoo and for a size at which the model cannot be built or run.
    """
    from analysis import analyze

    return analyze(models.build(name, size), (3, size, size), name=name)


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
def comparison_table(names_and_sizes: tuple[tuple[str, int], ...]) -> pd.DataFrame:
    """Totals of several reports side by side: see analysis.tables.comparison_table."""
    from analysis import tables

    return tables.comparison_table([report(name, size) for name, size in names_and_sizes])
