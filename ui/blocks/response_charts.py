"""The charts of the block "Local response normalisation"."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from PIL import Image

from analysis.experiments import filter_bank
from analysis.experiments import response_normalisation as lrn
from analysis.experiments.batch_normalisation import Maps, batch_normalised
from analysis.experiments.filter_bank import KERNEL, STRIDE
from analysis.experiments.response_normalisation import Competition, Constants
from analysis.records import Pair
from charts.blocks.response import channels_chart, filters_chart, maps_chart, picture_chart
from ui.blocks import response_numbers as numbers
from ui.picture_file import Picture

CAPTIONS = (
    "All channels at the position that is marked in the maps. On grey: the channels whose sums the strong one enters.",
    "The strong channel, a neighbour and one outside of the window: before, after LRN as the picture gives them and "
    "with the strong channel made stronger, after batch normalisation with the same. The two after LRN share a scale; "
    "dark is low.",
    "The square is what the marked position sees.",
    "Twelve Gabor functions on brightness and four differences of colours, written down and not learned; ReLU follows. "
    "Grey is a weight of 0. In a trained network the order of channels, and so who competes, has no meaning.",
)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What the charts are drawn from: picture, its maps, the maps with one channel made stronger, the settings."""

    picture: Picture
    maps: Maps
    strong: Maps
    channel: int
    neighbour: int | None
    factor: int
    position: Pair
    constants: Constants


def charts(scene: Scene, found: Competition) -> tuple[go.Figure, ...]:
    """Channels at the position, maps, the picture, the filters: in the order of :data:`CAPTIONS`."""
    label = numbers.LABELS[scene.channel]
    row, column = scene.position
    source, size = _picture_source(scene.picture.digest, scene.picture)
    return (
        channels_chart(
            numbers.title(found, scene.channel, scene.neighbour, scene.factor),
            numbers.LABELS,
            found,
            f"{label} times {scene.factor}",
            lrn.window(scene.channel, len(numbers.LABELS), scene.constants.n),
        ),
        _maps(scene),
        picture_chart(
            f"Where on “{scene.picture.name}”?", source, size, (row * STRIDE, column * STRIDE), KERNEL
        ),
        filters_chart("The sixteen filters", numbers.LABELS, filter_bank.filter_bank().numpy()),
    )


def _maps(scene: Scene) -> go.Figure:
    outside = lrn.outside_window(scene.channel, len(numbers.LABELS), scene.constants.n)
    shown = [number for number in (scene.channel, scene.neighbour, outside) if number is not None]
    plain = lrn.normalised(scene.maps, scene.constants)
    strong = lrn.normalised(scene.strong, scene.constants)
    batch = batch_normalised(scene.strong)
    rows = {
        numbers.LABELS[number]: (
            {"before": scene.maps[number]},
            {"LRN": plain[number], f"LRN, x {scene.factor}": strong[number]},
            {"batch norm.": batch[number]},
        )
        for number in shown
    }
    return maps_chart(
        f"What {numbers.LABELS[scene.channel]} times {scene.factor} leaves of the maps", rows, scene.position
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _picture_source(digest: str, _picture: Picture) -> tuple[str, Pair]:
    """The picture at the size that the filters see, as a data URI, with its height and width."""
    pixels = filter_bank.scaled_down(_picture.pixels)
    data = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(data, "JPEG", quality=92)
    return f"data:image/jpeg;base64,{base64.b64encode(data.getvalue()).decode('ascii')}", pixels.shape[:2]
