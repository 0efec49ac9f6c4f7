"""The charts of the Inspect page by topic: only the open tab is computed and drawn."""

from __future__ import annotations

import streamlit as st

from ui import cache, export, inspect_figures
from ui.inspect_columns import group_config

_TABS = {
    "Shape": ("shape",),
    "Cost by module": ("macs", "params"),
    "Cost by layer and stage": ("layers",),
    "Receptive field": ("field",),
    "Memory": ("memory",),
    "Aliasing": ("aliasing",),
}
_TABLES = {
    "Cost by module": ("modules", cache.module_table),
    "Cost by layer and stage": ("stages", cache.stage_table),
}
_CAPTIONS = {
    "shape": "Rows inside squeeze-and-excitation gates, which work on one value per channel, and the head are "
    "left out.",
    "macs": "Modules within modules; the width is the share. Click one to open it down to the layer, "
    "and its name above to close it.",
    "params": "The same modules, by the parameters that their rows read.",
    "field": "The receptive field on an unbounded input. It grows by (kernel - 1) x effective stride with "
    "every layer; parallel paths count with the widest.",
    "memory": "Bytes of all feature maps that a later row still needs, for one image in evaluation mode. "
    "What is written in place costs nothing; a shortcut keeps its map alive.",
    "aliasing": "A stride of S keeps frequencies up to 1 / (2 S) cycles per sample of its own input, or "
    "1 / (2 J) cycles per pixel of the image, J the product of the strides so far. What is finer and was not "
    'blurred away before comes back as a false, coarser pattern. The column "Aliasing, image" of the table '
    "states this frequency for each row that subsamples.",
}


@st.fragment
def show_topics(name: str, size: int) -> None:
    """Draw the tabs; a click on one reruns this fragment alone."""
    tabs = st.tabs(list(_TABS), key="inspect_topic", on_change="rerun")
    for tab, (label, topics) in zip(tabs, _TABS.items(), strict=True):
        if not tab.open:
            continue
        with tab:
            for topic in topics:
                for number, chart in enumerate(inspect_figures.charts(name, size, topic)):
                    caption = _CAPTIONS.get(topic, "") if number == 0 else ""
                    inspect_figures.show(chart, key=f"inspect_{topic}_{number}", caption=caption)
            if label in _TABLES:
                what, make = _TABLES[label]
                export.table(
                    make(name, size),
                    key=f"inspect_{what}",
                    file_name=f"convscope_{name}_{size}_{what}.csv",
                    column_config=group_config(),
                )
