"""Parameters: where a network keeps its weights, and what becomes of them without a fully connected head."""

from __future__ import annotations

import streamlit as st

from charts.parameters_census import GROUPS, SHAPES, census_bars_chart, census_tree_chart
from ui import cache, entry_point, export, parameters_story, selection
from ui.figures import show_chart
from ui.headlines import show_headlines
from ui.inspect_failure import show_failure
from ui.parameters_headlines import checkpoint_table, headlines
from ui.parameters_surgery import show_surgery
from ui.parameters_table import COLUMNS

PAGE = "parameters"

entry_point.hand_over()
st.header("Where do the parameters sit?")
st.markdown(
    "Which layers hold a network's weights, how large its file is, and what a fully connected head costs."
)

with st.container(horizontal=True, vertical_alignment="bottom"):
    card = selection.model(PAGE, "alexnet_2012")
    size = selection.input_size(PAGE, card)
try:
    report = cache.report(card.name, size)
except ValueError as error:
    show_failure(error, PAGE)
    st.stop()
census = cache.census(card.name, size)

numbers = headlines(census, report)
show_headlines(numbers)

with st.container(horizontal=True):
    by = selection.choice(PAGE, "by", "Grouped by", GROUPS, "kind")
    shape = selection.choice(PAGE, "shape", "Drawn as", SHAPES, "treemap")
charts = [census_tree_chart(census, card.title, by, shape), census_bars_chart(census)]
show_chart(
    charts[0], key="parameters_tree_chart", caption="Click a group to open it, its name above to close it."
)
show_chart(charts[1], key="parameters_bars_chart")

charts += show_surgery(card, size)

charts.append(parameters_story.chart())
show_chart(charts[-1], key="parameters_story_chart", caption=parameters_story.CAPTION)

st.markdown("#### How large is its file?")
st.caption(
    "Parameters and buffers as they are saved in each type; whole numbers, such as counters of batches, keep theirs. "
    "int8 is one byte a value, without the scales that a quantised file holds too."
)
sizes = checkpoint_table(report)
export.table(
    sizes, key="parameters_sizes", file_name=f"convscope_{card.name}_sizes.csv", column_config=COLUMNS
)

st.markdown("#### All layers with parameters")
table = cache.census_table(card.name, size)
export.table(
    table,
    key="parameters_census",
    file_name=f"convscope_{card.name}_{size}_census.csv",
    column_config=COLUMNS,
)

export.page_report(
    f"Where {card.title} keeps its parameters",
    key="parameters_report",
    file_name=f"convscope_{card.name}_parameters.html",
    headlines={line.label: f"{line.value} ({line.detail})" for line in numbers},
    charts=charts,
    tables={"How large is its file?": sizes, "All layers with parameters": table},
)
