"""When the Receptive field page measures effective fields: on its buttons, a link, another unit; progress, Stop."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitAPIException

from ui import effective_field_work
from ui.effective_field_work import Setting
from ui.messages import attempt
from ui.picture_file import Picture
from ui.url_state import publish, seed

FRAGMENT = "field_effective_section"
_KEY = "field_effective"
_STEPS = ("off", "unit", "depth")


def asked_for() -> str:
    """How far the page measures by itself, ?effective=unit: as far as was asked for, until it is stopped."""
    seed(_KEY, "effective", _parsed, "off")
    step: str = st.session_state[_KEY]
    publish(_KEY, "effective", step, step, "off")
    return step


def follow(fragment: str) -> None:
    """Called back when another unit was chosen in a section, itself a ``fragment``: this one is drawn anew too."""
    if st.session_state.get(_KEY, "off") != "off":
        st.rerun([fragment, FRAGMENT])


def measured(setting: Setting, picture: Picture, step: str, label: str, *, asked: bool) -> bool:
    """A button, and whether the setting has a result: one that is kept, or one that is measured now.

    The button stays, for the unit that is chosen on the picture may have become another one.
    """
    clicked = st.button(
        label, key=f"{_KEY}_{step}", icon=":material/play_arrow:", on_click=_set_step, args=(step,)
    )
    if effective_field_work.kept(setting).fields is not None:
        return True
    runs = effective_field_work.done(setting) is not None
    if not clicked and not runs and not (asked and effective_field_work.is_quick(setting)):
        effective_field_work.stop()  # what still runs was for another setting
        return False
    return _run(setting, picture, step)


def _run(setting: Setting, picture: Picture, step: str) -> bool:
    """Measure with progress and a button to stop; whether it came to its end.

    After each input this function's fragment is run anew, so that what was clicked meanwhile comes first.
    """
    place = st.empty()
    done = effective_field_work.done(setting) or 0
    with place.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Stop", key=f"{_KEY}_{step}_stop", icon=":material/stop:", on_click=_set_step, args=("off",)
        )
        progress = st.progress(done / setting.inputs, _said(done, setting))
        while done < setting.inputs:
            advanced = attempt(effective_field_work.advance, setting, picture)
            if advanced is None:
                return False
            done = advanced
            progress.progress(done / setting.inputs, _said(done, setting))
            with suppress(StreamlitAPIException):  # raised while the page as a whole runs
                st.rerun(scope="fragment")
    place.empty()
    return True


def _said(done: int, setting: Setting) -> str:
    return f"{done} of {setting.inputs} inputs" if done else "Building the network ..."


def _parsed(text: str) -> str:
    if text not in _STEPS:
        raise ValueError(f"{text[:20]!r} is none of {', '.join(_STEPS)}")
    return text


def _set_step(step: str) -> None:
    """Called back by the buttons."""
    st.session_state[_KEY] = step
    if step == "off":
        effective_field_work.stop()
