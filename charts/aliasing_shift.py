"""What a network's output does when the window moves over the picture: as it is, and behind blurs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from charts.theme import BLUE, GREY, ORANGE, figure

if TYPE_CHECKING:
    from analysis.shift_test import ShiftTest

MEASURES = {"cosine": "1 - cosine", "relative": "Relative distance"}
_AXES = {"cosine": "1 - cosine of the angle", "relative": "RMS of the difference / RMS of both"}
_LOOKS = ((ORANGE, "solid", "circle"), (BLUE, "dash", "diamond"))
_PATHS = {
    "diagonal": "shift along the diagonal (pixels right and down)",
    "right": "shift to the right (pixels)",
    "down": "shift down (pixels)",
}


def shift_curve_chart(tests: Mapping[str, ShiftTest], path: str, measure: str) -> go.Figure:
    """The distance from the unshifted output over the shift, by the network's name; dotted at multiples of J."""
    chart = figure(_title(tests, measure), _PATHS[path], _AXES[measure], 380)
    furthest = 0
    for (name, test), (colour, dash, symbol) in zip(tests.items(), _LOOKS, strict=False):
        steps = [max(shift) for shift in test.shifts]
        furthest = max(furthest, *steps)
        chart.add_scatter(
            x=steps,
            y=distances(test, measure),
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2},
            marker={"color": colour, "symbol": symbol, "size": 6},
            hovertemplate=f"{name}<br>%{{x}} pixels: %{{y:.4g}}<extra></extra>",
        )
    stride = next(iter(tests.values())).stride
    if stride is not None:
        step = float(max(stride))
        for place in np.arange(step, furthest + 1, step) if step > 1 else ():
            chart.add_vline(x=place, line={"dash": "dot", "color": GREY, "width": 1})
    chart.update_yaxes(rangemode="tozero")
    chart.update_xaxes(dtick=4)
    return chart


def shift_map_charts(tests: Mapping[str, ShiftTest], measure: str) -> tuple[go.Figure, ...]:
    """The distance over shifts in both directions, one map a network, on one scale."""
    highest = max(
        (value for test in tests.values() for value in distances(test, measure) if value is not None),
        default=0.0,
    )
    return tuple(_map(name, test, measure, highest or 1.0) for name, test in tests.items())


def distances(test: ShiftTest, measure: str) -> list[float | None]:
    """The distances of a test by one of :data:`MEASURES`, None where there is none."""
    return [None if distance is None else float(getattr(distance, measure)) for distance in test.distances]


def _title(tests: Mapping[str, ShiftTest], measure: str) -> str:
    """What one pixel does, before and after."""
    firsts = [distances(test, measure)[1] for test in tests.values()]
    known = [value for value in firsts if value is not None]
    if not known:
        return "Nothing to compare: the map is smaller than one step"
    if len(known) == 1:
        return f"One pixel moves the output by {known[0]:.3g}"
    return f"One pixel moves the output by {known[0]:.3g}, behind blurs by {known[1]:.3g}"


def _map(name: str, test: ShiftTest, measure: str, highest: float) -> go.Figure:
    rows, columns = (sorted({shift[axis] for shift in test.shifts}) for axis in (0, 1))
    values = dict(zip(test.shifts, distances(test, measure), strict=True))
    cells = [[values.get((down, right)) for right in columns] for down in rows]
    known = [value for value in values.values() if value is not None]
    fate = f"at most {max(known):.3g}" if known else "nothing to compare"
    chart = figure(f"Both directions, {name}: {fate}", "pixels right", "pixels down", 360)
    chart.add_heatmap(
        x=columns,
        y=rows,
        z=_with_gaps(cells),
        zmin=0,
        zmax=highest,
        colorscale="Cividis",
        hoverongaps=False,
        colorbar={"title": {"text": MEASURES[measure]}, "thickness": 10, "len": 0.9},
        hovertemplate=f"{name}<br>%{{x}} right, %{{y}} down: %{{z:.4g}}<extra></extra>",
    )
    step = columns[1] - columns[0] if len(columns) > 1 else 1
    ticks = {"tickvals": columns[::2], "showgrid": False, "zeroline": False, "constrain": "domain"}
    chart.update_xaxes(range=[-step / 2, columns[-1] + step / 2], **ticks)
    chart.update_yaxes(
        range=[rows[-1] + step / 2, -step / 2], scaleanchor="x", constraintoward="top", **ticks
    )
    return chart


def _with_gaps(cells: Sequence[Sequence[float | None]]) -> np.ndarray:
    return np.array([[np.nan if value is None else value for value in row] for row in cells])
