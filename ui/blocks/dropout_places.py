"""Where AlexNet has its dropout, read from the traces of both versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

import models
from ui import cache

if TYPE_CHECKING:
    from analysis.records import Report

NAMES = ("alexnet_2012", "alexnet")
CAPTION = (
    "Krizhevsky et al. (2012), section 4.2, drop half of the outputs of the first two fully connected layers. "
    "torchvision's version drops the inputs of those layers."
)


@st.cache_resource(max_entries=1, show_spinner=False)
def places() -> pd.DataFrame:
    """One line for each dropout: network, dropout, rate, what it drops and what reads it; from the traces."""
    lines = []
    for name in NAMES:
        card = models.card(name)
        report = cache.report(name, card.input_shape[-1])
        for row in report.rows:
            if row.operator == "dropout":
                (source,) = row.inputs
                reader = next(other for other in report.rows if row.index in other.inputs)
                lines.append(
                    (
                        card.title,
                        row.name,
                        dict(row.attributes)["p"],
                        _named(report, source),
                        _named(report, reader.index),
                    )
                )
    return pd.DataFrame(lines, columns=["Network", "Dropout", "Rate", "Drops the output of", "Read by"])


def _named(report: Report, index: int) -> str:
    row = report.rows[index]
    return f"{row.name} ({row.operator}), {row.output_shape[-1]:,} values"
