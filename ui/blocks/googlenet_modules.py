"""The nine Inception modules of GoogLeNet, read from its trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from ui import cache

NAMES = ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")
MODEL, SIZE = "googlenet_2014", 224
# The widths of analysis.inception_arithmetic, each with the layer of models.papers.googlenet that has it.
_LAYERS = {
    "ones": "conv1",
    "reduce_threes": "reduce3",
    "threes": "conv3",
    "reduce_fives": "reduce5",
    "fives": "conv5",
    "projected": "project",
}


@dataclass(frozen=True, slots=True)
class TracedModule:
    """Channels in, map size (h, w) and widths of a module; ``params``, with biases, and ``macs`` are the trace's."""

    channels: int
    size: tuple[int, int]
    widths: Mapping[str, int]
    params: int
    macs: int


@st.cache_resource(max_entries=1, show_spinner="Tracing GoogLeNet ...")
def traced_modules() -> Mapping[str, TracedModule]:
    """GoogLeNet's modules by their names: traced_modules()["3a"].macs == 128049152."""
    report = cache.report(MODEL, SIZE)
    rows = {row.name: row for row in report.rows}
    groups = {group.name: group for group in report.modules}
    modules = {}
    for name in NAMES:
        path = f"inception{name}"
        _, channels, height, width = rows[f"{path}.conv1.0"].input_shapes[0]
        widths = {key: rows[f"{path}.{layer}.0"].output_shape[1] for key, layer in _LAYERS.items()}
        modules[name] = TracedModule(
            channels, (height, width), widths, groups[path].params, groups[path].macs
        )
    return modules
