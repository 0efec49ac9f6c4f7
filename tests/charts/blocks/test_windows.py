from __future__ import annotations

from itertools import product
from typing import Any

import plotly.graph_objects as go
import pytest

from analysis.window_arithmetic import WindowPlan, window_plan
from analysis.window_walk import WindowStep
from charts.blocks.window_runs import Part, stretches
from charts.blocks.window_walk import walk_chart
from charts.blocks.windows import border_chart, windows_chart


def bars(chart: go.Figure) -> dict[str, list[tuple[float, range]]]:
    """What is drawn, by its name in the legend: the row and the values of each bar."""
    drawn: dict[str, list[tuple[float, range]]] = {}
    for trace in chart.to_dict()["data"]:
        for row, start, length in zip(trace["y"], trace["base"], trace["x"], strict=True):
            values = range(round(start + 0.4), round(start + length + 0.6))
            drawn.setdefault(trace["name"], []).append((row, values))
    return drawn


def cells(chart: go.Figure, part: Part) -> set[tuple[float, int]]:
    """The places that are drawn as ``part``, a bar of several values taken apart."""
    return {(row, value) for row, values in bars(chart).get(part.value, []) for value in values}


def title(chart: go.Figure) -> Any:
    """The text of the title."""
    return chart.layout.title.text


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "dilation", "ceil_mode"),
    [
        (12, 3, 2, 0, 1, False),
        (9, 3, 2, 1, 2, False),
        (3, 2, 2, 1, 1, True),
        (11, 2, 4, 0, 1, False),
        (10, 3, 4, 1, 1, True),
        (227, 11, 4, 0, 1, False),
        (224, 11, 4, 2, 1, False),
        (256, 16, 1, 8, 8, False),
    ],
)
def test_every_tap_is_drawn_where_the_plan_has_it(
    size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool
) -> None:
    """Blue cells are the taps of the windows; the others count as many as the plan says."""
    plan = window_plan(size, kernel, stride, padding, dilation, ceil_mode=ceil_mode)
    chart = windows_chart(plan)
    assert cells(chart, Part.READS) == {(window.index, tap) for window in plan.windows for tap in window.taps}
    for part, counts in (
        (Part.READS_PADDING, [window.padding_taps for window in plan.windows]),
        (Part.OUTSIDE, [window.outside_taps for window in plan.windows]),
        (Part.DROPPED, [] if plan.dropped is None else [kernel]),
    ):
        assert len(cells(chart, part)) == sum(counts)
    assert {value for _, value in cells(chart, Part.UNREAD)} == set(plan.unread)
    assert len(cells(chart, Part.VALUE)) == size - len(plan.unread)
    assert len(cells(chart, Part.PADDING)) == 2 * padding


def test_neighbouring_taps_are_one_bar_where_there_are_too_many() -> None:
    """227 values and 55 windows: one bar for each window and one for the input."""
    drawn = bars(windows_chart(window_plan(227, 11, 4)))
    assert {name: len(found) for name, found in drawn.items()} == {Part.VALUE: 1, Part.READS: 55}


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_border_is_drawn_tap_by_tap(side: str) -> None:
    """The 24 values at a border of 227, and only the windows that hold one of them."""
    drawn = bars(border_chart(window_plan(227, 11, 4), side))
    assert len(drawn[Part.VALUE]) == 24
    assert all(len(values) == 1 for found in drawn.values() for _, values in found)
    rows = {row for row, _ in drawn[Part.READS]}
    assert rows == (set(range(6)) if side == "left" else set(range(49, 55)))


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (window_plan(227, 11, 4), "227 values become 55: every value is read"),
        (window_plan(224, 11, 4), "224 values become 54: value 223 falls off the right border"),
        (window_plan(13, 3, 4), "13 values become 3: 4 values are read by no window"),
        (window_plan(14, 3, 6), "14 values become 2: 8 values are read by no window"),
        (window_plan(13, 3, 5), "13 values become 3: 4 values are read by no window"),
        (window_plan(14, 5, 5), "14 values become 2: 4 values fall off the right border"),
        (window_plan(1, 1), "1 value becomes 1: every value is read"),
    ],
)
def test_the_title_says_what_is_lost(plan: WindowPlan, sentence: str) -> None:
    """Values behind the last window fall off; values between windows are read by none."""
    assert title(windows_chart(plan)) == sentence


@pytest.mark.parametrize(
    ("plan", "left", "right"),
    [
        (
            window_plan(227, 11, 4),
            "the first window starts with its first value",
            "the last window fits exactly",
        ),
        (
            window_plan(224, 11, 4),
            "the first window starts with its first value",
            "1 value behind the last window",
        ),
        (
            window_plan(224, 11, 4, 2),
            "the first window starts 2 values before it",
            "1 value of the padding left over",
        ),
        (
            window_plan(112, 3, 2, ceil_mode=True),
            "the first window starts with its first value",
            "the last window reaches 1 value past the padding",
        ),
        (
            window_plan(56, 3, 1, 1),
            "the first window starts 1 value before it",
            "the last window ends where the padded input ends",
        ),
    ],
)
def test_the_borders_say_where_the_windows_stand(plan: WindowPlan, left: str, right: str) -> None:
    """A sentence for each border."""
    assert title(border_chart(plan, "left")) == f"Left border: {left}"
    assert title(border_chart(plan, "right")) == f"Right border: {right}"


def test_all_settings_can_be_drawn() -> None:
    """Sizes, strides and dilations across the sliders' ranges, with and without rounding up."""
    for size, kernel, stride, padding, ceil_mode in product(
        (1, 7, 60), (1, 3), (1, 16), (0, 1), (False, True)
    ):
        if kernel > size + 2 * padding or (ceil_mode and padding > kernel // 2):
            continue
        plan = window_plan(size, kernel, stride, padding, ceil_mode=ceil_mode)
        for chart in (windows_chart(plan), border_chart(plan, "left"), border_chart(plan, "right")):
            assert 100 < chart.layout.height < 700
            assert cells(chart, Part.READS) | cells(chart, Part.READS_PADDING)


def test_hover_says_what_a_window_reads() -> None:
    """The first of GoogLeNet's padded windows reads two values and one of padding."""
    chart = windows_chart(window_plan(8, 3, 1, 1))
    texts = [text for trace in chart.data if trace.name == Part.READS for text, _ in trace.customdata]
    assert texts[0] == "window 0: 2 values, 0 to 1, 1 of padding"


def test_stretches_of_neighbours() -> None:
    """An empty sequence has none."""
    assert stretches((2, 3, 7)) == [(2, 4), (7, 8)]
    assert stretches(()) == []


def test_the_walk_has_a_bar_for_the_input_and_each_layer() -> None:
    """Heights are the sides; the chosen step alone has another colour."""
    steps = (
        WindowStep("conv1", "conv2d", 227, 11, 4, 0, 1, False, 55),
        WindowStep("pool1", "max_pool2d", 55, 3, 2, 0, 1, False, 27),
    )
    (trace,) = walk_chart(steps, 1).data
    assert list(trace.x) == ["input", "conv1", "pool1"]
    assert list(trace.y) == [227, 55, 27]
    first, second, third = trace.marker.color
    assert first == second != third
    assert title(walk_chart(steps)) == "From 227 to 27 in 2 windows"
