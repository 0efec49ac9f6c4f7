"""Ticks of logarithmic axes: decades, or 1-2-5 where the axis spans few of them."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import Any

# From which value on, its unit, and the prefix: thousands of pixels are written out.
_PREFIXES = ((10**9, 10**9, " G"), (10**6, 10**6, " M"), (10**4, 10**3, " k"), (0, 1, ""))
_DECADES_ALONE = 1000


def log_axis(low: float, high: float) -> dict[str, Any]:
    """Plotly's settings of a log axis for values from ``low`` to ``high``, both above 0.

    log_axis(4e6, 3e7)["ticktext"] == ["5 M", "10 M", "20 M"]: a span of less than three decades gets
    the ticks 1, 2 and 5 of each, a larger one the decades.
    """
    steps = (1,) if high / low >= _DECADES_ALONE else (1, 2, 5)
    candidates = [
        step * 10**power for power in range(floor(log10(low)), ceil(log10(high)) + 1) for step in steps
    ]
    values = [value for value in candidates if 0.8 * low <= value <= 1.25 * high]
    return {"type": "log", "tickvals": values, "ticktext": [_label(value) for value in values]}


def _label(value: float) -> str:
    unit, prefix = next((unit, prefix) for start, unit, prefix in _PREFIXES if value >= start)
    return f"{value / unit:g}{prefix}"
