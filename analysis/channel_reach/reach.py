"""Which source channels can reach the units of a tensor, as one array of booleans.

The array has the dimensions of the tensor and one more, the last, for the source channels. A
dimension along which nothing varies has extent 1 and is broadcast, so that a feature map after a
full convolution needs one line, after a grouped one a line a channel, and positions cost nothing
until something tells them apart. So any reshape, permutation or shift of the tensor is the same
operation on a small array.

A unit whose window lies in the padding alone is counted with the others of its channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import prod

import numpy as np
from numpy.typing import NDArray

from analysis.receptive_field.taps import Taps

Bits = NDArray[np.bool_]
Shape = tuple[int, ...]

MOST_BITS = 2**27
_TOO_MANY = "the units are too many to be told apart, so all are taken to see what any of them sees"


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """What reaches each unit: ``bits`` as above; ``reason`` says why it is an upper bound, "" if exact."""

    bits: Bits
    reason: str = ""

    @property
    def ndim(self) -> int:
        """Dimensions of the tensor."""
        return self.bits.ndim - 1

    def varies_along(self, dim: int) -> bool:
        """Say whether units along a dimension may see different channels."""
        return self.bits.shape[dim] > 1

    def over(self, dims: Sequence[int], *, keep: bool = True) -> Reach:
        """One value for all units along ``dims``: a sum, a mean, a contraction."""
        axes = tuple(dim % self.ndim for dim in dims)
        return replace(self, bits=np.asarray(self.bits.any(axis=axes, keepdims=keep)))

    def within_groups(self, dim: int, size: int, groups: int, out: int) -> Reach:
        """Each of ``out`` units along ``dim`` sees its own of ``groups`` equal groups of the ``size`` there."""
        if not self.varies_along(dim):
            return self
        if groups == 1:
            return self.over((dim,))
        shape = self.bits.shape
        grouped = self.bits.reshape(*shape[:dim], groups, size // groups, *shape[dim + 1 :]).any(axis=dim + 1)
        return replace(self, bits=grouped.repeat(out // groups, axis=dim))

    def through(self, dim: int, taps: Taps) -> Reach:
        """Units along ``dim`` become unions of those that ``taps`` names, one row a unit; -1 names none."""
        if not self.varies_along(dim):
            return self
        shape = list(self.bits.shape)
        shape[dim] = len(taps)
        if prod(shape) > MOST_BITS:
            return self.everything()
        result = np.zeros(shape, dtype=bool)
        aside = (slice(None), *(np.newaxis,) * (self.bits.ndim - dim - 1))
        for column in taps.T:
            result |= self.bits.take(column.clip(0), axis=dim) & (column >= 0)[aside]
        return settled(replace(self, bits=result), (dim,))

    def permuted(self, order: Sequence[int]) -> Reach:
        """Dimensions in another order."""
        return replace(self, bits=self.bits.transpose(*(dim % self.ndim for dim in order), self.ndim))

    def aligned(self, ndim: int) -> Reach:
        """As many dimensions as broadcasting needs, added in front."""
        return replace(self, bits=self.bits.reshape((1,) * (ndim - self.ndim) + self.bits.shape))

    def spread(self, dim: int, size: int) -> Bits:
        """The bits with the full extent along one dimension."""
        shape = list(self.bits.shape)
        shape[dim] = size
        return np.broadcast_to(self.bits, shape)

    def everything(self, ndim: int | None = None, reason: str = _TOO_MANY) -> Reach:
        """An upper bound: every unit sees what any unit sees."""
        axes = tuple(range(self.ndim))
        shape = (1,) * (self.ndim if ndim is None else ndim) + self.bits.shape[-1:]
        bits = np.asarray(self.bits.any(axis=axes)).reshape(shape)
        return Reach(bits, self.reason or reason)


def met(reaches: Sequence[Reach], ndim: int) -> Reach:
    """Union of tensors that meet element by element, with broadcasting."""
    return reduce(_union, (reach.aligned(ndim) for reach in reaches))


def _union(a: Reach, b: Reach) -> Reach:
    if a.bits is b.bits:
        return a if a.reason else b
    if prod(np.broadcast_shapes(a.bits.shape, b.bits.shape)) > MOST_BITS:
        a, b = a.everything(), b.everything()
    return Reach(a.bits | b.bits, a.reason or b.reason)


def settled(reach: Reach, dims: Sequence[int]) -> Reach:
    """The same reach without those of ``dims`` along which nothing varies after all."""
    bits = reach.bits
    for dim in dims:
        if bits.shape[dim] > 1:
            first = bits.take([0], axis=dim)
            if (bits == first).all():
                bits = first
    return replace(reach, bits=bits)


def reshaped(reach: Reach, before: Shape, after: Shape) -> Reach:
    """Reach after ``view`` or ``reshape`` from one shape to another of as many elements."""
    if before == after:
        return reach
    expanded: list[int] = []
    result: list[int] = []
    mixed: list[int] = []
    for old, new in _runs(before, after):
        if any(reach.varies_along(dim) for dim in old):
            expanded += [before[dim] for dim in old]
            result += [after[dim] for dim in new]
            mixed += new
        else:
            expanded += [1] * len(old)
            result += [1] * len(new)
    sources = reach.bits.shape[-1]
    if prod(expanded) * sources > MOST_BITS:
        return reach.everything(len(after))
    bits = np.broadcast_to(reach.bits, (*expanded, sources)).reshape(*result, sources)
    return settled(replace(reach, bits=bits), mixed)


def _runs(before: Shape, after: Shape) -> list[tuple[list[int], list[int]]]:
    """Shortest runs of old dimensions and of new ones that hold the same elements, in order."""
    runs: list[tuple[list[int], list[int]]] = []
    old: list[int] = []
    new: list[int] = []
    left = right = 1
    dims_left, dims_right = iter(enumerate(before)), iter(enumerate(after))
    while True:
        side, dims, total = (old, dims_left, left) if left <= right else (new, dims_right, right)
        step = next(dims, None)
        if step is None and left != right:
            raise ValueError(f"a shape of {before} cannot become {after}")
        if step is None:
            break
        side.append(step[0])
        if side is old:
            left = total * step[1]
        else:
            right = total * step[1]
        if left == right:
            runs.append((old, new))
            old, new = [], []
            left = right = 1
    runs.append((old, new + [dim for dim, _ in dims_right]))
    return runs
