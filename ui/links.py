"""The way from one page to another, with the selection in the URL."""

from __future__ import annotations

import streamlit as st

import models


def inspect(name: str | None) -> None:
    """Go to Inspect with this model at the size of its published figures; None stays on the page."""
    if name is None:
        return
    size = models.card(name).input_shape[-1]
    st.switch_page("pages/inspect_model.py", query_params={"model": name, "size": str(size)})
