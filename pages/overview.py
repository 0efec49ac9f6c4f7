"""Overview: how the zoo evolved and what its accuracy costs, from published figures alone."""

from __future__ import annotations

import streamlit as st

from charts.overview_front import AREAS, COSTS
from charts.overview_milestones import milestone_table
from charts.overview_timeline import QUANTITIES
from ui import cache, entry_point, export, filters, selection, zoo, zoo_columns
from ui.figures import chosen_name, show_chart
from ui.headlines import show_headlines
from ui.links import inspect

PAGE = "overview"

entry_point.hand_over()
st.header("Which network, and what does its accuracy cost?")
st.markdown(
    "The image classifiers from 1998 on in published figures: every one of torchvision, as its publisher "
    "measured it, and what came before. **Choose a point or a row to take that network apart.**"
)

whole_zoo = cache.zoo_table()
with st.container(horizontal=True, vertical_alignment="bottom"):
    cost = selection.choice(PAGE, "cost", "Cost", COSTS, "macs")
    budget = selection.choice(PAGE, "budget", "At most", zoo.BUDGETS, "any")
    narrowed = st.popover("Filter", icon=":material/filter_list:")
with narrowed:
    families = filters.several(
        PAGE, "families", "Families", sorted(whole_zoo["family"].unique()), "All families"
    )
    years = filters.years(PAGE, *zoo.year_span(whole_zoo))

shown = zoo.filtered(whole_zoo, families, years, budget)
if shown.empty:
    st.text("No network of the zoo passes these filters. Widen the years, the budget or the families.")
    st.stop()

headlines = zoo.headlines(shown, cost)
show_headlines(headlines)

front = cache.zoo_front_chart(tuple(families), years, budget, cost)
bubble = show_chart(
    front,
    key="overview_front_chart",
    caption=f"Each bubble is a network, its area its {AREAS[cost]}. The dotted line is the Pareto front: to its lower "
    "right, some network is as accurate for no more cost.",
    on_select="rerun",
)
inspect(chosen_name(bubble))

quantity = selection.choice(PAGE, "timeline", "Timeline of", QUANTITIES, "params")
timeline = cache.zoo_timeline_chart(quantity)
point = show_chart(
    timeline,
    key="overview_timeline_chart",
    caption="A row for each family, in the order in which their papers appeared; a point for each network. LeNet and "
    "MobileNetV1, which torchvision lacks, are those of their papers.",
    on_select="rerun",
)
inspect(chosen_name(point))

st.markdown("#### What did each of them bring?")
milestones = milestone_table(cache.evolution_table())
export.table(
    milestones,
    key="overview_milestones",
    file_name="convscope_milestones.csv",
    column_config=zoo_columns.MILESTONES,
)

st.markdown("#### All figures, to sort and search")
row = export.table(
    shown,
    key="overview_zoo",
    file_name="convscope_zoo.csv",
    column_config=zoo_columns.ZOO,
    column_order=zoo_columns.ORDER,
    on_select="rerun",
    selection_mode="single-row",
)
inspect(zoo.chosen_row(shown, row))

st.caption(zoo.SOURCES)
export.page_report(
    "Which network, and what does its accuracy cost?",
    key="overview_report",
    file_name="convscope_overview.html",
    headlines={line.label: f"{line.value} ({line.detail})" for line in headlines},
    charts=[front, timeline],
    tables={
        "What did each of them bring?": zoo_columns.readable(milestones, zoo_columns.MILESTONES),
        "All figures": zoo_columns.readable(shown, zoo_columns.ZOO, zoo_columns.ORDER),
    },
    notes=[zoo.SOURCES],
)
