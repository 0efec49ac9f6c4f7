"""Which units of its input each unit of an operator's output reads, along one axis.

A tap table has one row for each output unit and as many columns as a unit reads at most; -1 marks a
tap that falls into the padding. The tables are the exact counterpart, on a finite map, of
:class:`~analysis.receptive_field.lattice.Lattice`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Taps = NDArray[np.int32]
_CACHE = 512


@lru_cache(maxsize=_CACHE)
def window_taps(size: int, out: int, kernel: int, stride: int, padding: int, dilation: int = 1) -> Taps:
    """Taps of a sliding window: window_taps(4, 2, 3, 2, 1).tolist() == [[-1, 0, 1], [1, 2, 3]]."""
    starts = np.arange(out, dtype=np.int32)[:, None] * stride - padding
    return _inside(starts + dilation * np.arange(kernel, dtype=np.int32)[None, :], size)


@lru_cache(maxsize=_CACHE)
def transposed_taps(size: int, out: int, kernel: int, stride: int, padding: int, dilation: int = 1) -> Taps:
    """Taps of a transposed convolution: output i hears input t when i + padding = stride t + dilation u."""
    offsets = np.arange(out)[:, None] + padding - dilation * np.arange(kernel)[None, :]
    return _inside(np.where(offsets % stride == 0, offsets // stride, -1), size)


@lru_cache(maxsize=_CACHE)
def group_taps(channels: int, out: int, groups: int) -> Taps:
    """Taps along the channels: group_taps(4, 2, 2).tolist() == [[0, 1], [2, 3]]."""
    starts = np.arange(out, dtype=np.int32)[:, None] * groups // out * (channels // groups)
    return starts + np.arange(channels // groups, dtype=np.int32)[None, :]


@lru_cache(maxsize=_CACHE)
def adaptive_taps(size: int, out: int) -> Taps:
    """Taps of adaptive pooling: unit i reads floor(i n / m) to ceil((i + 1) n / m) - 1."""
    starts = np.arange(out) * size // out
    stops = -(-(np.arange(1, out + 1) * size) // out)
    taps = starts[:, None] + np.arange(int((stops - starts).max()))[None, :]
    return _inside(np.where(taps < stops[:, None], taps, -1), size)


@lru_cache(maxsize=_CACHE)
def source_taps(size: int, out: int, sources: Sources) -> Taps:
    """Taps of a resampling: its sources, moved to the nearest unit inside the map as PyTorch does."""
    rows = [[min(max(source, 0), size - 1) for source in sources(unit)] for unit in range(out)]
    width = max(map(len, rows))
    return np.array([row + [-1] * (width - len(row)) for row in rows], dtype=np.int32)


def reflect_taps(size: int, before: int, after: int, mode: str) -> Taps:
    """Taps of padding or cropping one axis; ``mode`` as in ``torch.nn.functional.pad``."""
    index = np.arange(-before, size + after)
    if mode == "constant":
        return _inside(index, size)[:, None]
    if mode == "circular":
        index = index % size
    elif mode == "replicate":
        index = index.clip(0, size - 1)
    else:
        index = np.abs(index)
        index = np.where(index >= size, 2 * (size - 1) - index, index)
    return index.astype(np.int32)[:, None]


def _inside(taps: NDArray[np.integer], size: int) -> Taps:
    return np.where((taps >= 0) & (taps < size), taps, -1).astype(np.int32)


Sources = Callable[[int], Iterable[int]]


@lru_cache(maxsize=_CACHE)
def nearest_sources(ratio: Fraction, exact: bool = False) -> Sources:
    """Sources of nearest-neighbour resampling; ``ratio`` is input units for each output unit."""
    half = Fraction(1, 2) if exact else Fraction(0)
    return lambda unit: (int((unit + half) * ratio // 1),)


@lru_cache(maxsize=_CACHE)
def linear_sources(ratio: Fraction, align_corners: bool, reach: int = 0) -> Sources:
    """Sources of (bi)linear resampling: the two neighbours, or one where its weight is 1.

    ``reach`` 1 adds the outer two of bicubic resampling.
    """

    def sources(unit: int) -> tuple[int, ...]:
        position = unit * ratio if align_corners else (unit + Fraction(1, 2)) * ratio - Fraction(1, 2)
        below = int(position // 1)
        return tuple(range(below - reach, below + 2 + reach)) if position != below else (below,)

    return sources
