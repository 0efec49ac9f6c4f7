"""How the columns of the Parameters page's tables are called and printed."""

from __future__ import annotations

from typing import Any

import streamlit as st

COLUMNS: dict[str, Any] = {
    "name": st.column_config.TextColumn("Layer", pinned=True),
    "module": "Module",
    "kind": "Kind",
    "stage": st.column_config.TextColumn("Stage", help="The map size at which the layer runs"),
    "tensors": st.column_config.NumberColumn("Tensors", help="Weight and bias are two"),
    "params": st.column_config.NumberColumn("Parameters", format="localized"),
    "trainable_params": st.column_config.NumberColumn("Trainable", format="localized"),
    "param_bytes": st.column_config.NumberColumn("Bytes", format="localized"),
    "share": st.column_config.NumberColumn("Share", format="percent"),
    "dtype": "Type",
    "bytes": st.column_config.NumberColumn("Bytes", format="localized"),
    "size": "Size",
}
