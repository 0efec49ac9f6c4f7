"""The numbers of the block "Local response normalisation": headlines, formulas with numbers, table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.experiments.batch_normalisation import BatchNormalised
from analysis.experiments.filter_bank import CHANNELS
from analysis.experiments.response_normalisation import (
    Competition,
    Constants,
    Normalised,
    loudest_activity,
    window,
)
from ui.blocks.formulas import three_lines
from ui.headlines import Headline

LABELS = tuple(CHANNELS.values())
KEPT = "LRN keeps"


def headlines(
    found: Competition, channel: int, neighbour: int | None, factor: int, constants: Constants
) -> tuple[Headline, ...]:
    """The strong channel, what it leaves of a neighbour, what batch normalisation changes, the turning point."""
    label = LABELS[channel]
    loudest = loudest_activity(constants)
    return (
        Headline(
            f"Channel {label} answers",
            f"{found.strong_responses[channel]:,.1f}",
            f"{found.responses[channel]:,.1f} from the picture, times {factor}",
        ),
        _neighbour(found, neighbour),
        Headline(
            "Batch normalisation",
            "100 %",
            "of every other channel stays",
        )
        if found.batch_change(channel) == 0
        else Headline("Batch normalisation", f"{found.batch_change(channel):.3g}", "is the largest change"),
        Headline(
            "Alone, loudest at",
            "no end" if loudest is None else f"{loudest:,.1f}",
            "its result grows with its response" if loudest is None else "a stronger channel quiets itself",
            "Among silent channels: a / (k + alpha a^2)^beta is largest at a = sqrt(k / (alpha (2 beta - 1))).",
        ),
    )


def title(found: Competition, channel: int, neighbour: int | None, factor: int) -> str:
    """What the bars show, in a sentence."""
    strong = f"Channel {LABELS[channel]} made {factor} times as strong"
    if neighbour is None:
        return f"{strong}: with n = 1 no other channel changes"
    left = f"{strong} leaves {_part(found.kept[neighbour])} of {LABELS[neighbour]} after LRN"
    return f"{left}, and all of it after batch normalisation"


def formulas(
    value: Normalised, batch: BatchNormalised, channel: int, constants: Constants
) -> tuple[str, str]:
    """Both normalisations of one channel in LaTeX, the numbers put in."""
    subscript = rf"\text{{{LABELS[channel]}}}"
    lrn = three_lines(
        r"b_i = \frac{a_i}{\left(k + \alpha \sum_{j = \max(0, i - n/2)}^{\min(N - 1, i + n/2)} a_j^2\right)^{\beta}}",
        rf"\frac{{{_digits(value.activity)}}}{{({constants.k:g} + {constants.alpha:g} \cdot "
        rf"{_digits(value.sum_of_squares, 1)})^{{{constants.beta:g}}}}}",
        rf"{_digits(value.result, 4)} \qquad (i = {subscript})",
        gap="6pt",
    )
    batch_norm = three_lines(
        r"y_i = \frac{a_i - \mathrm{E}[a_i]}{\sqrt{\mathrm{Var}[a_i] + \epsilon}}",
        rf"\frac{{{_digits(batch.activity)} - {_digits(batch.mean)}}}"
        rf"{{\sqrt{{{_digits(batch.variance)} + 10^{{-5}}}}}}",
        rf"{_digits(batch.result, 4)} \qquad (i = {subscript})",
        gap="6pt",
    )
    return lrn, batch_norm


def pytorch_line(constants: Constants) -> str:
    """The layer of PyTorch that computes the same."""
    return (
        f"torch.nn.LocalResponseNorm({constants.n}, alpha={constants.pytorch_alpha:g}, "
        f"beta={constants.beta:g}, k={constants.k:g})"
    )


def table(found: Competition, channel: int, n: int) -> pd.DataFrame:
    """A line for each channel at the position: before, after both normalisations, without and with the strong one."""
    first, last = window(channel, len(LABELS), n)
    return pd.DataFrame(
        {
            "Channel": LABELS,
            "In the window": ["yes" if first <= other <= last else "no" for other in range(len(LABELS))],
            "Before": found.responses,
            "Before, stronger": found.strong_responses,
            "LRN": found.normalised,
            "LRN, stronger": found.strong_normalised,
            KEPT: found.kept,
            "Batch norm.": found.batch,
            "Batch norm., stronger": found.strong_batch,
        }
    )


def _neighbour(found: Competition, neighbour: int | None) -> Headline:
    if neighbour is None:
        return Headline("LRN leaves", "all", "with n = 1 there are no neighbours")
    before, after = found.normalised[neighbour], found.strong_normalised[neighbour]
    return Headline(
        f"LRN leaves of {LABELS[neighbour]}",
        _part(found.kept[neighbour]),
        f"{after:,.2f} instead of {before:,.2f}",
        "The channel in the window that answers most at this position.",
    )


def _digits(value: float, decimals: int = 2) -> str:
    """A number in groups of three, as LaTeX sets them."""
    return f"{value:,.{decimals}f}".replace(",", "{,}")


def _part(kept: float) -> str:
    return "nothing to quiet" if np.isnan(kept) else f"{100 * kept:.1f} %"
