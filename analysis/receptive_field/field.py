"""What the units of a tensor see: exact boxes on the given input, and the lattice behind them.

A tensor's field has one :class:`AxisField` for the image's rows and one for its columns. Each
holds, for every unit, the first and the last input coordinate that it can see (``lo``, ``hi``), as
arrays that broadcast against the tensor: a map's rows vary along one dimension, tokens and windows
along others, channels along none (a map's field is the union over its channels). So any reshape,
permutation or shift of the tensor is the same operation on two small arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.receptive_field.lattice import IDENTITY, Lattice
from analysis.receptive_field.taps import Taps
from analysis.records import Status

Coordinates = NDArray[np.int32]
Shape = tuple[int, ...]

NOTHING = 2**30  # lo of a unit that sees nothing; its hi is -NOTHING, so min and max leave it out


@dataclass(frozen=True, slots=True, eq=False)
class AxisField:
    """One image axis as the units of a tensor see it.

    ``dim`` is the tensor dimension along which the units of the lattice lie, None when they are
    scattered (tokens, windows) or one value is left; ``units`` is how many there were. ``origin``
    remembers the ordered bounds of scattered units, so that the grid is found again when a window
    partition is undone.
    """

    lo: Coordinates
    hi: Coordinates
    dim: int | None
    lattice: Lattice | None
    units: int
    origin: tuple[bytes, bytes] | None = None

    def __eq__(self, other: object) -> bool:
        """Say whether all bounds, the lattice and its place are the same."""
        if not isinstance(other, AxisField):
            return NotImplemented
        return (
            (self.dim, self.units, self.origin) == (other.dim, other.units, other.origin)
            and self.lattice == other.lattice
            and np.array_equal(self.lo, other.lo)
            and np.array_equal(self.hi, other.hi)
        )

    def __hash__(self) -> int:
        """Hash of what is cheap to hash: fields that differ in their bounds alone share it."""
        return hash((self.dim, self.units, self.lo.shape))

    @property
    def largest(self) -> int:
        """Longest interval that any unit sees on this input, in pixels (0 if none sees anything)."""
        return max(0, int((self.hi - self.lo).max(initial=-1)) + 1)

    def bounds(self, index: tuple[int, ...]) -> tuple[int, int] | None:
        """First and last input coordinate that the unit at a full tensor index sees; None if nothing."""
        at = tuple(0 if size == 1 else i for i, size in zip(index, self.lo.shape, strict=True))
        lo, hi = int(self.lo[at]), int(self.hi[at])
        return (lo, hi) if lo <= hi else None

    def varies_along(self, dim: int) -> bool:
        """Say whether units along a tensor dimension see different things or form the lattice."""
        return self.dim == dim or self.lo.shape[dim] > 1

    def through(self, dim: int, taps: Taps, lattice: Lattice | None) -> AxisField:
        """Field after units along ``dim`` are replaced by unions of the units that ``taps`` names."""
        lo, hi = take(self.lo, dim, taps, NOTHING), take(self.hi, dim, taps, -NOTHING)
        return AxisField(lo, hi, self.dim, lattice, len(taps) if self.dim == dim else self.units)

    def over(self, dims: tuple[int, ...], keep: bool) -> AxisField:
        """Field of one value for all units along ``dims`` (a sum, a mean, a contraction)."""
        if not any(self.varies_along(dim) for dim in dims):
            return self if keep else self._without(dims)
        lo, hi = self.lo.min(axis=dims, keepdims=True), self.hi.max(axis=dims, keepdims=True)
        lattice, dim = self.lattice, self.dim
        if lattice is not None and lo.size == 1:
            lattice = lattice.collapsed(self.units)
        elif dim is None or dim in dims:
            lattice = None
        merged = AxisField(lo, hi, None if dim in dims else dim, lattice, 1 if lo.size == 1 else self.units)
        return merged if keep else merged._without(dims)

    def _without(self, dims: tuple[int, ...]) -> AxisField:
        """The same field without some dimensions along which nothing varies."""
        dim = self.dim
        if dim is not None:
            dim -= sum(1 for other in dims if other < dim)
        return replace(self, lo=self.lo.squeeze(dims), hi=self.hi.squeeze(dims), dim=dim)

    def aligned(self, ndim: int) -> AxisField:
        """Field with dimensions of 1 put in front, as broadcasting does."""
        extra = ndim - self.lo.ndim
        if extra == 0:
            return self
        shape = (1,) * extra + self.lo.shape
        return replace(
            self,
            lo=self.lo.reshape(shape),
            hi=self.hi.reshape(shape),
            dim=None if self.dim is None else self.dim + extra,
        )

    def union(self, other: AxisField) -> AxisField:
        """Field of a merge of two tensors that broadcast against each other."""
        if self is other:
            return self
        ndim = max(self.lo.ndim, other.lo.ndim)
        first, second = self.aligned(ndim), other.aligned(ndim)
        lattice = None
        dim = first.dim if first.dim is not None else second.dim
        if (
            first.lattice is not None
            and second.lattice is not None
            and first.dim == second.dim
            and (dim is None or first.lo.shape[dim] == second.lo.shape[dim])
        ):
            lattice = first.lattice.union(second.lattice)
        if first.dim is not None and second.dim is not None and first.dim != second.dim:
            dim = None
        same = first.lo is second.lo and first.hi is second.hi
        return AxisField(
            first.lo if same else np.minimum(first.lo, second.lo),
            first.hi if same else np.maximum(first.hi, second.hi),
            dim,
            lattice,
            max(first.units, second.units),
            first.origin if first.origin == second.origin else None,
        )

    @property
    def blind(self) -> bool:
        """True when some unit sees nothing: its window lies in the padding, or in a hole."""
        return bool(self.lo.max(initial=0) == NOTHING)

    def hidden(self, where: NDArray[np.bool_]) -> AxisField:
        """The same field, with nothing seen by the units of a mask that broadcasts against it."""
        return replace(self, lo=np.where(where, NOTHING, self.lo), hi=np.where(where, -NOTHING, self.hi))

    @property
    def collapsed(self) -> bool:
        """True when one value is left for the whole axis."""
        return self.lo.size == 1 and (self.lattice is None or not self.lattice.step)


def take(bounds: Coordinates, dim: int, taps: Taps, nothing: int) -> Coordinates:
    """Least (``nothing`` > 0) or greatest of the bounds that each row of ``taps`` names along ``dim``."""
    shape = list(bounds.shape)
    shape[dim] = 1
    padded = np.concatenate([bounds, np.full(shape, nothing, dtype=bounds.dtype)], axis=dim)
    reach = padded.take(taps, axis=dim)
    if taps.shape[1] == 1:
        return reach.squeeze(dim + 1)
    reduced: Coordinates = reach.min(axis=dim + 1) if nothing > 0 else reach.max(axis=dim + 1)
    return reduced


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """What each unit of a tensor sees of one input image, rows (``h``) and columns (``w``).

    ``status`` is exact, or bound when an operator's reach was not known and the field is its upper
    bound; ``reason`` then says why. It also explains a missing lattice.
    """

    h: AxisField
    w: AxisField
    status: Status = Status.EXACT
    reason: str = ""

    def box(self, index: tuple[int, ...]) -> tuple[int, int, int, int] | None:
        """Pixels (top, left, bottom, right), inclusive, that the unit at a full tensor index sees.

        Clipped to the input; None when the unit sees only padding. The box of AlexNet's first
        convolution, unit (0, 0, 0, 0): (0, 0, 8, 8).
        """
        rows, columns = self.h.bounds(index), self.w.bounds(index)
        if rows is None or columns is None:
            return None
        return rows[0], columns[0], rows[1], columns[1]

    def joint(self) -> ReceptiveField:
        """The same field, with units that see nothing along one axis seeing nothing along the other.

        Axes are apart until then: a merge would otherwise take the columns of a unit that sees no row.
        """
        if not (self.h.blind or self.w.blind):
            return self
        nothing = (self.h.lo == NOTHING) | (self.w.lo == NOTHING)
        return replace(self, h=self.h.hidden(nothing), w=self.w.hidden(nothing))

    def sees_whole(self, height: int, width: int) -> bool:
        """Say whether every unit sees every pixel of the input's rectangle."""
        return bool(
            self.h.lo.size
            and (self.h.lo <= 0).all()
            and (self.h.hi >= height - 1).all()
            and (self.w.lo <= 0).all()
            and (self.w.hi >= width - 1).all()
        )


def image_field(shape: Shape) -> ReceptiveField:
    """Field of an input image (..., height, width): each pixel sees itself."""
    axes = []
    for dim in (len(shape) - 2, len(shape) - 1):
        extent = [1] * len(shape)
        extent[dim] = shape[dim]
        coordinates = np.arange(shape[dim], dtype=np.int32).reshape(extent)
        axes.append(AxisField(coordinates, coordinates, dim, IDENTITY, shape[dim]))
    return ReceptiveField(axes[0], axes[1])
