"""Nothing waits twice: the browser fetches its chart library while the server still computes the first figures,
and the server imports torch while the visitor reads the first page."""

from __future__ import annotations

import gc
import os
import threading
from importlib import import_module

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

# The browser fetches the page's scripts from this process while it draws: leave it that long alone.
_DELAY_S = 2.0


def fetch_chart_library() -> DeltaGenerator:
    """Let the browser fetch plotly.js, 4.7 MB, at the start of a session's first run; to be emptied after it.

    The hidden, empty figure lies in a container with the key "fetching_charts", which the style of the
    page does not display.
    """
    place = st.empty()
    if "warm_up.charts_fetched" not in st.session_state:
        st.session_state["warm_up.charts_fetched"] = True
        place.container(key="fetching_charts").plotly_chart(go.Figure(), key="fetching_charts_figure")
    return place


def let_waiting_threads_sleep() -> None:
    """Have PyTorch's threads sleep while they wait for each other; to be called before it is imported.

    They would keep their cores busy instead, which saves a sixth of a network's time on cores that do nothing else.
    Where two visitors run networks at once on two cores, each takes twenty times as long. An OMP_WAIT_POLICY
    that is set already stays.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def warm_up_in_background() -> None:
    """Import the analysis and torchvision a moment after the first page was sent; once for each server."""
    _timer()


@st.cache_resource(max_entries=1, show_spinner=False)
def _timer() -> threading.Timer:
    timer = threading.Timer(_DELAY_S, _import_everything)
    timer.daemon = True
    timer.start()
    return timer


def _import_everything() -> None:
    for module in ("analysis.tables", "analysis.reconciliation", "torchvision.models"):
        import_module(module)
    # What has been imported stays. Left to the garbage collector, its half a million objects would be looked
    # through again and again, tens of milliseconds each time, in the middle of somebody's page.
    gc.collect()
    gc.freeze()
