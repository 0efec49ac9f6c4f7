"""Batch normalisation of one picture's maps (Ioffe and Szegedy 2015, algorithm 1).

Mean and variance of a channel are taken over all its positions: no channel enters into another's. Scale is
1 and shift 0, as before training.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from analysis.records import Pair

EPSILON = 1e-5
Maps = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BatchNormalised:
    """One value of batch normalisation: ``result`` = (``activity`` - ``mean``) / sqrt(``variance`` + 1e-5)."""

    activity: float
    mean: float
    variance: float
    result: float


def batch_normalised(maps: Maps) -> Maps:
    """Maps (C, h, w) after batch normalisation over the positions of this one picture.

    (x - mean) / sqrt(variance + 1e-5): a map of 0, 2 and 4 becomes -1.2247, 0 and 1.2247.
    """
    mean = maps.mean(axis=(1, 2), keepdims=True)
    variance = maps.var(axis=(1, 2), keepdims=True)
    return (maps - mean) / np.sqrt(variance + EPSILON)


def batch_in_full(maps: Maps, channel: int, position: Pair) -> BatchNormalised:
    """Batch normalisation of one value of maps (C, h, w), with what enters it."""
    activity = float(maps[channel][position])
    mean, variance = float(maps[channel].mean()), float(maps[channel].var())
    return BatchNormalised(activity, mean, variance, (activity - mean) / sqrt(variance + EPSILON))
