"""Receptive field: what the units of a network see of a picture, and how that grows from layer to layer."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import cache, entry_point, export, picture_choice, selection
from ui import receptive_field_growth as growth
from ui.further_models import further_models
from ui.headlines import show_headlines
from ui.inspect_failure import show_failure
from ui.receptive_field_effective import show_effective
from ui.receptive_field_pick import chosen_layer
from ui.receptive_field_report import show_report_button
from ui.receptive_field_reverse import show_reverse
from ui.receptive_field_scene import scene
from ui.receptive_field_unit import show_unit

PAGE = "field"

entry_point.hand_over()
st.header("What does a unit see?")
st.markdown(
    "A unit's receptive field is the box of pixels that can change its value, whatever the weights are. It grows from "
    "layer to layer; here it is drawn on a picture, for any unit."
)

with st.container(horizontal=True, vertical_alignment="bottom"):
    card = selection.model(PAGE)
    size = selection.input_size(PAGE, card)
    beside = further_models(PAGE, card)
try:
    report = cache.report(card.name, size)
except ValueError as error:
    show_failure(error, PAGE)
    st.stop()

numbers = growth.headlines(card, size)
show_headlines(numbers)
drawn = growth.show_growth(PAGE, card, growth.able(card, beside, size), size)

st.markdown("#### Look through a unit")
with st.grid(2, min_column_width=340):
    row = chosen_layer(PAGE, report)
    with st.container():
        picture = picture_choice.picture(PAGE)
seen = scene(picture, size, card.input_shape[0])
shown: dict[str, Any] = {}
show_unit(f"{card.name} {size} {row.name}", row, seen, shown)
show_reverse(f"{size}", row, seen, shown)
show_effective(card, size, row, picture, shown)

st.markdown("#### All layers before the head")
table = growth.table(card.name, size)
export.table(
    table,
    key="field_layers",
    file_name=f"convscope_{card.name}_{size}_fields.csv",
    column_config=growth.COLUMNS,
)
show_report_button(
    f"What {card.title} sees at {size} x {size} pixels",
    card.name,
    headlines=numbers,
    growth=drawn,
    shown=shown,
    table=table,
)
