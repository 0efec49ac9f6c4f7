"""The windows of a convolution or pooling, drawn over the line of values that they read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.blocks.window_runs import Part, Run, input_runs, joined, stretches, window_runs
from charts.theme import BLUE, GREY, ORANGE, PURPLE, RED, SKY, figure

if TYPE_CHECKING:
    from analysis.window_arithmetic import WindowPlan

# A wider input has its borders drawn by themselves as well: taps are too narrow to be told apart.
WIDE = 48
_BORDER, _WIDEST_BORDER = 24, 64
_TAPS_APART = 2 * WIDE
_LOOKS = {
    Part.VALUE: (SKY, ""),
    Part.UNREAD: (RED, ""),
    Part.PADDING: (GREY, "/"),
    Part.READS: (BLUE, ""),
    Part.READS_PADDING: (GREY, ""),
    Part.OUTSIDE: (PURPLE, "x"),
    Part.DROPPED: (ORANGE, "."),
}


def windows_chart(plan: WindowPlan) -> go.Figure:
    """Every window as a row over the values of the input, which are the row above them all."""
    become = "becomes" if plan.size == 1 else "become"
    title = f"{_counted(plan.size)} {become} {plan.output_size:,}: {_fate(plan)}"
    return _drawing(plan, title, -plan.padding, _end(plan))


def border_chart(plan: WindowPlan, side: str) -> go.Figure:
    """The windows at one border, "left" or "right", tap by tap: for an input wider than :data:`WIDE`."""
    first, end = -plan.padding, _end(plan)
    shown = min(max(_BORDER, 2 * plan.span), _WIDEST_BORDER, end - first)
    if side == "left":
        start = f"{_counted(plan.padding)} before it" if plan.padding else "with its first value"
        return _drawing(plan, f"Left border: the first window starts {start}", first, first + shown)
    return _drawing(plan, f"Right border: {_last_window(plan)}", end - shown, end)


def _drawing(plan: WindowPlan, title: str, first: int, end: int) -> go.Figure:
    """The values from ``first`` to the one before ``end``, and the windows that hold any of them."""
    dropped = () if plan.dropped is None else (plan.dropped,)
    shown = [window for window in (*plan.windows, *dropped) if window.stop > first and window.start < end]
    top, bottom = shown[0].index, shown[-1].index
    pixels = max(2.2, min(24.0, 500 / (bottom - top + 3)))  # of one row
    input_row = top - max(1.6, 18 / pixels)
    height = int(90 + pixels * (bottom - input_row + 2))
    chart = figure(title, "value of the input", "window", height)
    of_windows = (run for window in shown for run in window_runs(plan, window))
    taps_apart = end - first <= _TAPS_APART
    for runs, thickness in (
        (input_runs(plan, input_row), max(0.8, 8 / pixels)),
        (of_windows, 0.8 if pixels > 4 else 1),
    ):
        visible = [run for run in runs if first <= run.start < end]
        _add_bars(chart, visible if taps_apart else joined(visible), thickness, gap=0.12 if taps_apart else 0)
    if plan.padding:
        _shade(chart, [(-plan.padding, 0), (plan.size, plan.size + plan.padding)], GREY)
    _shade(chart, stretches(plan.unread), RED)
    step = max(1, round((bottom - top) / 10))
    ticks = range(-(-top // step) * step, bottom + 1, step)
    chart.update_layout(barmode="overlay")
    chart.update_xaxes(range=[first - 0.6, end - 0.4], showgrid=False, zeroline=False, tickformat="d")
    chart.update_yaxes(
        range=[bottom + 0.6, input_row - max(0.6, 5 / pixels)],
        tickvals=[input_row, *ticks],
        ticktext=["input", *map(str, ticks)],
        showgrid=False,
        zeroline=False,
    )
    return chart


def _add_bars(chart: go.Figure, runs: Sequence[Run], thickness: float, gap: float) -> None:
    for part, (colour, pattern) in _LOOKS.items():
        of_part = [run for run in runs if run.part is part]
        if not of_part:
            continue
        chart.add_bar(
            orientation="h",
            name=part.value,
            base=[run.start - 0.5 + gap / 2 for run in of_part],
            x=[run.stop - run.start - gap for run in of_part],
            y=[run.row for run in of_part],
            width=thickness,
            customdata=[[run.text, _range(run.start, run.stop)] for run in of_part],
            hovertemplate=f"%{{customdata[0]}}<br>here {part.value}: %{{customdata[1]}}<extra></extra>",
            marker={
                "color": colour,
                "line": {"width": 0},
                "pattern": {"shape": pattern, "size": 5, "solidity": 0.4},
            },
        )


def _shade(chart: go.Figure, places: Iterable[tuple[int, int]], colour: str) -> None:
    for start, stop in places:
        chart.add_vrect(
            x0=start - 0.5, x1=stop - 0.5, fillcolor=colour, opacity=0.15, line_width=0, layer="below"
        )


def _end(plan: WindowPlan) -> int:
    """The coordinate after all that is drawn: padding, windows that reach past it, the dropped one."""
    stops = [plan.windows[-1].stop, *([] if plan.dropped is None else [plan.dropped.stop])]
    return max(plan.size + plan.padding, *stops)


def _fate(plan: WindowPlan) -> str:
    if not plan.unread:
        return "every value is read"
    if plan.unread != plan.fallen_off:
        return f"{_counted(len(plan.unread))} {'is' if len(plan.unread) == 1 else 'are'} read by no window"
    lost = f"value {plan.unread[0]} falls" if len(plan.unread) == 1 else f"{_counted(len(plan.unread))} fall"
    return f"{lost} off the right border"


def _last_window(plan: WindowPlan) -> str:
    last = plan.windows[-1]
    if last.outside_taps:
        return f"the last window reaches {_counted(last.outside_taps)} past the padding"
    if plan.fallen_off:
        return f"{_counted(len(plan.fallen_off))} behind the last window"
    if plan.left_over:
        return f"{_counted(plan.left_over)} of the padding left over"
    return (
        "the last window ends where the padded input ends" if plan.padding else "the last window fits exactly"
    )


def _counted(count: int) -> str:
    return "1 value" if count == 1 else f"{count:,} values"


def _range(start: int, stop: int) -> str:
    return f"{start}" if stop == start + 1 else f"{start} to {stop - 1}"
