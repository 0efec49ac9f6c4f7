"""A widget and a query parameter that say the same: a pasted link reproduces the view.

Streamlit's own binding of widgets to the URL writes labels instead of names, drops a wrong value
without a word and leaves a default out, so that a link would change its meaning with the default.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from ui.messages import show_note

Value = TypeVar("Value")


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


def publish(key: str, parameter: str, value: object, text: str) -> None:
    """Write the value that the widget ``key`` has into the URL, as ``text``, and remember it; "" says nothing."""
    st.session_state[f"{key}.kept"] = value
    st.session_state[f"{key}.published"] = text
    if text and st.query_params.get(parameter) != text:
        st.query_params[parameter] = text
    if not text and parameter in st.query_params:
        del st.query_params[parameter]


def _parsed(parameter: str, said: str, parse: Callable[[str], Value], default: Value) -> Value:
    try:
        return parse(said)
    except ValueError as error:
        sentence = str(error) if str(error).endswith(("?", ".")) else f"{error}."
        show_note(
            f"The link says {parameter}={said[:80]}. {sentence} The page starts with its default instead."
        )
        return default
