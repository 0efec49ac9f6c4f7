"""Grouped convolutions of one's own, with a channel shuffle between them or without."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from charts.blocks.reach import depth_chart
from ui import selection
from ui.blocks.reach_answer import SHARE, Answer, answer_of

DEEPEST = 8
CAPTION = (
    "Zhang et al. (2018), ShuffleNet, section 3.1. A shuffle hands a group channels of as many "
    "groups as it has channels: where C / G ≥ G two convolutions connect all pairs, below it takes more, and with one "
    "channel a group it never comes to that."
)


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """The setting, its reach, the share after each convolution with shuffles and without, and its weights."""

    answer: Answer
    growth: go.Figure
    params: int
    full_params: int


def controls(page: str) -> tuple[int, int, int, bool]:
    """Sliders for channels, groups and convolutions, and the switch for the shuffle."""
    with st.grid(4, min_column_width=200, vertical_alignment="bottom"):
        return (
            selection.whole(page, "groups_channels", "Channels, C", 2, 128, 32),
            selection.whole(page, "groups_number", "Groups, G", 1, 32, 8),
            selection.whole(page, "groups_depth", "Convolutions", 1, DEEPEST, 2),
            selection.switch(page, "groups_shuffle", "Shuffle between them", default=True),
        )


@st.cache_resource(max_entries=64, show_spinner=False)
def layers(channels: int, groups: int, depth: int, shuffled: bool) -> Layers:
    """Trace the layers; raises ValueError, with a sentence, for groups that do not divide the channels."""
    from analysis.experiments.grouped_stack import grouped_stack_report

    report = grouped_stack_report(channels, groups, depth, shuffled=shuffled)
    full = grouped_stack_report(channels, 1, depth, shuffled=shuffled)
    growth = depth_chart(
        _growth(channels, groups, shuffled=True), _growth(channels, groups, shuffled=False), depth
    )
    answer = answer_of(report, "conv1", f"conv{depth}")
    return Layers(answer, growth, report.totals.params, full.totals.params)


def _growth(channels: int, groups: int, *, shuffled: bool) -> list[float]:
    """The share of connected pairs after each convolution of the deepest stack."""
    from analysis.experiments.grouped_stack import grouped_stack_report

    deepest = grouped_stack_report(channels, groups, DEEPEST, shuffled=shuffled)
    chain = answer_of(deepest, "conv1", f"conv{DEEPEST}").chain
    return [float(share) for share in chain.loc[chain["Operator"] == "conv2d", SHARE]]
