"""The Inspect page as one HTML file, made when it is asked for."""

from __future__ import annotations

import streamlit as st

from charts.architecture_boxes import first_depth
from ui import cache, inspect_figures
from ui.export import view_url
from ui.headlines import Headline
from ui.html_report import html_report


def show_report_button(title: str, name: str, size: int, headlines: tuple[Headline, ...]) -> None:
    """A button that downloads every chart and table of the page, the witnesses included."""
    url = view_url()
    chosen = st.query_params.get("depth", "")

    def make() -> str:
        counts = inspect_figures.depths(name, size)
        depth = int(chosen) if chosen.isdigit() and int(chosen) in counts else first_depth(counts)
        return html_report(
            title,
            url=url,
            headlines={line.label: f"{line.value} ({line.detail})" for line in headlines},
            charts=inspect_figures.all_figures(name, size, depth),
            tables={
                "Stages": cache.stage_table(name, size),
                "Witnesses": cache.reconciliation_table(name, size),
                "Layers": cache.layer_table(name, size),
            },
            notes=cache.report(name, size).notes,
        )

    st.download_button(
        "This page as HTML report",
        data=make,
        file_name=f"convscope_{name}_{size}.html",
        mime="text/html",
        key="inspect_report",
        on_click="ignore",
        icon=":material/description:",
    )
