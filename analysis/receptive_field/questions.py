"""The reverse questions: which units of a row look into a part of the image, which see it, which see nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.receptive_field.field import AxisField, ReceptiveField
from analysis.receptive_field.units import Box, UnitGrid, centres
from analysis.records import Pair

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """For each unit, rows x columns of its grid, whether it sees

    ``some``: any pixel of the box, ``every``: all of its pixels, ``only``: pixels of the box and no others.
    """

    some: Mask
    every: Mask
    only: Mask


def units_that_see(field: ReceptiveField, grid: UnitGrid, box: Box) -> Answer:
    """Which units see the pixels (top, left, bottom, right), first and last included.

    A unit that sees nothing but padding sees neither some of a box nor only it. Of AlexNet's 55 x 55 first
    units 9 see pixel (112, 112): three rows and three columns of fields, 11 pixels wide and 4 apart. Raises
    ValueError for a box that ends before it begins.
    """
    top, left, bottom, right = box
    if top > bottom or left > right:
        raise ValueError(f"The box ends before it begins: {box}. Choose its first pixels before its last.")
    rows, columns = _axis(field.h, top, bottom), _axis(field.w, left, right)
    some, every, only = (
        _of_units(grid, one) & _of_units(grid, other) for one, other in zip(rows, columns, strict=True)
    )
    return Answer(some, every, only)


def units_within(
    field: ReceptiveField, grid: UnitGrid, area: tuple[float, float, float, float]
) -> tuple[Pair, Pair]:
    """The first and the last unit of a map whose centres lie in an area (top, left, bottom, right), in pixels.

    Where there is none along an axis it is the nearest. Raises ValueError for units without a grid.
    """
    if grid.dims is None:
        raise ValueError("These units have no rows and columns: choose one of them.")
    ends = [_within(line, area[number], area[number + 2]) for number, line in enumerate(centres(field, grid))]
    return (ends[0][0], ends[1][0]), (ends[0][1], ends[1][1])


def _within(line: NDArray[np.float64], low: float, high: float) -> Pair:
    """The first and the last of some centres, NaN for none, that lie between two places."""
    found = np.flatnonzero((line >= low) & (line <= high))
    if found.size:
        return int(found[0]), int(found[-1])
    nearest = int(np.argmin(np.nan_to_num(np.abs(line - (low + high) / 2), nan=np.inf)))
    return nearest, nearest


def _axis(axis: AxisField, first: int, last: int) -> tuple[Mask, Mask, Mask]:
    """The three answers along one axis: an interval meets, holds, or lies within first to last."""
    sees = axis.lo <= axis.hi
    return (
        sees & (axis.lo <= last) & (axis.hi >= first),
        sees & (axis.lo <= first) & (axis.hi >= last),
        sees & (axis.lo >= first) & (axis.hi <= last),
    )


def _of_units(grid: UnitGrid, mask: Mask) -> Mask:
    """A mask that broadcasts against the tensor as rows x columns of units."""
    if grid.dims is None:
        return np.broadcast_to(mask, grid.sizes).reshape(grid.shape)
    first = tuple(slice(None) if dim in grid.dims else slice(0, 1) for dim in range(mask.ndim))
    spread = np.broadcast_to(mask[first], grid.sizes)
    others = [dim for dim in range(mask.ndim) if dim not in grid.dims]
    return spread.transpose(*grid.dims, *others).reshape(grid.shape)
