"""The limit over depth on the Aliasing page, several models together."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

import models
from charts.aliasing_limits import limits_chart
from charts.compare_curves import Architecture
from charts.theme import architecture_styles
from models import ModelCard
from ui import cache
from ui.blocks.shown import Shown
from ui.figures import show_chart
from ui.further_models import further_models

PAGE = "aliasing"
_DEFAULT = ("lenet5", "vgg16", "resnet50")
_CAPTION = (
    "Each step down is a subsampling: from then on a unit cannot tell a finer pattern of the image from a coarser one. "
    "Each model at the size of its published figures, and the one above first; parallel paths count with the coarsest."
)


def show_curve(card: ModelCard) -> Shown:
    """Draw the staircases of the page's model and of those chosen beside it; ?models=vgg16,resnet50."""
    beside = further_models(PAGE, card, _DEFAULT)
    chart = _chart((card.name, *(other.name for other in beside)))
    show_chart(chart, key="aliasing_limits_chart", caption=_CAPTION)
    return Shown(charts=(chart,), captions=(_CAPTION,))


@st.cache_resource(max_entries=32, show_spinner=False)
def _chart(names: Sequence[str]) -> go.Figure:
    cards = [models.card(name) for name in names]
    styles = architecture_styles([card.family for card in cards])
    return limits_chart(
        [
            Architecture(card.title, style, size, cache.layer_table(card.name, size))
            for card, style, size in zip(cards, styles, (c.input_shape[-1] for c in cards), strict=True)
        ]
    )
