"""A widget and a query parameter that say the same: a pasted link reproduces the view.

Streamlit's own binding of widgets to the URL writes labels instead of names and drops a wrong value
without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from ui.messages import show_note

Value = TypeVar("Value")
_VIEW = "url_state.view"


def start_view() -> None:
    """Forget what the page before this one said: the entry point calls it before it runs a page."""
    st.session_state[_VIEW] = {}


def view() -> dict[str, str]:
    """Every parameter of this page as it is now, defaults too: what a link needs to reproduce the view."""
    return dict(st.session_state.get(_VIEW, {}))


def seed(key: str, parameter: str, parse: Callable[[str], Value], default: Value) -> None:
    """Give the widget ``key`` its value before it is drawn: what is newer, the URL or the widget.

    ``parse`` makes a value of the URL's text and raises ValueError, whose sentence the page shows,
    for text that it cannot use; then the widget starts at ``default``. A page that was left and is
    come back to without a query keeps the value that it had.
    """
    state = st.session_state
    said = st.query_params.get(parameter, "")
    published, kept = state.get(f"{key}.published", ""), state.get(f"{key}.kept", default)
    if key in state and (said == published or state[key] != kept):
        return
    if said:
        state[key] = _parsed(parameter, said, parse, default)
    else:
        state[key] = default if key in state else kept


def publish(key: str, parameter: str, value: object, text: str, default: str = "") -> None:
    """Write the value of the widget ``key`` into the URL as ``text``, and remember it; "" says nothing.

    The ``default`` is written only over another value: each change of the URL is a step of the
    browser's history, and a page that has just been opened should not need two steps back.
    """
    said = st.query_params.get(parameter, "")
    if said != text and (said or text != default):
        if text:
            st.query_params[parameter] = text
        else:
            del st.query_params[parameter]
        said = text
    st.session_state[f"{key}.kept"] = value
    st.session_state[f"{key}.published"] = said
    st.session_state.setdefault(_VIEW, {})[parameter] = text


def _parsed(parameter: str, said: str, parse: Callable[[str], Value], default: Value) -> Value:
    try:
        return parse(said)
    except ValueError as error:
        sentence = str(error) if str(error).endswith(("?", ".")) else f"{error}."
        show_note(f"The link says {parameter}={said[:80]}. {sentence} The default is shown instead.")
        return default
