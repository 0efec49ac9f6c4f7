"""The controls that choose what a page shows, each bound to a query parameter of the URL.

``page`` prefixes the widgets' keys ("inspect_model"); the query parameters are short ("model").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import streamlit as st

import models
from models import ModelCard
from ui.url_state import publish, seed

SMALLEST_SIZE = 16
LARGEST_SIZE = 1024
FEWEST_MODELS = 2
MOST_MODELS = 6
COST_UNITS = {"macs": "MACs", "flops": "FLOPs"}
_COMMON_SIZE = 224
_COLOURS = {1: "grey", 3: "RGB"}
_ON_OFF = {True: "on", False: "off"}
_SWITCH = {"on": "on", "off": "off"}
SIZES = {"same": "The same for all", "published": "Each as published"}


def model(page: str, default: str = "resnet50") -> ModelCard:
    """A search box over the zoo, by family; ?model=resnet50. Gives the card of the chosen model."""
    key = f"{page}_model"
    seed(key, "model", _known_name, default)
    names = names_by_family((st.session_state[key],))
    chosen = st.selectbox("Model", names, format_func=model_label, key=key, required=True)
    publish(key, "model", chosen, chosen, default)
    return models.card(chosen)


def several_models(page: str, default: Sequence[str]) -> tuple[ModelCard, ...]:
    """A search box for two to six models; ?models=vgg16,resnet50. May come back with fewer than two."""
    key = f"{page}_models"
    seed(key, "models", _known_names, list(default))
    names = names_by_family(st.session_state[key])
    chosen = st.multiselect(
        f"Models ({FEWEST_MODELS} to {MOST_MODELS})",
        names,
        format_func=model_label,
        key=key,
        max_selections=MOST_MODELS,
        placeholder="Search by name, family or year",
    )
    publish(key, "models", chosen, ",".join(chosen), ",".join(default))
    return tuple(map(models.card, chosen))


def input_size(page: str, card: ModelCard) -> int:
    """A slider for the side of the square input in pixels; ?size=224.

    It starts at the size of the published figures and goes in steps that the model can take
    (ViT-B/16: 16). A new model keeps a size that was chosen and that it can take.
    """
    key = f"{page}_size"
    step = card.size_step or 1
    low, high = max(step, SMALLEST_SIZE), LARGEST_SIZE // step * step
    published = card.input_shape[-1]
    state = st.session_state
    told = st.query_params.get("size", "") not in ("", state.get(f"{key}.published"))
    seed(key, "size", lambda text: _size(text, low, high, step), published)
    follows_the_card = state[key] == state.get(f"{key}.of_the_card") and not told
    if follows_the_card or not _fits(state[key], low, high, step):
        state[key] = published
    if state.get(f"{key}.range") != (low, high, step):
        state[key] = state[key]  # a slider of another range is a new widget, which starts at what is set here
    state[f"{key}.of_the_card"], state[f"{key}.range"] = published, (low, high, step)
    note = f" {card.title} takes multiples of {step}." if step > 1 else ""
    size = st.slider(
        "Input size (pixels)",
        low,
        high,
        step=step,
        key=key,
        disabled=low == high,
        help=f"Side of the square {_COLOURS[card.input_shape[0]]} input. "
        f"The published figures hold at {published}.{note}",
    )
    publish(key, "size", size, str(size), str(published))
    return int(size)


def sizes(page: str, cards: Sequence[ModelCard]) -> list[int]:
    """An input size for each card: one for all, or each that of its published figures; ?sizes=same&size=224."""
    if choice(page, "sizes", "Input size", SIZES, "same") == "published":
        return [card.input_shape[-1] for card in cards]
    key = f"{page}_size"
    seed(key, "size", lambda text: whole_number(text, SMALLEST_SIZE, LARGEST_SIZE), _COMMON_SIZE)
    size = st.slider(
        "Pixels", SMALLEST_SIZE, LARGEST_SIZE, key=key, help="Side of the square input of all models"
    )
    publish(key, "size", size, str(size), str(_COMMON_SIZE))
    return [int(size)] * len(cards)


def choice(
    page: str,
    parameter: str,
    label: str,
    options: Mapping[str, str],
    default: str,
    *,
    wrap: bool | None = None,
) -> str:
    """One of a few: ``options`` maps what the URL says to what the button says; gives the former.

    ``wrap`` breaks the buttons into several lines on a narrow screen, where they would scroll sideways.
    """
    key = f"{page}_{parameter}"
    seed(key, parameter, lambda text: _one_of(text, options), default)
    chosen = st.segmented_control(
        label, list(options), format_func=options.__getitem__, key=key, required=True, wrap=wrap
    )
    publish(key, parameter, chosen, cast(str, chosen), default)
    return cast(str, chosen)


def whole(
    page: str,
    parameter: str,
    label: str,
    low: int,
    high: int,
    default: int,
    *,
    step: int = 1,
    help: str | None = None,  # noqa: A002 - as Streamlit calls it
) -> int:
    """A slider over whole numbers, both ends included; ?kernel=3. ``high`` is ``low`` and a multiple of ``step``."""
    key = f"{page}_{parameter}"
    seed(key, parameter, lambda text: whole_number(text, low, high, step), default)
    chosen = st.slider(label, low, high, step=step, key=key, help=help)
    publish(key, parameter, chosen, str(chosen), str(default))
    return int(chosen)


def switch(page: str, parameter: str, label: str, *, default: bool = False, help: str | None = None) -> bool:  # noqa: A002
    """A toggle; ?ceil=on."""
    key = f"{page}_{parameter}"
    seed(key, parameter, lambda text: _one_of(text, _SWITCH) == "on", default)
    chosen = st.toggle(label, key=key, help=help)
    publish(key, parameter, chosen, _ON_OFF[chosen], _ON_OFF[default])
    return chosen


def cost_unit(page: str) -> str:
    """The MAC/FLOP switch: "macs" or "flops"; ?unit=macs. One MAC is two FLOPs."""
    return choice(page, "unit", "Cost in", COST_UNITS, "macs")


def whole_number(text: str, low: int, high: int, step: int = 1) -> int:
    """The integer that a query parameter states; ValueError when it is none, out of range or between steps."""
    try:
        value = int(text)
    except ValueError:
        raise ValueError(f"{text[:20]!r} is not a whole number") from None
    if not low <= value <= high:
        raise ValueError(f"{value} is not between {low} and {high}")
    if (value - low) % step:
        raise ValueError(f"{value} is not one of {low}, {low + step}, ... {high}")
    return value


def names_by_family(chosen: Sequence[str]) -> list[str]:
    """The names of the zoo and the historical models by year and family, then those of ``chosen`` that are neither."""
    cards = sorted((*models.cards(), *models.cards("papers")), key=lambda card: (card.year or 0, card.family))
    names = [card.name for card in cards]
    return names + [name for name in chosen if name not in names]


def model_label(name: str) -> str:
    """How a search box names a model: model_label("resnet50") == "ResNet-50 · ResNet, 2015"."""
    card = models.card(name)
    year = "" if card.year is None else f", {card.year}"
    return f"{card.title} · {card.family}{year}"


def _known_name(text: str) -> str:
    return models.card(text).name


def _known_names(text: str) -> list[str]:
    names = list(dict.fromkeys(_known_name(name) for name in text.split(",") if name))
    if not FEWEST_MODELS <= len(names) <= MOST_MODELS:
        raise ValueError(
            f"It names {len(names)} models, and {FEWEST_MODELS} to {MOST_MODELS} can be compared"
        )
    return names


def _size(text: str, low: int, high: int, step: int) -> int:
    size = whole_number(text, low, high)
    if size % step:
        raise ValueError(f"{size} is not a multiple of {step}, which this model needs")
    return size


def _fits(size: int, low: int, high: int, step: int) -> bool:
    return low <= size <= high and size % step == 0


def _one_of(text: str, options: Mapping[str, str]) -> str:
    if text not in options:
        raise ValueError(f"{text[:20]!r} is none of {', '.join(options)}")
    return text
