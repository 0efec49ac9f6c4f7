"""Models with real weights for what a page measures on a picture: built once, a few kept, shared by all visitors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

import models
from models import ModelCard
from models.records import PublishedWeights
from ui import cache

if TYPE_CHECKING:
    from torch import nn

RANDOM = "random"
MOST_PARAMS = 200_000_000
_BYTES_A_PARAM = 4


def real_model(name: str, size: int, weights: str = RANDOM) -> nn.Module:
    """A model of the zoo on the CPU in evaluation mode, for images of ``size`` pixels; never change it.

    ``weights`` is "random" (the constructor's own initialisation, seed 0) or one of
    :func:`models.initialised.trained_weights`. Raises ValueError for a model of more than 200 million
    parameters, weights that are not on this disk, and a size that the model or its weights cannot have.
    """
    card = models.card(name)
    params = cache.report(name, size).totals.params
    if params > MOST_PARAMS:
        raise ValueError(
            f"{card.title} has {params:,} parameters and would need {params * _BYTES_A_PARAM / 2**30:.1f} GiB "
            f"of memory: choose a model of at most {MOST_PARAMS // 1_000_000} million."
        )
    if weights != RANDOM:
        _check(card, size, weights)
    return _built(name, None if card.size_step is None else size, weights)


def weight_options(card: ModelCard) -> Mapping[str, str]:
    """What ``weights`` can be and how a control says it: {"random": "random"}, and those on this disk."""
    from models.initialised import trained_weights

    return {RANDOM: "random"} | {entry: f"trained ({entry})" for entry in trained_weights(card.name)}


def _check(card: ModelCard, size: int, weights: str) -> None:
    """Raise for weights that are not on this disk, or that hold for another image size only."""
    from models.initialised import trained_weights

    found = trained_weights(card.name)
    if weights not in found:
        raise ValueError(
            f"The weights {weights[:40]} of {card.title} are not on this disk: "
            f"choose {' or '.join((RANDOM, *found))}."
        )
    entry: PublishedWeights = next(entry for entry in card.weights if entry.name == weights)
    if card.size_step is not None and entry.crop != size:
        raise ValueError(
            f"The weights {weights} of {card.title} hold for {entry.crop} pixels, not for {size}: "
            f"choose {entry.crop}, or random weights."
        )


@st.cache_resource(max_entries=3, show_spinner="Building the network ...")
def _built(name: str, size: int | None, weights: str) -> nn.Module:
    """The model; ``size`` is None where its parameters do not depend on it, so that one serves all sizes."""
    from models.initialised import build_initialised, build_trained

    return build_initialised(name, size) if weights == RANDOM else build_trained(name, weights)
