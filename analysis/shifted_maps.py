"""How far a map of a shifted picture is from the shifted map of the picture: alignment on the map's own grid.

A map with effective stride J has one value for J pixels. If the window over a picture moves by d pixels, what
unit i saw is now seen by unit i - d / J. Where d / J is no whole number, the map that is compared with is drawn J
pixels wide for each value and moved by d: each unit then meets two neighbours in each direction, in
shares of the fraction and of what is left to 1. So a change between multiples of J is one that the network's
output makes, and no layer after it could tell a shifted picture from another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import floor, sqrt

import torch
from torch import Tensor

from analysis.records import Pair, Stride


@dataclass(frozen=True, slots=True)
class Distance:
    """How far two maps are apart: 0 is equal.

    ``cosine`` is 1 - cosine of the angle between them, the mean of each channel of the unshifted map taken
    away from both: 1 for unrelated maps. ``relative`` is the root mean square of their difference by that of
    both: 1.41 (the root of 2) for unrelated ones.
    """

    cosine: float
    relative: float


def shifted_distance(
    reference: Tensor, after: Tensor, shift: Pair, stride: Stride, *, wraps: bool
) -> Distance | None:
    """Compare the map ``after`` a shift of the window by (down, right) pixels with the ``reference`` before it.

    Both are (channels, h, w); ``stride`` is their effective stride. ``wraps`` says that maps have no border:
    what leaves on one side comes in on the other. Otherwise only what both maps show is compared: None where
    that is nothing.
    """
    mean = reference.mean(dim=(1, 2), keepdim=True)
    reference, after = (reference - mean).double(), (after - mean).double()
    neighbours = list(_neighbours(shift, stride))
    if wraps:
        pairs = [
            (share, torch.roll(reference, (-down, -right), (1, 2)), after)
            for share, down, right in neighbours
        ]
    else:
        height, width = reference.shape[1:]
        rows, columns = (
            length - max(step) for length, step in zip((height, width), _steps(neighbours), strict=True)
        )
        if rows <= 0 or columns <= 0:
            return None
        seen = after[:, :rows, :columns]
        pairs = [
            (share, reference[:, down : down + rows, right : right + columns], seen)
            for share, down, right in neighbours
        ]
    return _distance(pairs)


def vector_distance(reference: Tensor, after: Tensor) -> Distance:
    """Compare two vectors without positions, such as scores, as they are; their means are taken away."""
    first, second = (vector.double() - vector.double().mean() for vector in (reference, after))
    return _distance([(1.0, first, second)])


def _neighbours(shift: Pair, stride: Stride) -> Iterator[tuple[float, int, int]]:
    """The shares and the whole steps (down, right) of the units that one unit meets after a shift."""
    axes = []
    for pixels, step in zip(shift, stride, strict=True):
        exact = Fraction(pixels) / step
        whole, part = floor(exact), exact - floor(exact)
        axes.append([(1 - part, whole), (part, whole + 1)] if part else [(Fraction(1), whole)])
    for (share_down, down), (share_right, right) in product(*axes):
        yield float(share_down * share_right), down, right


def _steps(neighbours: list[tuple[float, int, int]]) -> tuple[list[int], list[int]]:
    return [down for _, down, _ in neighbours], [right for _, _, right in neighbours]


def _distance(pairs: list[tuple[float, Tensor, Tensor]]) -> Distance:
    """From the products of shares of the reference with what it is compared with."""
    before = sum(share * float((first * first).sum()) for share, first, _ in pairs)
    after = float((pairs[0][2] * pairs[0][2]).sum())
    common = sum(share * float((first * second).sum()) for share, first, second in pairs)
    if not before or not after:
        alike = before == after
        return Distance(0.0 if alike else 1.0, 0.0 if alike else sqrt(2))
    squared = max(0.0, before + after - 2 * common)
    return Distance(max(0.0, 1 - common / sqrt(before * after)), sqrt(2 * squared / (before + after)))
