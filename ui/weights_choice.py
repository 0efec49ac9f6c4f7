"""The control that chooses a network's weights: random ones, or trained ones whose files are on this disk."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from models import ModelCard
from ui import selection
from ui.real_models import RANDOM, weight_options
from ui.url_state import publish, seed


def weights(page: str, card: ModelCard) -> str:
    """A name for :func:`ui.real_models.real_model`; ?weights=random. Without trained weights a sentence says so."""
    options, key = weight_options(card), f"{page}_weights"
    seed(key, "weights", lambda text: _one_of(text, options), RANDOM)
    if st.session_state[key] not in options:  # those of the model before
        st.session_state[key] = RANDOM
    if len(options) > 1:
        return selection.choice(page, "weights", "Weights", options, RANDOM)
    publish(key, "weights", RANDOM, RANDOM, RANDOM)
    st.caption(
        f"Weights are random (seed 0): no trained ones of {card.title} are on this disk. "
        "What is measured is then a property of the architecture and its initialisation."
    )
    return RANDOM


def _one_of(text: str, options: Mapping[str, str]) -> str:
    if text not in options:
        raise ValueError(f"{text[:40]!r} is not on this disk: there are {', '.join(options)}")
    return text
