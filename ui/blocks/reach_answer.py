"""What the block "Groups and reach" shows of a chain: its matrix in tiles, its summary, its rows. Cached by values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from charts.blocks.reach_tiles import Tiles, tiles
from charts.format import exact, share_text
from ui import cache
from ui.headlines import Headline

if TYPE_CHECKING:
    from analysis.reachability import Reachability
    from analysis.records import Report

SHARE = "Connected pairs"


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The reach from row ``first`` to row ``last``; the matrix itself is kept as ``tiles``.

    ``reason`` says why the answer is an upper bound, "" where it is exact. ``chain`` has a line for each
    row on the way.
    """

    first: str
    last: str
    tiles: Tiles
    share: float
    pairs: int
    fewest: int
    most: int
    reason: str
    chain: pd.DataFrame


def answer_of(report: Report, first: str, last: str) -> Answer:
    """Ask the trace; raises ValueError, with a sentence, for an impossible pair of rows."""
    from analysis.reachability import reachability_along

    lines = []
    step: Reachability | None = None
    for step in reachability_along(report, first, last):
        row = report.rows[step.to_row]
        lines.append((row.name, row.operator, step.matrix.shape[0], *step.inputs_of_an_output, step.share))
    assert step is not None
    fewest, most = step.inputs_of_an_output
    columns = ["Row", "Operator", "Channels", "Inputs seen, fewest", "Inputs seen, most", SHARE]
    return Answer(
        first=first,
        last=last,
        tiles=tiles(step.matrix),
        share=step.share,
        pairs=int(step.matrix.sum()),
        fewest=fewest,
        most=most,
        reason=step.reason,
        chain=pd.DataFrame(lines, columns=columns),
    )


@st.cache_resource(max_entries=64, show_spinner="Following the channels ...")
def zoo_answer(model: str, size: int, first: str, last: str) -> Answer:
    """:func:`answer_of` a zoo model's trace: zoo_answer("alexnet_2012", 227, "conv2", "conv2").share == 0.5."""
    return answer_of(cache.report(model, size), first, last)


def headlines(answer: Answer) -> tuple[Headline, ...]:
    """Share of pairs, inputs of an output, channels out, and how far the answer can be trusted."""
    outputs, inputs = answer.tiles.channels
    span = exact(answer.most) if answer.fewest == answer.most else f"{answer.fewest:,} to {answer.most:,}"
    return (
        Headline(
            SHARE, share_text(answer.share), f"{exact(answer.pairs)} of {exact(outputs * inputs)} pairs"
        ),
        Headline("An output channel sees", span, f"of {exact(inputs)} input channels"),
        Headline("Channels out", exact(outputs), f"of {answer.last}"),
        Headline(
            "Answer",
            "at most" if answer.reason else "exact",
            "an upper bound, see below" if answer.reason else "whatever the weights, if none is 0",
            "Read off the trace, without weights: a pair is connected where the one's values can change the other.",
        ),
    )


def title(answer: Answer) -> str:
    """The matrix's title, its finding."""
    outputs, inputs = answer.tiles.channels
    at_most = "at most " if answer.reason else ""
    if answer.share == 1:
        return f"Each of {exact(outputs)} outputs {'may see' if answer.reason else 'sees'} all {exact(inputs)} inputs"
    if answer.share == 0:
        return f"Nothing that enters {answer.first} reaches {answer.last}"
    if answer.fewest == answer.most:
        return f"Each output sees {at_most}{exact(answer.most)} of {exact(inputs)} inputs"
    return f"An output sees {at_most}{exact(answer.fewest)} to {exact(answer.most)} of {exact(inputs)} inputs"


def tiles_caption(answer: Answer) -> str:
    """What a cell of the matrix stands for."""
    down, across = answer.tiles.sides
    if (down, across) == (1, 1):
        return "Each cell is one pair of channels."
    rows, columns = answer.tiles.share.shape
    return (
        f"{' x '.join(map(exact, answer.tiles.channels))} pairs are too many for a screen: a cell is a tile of "
        f"{down} x {across} pairs, {rows} x {columns} tiles in all. The numbers above count every pair."
    )
