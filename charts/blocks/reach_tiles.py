"""A matrix of connections cut into tiles, so that thousands of channels fit on a screen and hover stays exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

MOST_TILES = 256


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """``share[i, j]`` of the pairs of a tile are connected, 0 to 1; all tiles are of ``sides`` (outputs, inputs).

    The last ones are cut off at the matrix's border. Sides of 1 x 1 are the matrix itself.
    """

    share: NDArray[np.float32]
    sides: tuple[int, int]
    channels: tuple[int, int]

    def labels(self, axis: int) -> list[str]:
        """The channels of each tile along an axis: ["0", "1", ...], or ["0 to 7", "8 to 15", ...]."""
        side, channels = self.sides[axis], self.channels[axis]
        starts = range(0, channels, side)
        ends = (min(start + side, channels) - 1 for start in starts)
        return [
            str(start) if start == end else f"{start} to {end}"
            for start, end in zip(starts, ends, strict=True)
        ]

    def ticks(self, axis: int, most: int = 8) -> dict[str, list[int] | list[str]]:
        """Plotly's ticks for an axis of labels: the tiles that hold round channels, at most ``most`` of them."""
        side, channels = self.sides[axis], self.channels[axis]
        step = next(step for step in _round_numbers() if channels <= most * step)
        ticks = range(0, channels, step)
        return {"tickvals": [channel // side for channel in ticks], "ticktext": list(map(str, ticks))}


def tiles(matrix: NDArray[np.bool_], most: int = MOST_TILES) -> Tiles:
    """Cut a boolean matrix (outputs, inputs) into at most ``most`` tiles along each axis, as small as that allows.

    tiles(np.eye(512, dtype=bool)).sides == (2, 2), and a tile on the diagonal has a share of 0.5.
    """
    outputs, inputs = matrix.shape
    sides = (-(-outputs // most), -(-inputs // most))
    counts = np.add.reduceat(matrix, np.arange(0, inputs, sides[1]), axis=1, dtype=np.int64)
    counts = np.add.reduceat(counts, np.arange(0, outputs, sides[0]), axis=0)
    heights, widths = (_lengths(length, side) for length, side in zip(matrix.shape, sides, strict=True))
    share = (counts / (heights[:, np.newaxis] * widths)).astype(np.float32)
    return Tiles(share, sides, (outputs, inputs))


def _round_numbers() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50, ..."""
    return (digit * 10**power for power in count() for digit in (1, 2, 5))


def _lengths(length: int, side: int) -> NDArray[np.int64]:
    """Lengths of the tiles along an axis: the last one may be shorter."""
    return np.diff(np.append(np.arange(0, length, side), length)).astype(np.int64)
