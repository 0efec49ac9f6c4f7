"""The layer table of the Inspect page: a column picker, marked rows, every row as CSV."""

from __future__ import annotations

from typing import Literal

import pandas as pd
import streamlit as st

from charts.architecture_boxes import Box
from charts.format import exact
from ui import cache
from ui.inspect_columns import FIRST, LABELS, column_config

_ROWS_AROUND = 3
_HEIGHT_PX = 420
_ROWS_IN_SIGHT = 11


def show_layers(name: str, size: int, marked: Box | None) -> None:
    """Draw the table; with a ``marked`` box its rows are ticked and the rows around them come first to sight."""
    table = cache.layer_table(name, size)
    st.markdown(f"#### All {exact(len(table))} rows, one for each operation")
    whole = marked is None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        columns = st.multiselect(
            "Columns", list(LABELS), default=FIRST, format_func=LABELS.__getitem__, key="inspect_columns"
        )
        if marked is not None:
            whole = st.toggle(f"All rows, not only those around {marked.name}", key="inspect_whole_table")
    first = 0 if marked is None or whole else max(0, marked.first_row - _ROWS_AROUND)
    last = len(table) if marked is None or whole else marked.last_row + 1 + _ROWS_AROUND
    shown = table.iloc[first:last][columns or ["row", "name"]]
    uncertain = int((table["status"] != "exact").sum())
    if uncertain:
        st.caption(f"{exact(uncertain)} rows are bounds or unknown; their reason stands in the last column.")
    ticked = [] if marked is None else list(range(marked.first_row - first, marked.last_row + 1 - first))
    _draw(shown, f"inspect_layers_{name}_{size}_{first}_{ticked[:1]}_{len(ticked)}", ticked)
    st.download_button(
        "Table as CSV, all rows and columns",
        data=lambda: table.to_csv(index=False),
        file_name=f"convscope_{name}_{size}_layers.csv",
        mime="text/csv",
        key="inspect_layers_csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _draw(shown: pd.DataFrame, key: str, ticked: list[int]) -> None:
    height: int | Literal["auto"] = _HEIGHT_PX if len(shown) > _ROWS_IN_SIGHT else "auto"
    settings = {column: setting for column, setting in column_config().items() if column in shown}
    if ticked:
        st.dataframe(
            shown,
            key=key,
            hide_index=True,
            placeholder="",
            height=height,
            column_config=settings,
            on_select="rerun",
            selection_mode="multi-row",
            selection_default={"selection": {"rows": ticked, "columns": [], "cells": []}},
            alt="Layers, those of the chosen box marked",
        )
    else:
        st.dataframe(
            shown,
            key=key,
            hide_index=True,
            placeholder="",
            height=height,
            column_config=settings,
            alt="Layers",
        )
