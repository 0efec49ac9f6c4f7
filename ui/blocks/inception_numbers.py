"""The numbers of the block "Inception": headlines, the formula with the numbers put in, the table by branch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.inception_arithmetic import ChainedModule, InceptionBranch, InceptionCost
from charts.format import exact, ratio_text, short
from ui.headlines import Headline

FORMULA = (
    r"\begin{aligned}"
    r"\text{reduced} &= C n_1 + (C r_3 + 9\,r_3 n_3)\\ &+ (C r_5 + 25\,r_5 n_5) + C p\\"
    r"\text{naive} &= C n_1 + 9\,C n_3 + 25\,C n_5"
    r"\end{aligned}"
)


def headlines(cost: InceptionCost, given: int, chain: Sequence[ChainedModule]) -> tuple[Headline, ...]:
    """MACs, parameters and channels of the module on ``given`` channels, and the work of the chain."""
    reduced, naive = sum(link.macs for link in chain), sum(link.naive_macs for link in chain)
    return (
        Headline("MACs", short(cost.macs), f"{short(cost.naive_macs)} without the reductions"),
        Headline(
            "Parameters",
            exact(cost.params),
            f"{exact(cost.naive_params)} without: {ratio_text(cost.naive_params / cost.params)}",
            "Weights of the convolutions; biases are not counted.",
        ),
        Headline(
            "Channels out", exact(cost.channels), f"{exact(cost.naive_channels)} without, of {given} in"
        ),
        Headline(
            "A naive chain costs",
            ratio_text(naive / reduced),
            f"{short(naive)} instead of {short(reduced)} MACs in {len(chain)} modules",
        ),
    )


def formula_with_numbers(cost: InceptionCost, given: int, widths: Mapping[str, int]) -> str:
    """The formula of both modules in LaTeX with the numbers put in, and its results."""
    n1, r3, n3, r5, n5, p = (
        widths[name] for name in ("ones", "reduce_threes", "threes", "reduce_fives", "fives", "projected")
    )
    return (
        r"\begin{aligned}"
        rf"&{given} \cdot {n1} + ({given} \cdot {r3} + 9 \cdot {r3} \cdot {n3})\\"
        rf"&\quad + ({given} \cdot {r5} + 25 \cdot {r5} \cdot {n5}) + {given} \cdot {p}\\"
        rf"&\quad = {_latex(cost.params)}\\"
        rf"&{given} \cdot {n1} + 9 \cdot {given} \cdot {n3} + 25 \cdot {given} \cdot {n5}\\"
        rf"&\quad = {_latex(cost.naive_params)}"
        r"\end{aligned}"
    )


def branch_table(cost: InceptionCost) -> pd.DataFrame:
    """One line for each branch and one for all of them."""
    parts: tuple[tuple[str, InceptionBranch | InceptionCost], ...] = (
        *((branch.name, branch) for branch in cost.branches),
        ("together", cost),
    )
    lines = [
        (
            name,
            part.channels,
            part.params,
            part.macs,
            part.naive_channels,
            part.naive_params,
            part.naive_macs,
        )
        for name, part in parts
    ]
    names = ("Channels", "Parameters", "MACs")
    return pd.DataFrame(lines, columns=["Branch", *names, *(f"{name}, naive" for name in names)])


def _latex(value: int) -> str:
    return f"{value:,}".replace(",", "{,}")
