"""The measurement of effective fields: a run with progress that can be stopped, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

import models
from ui import cache, model_input
from ui.picture_file import Picture
from ui.real_models import real_model

if TYPE_CHECKING:
    from torch import Tensor

    from analysis.effective_field import EffectiveField
    from analysis.records import Pair

# What two processor cores do within about two seconds, with the way back to the pixels.
MOST_MACS_AT_ONCE = 40_000_000_000
NOISE, PICTURE = "noise", "picture"
# Of the noise on a picture whose values range over about 4.7: a tenth, as Smilkov et al. (2017) advise.
_DEVIATION = 0.5


@dataclass(frozen=True, slots=True)
class Setting:
    """What is measured: a zoo model at a size, its weights, and the inputs. ``units`` are rows with their units."""

    name: str
    size: int
    weights: str
    source: str
    digest: str
    inputs: int
    units: tuple[tuple[int, Pair], ...]


@dataclass(slots=True)
class Kept:
    """The fields by row once they are measured; shared by all visitors, so never change them."""

    fields: Mapping[int, EffectiveField] | None = None


@st.cache_resource(max_entries=48, show_spinner=False)
def kept(setting: Setting) -> Kept:
    """Where the result of a setting is kept, empty until it has been measured."""
    return Kept()


def is_quick(setting: Setting) -> bool:
    """Whether the setting takes about two seconds at most, with the network at hand."""
    return cache.report(setting.name, setting.size).totals.macs * setting.inputs <= MOST_MACS_AT_ONCE


def measure(setting: Setting, picture: Picture) -> Mapping[int, EffectiveField]:
    """The fields by row, measured with progress shown where it is called, and kept.

    A click on any control ends the run at its next input, for the script begins anew then. Raises ValueError
    for a model that is too large, and for what cannot be differentiated.
    """
    from analysis.effective_field import effective_fields, unit_index

    progress = st.progress(0.0, "Building the network ...")
    rows = cache.report(setting.name, setting.size).rows
    model = real_model(setting.name, setting.size, setting.weights)
    units = {row: unit_index(rows[row], unit) for row, unit in setting.units}
    with closing(effective_fields(model, _images(setting, picture), units)) as results:
        for fields in results:
            done = next(iter(fields.values())).inputs
            progress.progress(done / setting.inputs, f"{done} of {setting.inputs} inputs")
    kept(setting).fields = fields
    return fields


def _images(setting: Setting, picture: Picture) -> Tensor:
    from analysis.effective_field import around, noise

    card = models.card(setting.name)
    if setting.source == NOISE:
        return noise((card.input_shape[0], setting.size, setting.size), setting.inputs)
    image = model_input.normalised(model_input.square(picture.pixels, setting.size), card)
    return around(image[0], setting.inputs, _DEVIATION)
