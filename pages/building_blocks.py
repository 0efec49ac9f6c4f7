"""Building blocks: each design idea of the story in hand, computed live."""

from __future__ import annotations

import streamlit as st

from ui import entry_point, export, selection
from ui.blocks import registry

PAGE = "blocks"

entry_point.hand_over()
st.header("What does each design idea do?")
st.markdown(
    "One idea at a time, from the size of a map to dropout: change a number and see what it costs and brings."
)

name = selection.choice(
    PAGE, "block", "Idea", {name: block.label for name, block in registry.BLOCKS.items()}, "windows"
)
block = registry.BLOCKS[name]
st.subheader(block.question)
shown = registry.show(name)

export.page_report(
    block.question,
    key=f"blocks_{name}_report",
    file_name=f"convscope_{name}.html",
    headlines={
        line.label: f"{line.value} ({line.detail})" if line.detail else line.value for line in shown.headlines
    },
    charts=shown.charts,
    captions=shown.captions,
    tables=shown.tables,
    notes=shown.notes,
)
