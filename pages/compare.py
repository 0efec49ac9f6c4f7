"""Compare: two to six architectures side by side."""

from __future__ import annotations

import streamlit as st

from ui import cache, messages, selection

st.title("Compare")
cards = selection.several_models("compare", ("vgg16", "resnet50", "mobilenet_v2"))
unit = selection.cost_unit("compare")
for card in cards:
    report = messages.attempt(cache.report, card.name, 224)
    if report is not None:
        st.metric(card.title, report.totals.macs)
