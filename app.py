"""ConvScope's dashboard: the page configuration and the way between the pages, nothing else."""

from __future__ import annotations

import streamlit as st

from ui.url_state import start_view
from ui.warm_up import fetch_chart_library, warm_up_in_background

st.set_page_config(page_title="ConvScope", page_icon="🔬", layout="wide")

# Streamlit leaves six rem free above a page; the first chart is worth more there.
st.html("<style>.stMainBlockContainer {padding-top: 4.5rem} .st-key-fetching_charts {display: none}</style>")
start_view()
fetching = fetch_chart_library()

st.navigation(
    [
        st.Page(
            "pages/overview.py",
            title="Overview",
            icon=":material/timeline:",
            default=True,
            help="The whole zoo: how convolutional networks evolved, and what accuracy costs.",
        ),
        st.Page(
            "pages/inspect_model.py",
            title="Inspect",
            icon=":material/search:",
            help="One network, layer by layer: shapes, parameters, MACs, memory, receptive field.",
        ),
        st.Page(
            "pages/compare.py",
            title="Compare",
            icon=":material/compare_arrows:",
            url_path="compare",
            help="Two to six networks side by side, aligned over their depth.",
        ),
        st.Page(
            "pages/receptive_field.py",
            title="Receptive field",
            icon=":material/center_focus_strong:",
            help="What a unit sees of a picture, how that grows with depth, and which layers gain no context.",
        ),
        st.Page(
            "pages/aliasing.py",
            title="Aliasing",
            icon=":material/grain:",
            help="What each stride loses: limits, and what a picture has above them.",
        ),
        st.Page(
            "pages/parameters.py",
            title="Parameters",
            icon=":material/data_usage:",
            help="Where a network keeps its weights, and what its fully connected head costs.",
        ),
        st.Page(
            "pages/building_blocks.py",
            title="Building blocks",
            icon=":material/extension:",
            help="Each design idea by itself: windows, stacks, Inception, residuals, groups, normalisation, dropout.",
        ),
    ],
    position="top",
).run()

fetching.empty()
warm_up_in_background()
