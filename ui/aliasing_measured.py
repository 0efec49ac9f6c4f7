"""The measured section of the Aliasing page: what lies above each limit on the visitor's picture."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import streamlit as st

from charts.aliasing_shares import shares_chart
from charts.aliasing_spectrum import map_charts, radial_chart
from charts.format import share_text
from models import ModelCard
from ui import aliasing_cache, export, layer_choice, selection
from ui.blocks.shown import Shown
from ui.figures import chosen_name, show_chart
from ui.headlines import Headline, show_headlines
from ui.messages import attempt, plain
from ui.picture_file import Picture

if TYPE_CHECKING:
    from analysis.measured_aliasing import LayerAliasing

PAGE = "aliasing"
WINDOWS = {"hann": "Hann's", "none": "none"}
_HONESTLY = (
    "The limit says what a stride cannot keep; how much of it there is when values are dropped is a fact of the "
    "picture and of the weights. A strided convolution whose kernel is a low-pass loses little; one of 1 x 1 loses all "
    "that its input has above the limit. Between the layers ReLU and maxima make new fine structure, so a smooth "
    "picture does not help deeper layers."
)
_SHARES_CAPTION = (
    "A strided convolution picks its values from its own result at stride 1, which its kernel has filtered already; a "
    "pooling likewise. Bars: the share of that map's energy with |fx| or |fy| above f*, all of which folds. Diamonds: "
    "the same share of the layer's input. A kernel that is a low-pass leaves less of it, one that sharpens makes more, "
    "so the input's share is no bound. Energy is without the mean, over all channels; Hann's window keeps the step "
    "between opposite borders from counting as fine texture. Click a bar for its spectra."
)
_RADIAL_CAPTION = (
    "Mean power at each distance from frequency 0; 1 / 2 is the finest that the layer's grid holds. What lies between "
    "the orange and the green line is what aliasing adds. The square of f* reaches further along its diagonals."
)
_MAPS_CAPTION = "The same in two dimensions, in decibels below the strongest frequency; without the mean."
COLUMNS: dict[str, Any] = {
    "name": st.column_config.TextColumn("Layer", pinned=True),
    "factor_h": st.column_config.NumberColumn("S (h)", format="%g"),
    "factor_w": st.column_config.NumberColumn("S (w)", format="%g"),
    "share_above": st.column_config.NumberColumn("Above f*", format="percent", help="Of what is sampled"),
    "input_share": st.column_config.NumberColumn("Of the input", format="percent"),
    "alias_share": st.column_config.NumberColumn(
        "Changed by aliasing",
        format="percent",
        help="Energy of the difference between the map and one that an ideal low-pass had freed of what is above f*, "
        "by the map's energy",
    ),
    "measured_channels": st.column_config.NumberColumn("Channels measured"),
    "channels": st.column_config.NumberColumn("of"),
    "reason": "Why not measured",
}


def show_measured(card: ModelCard, size: int, weights: str, picture: Picture) -> Shown:
    """Draw shares, spectra and table for a picture; an impossible choice is a sentence."""
    st.markdown(_HONESTLY)
    window = selection.choice(PAGE, "window", "Window", WINDOWS, "hann")
    windowed = window == "hann"
    layers = attempt(aliasing_cache.measured, card.name, size, weights, picture, windowed=windowed)
    if not layers:
        return Shown()
    key = (card.name, size, weights, picture.digest, windowed)
    numbers = _headlines(layers)
    show_headlines(numbers)
    bars = _bars(key, layers)
    show_chart(bars, key="aliasing_shares_chart", caption=_SHARES_CAPTION, on_select=_follow_the_bar)
    for reason in dict.fromkeys(layer.reason for layer in layers if layer.reason):
        names = ", ".join(layer.subsampling.name for layer in layers if layer.reason == reason)
        st.caption(f"Without a bar: {plain(names)} ({plain(reason.rstrip('.'))}).")
    spectra: tuple[go.Figure, ...] = ()
    measured = [layer.subsampling.name for layer in layers if layer.share_above is not None]
    if measured:
        spectra = _spectra(key, layer_choice.layer(PAGE, "layer", "Spectra of", measured), layers)
        show_chart(spectra[0], key="aliasing_radial_chart", caption=_RADIAL_CAPTION)
        st.caption(_MAPS_CAPTION)
        with st.grid(3, min_column_width=320, gap="medium"):
            for number, plane in enumerate(spectra[1:]):
                with st.container():
                    show_chart(plane, key=f"aliasing_plane_{number}", legend=False)
    table = aliasing_cache.measured_table(layers)
    export.table(
        table,
        key="aliasing_measured",
        file_name=f"convscope_{card.name}_{size}_spectra.csv",
        column_config=COLUMNS,
        column_order=[name for name in map(str, table) if name != "reason" or table[name].any()],
    )
    return Shown(
        numbers,
        (bars, *spectra),
        (_SHARES_CAPTION, _RADIAL_CAPTION, _MAPS_CAPTION),
        {"Measured on the picture": table},
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _bars(key: Hashable, _layers: Sequence[LayerAliasing]) -> go.Figure:
    return shares_chart(_layers)


@st.cache_resource(max_entries=32, show_spinner=False)
def _spectra(key: Hashable, name: str, _layers: Sequence[LayerAliasing]) -> tuple[go.Figure, ...]:
    layer = next(layer for layer in _layers if layer.subsampling.name == name)
    return (radial_chart(layer), *map_charts(layer))


def _headlines(layers: Sequence[LayerAliasing]) -> tuple[Headline, ...]:
    known = [(layer.share_above, layer.subsampling.name) for layer in layers if layer.share_above is not None]
    if not known:
        return ()
    most, least = max(known), min(known)
    return (
        Headline("First subsampling", share_text(known[0][0]), f"of the energy is above f*: {known[0][1]}"),
        Headline("Most aliased", share_text(most[0]), most[1]),
        Headline("Least aliased", share_text(least[0]), least[1]),
    )


def _follow_the_bar() -> None:
    name = chosen_name(st.session_state["aliasing_shares_chart"])
    if name is not None:
        st.session_state[f"{PAGE}_layer"] = name
