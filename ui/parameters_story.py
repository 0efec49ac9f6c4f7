"""The networks that tell how the fully connected head shrank from AlexNet to today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go
import streamlit as st

import models
from charts.parameters_heads import story_chart
from ui import cache

if TYPE_CHECKING:
    from analysis.parameter_census import ParameterCensus

NAMES = (
    "lenet5", "alexnet_2012", "vgg16_d", "googlenet_2014", "resnet50_v1", "densenet121_2016",
    "resnext50_32x4d_2016", "mobilenet_v1", "efficientnet_b0", "convnext_tiny", "vit_b_16",
)  # fmt: skip
CAPTION = (
    "Networks in the order of their years, each at the size of its paper. AlexNet and VGG flatten their last map; from "
    "GoogLeNet on it is pooled first. Most of what GoogLeNet has left is in two auxiliary heads, for training only."
)


@st.cache_resource(max_entries=1, show_spinner="Counting the networks of the story ...")
def chart() -> go.Figure:
    """The networks' kinds of layers side by side."""
    return story_chart(story())


def story() -> dict[str, ParameterCensus]:
    """The census of each network, by its title."""
    cards = [models.card(name) for name in NAMES]
    return {card.title: cache.census(card.name, card.input_shape[-1]) for card in cards}
