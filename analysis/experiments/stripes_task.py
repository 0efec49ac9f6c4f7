"""The task of the red and the blue stripe: do they cross? And why two separate towers cannot tell.

A picture has a red stripe across at one of n places and a blue stripe upright at one of the same n
places; they cross where both places are the same. All n^2 pictures can be listed, so an accuracy
over them is exact. Pictures in which the stripes cross are rare, n of n^2, and count as much in all
as the others: the accuracy is *balanced*, and an answer that is always the same gets 1/2.

A network whose red and blue channels meet nowhere before the sum at its end gives picture (p, q) the
score f(p) + g(q), with whatever weights, and answers that they cross where the score is above 0. For
two places p and q

    (f(p) + g(p)) + (f(q) + g(q)) = (f(p) + g(q)) + (f(q) + g(p)).

If all four pictures were answered rightly, the left side would be above 0 and the right side not. So
of the four at least one is wrong. The balanced accuracy is the mean, over all pairs of places, of the
share of right answers among the pair's four pictures: (p, p) belongs to n - 1 of n (n - 1) / 2 pairs
and weighs 1/4 in each, together 1 / (2 n); (p, q) belongs to one and weighs 1 / (2 n (n - 1)); these
are its weights. No such network is therefore above 3/4. The scores f(p) = -p, g(q) = q + 1/2 reach
it: they answer every crossing rightly and half of the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

ADDITIVE_BOUND = 0.75
CELL = 4
STRIPE = 3
LARGEST_GRID = 4


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """All pictures of the task.

    ``pictures`` is (n^2, 2, side, side), channel 0 red and 1 blue, values 0 and 1: picture p * n + q has
    its red stripe at place p and its blue one at q, numbered row by row. ``crossing`` is (n^2,), whether
    they cross.
    """

    places: int
    pictures: Tensor
    crossing: Tensor

    def picture(self, red: int, blue: int) -> int:
        """The number of the picture with these places: with nine, picture(1, 0) == 9."""
        return red * self.places + blue


def stripes_task(grid: int) -> Task:
    """All pictures over ``grid`` x ``grid`` places, 4 pixels apart; a stripe is 3 pixels long.

    Raises ValueError for a grid of less than 2, which has no two places, or more than 4.

    >>> task = stripes_task(3)
    >>> task.pictures.shape, int(task.crossing.sum())
    (torch.Size([81, 2, 13, 13]), 9)
    """
    if not 2 <= grid <= LARGEST_GRID:
        raise ValueError(f"A grid of {grid} x {grid} places is impossible: choose 2 to {LARGEST_GRID}.")
    places, side, reach = grid * grid, CELL * grid + 1, STRIPE // 2
    red, blue = torch.zeros(2, places, side, side)
    for place in range(places):
        row, column = (CELL * index + CELL // 2 for index in divmod(place, grid))
        red[place, row, column - reach : column + reach + 1] = 1
        blue[place, row - reach : row + reach + 1, column] = 1
    at_red = torch.arange(places).repeat_interleave(places)
    at_blue = torch.arange(places).repeat(places)
    return Task(places, torch.stack((red[at_red], blue[at_blue]), dim=1), at_red == at_blue)


def balanced_accuracy(says_crossing: Tensor, task: Task) -> float:
    """The mean of two shares: of crossings answered rightly, and of the other pictures.

    ``says_crossing`` is a boolean (n^2,). One division of whole numbers, so that 1.0 is all of them and
    no rounding lifts a value over 3/4. Always the same answer: 0.5.
    """
    right = says_crossing == task.crossing
    crossings = int((right & task.crossing).sum())
    others = int((right & ~task.crossing).sum())
    return (crossings * (task.places - 1) + others) / (2 * task.places * (task.places - 1))


@dataclass(frozen=True, slots=True)
class FourScores:
    """The scores of the four pictures of two places p and q, of which two separate towers miss one at least."""

    pp: float
    qq: float
    pq: float
    qp: float

    @property
    def crossing_sum(self) -> float:
        """s(p, p) + s(q, q): above 0 where both crossings are answered rightly."""
        return self.pp + self.qq

    @property
    def apart_sum(self) -> float:
        """s(p, q) + s(q, p): not above 0 where both others are answered rightly."""
        return self.pq + self.qp

    @property
    def right(self) -> int:
        """How many of the four are answered rightly."""
        return sum((self.pp > 0, self.qq > 0, self.pq <= 0, self.qp <= 0))


def four_scores(scores: Sequence[float], task: Task, p: int, q: int) -> FourScores:
    """The scores of pictures (p, p), (q, q), (p, q) and (q, p) out of those of all pictures.

    Raises ValueError where p and q are the same place.

    >>> four_scores([4.0, -1.0, -2.0, 3.0] + 12 * [0.0], stripes_task(2), 0, 3)
    FourScores(pp=4.0, qq=0.0, pq=3.0, qp=0.0)
    """
    if p == q:
        raise ValueError(f"Place {p} is one place: choose two.")
    pairs = ((p, p), (q, q), (p, q), (q, p))
    return FourScores(*(scores[task.picture(red, blue)] for red, blue in pairs))
