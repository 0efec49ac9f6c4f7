"""The units of a row as places that a person can point at, and the box of the image that they see.

A unit of a map is named by its row and column. Units that are scattered, such as tokens and windows,
stand in one line in the order of the tensor: (0, 0), (0, 1), ... What a unit sees is the union over
its channels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.receptive_field.field import NOTHING, AxisField, Coordinates, ReceptiveField, Shape
from analysis.receptive_field.lattice import Interval
from analysis.records import Pair, Row

Box = tuple[int, int, int, int]  # top, left, bottom, right: the first and the last pixel


@dataclass(frozen=True, slots=True)
class UnitGrid:
    """Rows and columns of units (``shape``), and where they lie in the tensor.

    ``dims`` are the tensor's dimensions of rows and columns, None for scattered units; ``sizes`` is the
    tensor's shape with 1 along every dimension that does not tell units apart.
    """

    shape: Pair
    dims: Pair | None
    sizes: Shape

    def index(self, unit: Pair) -> Shape:
        """A full index into the tensor, the first of the unit's channels: (0, 0, 2, 3) for unit (2, 3) of a map."""
        if self.dims is None:
            return tuple(int(at) for at in np.unravel_index(unit[1], self.sizes))
        index = [0] * len(self.sizes)
        index[self.dims[0]], index[self.dims[1]] = unit
        return tuple(index)

    def block(self, values: Coordinates, first: Pair, last: Pair) -> NDArray[np.int32]:
        """Values that broadcast against the tensor, of the units from ``first`` to ``last``, both included."""
        if self.dims is None:
            return np.broadcast_to(values, self.sizes).reshape(1, -1)[:, first[1] : last[1] + 1]
        cut = [slice(0, 1)] * values.ndim
        for dim, start, stop in zip(self.dims, first, last, strict=True):
            cut[dim] = slice(start, stop + 1) if values.shape[dim] > 1 else slice(None)
        return values[tuple(cut)]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one or several units see.

    ``box`` are pixels of the image, None where only padding is seen. ``unbounded`` is the box on an unbounded
    input, which may reach beyond the image; None for units without a grid.
    """

    box: Box | None
    unbounded: Box | None

    @property
    def centre(self) -> tuple[float, float] | None:
        """Row and column of the middle, of the unbounded box where it is known; pixel centres are whole numbers."""
        box = self.unbounded or self.box
        return None if box is None else ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)

    def beyond(self, size: Pair) -> Box:
        """By how many pixels the unbounded box reaches beyond an image (height, width) at its top, left, bottom, right.

        Unit (0, 0) of AlexNet's first convolution, 11 x 11 with padding 2: (2, 2, 0, 0).
        """
        if self.unbounded is None:
            return 0, 0, 0, 0
        top, left, bottom, right = self.unbounded
        return max(0, -top), max(0, -left), max(0, bottom - size[0] + 1), max(0, right - size[1] + 1)

    def padding_share(self, size: Pair) -> float:
        """Which part of the unbounded box lies beyond an image (height, width): 40 / 121 for that unit."""
        if self.unbounded is None:
            return 0.0
        inside = 1
        for axis, length in enumerate(size):
            low, high = max(0, self.unbounded[axis]), min(length - 1, self.unbounded[axis + 2])
            inside *= max(0, high - low + 1)
        height, width = extent(self.unbounded)
        return 1 - inside / (height * width)


def extent(box: Box) -> Pair:
    """Height and width of a box in pixels: extent((0, 0, 8, 8)) == (9, 9)."""
    return box[2] - box[0] + 1, box[3] - box[1] + 1


def unit_grid(row: Row) -> UnitGrid | None:
    """The units of a row's output, told apart along the local path; None for a row that sees no image.

    AlexNet's first convolution at 224 pixels: 55 x 55 units along dimensions 2 and 3.
    """
    local, strict = row.local_field, row.field
    if local is None or strict is None or not local.h.lo.size or not local.w.lo.size:
        return None
    dims = (local.h.dim, local.w.dim)
    if dims[0] is not None and dims[1] is not None and dims[0] != dims[1]:
        shape = (row.output_shape[dims[0]], row.output_shape[dims[1]])
        sizes = tuple(size if dim in dims else 1 for dim, size in enumerate(row.output_shape))
        return UnitGrid(shape, (dims[0], dims[1]), sizes)
    bounds = [axis.lo.shape for field in (local, strict) for axis in (field.h, field.w)]
    sizes = np.broadcast_shapes(*bounds)
    return UnitGrid((1, int(np.prod(sizes))), None, sizes)


def middle_unit(grid: UnitGrid) -> Pair:
    """The unit in the middle, that below and right of it where there is none: (3, 3) of 7 x 7."""
    return grid.shape[0] // 2, grid.shape[1] // 2


def seen_by(field: ReceptiveField, grid: UnitGrid, first: Pair, last: Pair | None = None) -> Seen:
    """The box of a unit, or the union of the boxes of all units from ``first`` to ``last`` (row, column).

    Raises ValueError for units that the grid does not have.
    """
    last = first if last is None else last
    for low, high, count in zip(first, last, grid.shape, strict=True):
        if not 0 <= low <= high < count:
            raise ValueError(f"There are no units {first} to {last} among {grid.shape[0]} x {grid.shape[1]}.")
    axes = [_bounds(axis, grid, first, last) for axis in (field.h, field.w)]
    unbounded = [
        _unbounded(axis, bounds, range(first[number], last[number] + 1), dim)
        for number, (axis, bounds, dim) in enumerate(
            zip((field.h, field.w), axes, grid.dims or (None, None), strict=True)
        )
    ]
    return Seen(_box(*axes), _box(*unbounded))


def centres(field: ReceptiveField, grid: UnitGrid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the units look: the middle of each unit's field in pixels, beyond the image too.

    For a map one value a row of units and one a column of units; for scattered units two values each. What
    sees nothing is NaN.
    """
    if grid.shape == (1, 1):
        only = seen_by(field, grid, (0, 0)).centre or (np.nan, np.nan)
        return np.array(only[:1]), np.array(only[1:])
    found = []
    for number, axis in enumerate((field.h, field.w)):
        if grid.dims is not None and axis.dim == grid.dims[number] and axis.lattice is not None:
            spans = [axis.lattice.interval(unit) for unit in range(grid.shape[number])]
            found.append(np.array([np.nan if span is None else sum(span) / 2 for span in spans]))
            continue
        if grid.dims is None:
            low, high = (grid.block(bounds, (0, 0), grid.shape)[0] for bounds in (axis.lo, axis.hi))
        else:
            line = (grid.shape[0] - 1, 0) if number == 0 else (0, grid.shape[1] - 1)
            low, high = (grid.block(bounds, (0, 0), line).reshape(-1) for bounds in (axis.lo, axis.hi))
            low, high = (np.broadcast_to(bounds, grid.shape[number]) for bounds in (low, high))
        found.append(np.where(low == NOTHING, np.nan, (low.astype(np.float64) + high) / 2))
    return found[0], found[1]


