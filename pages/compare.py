"""Compare: two to six architectures side by side, aligned over their depth."""

from __future__ import annotations

import streamlit as st

from ui import cache, comparison, comparison_cards, entry_point, export, selection
from ui.figures import show_chart, show_legend

PAGE = "compare"

entry_point.hand_over()
st.header("Where do they differ?")
st.markdown("Architectures side by side, each traced at its input size; ratios are to the first of them.")

cards = selection.several_models(PAGE, ("vgg16", "resnet50", "mobilenet_v2"))
with st.container(horizontal=True, vertical_alignment="bottom"):
    unit = selection.cost_unit(PAGE)
    sizes = selection.sizes(PAGE, cards)
if len(cards) < selection.FEWEST_MODELS:
    st.text("Choose two models or more: there is nothing to compare yet.")
    st.stop()

compared = comparison.analysed(cards, sizes)
if not compared:
    st.text("None of these models can run at this size: choose a larger one.")
    st.stop()

comparison_cards.show(compared, comparison.headlines(compared, unit))

charts = cache.comparison_charts(comparison.key_of(compared), unit)
show_legend(charts[0])
with st.grid(2, min_column_width=360, gap="medium"):
    for number, (chart, caption) in enumerate(zip(charts, comparison.CAPTIONS, strict=True)):
        with st.container():
            show_chart(chart, key=f"compare_chart_{number}", caption=caption, legend=False)

st.markdown("#### All differences")
numbers, text = comparison.difference_tables(compared)
export.table(text, csv=numbers, key="compare_differences", file_name="convscope_differences.csv")

export.page_report(
    "Where do they differ?",
    key="compare_report",
    file_name="convscope_compare.html",
    headlines=comparison_cards.as_text(compared, comparison.headlines(compared, unit)),
    charts=charts,
    tables={"All differences": text},
    captions=comparison.CAPTIONS,
)
