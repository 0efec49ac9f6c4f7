"""The headlines of Compare: a card for each model, the best of each line marked with a star."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from charts.theme import architecture_styles
from ui.comparison import Compared, Line
from ui.figures import swatch

_NO_BREAK = "\u00a0"


def show(compared: Sequence[Compared], headlines: Sequence[Sequence[Line]]) -> None:
    """Draw the cards side by side; they wrap on a narrow screen."""
    styles = architecture_styles([entry.card.family for entry in compared])
    with st.grid(len(compared), min_column_width=190, border=True):
        for entry, style, lines in zip(compared, styles, headlines, strict=True):
            with st.container(gap="xsmall"):
                st.html(f"<strong>{swatch(style)} {entry.card.title}</strong> at {entry.size} px")
                st.markdown("  \n".join(map(_markdown, lines)))


def as_text(compared: Sequence[Compared], headlines: Sequence[Sequence[Line]]) -> dict[str, str]:
    """The same for a report: the first lines of each model, by its title."""
    return {
        f"{entry.card.title} at {entry.size} px": ", ".join(line.text for line in lines[:4])
        for entry, lines in zip(compared, headlines, strict=True)
    }


def _markdown(line: Line) -> str:
    star = f"{_NO_BREAK}:material/star:" if line.best else ""
    ratio = f" :gray[{line.ratio.replace(' ', _NO_BREAK)}]" if line.ratio else ""
    return f"**{line.text}**{star}{ratio}" if line.best else f"{line.text}{ratio}"
