"""How the columns of the layer table are called, printed and explained, and which are shown at first."""

from __future__ import annotations

from typing import Any

import streamlit as st

FIRST = (
    "row", "name", "operator", "output_shape", "params", "macs", "activation_bytes",
    "receptive_field_h", "effective_stride_h", "aliasing_frequency_image_h", "status", "reason",
)  # fmt: skip

LABELS = {
    "row": "Row",
    "name": "Name",
    "module": "Module",
    "operator": "Operator",
    "kind": "Kind",
    "attributes": "Settings",
    "inputs": "Reads rows",
    "output_shape": "Output",
    "channels": "Channels",
    "height": "Map height",
    "width": "Map width",
    "stage": "Stage",
    "params": "Parameters",
    "trainable_params": "Trainable",
    "shared_params": "Shared parameters",
    "buffers": "Buffers",
    "param_bytes": "Parameter bytes",
    "macs": "MACs",
    "flops": "FLOPs",
    "activation_bytes": "Bytes written",
    "live_bytes": "Live bytes",
    "arithmetic_intensity": "FLOPs per byte",
    "receptive_field_h": "Receptive field (h)",
    "receptive_field_w": "Receptive field (w)",
    "local_receptive_field_h": "Local field (h)",
    "local_receptive_field_w": "Local field (w)",
    "whole_input": "Whole input",
    "effective_stride_h": "Stride (h)",
    "effective_stride_w": "Stride (w)",
    "effective_padding_h": "Padding (h)",
    "effective_padding_w": "Padding (w)",
    "aliasing_frequency_h": "Aliasing, own grid (h)",
    "aliasing_frequency_w": "Aliasing, own grid (w)",
    "aliasing_frequency_image_h": "Aliasing, image (h)",
    "aliasing_frequency_image_w": "Aliasing, image (w)",
    "status": "Status",
    "reason": "Reason",
}

_HELP = {
    "inputs": "Numbers of the rows whose outputs this row reads; -1 is the image",
    "params": "Parameters that no earlier row has read",
    "shared_params": "Parameters that an earlier row has read already",
    "macs": "Multiply-accumulates, bias not counted",
    "flops": "Two for each multiply-accumulate",
    "activation_bytes": "Newly written memory; 0 for views and in-place operations",
    "live_bytes": "All activation memory alive while the row runs",
    "arithmetic_intensity": "FLOPs for each byte read or written",
    "receptive_field_h": "Pixels that one unit depends on, on an unbounded input",
    "local_receptive_field_h": "The same without gates and attention",
    "whole_input": "Every unit sees all of this input",
    "effective_stride_h": "Pixels of the image from one unit to the next",
    "effective_padding_h": "Pixels that the field of the first unit begins before the image",
    "aliasing_frequency_h": "1 / (2 stride), in cycles per sample of the row's own input; for rows that subsample",
    "aliasing_frequency_image_h": "1 / (2 effective stride), in cycles per pixel; for rows that subsample",
    "status": "exact; bound: the number is a bound; unknown: an operator that no rule covers",
    "reason": "Why a field is the whole input, a bound or unknown",
}
_TEXTS = frozenset(
    {
        "name",
        "module",
        "operator",
        "kind",
        "attributes",
        "inputs",
        "output_shape",
        "stage",
        "status",
        "reason",
    }
)
# Others are as wide as their first rows need; these grow along the network.
_WIDTHS_PX = {"params": 110, "macs": 125, "flops": 125, "activation_bytes": 110, "live_bytes": 110}
_FREQUENCIES = frozenset(name for name in LABELS if name.startswith("aliasing"))


def column_config() -> dict[str, Any]:
    """Settings of every column of the layer table for st.dataframe."""
    config: dict[str, Any] = {}
    for name, label in LABELS.items():
        if name == "whole_input":
            config[name] = st.column_config.CheckboxColumn(label, help=_HELP[name])
        elif name in _TEXTS:
            config[name] = st.column_config.TextColumn(label, help=_HELP.get(name), pinned=name == "name")
        else:
            form = (
                "%.5f" if name in _FREQUENCIES else "%.2f" if name == "arithmetic_intensity" else "localized"
            )
            width = _WIDTHS_PX.get(name)
            config[name] = st.column_config.NumberColumn(
                label, help=_HELP.get(name), format=form, width=width
            )
    return config


def group_config() -> dict[str, Any]:
    """Settings of every column of the module and stage tables for st.dataframe."""
    numbers = ("params", "trainable_params", "buffers", "param_bytes", "macs", "flops", "activation_bytes")
    return {
        "name": st.column_config.TextColumn("Name", pinned=True),
        "type": "Type",
        "depth": st.column_config.NumberColumn("Depth", format="%d"),
        "rows": st.column_config.NumberColumn("Rows", format="localized"),
        **{name: st.column_config.NumberColumn(LABELS[name], format="localized") for name in numbers},
    }
