"""What a visitor takes away: every table as CSV, every page as one HTML file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import urlencode

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from ui import url_state
from ui.html_report import html_report


def table(
    frame: pd.DataFrame,
    *,
    key: str,
    file_name: str,
    column_config: Mapping[str, Any] | None = None,
    column_order: Iterable[str] | None = None,
    height: int | Literal["auto", "content", "stretch"] = "auto",
    csv: pd.DataFrame | None = None,
    **options: Any,
) -> Any:
    """Show a sortable table with a button that downloads all its columns as CSV, numbers in full.

    ``csv`` is what the button downloads where the table that is shown consists of text.
    ``options`` go to st.dataframe (``on_select``, ``selection_mode``, ...); what it returns comes back.
    """
    shown = st.dataframe(
        frame,
        key=key,
        column_config=None if column_config is None else dict(column_config),
        column_order=column_order,
        height=height,
        hide_index=True,
        placeholder="",
        **options,
    )
    st.download_button(
        "Table as CSV",
        data=lambda: (frame if csv is None else csv).to_csv(index=False),
        file_name=file_name,
        mime="text/csv",
        key=f"{key}_csv",
        on_click="ignore",
        icon=":material/download:",
    )
    return shown


def page_report(
    title: str,
    *,
    key: str,
    file_name: str,
    headlines: Mapping[str, str],
    charts: Sequence[go.Figure],
    tables: Mapping[str, pd.DataFrame],
    captions: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> None:
    """A button that downloads this page as one HTML file; the file is made when it is asked for."""
    url = view_url()
    st.download_button(
        "This page as HTML report",
        data=lambda: html_report(
            title, url=url, headlines=headlines, charts=charts, tables=tables, captions=captions, notes=notes
        ),
        file_name=file_name,
        mime="text/html",
        key=key,
        on_click="ignore",
        icon=":material/description:",
    )


def view_url() -> str:
    """The link that reproduces what the page shows now."""
    address = (st.context.url or "").partition("?")[0]
    query = urlencode({name: text for name, text in url_state.view().items() if text}, safe=",")
    return f"{address}?{query}" if query else address
