"""The measurement of effective fields: it advances input by input, can be stopped, and its result is kept."""

from __future__ import annotations

from collections.abc import Generator, Mapping
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

    Results = Generator[dict[int, EffectiveField], None, None]

# What two processor cores do within about two seconds, with the way back to the pixels.
MOST_MACS_AT_ONCE = 40_000_000_000
NOISE, PICTURE = "noise", "picture"
_RUN, _RUN_DONE = "effective_field_work.run", "effective_field_work.done"
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


def advance(setting: Setting, picture: Picture) -> int:
    """Measure one more input; gives how many are done. When all are, the result is kept.

    Between two calls the script may run anew: the measurement waits in the visitor's session. Raises ValueError for
    a model that is too large, and for what cannot be differentiated.
    """
    if _running(setting) is None:
        stop()
        st.session_state[_RUN] = setting, _started(setting, picture)
    _, results = st.session_state[_RUN]
    try:
        fields = next(results)
    except ValueError:
        stop()
        raise
    done = next(iter(fields.values())).inputs
    st.session_state[_RUN_DONE] = done
    if done == setting.inputs:
        kept(setting).fields = fields
        stop()
    return done


def done(setting: Setting) -> int | None:
    """How many inputs of a setting are measured while it runs; None where it does not."""
    return None if _running(setting) is None else st.session_state.get(_RUN_DONE, 0)


def stop() -> None:
    """End the measurement that is running, if one is, and forget it."""
    running = st.session_state.pop(_RUN, None)
    st.session_state.pop(_RUN_DONE, None)
    if running is not None:
        running[1].close()


def _running(setting: Setting) -> Results | None:
    of, results = st.session_state.get(_RUN, (None, None))
    return results if of == setting else None


def _started(setting: Setting, picture: Picture) -> Results:
    from analysis.effective_field import effective_fields, unit_index

    rows = cache.report(setting.name, setting.size).rows
    model = real_model(setting.name, setting.size, setting.weights)
    units = {row: unit_index(rows[row], unit) for row, unit in setting.units}
    return effective_fields(model, _images(setting, picture), units)


def _images(setting: Setting, picture: Picture) -> Tensor:
    from analysis.effective_field import around, noise

    card = models.card(setting.name)
    if setting.source == NOISE:
        return noise((card.input_shape[0], setting.size, setting.size), setting.inputs)
    image = model_input.normalised(model_input.square(picture.pixels, setting.size), card)
    return around(image[0], setting.inputs, _DEVIATION)
