"""Known settings as a row of pills: choosing one moves the sliders to it, and they stay free."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ui.blocks import presets
from ui.url_state import publish, seed

Values = Mapping[str, int | str]


def pills(page: str, parameter: str, label: str, settings: Mapping[str, Values], default: str) -> str | None:
    """The chosen one of ``settings``, each of which maps the sliders' parameters to values; None for none.

    Draw it before the sliders. ?inception_module=4a; a pill that is chosen again lets go.
    """
    key = f"{page}_{parameter}"
    seed(key, parameter, lambda text: _known(text, settings), default)
    chosen = st.pills(label, list(settings), key=key)
    publish(key, parameter, chosen, chosen or "", default)
    values = settings[chosen] if chosen else {}
    presets.follow(page, parameter, f"{chosen} {values}", values)
    return chosen


def show_departure(chosen: str | None, settings: Mapping[str, Values], values: Values) -> None:
    """Say that the sliders, now at ``values``, have been moved away from the chosen setting, if they have."""
    if chosen and any(values[name] != value for name, value in settings[chosen].items()):
        st.caption(f"Moved away from {chosen}: choose it again, twice, for its own setting.")


def _known(text: str, settings: Mapping[str, Values]) -> str:
    if text not in settings:
        raise ValueError(f"{text[:20]!r} is none of {', '.join(settings)}")
    return text
