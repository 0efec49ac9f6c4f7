"""The numbers that stand at the head of a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class Headline:
    """A number with what it says: "Most accurate", "86.1 %", "RegNetY-128GF"; ``help`` explains it."""

    label: str
    value: str
    detail: str = ""
    help: str | None = None


def show_headlines(headlines: Iterable[Headline]) -> None:
    """Draw the numbers side by side; they wrap on a narrow screen."""
    shown = list(headlines)
    with st.grid(len(shown), min_column_width=150, border=True):
        for headline in shown:
            with st.container(gap="xxsmall"):
                st.metric(headline.label, headline.value, help=headline.help)
                if headline.detail:
                    st.caption(headline.detail)
