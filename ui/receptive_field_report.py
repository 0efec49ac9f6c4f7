"""The Receptive field page as one HTML file, made when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from ui import receptive_field_effective as effective
from ui import receptive_field_reverse as reverse
from ui.figures import titled
from ui.headlines import Headline
from ui.html_report import html_report
from ui.receptive_field_growth import CAPTIONS


def show_report_button(
    title: str,
    name: str,
    *,
    headlines: Sequence[Headline],
    growth: Sequence[go.Figure],
    shown: dict[str, Any],
    table: pd.DataFrame,
) -> None:
    """A button that downloads the page as it is when it is clicked.

    ``shown`` is what the sections leave of themselves whenever they are drawn: "unit", "reverse", "effective", "url".
    """

    def make() -> str:
        unit, about, legend, lines = shown["unit"]
        return html_report(
            title,
            url=shown["url"],
            headlines={line.label: f"{line.value} ({line.detail})" for line in headlines},
            charts=[
                *growth,
                titled(unit, about, legend),
                *(titled(*entry) for entry in shown["reverse"]),
                *shown["effective"],
            ],
            captions=(*CAPTIONS, lines, reverse.CAPTION, reverse.ANSWER_CAPTION, *effective.CAPTIONS),
            tables={"All layers": table},
        )

    st.download_button(
        "This page as HTML report",
        data=make,
        file_name=f"convscope_{name}_receptive_field.html",
        mime="text/html",
        key="field_report",
        on_click="ignore",
        icon=":material/description:",
    )
