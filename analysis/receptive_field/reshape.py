"""Moving units about: what reshaping, permuting, slicing and padding do to a field.

Each function takes one :class:`AxisField` and returns the field after the operator. When units are
taken off their line (a map cut into windows, flattened to tokens), the field keeps its lattice and
remembers the line, so that the grid is recognised when they return to it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.receptive_field.field import NOTHING, AxisField, Coordinates, Shape
from analysis.receptive_field.taps import reflect_taps


def reshaped(axis: AxisField, before: Shape, after: Shape) -> AxisField:
    """Field after ``view`` or ``reshape`` from one shape to another of as many elements."""
    if before == after:
        return axis
    expanded: list[int] = []
    result: list[int] = []
    dim: int | None = None
    mixed: list[int] = []
    for old, new in _groups(before, after):
        extents = [axis.lo.shape[d] for d in old]
        real_old = [d for d in old if before[d] > 1]
        real_new = [d for d in new if after[d] > 1]
        if all(extent == 1 for extent in extents):
            expanded += extents
            result += [1] * len(new)
            if axis.dim in old and len(real_new) <= 1 and axis.dim in (real_old or old):
                dim = real_new[0] if real_new else (new[0] if new else None)
        elif len(real_old) == 1 and len(real_new) == 1:
            expanded += extents
            result += [after[d] for d in new]
            dim = real_new[0] if axis.dim in old else dim
        else:
            expanded += [before[d] for d in old]
            result += [after[d] for d in new]
            mixed += new
    lo = np.broadcast_to(axis.lo, expanded).reshape(result)
    hi = np.broadcast_to(axis.hi, expanded).reshape(result)
    moved = replace(axis, lo=lo, hi=hi, dim=dim, origin=_origin(axis) if dim is None else None)
    return settled(moved, mixed)


def permuted(axis: AxisField, order: tuple[int, ...]) -> AxisField:
    """Field after ``permute``."""
    order = tuple(d % len(order) for d in order)
    return replace(
        axis,
        lo=axis.lo.transpose(order),
        hi=axis.hi.transpose(order),
        dim=None if axis.dim is None else order.index(axis.dim),
    )


def sliced(axis: AxisField, dim: int, start: int, step: int, count: int) -> AxisField:
    """Field of every ``step``-th unit from ``start`` on, ``count`` in all, along one dimension."""
    if not axis.varies_along(dim):
        return axis
    lattice = axis.lattice
    if axis.dim == dim and lattice is not None:
        lattice = lattice.window(1, step, -start)
    if axis.lo.shape[dim] == 1:
        return replace(axis, lattice=lattice)
    index = [slice(None)] * axis.lo.ndim
    index[dim] = slice(start, start + step * count, step)
    cut = replace(axis, lo=axis.lo[tuple(index)], hi=axis.hi[tuple(index)], lattice=lattice)
    return replace(cut, units=count) if axis.dim == dim else cut


def selected(axis: AxisField, dim: int, index: int, size: int) -> AxisField:
    """Field of one unit along a dimension, which goes."""
    one = sliced(axis, dim, index % size, 1, 1)
    new_dim = one.dim
    if new_dim is not None:
        new_dim = None if new_dim == dim else new_dim - (new_dim > dim)
    return replace(one, lo=one.lo.squeeze(dim), hi=one.hi.squeeze(dim), dim=new_dim)


def padded(axis: AxisField, dim: int, size: int, before: int, after: int, mode: str) -> AxisField:
    """Field after padding (or, with negative numbers, cropping) one dimension."""
    if not axis.varies_along(dim) or (before == 0 and after == 0):
        return axis
    lattice = axis.lattice
    if axis.dim == dim and lattice is not None:
        lattice = lattice.window(1, 1, before)
    return axis.through(dim, reflect_taps(size, before, after, mode), lattice)


def rolled(axis: AxisField, dim: int, shift: int) -> AxisField:
    """Field after a cyclic shift."""
    if not axis.varies_along(dim):
        return axis
    moved = replace(
        axis,
        lo=np.roll(axis.lo, shift, dim),
        hi=np.roll(axis.hi, shift, dim),
        dim=None,
        origin=_origin(axis),
    )
    return settled(moved, [])


def flipped(axis: AxisField, dim: int) -> AxisField:
    """Field after reversing one dimension."""
    if not axis.varies_along(dim):
        return axis
    moved = replace(axis, lo=np.flip(axis.lo, dim), hi=np.flip(axis.hi, dim), dim=None, origin=_origin(axis))
    return settled(moved, [])


def windowed(axis: AxisField, dim: int, size: int, step: int) -> AxisField:
    """Field after windows of ``size`` values along one dimension are laid out along a new last one."""
    if axis.lo.shape[dim] == 1:
        return replace(axis, lo=axis.lo[..., np.newaxis], hi=axis.hi[..., np.newaxis])
    every = (slice(None),) * dim + (slice(None, None, step),)
    windows = (
        np.lib.stride_tricks.sliding_window_view(bounds, size, dim)[every] for bounds in (axis.lo, axis.hi)
    )
    lo, hi = (np.ascontiguousarray(bounds) for bounds in windows)
    if axis.dim == dim:
        return AxisField(lo, hi, None, None, axis.units)
    return replace(axis, lo=lo, hi=hi)


def tiled(axis: AxisField, repeats: tuple[int, ...], shape: Shape) -> AxisField:
    """Field after ``repeat``; dimensions may be added in front."""
    aligned = axis.aligned(len(repeats))
    full = (1,) * (len(repeats) - len(shape)) + shape
    counts = [n if aligned.lo.shape[d] > 1 else 1 for d, n in enumerate(repeats)]
    broken = aligned.dim is not None and repeats[aligned.dim] > 1 and full[aligned.dim] > 1
    return replace(
        aligned,
        lo=np.tile(aligned.lo, counts),
        hi=np.tile(aligned.hi, counts),
        dim=None if broken else aligned.dim,
        origin=None,
    )


def joined(axes: list[AxisField | None], sizes: list[int], dim: int) -> AxisField:
    """Field of a concatenation along a dimension whose units see different things.

    A tensor without a field (a class token) sees nothing. The lattice survives when it is the same
    for all tensors that have one.
    """
    present = [axis for axis in axes if axis is not None]
    ndim = present[0].lo.ndim
    shape = [max(axis.lo.shape[d] for axis in present) for d in range(ndim)]
    lows: list[Coordinates] = []
    highs: list[Coordinates] = []
    for axis, size in zip(axes, sizes, strict=True):
        shape[dim] = size
        if axis is None:
            lows.append(np.full(shape, NOTHING, dtype=np.int32))
            highs.append(np.full(shape, -NOTHING, dtype=np.int32))
        else:
            lows.append(np.broadcast_to(axis.lo, shape))
            highs.append(np.broadcast_to(axis.hi, shape))
    same = all(axis.lattice == present[0].lattice for axis in present)
    along = any(axis.dim == dim for axis in present)
    joint = AxisField(
        np.concatenate(lows, axis=dim),
        np.concatenate(highs, axis=dim),
        None if along else present[0].dim,
        present[0].lattice if same else None,
        max(axis.units for axis in present),
    )
    return settled(joint, [dim])


def settled(axis: AxisField, mixed: list[int]) -> AxisField:
    """Drop the dimensions of ``mixed`` along which nothing varies, and find the grid again if it is back."""
    lo, hi = axis.lo, axis.hi
    for dim in mixed:
        if lo.shape[dim] > 1:
            first = [slice(None)] * lo.ndim
            first[dim] = slice(0, 1)
            low, high = lo[tuple(first)], hi[tuple(first)]
            if (lo == low).all() and (hi == high).all():
                lo, hi = low, high
    moved = replace(axis, lo=lo, hi=hi)
    if axis.dim is None and axis.origin is not None:
        varying = [d for d, extent in enumerate(lo.shape) if extent > 1]
        if len(varying) == 1 and (lo.tobytes(), hi.tobytes()) == axis.origin:
            return replace(moved, dim=varying[0], origin=None)
    return moved


def _origin(axis: AxisField) -> tuple[bytes, bytes] | None:
    return axis.origin if axis.dim is None else (axis.lo.tobytes(), axis.hi.tobytes())


def _groups(before: Shape, after: Shape) -> list[tuple[list[int], list[int]]]:
    """Match runs of old dimensions with runs of new ones that hold the same elements."""
    groups = []
    i = j = 0
    while i < len(before) or j < len(after):
        old, new = [], []
        left = right = 1
        if i < len(before):
            old.append(i)
            left = before[i]
            i += 1
        if j < len(after):
            new.append(j)
            right = after[j]
            j += 1
        while left != right:
            if left < right:
                old.append(i)
                left *= before[i]
                i += 1
            else:
                new.append(j)
                right *= after[j]
                j += 1
        groups.append((old, new))
    return groups
