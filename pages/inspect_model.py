"""Inspect: one network at one input size, layer by layer."""

from __future__ import annotations

import streamlit as st

from ui import cache, entry_point, selection
from ui.headlines import show_headlines
from ui.inspect_failure import show_failure
from ui.inspect_headlines import headlines
from ui.inspect_picture import show_picture_and_layers
from ui.inspect_report import show_report_button
from ui.inspect_topics import show_topics
from ui.inspect_witnesses import show_witnesses
from ui.paper_panel import show_paper_panel

PAGE = "inspect"

entry_point.hand_over()
st.title("What is inside this network?")

with st.container(horizontal=True, vertical_alignment="bottom"):
    card = selection.model(PAGE)
    size = selection.input_size(PAGE, card)

try:
    report = cache.report(card.name, size)
except ValueError as error:
    show_failure(error, PAGE)
    st.stop()

numbers = headlines(report)
show_headlines(numbers)
for note in (*card.notes, *report.notes):
    st.caption(note)

show_picture_and_layers(card.name, size)
show_topics(card.name, size)
show_witnesses(card.name, size)
show_paper_panel(PAGE, card.name)
show_report_button(f"{card.title} at {size} x {size} pixels", card.name, size, numbers)
