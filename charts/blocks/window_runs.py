"""What a drawing of windows consists of: runs of neighbouring values of one kind, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.window_arithmetic import Window, WindowPlan


class Part(StrEnum):
    """What a run of the drawing is."""

    VALUE = "value of the input"
    UNREAD = "value that no window reads"
    PADDING = "padding"
    READS = "window: reads a value"
    READS_PADDING = "window: reads padding"
    OUTSIDE = "window: past the padding"
    DROPPED = "window that PyTorch drops"


@dataclass(frozen=True, slots=True)
class Run:
    """Values from ``start`` to the one before ``stop`` in one row; ``text`` says what the row is."""

    part: Part
    row: float
    start: int
    stop: int
    text: str


def input_runs(plan: WindowPlan, row: float) -> Iterator[Run]:
    """The padded input, value by value, in the row ``row``."""
    unread = set(plan.unread)
    for place in range(-plan.padding, plan.size + plan.padding):
        inside = Part.UNREAD if place in unread else Part.VALUE
        yield Run(inside if 0 <= place < plan.size else Part.PADDING, row, place, place + 1, "the input")


def window_runs(plan: WindowPlan, window: Window) -> Iterator[Run]:
    """The taps of a window, one by one, in the row of its index."""
    text = f"window {window.index}: {described(window)}"
    for place in range(window.start, window.stop, plan.dilation):
        if window is plan.dropped:
            part = Part.DROPPED
        elif 0 <= place < plan.size:
            part = Part.READS
        else:
            part = Part.READS_PADDING if place < plan.size + plan.padding else Part.OUTSIDE
        yield Run(part, window.index, place, place + 1, text)


def joined(runs: Iterable[Run]) -> list[Run]:
    """The same with runs that touch made one, where row and part are the same."""
    long: list[Run] = []
    for run in runs:
        if long and (long[-1].part, long[-1].row, long[-1].stop) == (run.part, run.row, run.start):
            long[-1] = replace(long[-1], stop=run.stop)
        else:
            long.append(run)
    return long


def stretches(values: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending values as (first, one after the last) of neighbours: stretches((2, 3, 7)) == [(2, 4), (7, 8)]."""
    found: list[tuple[int, int]] = []
    for value in values:
        if found and found[-1][1] == value:
            found[-1] = (found[-1][0], value + 1)
        else:
            found.append((value, value + 1))
    return found


def described(window: Window) -> str:
    """What a window reads: "8 values, 8 to 15", "2 values, 0 to 1, and 1 of padding"."""
    taps = window.taps
    parts = [_values(len(taps), taps[0], taps[-1])] if taps else ["no value of the input"]
    if window.padding_taps:
        parts.append(f"{window.padding_taps} of padding")
    if window.outside_taps:
        parts.append(f"{window.outside_taps} past it")
    return ", ".join(parts)


def _values(count: int, first: int, last: int) -> str:
    return f"value {first}" if count == 1 else f"{count} values, {first} to {last}"
