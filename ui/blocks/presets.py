"""Controls that take a known layer's setting when it is chosen, and stay free to be moved away from it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

_ON_OFF = {True: "on", False: "off"}


def follow(
    page: str, name: str, chosen: str, values: Mapping[str, object], said: Mapping[str, str] | None = None
) -> None:
    """When ``chosen`` is new, set the controls to its ``values``, by their parameters; call it before they are drawn.

    ``name`` tells one set of presets from another. What a link says wins over the preset, so that a
    link to a layer with one number changed shows that number. What changes goes into the URL at once,
    together with ``said``: it is one step of the browser's history.
    """
    state = st.session_state
    marker = f"{page}_{name}.followed"
    if state.get(marker) == chosen:
        return
    state[marker] = chosen
    changed = dict(said or {})
    for parameter, value in values.items():
        key = f"{page}_{parameter}"
        if st.query_params.get(parameter, "") not in ("", state.get(f"{key}.published", "")):
            continue
        state[key] = value
        if state.get(f"{key}.kept", value) != value:
            changed[parameter] = _ON_OFF[value] if isinstance(value, bool) else str(value)
    st.query_params.update(changed)
