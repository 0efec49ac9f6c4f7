"""ConvScope's dashboard: the page configuration and the way between the pages, nothing else."""

from __future__ import annotations

import streamlit as st

from ui.url_state import start_view
from ui.warm_up import fetch_chart_library, let_waiting_threads_sleep, warm_up_in_background

# The file in pages/, which is also the page's address; its title, its icon, and what it answers.
PAGES = (
    ("overview", "Overview", "timeline", "The whole zoo: how the networks evolved, and what accuracy costs."),
    (
        "inspect_model",
        "Inspect",
        "search",
        "One network, layer by layer: shapes, costs, memory, what it sees.",
    ),
    ("compare", "Compare", "compare_arrows", "Two to six networks side by side, aligned over their depth."),
    ("receptive_field", "Receptive field", "center_focus_strong", "What a unit sees of a picture."),
    ("aliasing", "Aliasing", "grain", "What each stride loses: limits, and what a picture has above them."),
    (
        "parameters",
        "Parameters",
        "data_usage",
        "Where the weights are, and what a fully connected head costs.",
    ),
    ("building_blocks", "Building blocks", "extension", "Each design idea by itself, computed live."),
)

st.set_page_config(page_title="ConvScope", page_icon="🔬", layout="wide")

# Streamlit leaves six rem free above a page; the first chart is worth more there.
st.html("<style>.stMainBlockContainer {padding-top: 4.5rem} .st-key-fetching_charts {display: none}</style>")
let_waiting_threads_sleep()
start_view()
fetching = fetch_chart_library()

st.navigation(
    [
        st.Page(
            f"pages/{file}.py",
            title=title,
            icon=f":material/{icon}:",
            default=file == "overview",
            help=answers,
        )
        for file, title, icon, answers in PAGES
    ],
    position="top",
).run()

fetching.empty()
warm_up_in_background()
