"""What a building block has shown: the page puts the same into its report."""

from __future__ import annotations

from collections.abc import Mapping
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
