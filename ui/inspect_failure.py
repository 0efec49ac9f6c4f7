"""What the Inspect page shows when a network cannot run at the chosen size."""

from __future__ import annotations

import streamlit as st

from ui.messages import show_error


def show_failure(error: ValueError, page: str) -> None:
    """Show the error's sentence and, where it knows the smallest size that works, a button that goes there."""
    show_error(error)
    smallest = getattr(error, "smallest", None)
    if smallest is not None:
        st.button(
            f"Show it at {smallest} x {smallest} pixels",
            key=f"{page}_smallest",
            on_click=_choose,
            args=(f"{page}_size", smallest),
            icon=":material/aspect_ratio:",
        )


def _choose(key: str, size: int) -> None:
    st.session_state[key] = size
