"""Controls that narrow a table down, each bound to a query parameter of the URL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import streamlit as st

from ui.selection import whole_number
from ui.url_state import publish, seed


def several(
    page: str, parameter: str, label: str, options: Sequence[str], placeholder: str = "All"
) -> list[str]:
    """Any number of ``options``, none at the start; ?families=VGG,ResNet. Gives the chosen ones."""
    key = f"{page}_{parameter}"
    nothing: list[str] = []
    seed(key, parameter, lambda text: _all_of(text, options), nothing)
    chosen = st.multiselect(label, options, key=key, placeholder=placeholder)
    publish(key, parameter, chosen, ",".join(chosen))
    return chosen


def years(page: str, first: int, last: int) -> tuple[int, int]:
    """A span of years, both included, all of them at the start; ?years=2012-2022."""
    key = f"{page}_years"
    seed(key, "years", lambda text: _span(text, first, last), (first, last))
    # Two values because session_state holds two: the annotation of slider cannot know that.
    low, high = cast(tuple[int, int], st.slider("Years", first, last, key=key))
    publish(key, "years", (low, high), f"{low}-{high}", f"{first}-{last}")
    return low, high


def _all_of(text: str, options: Sequence[str]) -> list[str]:
    chosen = list(dict.fromkeys(part for part in text.split(",") if part))
    unknown = [part for part in chosen if part not in options]
    if unknown:
        raise ValueError(f"{', '.join(unknown)[:80]} is none of {', '.join(options)}")
    return chosen


def _span(text: str, first: int, last: int) -> tuple[int, int]:
    low_text, dash, high_text = text.partition("-")
    if not dash:
        raise ValueError(f"{text[:20]!r} is not a span such as {first}-{last}")
    low, high = whole_number(low_text, first, last), whole_number(high_text, first, last)
    if low > high:
        raise ValueError(f"The span starts with {low}, after its end {high}")
    return low, high
