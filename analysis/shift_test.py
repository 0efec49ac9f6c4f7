"""The shift test: a window moves over a picture pixel by pixel, and what a network says of it changes or does not.

Zhang (ICML 2019, arXiv 1904.11486) measures on two random crops of a picture whether the class stays (consistency)
and how far features are from moving along (internal equivariance). Here a window moves by every shift of
a list. A network whose strides lost nothing would move its maps along by d / J; one that aliases changes
them with a period of J pixels, its effective stride, at whose multiples they agree again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import product

import torch
from torch import Tensor, nn

from analysis.clean_units import Units
from analysis.feature_maps import feature_maps
from analysis.records import Pair, Stride
from analysis.shifted_maps import Distance, shifted_distance, vector_distance

FURTHEST = 32
GRID_STEP = 4
PATHS: dict[str, Pair] = {"diagonal": (1, 1), "right": (0, 1), "down": (1, 0)}


@dataclass(frozen=True, slots=True)
class Output:
    """What of a network is compared: a row of its report, by its index, and the row of its scores.

    ``map_size`` and ``stride`` are those of the row's map, both None for a row without positions. A network
    that was changed (blurs, wrapped borders) has the stride of the original. ``units`` are those that are
    compared where the window is cut out of a picture, such as :func:`analysis.clean_units.clean_units`; None for all.
    """

    row: int
    scores_row: int
    map_size: Pair | None
    stride: Stride | None
    units: Units | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the shifts are done."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ShiftTest:
    """What became of one network's output under each of several shifts (down, right) of the window, in pixels.

    ``distances`` compare with the output of the first shift, None where the two have nothing in common.
    ``first_places`` are the indices of the highest scores. ``stride`` is that of the output's map, None for
    scores. ``consistency`` is the share of pairs of different shifts whose first places agree.
    """

    shifts: tuple[Pair, ...]
    distances: tuple[Distance | None, ...]
    first_places: tuple[int, ...]
    stride: Stride | None
    consistency: float


def along(path: str, furthest: int = FURTHEST) -> tuple[Pair, ...]:
    """The shifts by 0, 1, ... ``furthest`` pixels on a path of :data:`PATHS`: along("right")[3] == (0, 3)."""
    down, right = PATHS[path]
    return tuple((down * step, right * step) for step in range(furthest + 1))


def over_grid(furthest: int = FURTHEST, step: int = GRID_STEP) -> tuple[Pair, ...]:
    """The shifts by multiples of ``step`` in both directions, row by row; 81 of them by default."""
    steps = range(0, furthest + 1, step)
    return tuple(product(steps, steps))


def shift_test(
    model: nn.Module,
    picture: Tensor,
    shifts: Sequence[Pair],
    output: Output,
    *,
    size: Pair,
    wraps: bool = False,
    batch: int = 8,
) -> Generator[Progress | ShiftTest, None, None]:
    """Send a window of ``size`` (h, w) through the network at each shift; compare its ``output``.

    ``picture`` is (1, channels, h, w), normalised. With ``wraps`` it is of that size and rolled, and the network
    should wrap around too; otherwise the window is cut out of it, and it must be larger by the furthest
    shift. ``batch`` windows run at a time. Yields the progress, and the result last; a caller that stops
    asking ends it. Raises ValueError for a picture that is too small.

    >>> *_, test = shift_test(resnet18, picture, along("diagonal"), Output(66, 69, (7, 7), (32, 32)), size=(224, 224))
    >>> test.distances[0]
    Distance(cosine=0.0, relative=0.0)
    """
    _check(picture, shifts, size, wraps=wraps)
    reference: Tensor | None = None
    distances: list[Distance | None] = []
    first_places: list[int] = []
    yield Progress(0, len(shifts))
    for start in range(0, len(shifts), batch):
        some = shifts[start : start + batch]
        windows = torch.cat([_window(picture, shift, size, wraps=wraps) for shift in some])
        found = feature_maps(model, windows, {output.row, output.scores_row})
        first_places += found[output.scores_row].flatten(1).argmax(dim=1).tolist()
        for shift, values in zip(some, found[output.row], strict=True):
            reference = values if reference is None else reference
            moved = (shift[0] - shifts[0][0], shift[1] - shifts[0][1])
            distances.append(_distance(reference, values, moved, output, wraps=wraps))
        yield Progress(len(distances), len(shifts))
    yield ShiftTest(
        shifts=tuple(shifts),
        distances=tuple(distances),
        first_places=tuple(first_places),
        stride=output.stride,
        consistency=consistency(first_places),
    )


def consistency(first_places: Sequence[int]) -> float:
    """The share of pairs of different entries that agree: consistency([5, 5, 5, 7]) == 0.5, 3 of 6 pairs."""
    pairs = len(first_places) * (len(first_places) - 1)
    same = sum(count * (count - 1) for count in Counter(first_places).values())
    return same / pairs if pairs else 1.0


def _check(picture: Tensor, shifts: Sequence[Pair], size: Pair, *, wraps: bool) -> None:
    room = (0, 0) if wraps else tuple(max(shift[axis] for shift in shifts) for axis in (0, 1))
    needed = tuple(side + more for side, more in zip(size, room, strict=True))
    height, width = picture.shape[2:]
    if height < needed[0] or width < needed[1]:
        raise ValueError(
            f"The picture has {height} x {width} pixels and needs {needed[0]} x {needed[1]} for these shifts."
        )


def _window(picture: Tensor, shift: Pair, size: Pair, *, wraps: bool) -> Tensor:
    """What the window shows after it has moved down and to the right; with ``wraps`` the picture has no end."""
    (down, right), (height, width) = shift, size
    if wraps:
        return torch.roll(picture, (-down, -right), (2, 3))
    return picture[:, :, down : down + height, right : right + width]


def _distance(
    reference: Tensor, values: Tensor, shift: Pair, output: Output, *, wraps: bool
) -> Distance | None:
    if output.map_size is None or output.stride is None:
        return vector_distance(reference.flatten(), values.flatten())
    if values.shape[1:] != output.map_size:  # channels last
        reference, values = reference.permute(2, 0, 1), values.permute(2, 0, 1)
    if output.units is not None and not wraps:
        rows, columns = (slice(*units) for units in output.units)
        reference, values = reference[:, rows, columns], values[:, rows, columns]
    return shifted_distance(reference, values, shift, output.stride, wraps=wraps)
