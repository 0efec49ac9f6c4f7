"""The stepper of the block "Output size": a known network's walk, and the step at which the page stands."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from analysis.window_walk import WindowStep, walk_from, window_walk
from ui import cache, selection
from ui.blocks import presets
from ui.url_state import publish, seed


@dataclass(frozen=True, slots=True)
class Walk:
    """A network of the zoo, the size at which it is traced, and the size from which it is walked."""

    label: str
    model: str
    traced_at: int
    walked_from: int


WALKS = {
    "2012": Walk("2012, 227 px", "alexnet_2012", 227, 227),
    "2012-at-224": Walk("2012, 224 px", "alexnet_2012", 227, 224),
    "torchvision": Walk("torchvision, 224 px", "alexnet", 224, 224),
}


def stepper(page: str) -> tuple[Walk, tuple[WindowStep, ...], int | None]:
    """A choice of walk and step, to which the sliders are set: the walk, its steps, the chosen one's index."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = selection.choice(
            page,
            "windows_walk",
            "Play AlexNet's walk",
            {key: walk.label for key, walk in WALKS.items()},
            "2012",
        )
        walk = WALKS[name]
        steps = traced_steps(walk.model, walk.traced_at, walk.walked_from)
        key = f"{page}_windows_step"
        seed(key, "windows_step", lambda text: selection.whole_number(text, 1, len(steps)), None)
        st.button(
            "Next layer",
            key=f"{page}_windows_next",
            icon=":material/skip_next:",
            on_click=_advance,
            args=(key, len(steps)),
        )
    number = st.session_state[key]
    if number is None:
        presets.follow(page, "windows", "", {})
    else:
        presets.follow(
            page, "windows", f"{name} {number}", setting(steps[number - 1]), {"windows_step": str(number)}
        )
    st.pills(
        "Layer",
        range(1, len(steps) + 1),
        format_func=lambda number: _label(steps[number - 1]),
        key=key,
        label_visibility="collapsed",
    )
    publish(key, "windows_step", number, "" if number is None else str(number))
    return walk, steps, None if number is None else number - 1


def setting(step: WindowStep) -> dict[str, object]:
    """The sliders' values for a step, by their parameters in the URL."""
    return {
        "windows_size": step.size,
        "windows_kernel": step.kernel,
        "windows_stride": step.stride,
        "windows_padding": step.padding,
        "windows_dilation": step.dilation,
        "windows_ceil": step.ceil_mode,
    }


@st.cache_resource(max_entries=8, show_spinner="Tracing the network ...")
def traced_steps(model: str, traced_at: int, walked_from: int) -> tuple[WindowStep, ...]:
    """The windows of a zoo model, from its trace, walked from another size where that is asked for."""
    return walk_from(window_walk(cache.report(model, traced_at)), walked_from)


@st.cache_resource(max_entries=8, show_spinner=False)
def refusal(model: str, size: int) -> str:
    """Why a zoo model cannot run at a size, in a sentence; "" where it can."""
    try:
        cache.report(model, size)
    except ValueError as error:
        return str(error)
    return ""


def _advance(key: str, count: int) -> None:
    """The next step of the walk, and after the last one the first."""
    number = st.session_state.get(key)
    st.session_state[key] = 1 if number is None else number % count + 1


def _label(step: WindowStep) -> str:
    return f"{step.layer} {step.size} → {step.output_size}"
