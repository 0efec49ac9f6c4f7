"""Errors as sentences on a page: what was wrong, with which value, what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import streamlit as st

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def show_error(error: ValueError) -> None:
    """Show the sentence of an error; its text is shown as it is, not read as Markdown."""
    with st.container(border=True):
        st.markdown(":red[:material/error:] **This cannot be shown.**")
        st.text(str(error))


def show_note(sentence: str) -> None:
    """Show a remark, such as "The link asked for ..., so ... is shown instead."."""
    with st.container(border=True):
        st.markdown(":orange[:material/info:] **Not as the link asked.**")
        st.text(sentence)


@contextmanager
def stop_on_error() -> Iterator[None]:
    """Within the block a ValueError becomes a sentence on the page, and the page ends there."""
    try:
        yield
    except ValueError as error:
        show_error(error)
        st.stop()


def attempt(
    function: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Result | None:
    """What ``function`` returns; or None after its ValueError was shown, so that the page goes on."""
    try:
        return function(*args, **kwargs)
    except ValueError as error:
        show_error(error)
        return None