def reach_padding(
    field: ReceptiveField, grid: UnitGrid, size: Pair
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which rows, and which columns, of units see beyond an image (height, width): padding, that is."""
    if grid.shape == (1, 1):
        top, left, bottom, right = seen_by(field, grid, (0, 0)).beyond(size)
        return np.array([top + bottom > 0]), np.array([left + right > 0])
    answers = []
    for axis, length, count in zip((field.h, field.w), size, grid.shape, strict=True):
        found = np.zeros(count, dtype=bool)
        if grid.dims is not None and axis.dim is not None and axis.lattice is not None:
            spans = [axis.lattice.interval(unit) for unit in range(count)]
            found[:] = [span is not None and (span[0] < 0 or span[1] >= length) for span in spans]
        answers.append(found)
    return answers[0], answers[1]


def _bounds(axis: AxisField, grid: UnitGrid, first: Pair, last: Pair) -> Interval | None:
    low = int(grid.block(axis.lo, first, last).min())
    high = int(grid.block(axis.hi, first, last).max())
    return (low, high) if low <= high else None


def _unbounded(axis: AxisField, bounds: Interval | None, units: range, dim: int | None) -> Interval | None:
    """The interval on an unbounded input, where units lie on the lattice along ``dim`` or only one is left."""
    if axis.lattice is None or axis.dim not in {None, dim}:
        return None
    if axis.dim is None:
        only = axis.lattice.interval(0) if axis.lo.size == 1 else None
        fits = only is not None and bounds is not None and only[0] <= bounds[0] and bounds[1] <= only[1]
        return only if fits else None
    spans = [span for span in map(axis.lattice.interval, units) if span is not None]
    return (min(start for start, _ in spans), max(stop for _, stop in spans)) if spans else None


def _box(rows: Interval | None, columns: Interval | None) -> Box | None:
    return None if rows is None or columns is None else (rows[0], columns[0], rows[1], columns[1])
