"""How the columns of the Overview's tables are called and printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

_WHOLE = "localized"

ORDER = (
    *("title", "family", "year", "top1", "top5", "params", "macs", "input_size"),
    *("weights", "licence", "paper_url", "name"),
)

ZOO = {
    "title": st.column_config.TextColumn("Model", pinned=True),
    "family": "Family",
    "year": st.column_config.NumberColumn("Year", format="%d", help="First appearance of the paper"),
    "top1": st.column_config.NumberColumn("Top-1 (%)", format="%.3f", help="ImageNet-1K validation accuracy"),
    "top5": st.column_config.NumberColumn("Top-5 (%)", format="%.3f"),
    "params": st.column_config.NumberColumn("Parameters", format=_WHOLE),
    "macs": st.column_config.NumberColumn(
        "MACs",
        format=_WHOLE,
        help="Multiply-accumulates for one image, rounded as published; FLOPs are twice that",
    ),
    "input_size": st.column_config.NumberColumn("Input (px)", format="%d", help="Side of the square input"),
    "weights": st.column_config.TextColumn("Weights", help="SWAG: trained on more than ImageNet-1K"),
    "licence": "Licence of the weights",
    "paper_url": st.column_config.LinkColumn("Paper", display_text="open"),
    "name": st.column_config.TextColumn("Name in torchvision"),
}

MILESTONES = {
    "family": st.column_config.TextColumn("Family", pinned=True),
    "year": st.column_config.NumberColumn("Year", format="%d"),
    "idea": st.column_config.TextColumn("What was new", width=560),
    "models": st.column_config.NumberColumn("Models in the zoo", format="%d"),
    "params_from": st.column_config.NumberColumn("Parameters from", format=_WHOLE),
    "params_to": st.column_config.NumberColumn("to", format=_WHOLE),
    "best_top1": st.column_config.NumberColumn("Best top-1 (%)", format="%.3f"),
    "paper_url": st.column_config.LinkColumn("Paper", display_text="open"),
}


def readable(
    table: pd.DataFrame, columns: Mapping[str, Any], order: Iterable[str] | None = None
) -> pd.DataFrame:
    """The columns of a table in this order (None: its own), under the labels by which the page shows them."""
    labels = {
        name: column if isinstance(column, str) else column["label"] for name, column in columns.items()
    }
    return table[list(order or table.columns)].rename(columns=labels)
