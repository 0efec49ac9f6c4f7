"""Aliasing: which textures a network's strides turn into false ones, by its limits and measured on a picture."""

from __future__ import annotations

import streamlit as st

from ui import (
    aliasing_cache,
    aliasing_work,
    cache,
    entry_point,
    export,
    picture_choice,
    selection,
    weights_choice,
)
from ui.aliasing_curve import show_curve
from ui.aliasing_kernels import show_kernels
from ui.aliasing_measured import show_measured
from ui.aliasing_shift import show_shift_test
from ui.aliasing_table import headlines, show_table
from ui.aliasing_zone_plate import show_zone_plate
from ui.blocks.shown import joined
from ui.headlines import show_headlines
from ui.inspect_failure import show_failure

PAGE = "aliasing"

entry_point.hand_over()
st.header("Which textures come back as false ones?")
st.markdown(
    "A stride keeps every S-th value. What changes faster than that cannot be kept: it vanishes if something has "
    "blurred it before, and comes back as a coarser pattern that is not there if nothing has."
)

with st.container(horizontal=True, vertical_alignment="bottom"):
    card = selection.model(PAGE, "alexnet")
    size = selection.input_size(PAGE, card)
picture = picture_choice.picture(PAGE, "bricks")
try:
    report = cache.report(card.name, size)
except ValueError as error:
    show_failure(error, PAGE)
    st.stop()

numbers = headlines(aliasing_cache.subsamplings(card.name, size))
show_headlines(numbers)
sections = [show_table(card, size), show_curve(card)]

st.subheader("What is aliased on the picture?")
weights = weights_choice.weights(PAGE, card)
if aliasing_work.wanted(report, weights):
    sections.append(show_measured(card, size, weights, picture))
    st.subheader("What do the filters let through?")
    sections.append(show_kernels(card, size, weights))
sections.append(show_zone_plate())
sections.append(show_shift_test(card, size, picture, weights))

whole = joined(sections)
export.page_report(
    f"What {card.title} aliases",
    key="aliasing_report",
    file_name=f"convscope_{card.name}_aliasing.html",
    headlines={
        line.label: f"{line.value} ({line.detail})" if line.detail else line.value
        for line in (*numbers, *whole.headlines)
    },
    charts=whole.charts,
    captions=whole.captions,
    tables=whole.tables,
    notes=[
        f"Measured on the picture “{picture.name}” at {size} x {size} pixels, weights: {weights}.",
        *whole.notes,
    ],
)
