"""How the field grows: the curve of one network or several, its headlines, and the layers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import models
from charts.format import exact, pair_text, share_text
from charts.receptive_field_growth import Curve, growth_chart, lost_chart
from charts.theme import architecture_styles
from models import ModelCard
from ui import cache, messages
from ui.figures import show_chart
from ui.headlines import Headline
from ui.receptive_field_pick import set_layer
from ui.selection import LARGEST_SIZE, SMALLEST_SIZE

if TYPE_CHECKING:
    from analysis.receptive_field.growth import LayerField, Unproductive

CAPTIONS = (
    "Every layer before the head, along the local path: gates and attention, which see everything, are left out. "
    "A layer adds (k − 1) J to it, J the product of the strides before. Click a layer to look through its units below.",
    "A convolution whose input already sees as far as the image cannot look further; Richter et al. (2021) find such "
    "layers unproductive. Where paths meet, the widest counts.",
)
COLUMNS: dict[str, Any] = {
    "row": st.column_config.NumberColumn("Row"),
    "name": st.column_config.TextColumn("Layer", pinned=True),
    "kind": "Kind",
    "depth": st.column_config.NumberColumn("Depth", help="Layers on the longest way from the image to it"),
    "map_h": "Map (h)",
    "map_w": "Map (w)",
    "receptive_field_h": st.column_config.NumberColumn("Field (h)", help="Pixels, along the local path"),
    "receptive_field_w": "Field (w)",
    "field_before_h": st.column_config.NumberColumn(
        "Reads (h)", help="The field of what it reads, in pixels"
    ),
    "field_before_w": "Reads (w)",
    "effective_stride_h": "Stride (h)",
    "effective_stride_w": "Stride (w)",
    "effective_padding_h": "Padding (h)",
    "effective_padding_w": "Padding (w)",
    "covers_input": st.column_config.CheckboxColumn(
        "Covers input", help="Its field is as large as the input"
    ),
    "gains_nothing": st.column_config.CheckboxColumn(
        "Gains nothing", help="What it reads sees as far as the input already"
    ),
    "whole_input": st.column_config.CheckboxColumn(
        "All see all", help="Strictly, every unit sees the whole input, gates and attention included"
    ),
    "params": st.column_config.NumberColumn("Parameters", format="localized"),
    "macs": st.column_config.NumberColumn("MACs", format="localized"),
}


@st.cache_resource(max_entries=96, show_spinner=False)
def layers(name: str, size: int) -> tuple[LayerField, ...]:
    """The layers before a model's head: see analysis.receptive_field.growth."""
    from analysis.receptive_field.growth import growth

    return growth(cache.report(name, size))


@st.cache_resource(max_entries=96, show_spinner=False)
def table(name: str, size: int) -> pd.DataFrame:
    """One line for each of ``layers(name, size)``."""
    from analysis.receptive_field.growth import growth_table

    return growth_table(layers(name, size), (size, size))


@st.cache_resource(max_entries=32, show_spinner=False)
def charts(names: tuple[str, ...], size: int) -> tuple[go.Figure, ...]:
    """The curve of growth and that over the input size, for models that can run at ``size``."""
    styles = architecture_styles([models.card(name).family for name in names])
    curves = [_curve(models.card(name), size, style) for name, style in zip(names, styles, strict=True)]
    return growth_chart(curves, size), lost_chart(curves, size)


def able(card: ModelCard, beside: Sequence[ModelCard], size: int) -> tuple[str, ...]:
    """The names of the models that can run at this size, the first in any case; the others leave a sentence."""
    found = [card.name]
    for other in beside:
        try:
            cache.report(other.name, size)
        except ValueError as error:
            messages.show_error(error, f"{other.title} cannot be drawn.")
        else:
            found.append(other.name)
    return tuple(found)


def headlines(card: ModelCard, size: int) -> tuple[Headline, ...]:
    """The field of the last layer before the head, its grid, where it covers the input, what gains nothing."""
    found = layers(card.name, size)
    last, (first, lost) = found[-1], _covering(card.name, size)
    strictly = next((layer for layer in found if layer.whole_input and not layer.covers((size, size))), None)
    apart = "" if strictly is None else f"; with gates and attention from depth {strictly.depth} on"
    return (
        Headline(
            "Receptive field", f"{pair_text(last.field)} px", f"of {last.name}, the last before the head"
        ),
        Headline(
            "Effective stride",
            "no grid" if last.stride is None else f"{pair_text(last.stride)} px",
            "" if last.padding is None else f"effective padding {pair_text(last.padding)} px",
        ),
        Headline(
            "Covers the input from",
            f"depth {first.depth}" if first else "nowhere",
            (
                f"of {last.depth}: {first.name}"
                if first
                else f"{last.field[0]} of {exact(size)} pixels at most"
            )
            + apart,
        ),
        Headline(
            "Gain no context",
            f"{len(lost.layers)} of {lost.convolutions}",
            f"convolutions: {share_text(lost.macs_share)} of the MACs and {share_text(lost.params_share)} of the "
            "parameters before the head",
            "What they read already sees as far as this input (Richter et al. 2021 call such layers unproductive).",
        ),
    )


def show_growth(page: str, card: ModelCard, names: tuple[str, ...], size: int) -> tuple[go.Figure, ...]:
    """Draw both charts side by side; a click on a layer chooses it, with its model if that is another."""
    drawn = charts(names, size)

    def on_select() -> None:
        for point in st.session_state["field_growth"].selection.points[:1]:
            name, row = point["customdata"][:2]
            _choose(page, card.name, names, name, cache.report(name, size).rows[row].name)

    with st.grid(2, min_column_width=360, gap="medium"):
        with st.container():
            show_chart(drawn[0], key="field_growth", caption=CAPTIONS[0], on_select=on_select)
        with st.container():
            show_chart(drawn[1], key="field_lost", caption=CAPTIONS[1])
    return drawn


def _choose(page: str, current: str, names: tuple[str, ...], name: str, layer: str) -> None:
    """Take over a point of the curve; another model changes places with the page's."""
    if name != current:
        others = [other for other in names if other != name]
        st.session_state[f"{page}_model"], st.session_state[f"{page}_models"] = name, others
    set_layer(page, layer)


def _covering(name: str, size: int) -> tuple[LayerField | None, Unproductive]:
    from analysis.receptive_field.growth import first_to_cover, unproductive

    found = layers(name, size)
    return first_to_cover(found, (size, size)), unproductive(found, (size, size))


def _curve(card: ModelCard, size: int, style: Any) -> Curve:
    from analysis.receptive_field.growth import unproductive_by_size

    found = layers(card.name, size)
    first, lost = _covering(card.name, size)
    by_size = unproductive_by_size(found, SMALLEST_SIZE, LARGEST_SIZE)
    return Curve(card.name, card.title, style, found, first, lost, by_size, LARGEST_SIZE)
