"""Errors as sentences on a page: what was wrong, with which value, what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import streamlit as st

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~:$&])")


def show_error(error: ValueError, what: str = "This cannot be shown.") -> None:
    """Show the sentence of an error under ``what``; it is shown as it is, not read as Markdown."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f":red[:material/error:] **{plain(what)}**")
        st.text(str(error))


def show_note(sentence: str) -> None:
    """Show a remark at the edge of the page until it is dismissed, such as "The link says ..."."""
    st.toast(plain(sentence), icon=":material/link_off:", duration="infinite")


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


def plain(text: str) -> str:
    r"""Text that Markdown leaves as it is, whatever a link put into it: plain("a_b") == r"a\_b"."""
    return _MARKDOWN.sub(r"\\\1", text)
