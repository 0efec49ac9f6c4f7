"""A page is drawn by app.py, within the dashboard's navigation, also on the first visit of a server."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager


def hand_over() -> None:
    """Start over through app.py where Streamlit runs a page by itself. Every page begins with this call.

    Until ``st.navigation`` was called once in a server's life, Streamlit takes the scripts of a folder
    named "pages" for pages of its older kind: a link to one of them would show it without app.py, between
    a navigation made of file names. It finds the page at all only if its address is the name of its file,
    which is why app.py gives no page another one.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()
