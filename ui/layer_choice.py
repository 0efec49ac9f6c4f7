"""A search box over some layers of one network, bound to the URL."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ui.url_state import publish, seed


def layer(page: str, parameter: str, label: str, names: Sequence[str]) -> str:
    """One of ``names``, which are not empty and may be those of another network each time; ?layer=conv1.

    The first one is the default, also when the network before had one that this one lacks.
    """
    key = f"{page}_{parameter}"
    seed(key, parameter, lambda text: _one_of(text, names), names[0])
    if st.session_state[key] not in names:
        st.session_state[key] = names[0]
    chosen: str = st.selectbox(label, names, key=key, required=True)
    publish(key, parameter, chosen, chosen, names[0])
    return chosen


def _one_of(text: str, names: Sequence[str]) -> str:
    if text not in names:
        raise ValueError(f"{text[:40]!r} is none of {', '.join(names[:8])}{' ...' if len(names) > 8 else ''}")
    return text
