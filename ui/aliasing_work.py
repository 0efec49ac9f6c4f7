"""Whether the Aliasing page measures at once, or waits for a button because the network is a large one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from charts.format import short
from ui import real_models
from ui.messages import attempt

if TYPE_CHECKING:
    from analysis.records import Report

# What two processor cores build and run within about two seconds.
MOST_PARAMS = 100_000_000
MOST_MACS = 6_000_000_000
MOST_ROWS = 2_000
_ASKED = "aliasing_work.asked"


def wanted(report: Report, weights: str) -> bool:
    """True for a network that is small enough, or whose measurement was asked for; else there is a button.

    False for one that is too large to be built, with the sentence that says so.
    """
    totals, key = report.totals, (report.name, report.input_shapes, weights)
    if totals.params > real_models.MOST_PARAMS:
        attempt(real_models.real_model, report.name, report.input_shapes[0][-1], weights)
        return False
    small = totals.params <= MOST_PARAMS and totals.macs <= MOST_MACS and len(report.rows) <= MOST_ROWS
    if small or st.session_state.get(_ASKED) == key:
        return True
    st.caption(
        f"With {short(totals.params)} parameters and {short(totals.macs, 'MACs')} this takes some seconds."
    )
    if st.button(
        "Build the network and measure", key="aliasing_build_and_measure", icon=":material/play_arrow:"
    ):
        st.session_state[_ASKED] = key
        st.rerun()
    return False
