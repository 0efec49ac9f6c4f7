"""Import torch while the visitor reads the first page, so that the first analysis does not wait for it."""

from __future__ import annotations

import threading
from importlib import import_module

import streamlit as st

# The browser fetches the page's scripts from this process while it draws: leave it that long alone.
_DELAY_S = 2.0


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
