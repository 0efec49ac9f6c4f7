"""The training of the stripes task: a button, its progress, and what earlier trainings of this visit left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import streamlit as st

from analysis.experiments.stripes import Settings, Training, train

_KEPT = "blocks_stripes_kept"
_MOST_KEPT = 16


def kept(settings: Settings) -> Training | None:
    """The training with these settings as far as it has come in this visit; None before the first."""
    return _all_kept().get(settings)


def button(settings: Settings) -> Callable[[Callable[[Training], None]], None] | None:
    """A button; once it is clicked, what trains with these settings and shows each report.

    The training runs within this run of the script: a click on Stop, another setting, another page or a
    closed tab ends it at its next report. What had been reported stays.
    """
    place = st.empty()
    before = kept(settings)
    clicked = place.button(
        "Train the three networks" if before is None else "Train again",
        key="blocks_stripes_train",
        type="primary",
        icon=":material/play_arrow:",
    )
    if before is not None and before.steps[-1] < settings.steps and not clicked:
        st.caption(f"Stopped after {before.steps[-1]} of {settings.steps} steps.")
    if not clicked:
        return None

    def run(show: Callable[[Training], None]) -> None:
        with place.container(horizontal=True, vertical_alignment="center"):
            st.button("Stop", key="blocks_stripes_stop", icon=":material/stop:")
            progress = st.progress(0.0)
        with closing(train(settings)) as reports:
            for training in reports:
                _keep(settings, training)
                step = training.steps[-1]
                progress.progress(step / settings.steps, f"{step} of {settings.steps} steps")
                show(training)
        st.rerun()

    return run


def _all_kept() -> dict[Settings, Training]:
    found: dict[Settings, Training] = st.session_state.setdefault(_KEPT, {})
    return found


def _keep(settings: Settings, training: Training) -> None:
    trainings = _all_kept()
    trainings.pop(settings, None)
    trainings[settings] = training
    while len(trainings) > _MOST_KEPT:
        del trainings[next(iter(trainings))]
