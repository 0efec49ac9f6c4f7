"""Translation equivariance on a picture: does a layer give the same when the picture is moved first?

A layer f follows a shift when f(shift(x)) = shift(f(x)). A convolution does, since it does the same at
each position. One with stride S does so for shifts by multiples of S: then its output moves by the
shift divided by S; in between it has no value for where it would have to be. A locally connected
layer, which has weights of its own at each position, follows none.

A picture is a matrix of brightness. What a shift leaves empty is NaN, and so is every output whose
window touches that: only values that both ways know are compared. Pictures and filters consist of
whole numbers, so that a convolution is exact and its difference is 0, not nearly 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, floor

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image

from analysis.records import Pair
from analysis.window_arithmetic import output_size

Values = NDArray[np.float64]
Weights = Sequence[Sequence[int]]
Layer = Callable[[Values], Values]

# Sobel's two gradients, the Laplacian with diagonals, and the binomial blur.
FILTERS: dict[str, Weights] = {
    "vertical": ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    "horizontal": ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    "outline": ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
    "blur": ((1, 2, 1), (2, 4, 2), (1, 2, 1)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """Both orders of shifting and filtering, as matrices (h, w) of the layer's output.

    ``difference`` is ``filter_of_shifted`` - ``shifted_filter``, NaN where one of them is.
    ``largest_difference`` is its largest absolute value. ``relative_difference`` divides its root mean
    square by that of both responses: 0 for equal ones, about 1.41 (the root of 2) for unrelated ones.
    ``exact_output_shift`` is the shift (down, right) divided by the stride, ``output_shift`` the whole
    numbers next to it with which the responses agree best. ``compared`` counts the values compared.
    """

    shifted: Values
    filter_of_shifted: Values
    shifted_filter: Values
    difference: Values
    largest_difference: float
    relative_difference: float
    exact_output_shift: tuple[Fraction, Fraction]
    output_shift: Pair
    compared: int


def brightness(pixels: NDArray[np.uint8], longest_side: int = 96) -> Values:
    """An RGB picture (h, w, 3) as a matrix of whole numbers from 0 to 255, at most ``longest_side`` long.

    Brightness is 0.299 R + 0.587 G + 0.114 B (Rec. 601), averaged over the pixels of each cell and
    rounded: a 256 x 256 picture gives 96 x 96 values.
    """
    grey = Image.fromarray(pixels).convert("L")
    scale = min(1.0, longest_side / max(grey.size))
    width, height = (max(1, round(side * scale)) for side in grey.size)
    return np.asarray(grey.resize((width, height), Image.Resampling.BOX), dtype=np.float64)


def convolution(weights: Weights, stride: int = 1) -> Layer:
    """A layer that does the same at each position: one filter, no padding, no bias."""
    kernel = np.array(weights, dtype=np.float64)

    def layer(picture: Values) -> Values:
        result: Values = np.einsum("hwij,ij->hw", _windows(picture, len(kernel), stride), kernel)
        return result

    return layer


def locally_connected(own: NDArray[np.float64], stride: int = 1) -> Layer:
    """A layer with weights of its own at each position, ``own`` (h, w, kernel, kernel); no padding, no bias."""

    def layer(picture: Values) -> Values:
        result: Values = np.einsum("hwij,hwij->hw", _windows(picture, own.shape[-1], stride), own)
        return result

    return layer


def own_weights(weights: Weights, size: Pair, stride: int = 1, *, seed: int = 0) -> NDArray[np.float64]:
    """Weights (h, w, kernel, kernel) for each position on a picture of ``size``, drawn by ``seed``.

    They follow a normal distribution with the root mean square of the filter ``weights``. Raises
    ValueError where the picture is smaller than the filter.
    """
    kernel = np.array(weights, dtype=np.float64)
    positions = [output_size(side, len(kernel), stride) for side in size]
    drawn = np.random.default_rng(seed).standard_normal((*positions, *kernel.shape))
    return drawn * np.sqrt(np.mean(kernel**2))


def both_orders(layer: Layer, picture: Values, shift: Pair, stride: int = 1) -> Orders:
    """Apply ``layer`` to the picture moved by ``shift`` (down, right), and move what it makes of the picture.

    The output is moved by the shift divided by ``stride``, which should be the layer's; where that is no
    whole number, by the neighbour that agrees best. Raises ValueError when the shift leaves nothing to
    compare.

    >>> edges = convolution(FILTERS["vertical"])
    >>> both_orders(edges, brightness(photograph), (4, 8)).largest_difference
    0.0
    """
    shifted = moved(picture, shift)
    after, response = layer(shifted), layer(picture)
    down, right = (Fraction(step, stride) for step in shift)
    ways = product(sorted({floor(down), ceil(down)}), sorted({floor(right), ceil(right)}))
    relative, way = min((_relative(after, moved(response, way)), way) for way in ways)
    if relative == np.inf:
        raise ValueError(
            f"A shift by {shift[1]} to the right and {shift[0]} down leaves nothing to compare of a picture of "
            f"{picture.shape[0]} x {picture.shape[1]}: choose a smaller one."
        )
    before = moved(response, way)
    difference = after - before
    return Orders(
        shifted=shifted,
        filter_of_shifted=after,
        shifted_filter=before,
        difference=difference,
        largest_difference=float(np.nanmax(np.abs(difference))),
        relative_difference=relative,
        exact_output_shift=(down, right),
        output_shift=way,
        compared=int(np.count_nonzero(~np.isnan(difference))),
    )


def over_shifts(layer: Layer, picture: Values, furthest: int, stride: int = 1) -> tuple[float, ...]:
    """The relative difference for shifts to the right by 0, 1, ... ``furthest`` pixels.

    For a convolution with stride 2 it is 0 at every second shift. The curve ends earlier where a
    small picture has nothing left to compare.
    """
    differences = []
    for shift in range(furthest + 1):
        try:
            differences.append(both_orders(layer, picture, (0, shift), stride).relative_difference)
        except ValueError:
            break
    return tuple(differences)


def moved(values: Values, shift: Pair) -> Values:
    """The matrix moved down and right (or up and left, where negative); NaN where nothing has come."""
    result = np.full_like(values, np.nan)
    target, source = (
        tuple(
            slice(max(0, sign * step), max(0, length + min(0, sign * step)))
            for step, length in zip(shift, values.shape, strict=True)
        )
        for sign in (1, -1)
    )
    result[target] = values[source]
    return result


def _windows(picture: Values, kernel: int, stride: int) -> Values:
    return sliding_window_view(picture, (kernel, kernel))[::stride, ::stride]


def _relative(after: Values, before: Values) -> float:
    """Root mean square of the difference by that of both; infinite where nothing can be compared."""
    known = ~(np.isnan(after) | np.isnan(before))
    if not known.any():
        return float("inf")
    after, before = after[known], before[known]
    size = np.sqrt((np.mean(after**2) + np.mean(before**2)) / 2)
    return float(np.sqrt(np.mean((after - before) ** 2)) / size) if size else 0.0
