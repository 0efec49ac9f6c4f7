"""Local response normalisation, written from its paper's formula, and batch normalisation beside it.

Krizhevsky et al. (2012), section 3.3: at each position, with a_i the activity of channel i of N,

    b_i = a_i / (k + alpha sum_{j = max(0, i - n/2)}^{min(N - 1, i + n/2)} a_j^2)^beta

n/2 is rounded down, and n is odd here: n channels with i in their middle. The paper takes k = 2, n = 5,
alpha = 10^-4, beta = 0.75. PyTorch's torch.nn.LocalResponseNorm divides alpha by n: the paper's
constants are LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0) there.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from analysis.experiments.batch_normalisation import Maps, batch_normalised
from analysis.records import Pair


@dataclass(frozen=True, slots=True)
class Constants:
    """The four constants of the formula; the paper's by default."""

    n: int = 5
    k: float = 2.0
    alpha: float = 1e-4
    beta: float = 0.75

    @property
    def pytorch_alpha(self) -> float:
        """What torch.nn.LocalResponseNorm has to be given as alpha: n times the paper's."""
        return self.n * self.alpha


@dataclass(frozen=True, slots=True)
class Normalised:
    """One value of the formula: ``result`` = ``activity`` / ``base`` ^ beta, base = k + alpha ``sum_of_squares``.

    ``first`` and ``last`` are the channels of the sum, both ends included.
    """

    activity: float
    first: int
    last: int
    sum_of_squares: float
    base: float
    result: float


@dataclass(frozen=True, slots=True, eq=False)
class Competition:
    """All channels at one position, (C,) each, once as they are and once with one channel made stronger.

    ``normalised*`` are after local response normalisation, ``batch*`` after batch normalisation.
    """

    responses: Maps
    strong_responses: Maps
    normalised: Maps
    strong_normalised: Maps
    batch: Maps
    strong_batch: Maps

    @property
    def kept(self) -> Maps:
        """The part that the stronger channel leaves of each one's normalised response; NaN for a silent one."""
        nothing = np.full_like(self.normalised, np.nan)
        return np.divide(self.strong_normalised, self.normalised, out=nothing, where=self.normalised > 0)

    def batch_change(self, channel: int) -> float:
        """The largest change of another channel than ``channel`` after batch normalisation: 0."""
        return float(np.delete(np.abs(self.strong_batch - self.batch), channel).max())


def window(channel: int, channels: int, n: int) -> tuple[int, int]:
    """The first and the last channel of the sum for ``channel``: window(0, 16, 5) == (0, 2)."""
    return max(0, channel - n // 2), min(channels - 1, channel + n // 2)


def outside_window(channel: int, channels: int, n: int) -> int | None:
    """The next channel that ``channel`` does not compete with, above it where there is one; None where n takes in all.

    outside_window(3, 16, 5) == 6; outside_window(15, 16, 5) == 12.
    """
    first, last = window(channel, channels, n)
    if last + 1 < channels:
        return last + 1
    return first - 1 if first > 0 else None


def normalised(maps: Maps, constants: Constants) -> Maps:
    """Maps (C, ...) after local response normalisation over the first axis. Raises ValueError for impossible constants.

    A channel of 100 between silent ones becomes 100 / (2 + 10^-4 * 100^2)^0.75 = 43.87.
    """
    _check(constants)
    squares = maps**2
    sums = np.empty_like(squares)
    for channel in range(len(maps)):
        first, last = window(channel, len(maps), constants.n)
        sums[channel] = squares[first : last + 1].sum(axis=0)
    return maps / (constants.k + constants.alpha * sums) ** constants.beta


def in_full(activities: Maps, channel: int, constants: Constants) -> Normalised:
    """The formula for one channel of the activities (C,) of a position, with what enters it."""
    _check(constants)
    first, last = window(channel, len(activities), constants.n)
    sum_of_squares = float((activities[first : last + 1] ** 2).sum())
    base = constants.k + constants.alpha * sum_of_squares
    activity = float(activities[channel])
    return Normalised(activity, first, last, sum_of_squares, base, activity / base**constants.beta)


def loudest_activity(constants: Constants) -> float | None:
    """The activity at which a channel among silent ones has its largest result: sqrt(k / (alpha (2 beta - 1))).

    With the paper's constants 200: beyond, more activity means less result. None where the result only grows, for
    beta of 1/2 or less, or alpha of 0.
    """
    growth = constants.alpha * (2 * constants.beta - 1)
    return sqrt(constants.k / growth) if growth > 0 else None


def loudest_neighbour(responses: Maps, channel: int, n: int) -> int | None:
    """The channel of responses (C,) that answers most of those whose sum ``channel`` enters; None with n = 1."""
    first, last = window(channel, len(responses), n)
    others = [other for other in range(first, last + 1) if other != channel]
    return max(others, key=lambda other: float(responses[other])) if others else None


def strengthened(maps: Maps, channel: int, factor: float) -> Maps:
    """The maps with one channel multiplied by ``factor``."""
    scale = np.ones((len(maps), *[1] * (maps.ndim - 1)))
    scale[channel] = factor
    return maps * scale


def strongest_position(maps: Maps, channel: int) -> Pair:
    """(row, column) of a channel's largest value, the first of several."""
    row, column = np.unravel_index(maps[channel].argmax(), maps[channel].shape)
    return int(row), int(column)


def position_at(maps: Maps, down: float, across: float) -> Pair:
    """(row, column) at parts 0 to 1 of the height and the width of maps (C, h, w): the middle at 0.5 and 0.5."""
    height, width = maps.shape[1:]
    return round(down * (height - 1)), round(across * (width - 1))


def competition(maps: Maps, channel: int, factor: float, position: Pair, constants: Constants) -> Competition:
    """What one channel's strength does to all channels at ``position`` (row, column) of maps (C, h, w)."""
    row, column = position
    strong = strengthened(maps, channel, factor)
    here, strong_here = maps[:, row, column], strong[:, row, column]
    return Competition(
        responses=here,
        strong_responses=strong_here,
        normalised=normalised(here, constants),
        strong_normalised=normalised(strong_here, constants),
        batch=batch_normalised(maps)[:, row, column],
        strong_batch=batch_normalised(strong)[:, row, column],
    )


def _check(constants: Constants) -> None:
    if constants.n < 1 or constants.n % 2 == 0:
        raise ValueError(
            f"A window of n = {constants.n} channels has no channel in its middle: choose an odd number."
        )
    if constants.k <= 0 or constants.alpha < 0:
        raise ValueError(
            f"With k = {constants.k:g} and alpha = {constants.alpha:g} the formula may divide by 0: "
            "choose k above 0 and alpha of 0 or more."
        )
