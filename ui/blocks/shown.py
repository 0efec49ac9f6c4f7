"""What a building block has shown: the page puts the same into its report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd
import plotly.graph_objects as go

from ui.headlines import Headline


@dataclass(frozen=True, slots=True)
class Shown:
    """Headlines, charts with their captions (in the same order) and tables by title; ``notes`` are sentences."""

    headlines: tuple[Headline, ...] = ()
    charts: tuple[go.Figure, ...] = ()
    captions: tuple[str, ...] = ()
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def joined(parts: Iterable[Shown]) -> Shown:
    """What several sections have shown, one after the other; captions stay with their charts."""
    shown = list(parts)
    return Shown(
        headlines=tuple(line for part in shown for line in part.headlines),
        charts=tuple(chart for part in shown for chart in part.charts),
        captions=tuple(
            caption
            for part in shown
            for caption in (*part.captions, *[""] * len(part.charts))[: len(part.charts)]
        ),
        tables={title: table for part in shown for title, table in part.tables.items()},
        notes=tuple(note for part in shown for note in part.notes),
    )
