"""A slider over decimal numbers, bound to a query parameter of the URL as those of ui.selection are."""

from __future__ import annotations

from math import isclose

import streamlit as st

from ui.url_state import publish, seed


def number(
    page: str,
    parameter: str,
    label: str,
    low: float,
    high: float,
    default: float,
    *,
    step: float,
    help: str | None = None,  # noqa: A002 - as Streamlit calls it
) -> float:
    """A slider from ``low`` to ``high``, both included, in steps; ?beta=0.75."""
    key = f"{page}_{parameter}"
    seed(key, parameter, lambda text: decimal_number(text, low, high, step), default)
    chosen = _on_the_grid(st.slider(label, low, high, step=step, key=key, help=help), low, step)
    publish(key, parameter, st.session_state[key], f"{chosen:g}", f"{default:g}")
    return chosen


def decimal_number(text: str, low: float, high: float, step: float) -> float:
    """The number that a query parameter states; ValueError when it is none, out of range or between steps."""
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{text[:20]!r} is not a number") from None
    if not low <= value <= high:  # not a number is not between them either
        raise ValueError(f"{value:g} is not between {low:g} and {high:g}")
    nearest = _on_the_grid(value, low, step)
    if not isclose(value, nearest, abs_tol=1e-9):
        raise ValueError(f"{value:g} is not one of {low:g}, {low + step:g}, ... {high:g}")
    return nearest


def _on_the_grid(value: float, low: float, step: float) -> float:
    """The step nearest to ``value`` as one writes it: 0.1 three times is 0.3."""
    return round(low + round((value - low) / step) * step, 9)
