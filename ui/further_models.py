"""The control for models that a page draws beside its own."""

from __future__ import annotations

import streamlit as st

import models
from models import ModelCard
from ui import selection
from ui.selection import MOST_MODELS
from ui.url_state import publish, seed


def further_models(page: str, first: ModelCard, default: tuple[str, ...] = ()) -> tuple[ModelCard, ...]:
    """A search box for up to five models beside ``first``, which is not among them; ?models=vgg16,alexnet."""
    key = f"{page}_models"
    seed(key, "models", _known_names, list(default))
    if first.name in st.session_state[key]:
        st.session_state[key] = [name for name in st.session_state[key] if name != first.name]
    names = [name for name in selection.names_by_family(st.session_state[key]) if name != first.name]
    chosen = st.multiselect(
        f"Beside it (up to {MOST_MODELS - 1})",
        names,
        format_func=selection.model_label,
        key=key,
        max_selections=MOST_MODELS - 1,
        placeholder="Search by name, family or year",
    )
    publish(key, "models", chosen, ",".join(chosen), ",".join(default))
    return tuple(map(models.card, chosen))


def _known_names(text: str) -> list[str]:
    names = list(dict.fromkeys(models.card(name).name for name in text.split(",") if name))
    if len(names) >= MOST_MODELS:
        raise ValueError(f"It names {len(names)} models, and up to {MOST_MODELS - 1} can be drawn beside one")
    return names
