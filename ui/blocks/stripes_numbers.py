"""The numbers of the block "Stripes task": headlines, the four pictures of the argument, tables."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from analysis import analyze
from analysis.experiments.stripes import KINDS, Training, build_network
from analysis.experiments.stripes_task import ADDITIVE_BOUND, Task, four_scores, stripes_task
from analysis.reachability import channel_reachability
from ui.headlines import Headline

NAMES = tuple(kind.name for kind in KINDS)
TWO_TOWERS = 1
ACCURACY = "Balanced accuracy"
_SAYS = {True: "cross", False: "apart"}
_MARKS = {True: "✓", False: "✗"}
_FOUR = ("(p, p)", "(q, q)", "(p, q)", "(q, p)")


@dataclass(frozen=True, slots=True)
class Built:
    """What the core says of one of the networks; ``mixed`` of its channels see both colours."""

    params: int
    macs: int
    mixed: int


@st.cache_resource(max_entries=4, show_spinner=False)
def task(grid: int) -> Task:
    """All pictures over a grid of places."""
    return stripes_task(grid)


@st.cache_resource(max_entries=16, show_spinner=False)
def built(grid: int, channels: int) -> tuple[Built, ...]:
    """The three networks, traced on a picture of this grid."""
    side = task(grid).pictures.shape[-1]
    found = []
    for kind in KINDS:
        report = analyze(build_network(kind, channels), (2, side, side), name=kind.name)
        reach = channel_reachability(report, "first", "second")
        found.append(Built(report.totals.params, report.totals.macs or 0, int(reach.all(axis=1).sum())))
    return tuple(found)


def headlines(training: Training | None, networks: tuple[Built, ...]) -> tuple[Headline, ...]:
    """The accuracy of each network, as far as it was trained, and the bound on two towers."""
    lines = []
    for index, (name, network) in enumerate(zip(NAMES, networks, strict=True)):
        value = "untrained" if training is None else _percent(training.accuracies[index][-1])
        lines.append(Headline(name.capitalize(), value, f"{network.params:,} parameters"))
    bound = Headline(
        "Two towers reach at most",
        _percent(ADDITIVE_BOUND),
        "3 of 4, whatever their weights",
        "Balanced accuracy: the mean of the share of crossings and of the share of other pictures answered "
        "rightly. Always the same answer gives 50 %.",
    )
    return (*lines, bound)


def network_table(training: Training | None, networks: tuple[Built, ...], channels: int) -> pd.DataFrame:
    """A line for each network: cost, how many channels of the second convolution see both colours, result."""
    table = pd.DataFrame(
        {
            "Network": NAMES,
            "Parameters": [network.params for network in networks],
            "MACs": [network.macs for network in networks],
            "Channels that see both": [f"{network.mixed} of {channels}" for network in networks],
        }
    )
    if training is not None:
        table[ACCURACY] = [course[-1] for course in training.accuracies]
        table["All right from step"] = pd.array(
            [training.right_from(index) for index in range(len(KINDS))], dtype="Int64"
        )
    return table


def four_tables(training: Training, shown: Task) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The answers to the four pictures of the first and the last place: the scores, and as text."""
    fours = [four_scores(scores, shown, 0, shown.places - 1) for scores in training.scores]
    numbers = pd.DataFrame(
        [
            {
                "Network": name,
                **dict(zip(_FOUR, (four.pp, four.qq, four.pq, four.qp), strict=True)),
                "(p, p) + (q, q)": four.crossing_sum,
                "(p, q) + (q, p)": four.apart_sum,
                "Right": four.right,
            }
            for name, four in zip(NAMES, fours, strict=True)
        ]
    )
    text = numbers.copy()
    for name in numbers.columns[1:-1]:
        text[name] = [_signed(value) for value in numbers[name]]
    for name, crossing in zip(_FOUR, (True, True, False, False), strict=True):
        answers = [value > 0 for value in numbers[name]]
        text[name] = [
            f"{score} {_SAYS[answer]} {_MARKS[answer == crossing]}"
            for score, answer in zip(text[name], answers, strict=True)
        ]
    text["Right"] = [f"{four.right} of 4" for four in fours]
    return numbers, text


def equation(training: Training, shown: Task) -> str:
    """The two sums of the two towers in LaTeX, with the numbers put in: they are equal."""
    four = four_scores(training.scores[TWO_TOWERS], shown, 0, shown.places - 1)
    return (
        r"\begin{aligned}"
        rf"s(p, p) + s(q, q) &\approx {_signed(four.pp)} {_signed(four.qq)} \\"
        rf"&\approx {_signed(four.crossing_sum)} \\"
        rf"s(p, q) + s(q, p) &\approx {_signed(four.pq)} {_signed(four.qp)} \\"
        rf"&\approx {_signed(four.apart_sum)}"
        r"\end{aligned}"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _signed(value: float) -> str:
    return f"{value:+.6f}"
