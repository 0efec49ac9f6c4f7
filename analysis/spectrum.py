"""Power spectra of feature maps, and what subsampling does to them.

Frequencies are in cycles per sample of a map's own grid, along its rows and columns: -1/2 to 1/2. A
spectrum is a matrix (h, w) in the order of ``numpy.fft.fftfreq``, of a map or summed over the channels of
a stack. Power is normalised so that its sum is the mean square of the values (Parseval), whatever the size.

Subsampling by S keeps what lies in the square max(|fx|, |fy|) <= f* = 1 / (2 S) and adds the rest to it:
``folded`` gives exactly the transform of the subsampled map. What lies at f* itself counts as kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.records import Pair

Maps = NDArray[np.floating]
Power = NDArray[np.float64]
Transform = NDArray[np.complexfloating]
Mask = NDArray[np.bool_]
Curve = tuple[NDArray[np.float64], NDArray[np.float64]]

_VALUES_AT_A_TIME = 2**18  # as much as a processor's cache holds: a stack of maps is taken in parts


@dataclass(frozen=True, slots=True, eq=False)
class SampledSpectrum:
    """Power of a stack of maps before and after they are subsampled by ``factor`` (h, w), over all channels.

    ``before`` is (h, w); the others (h / S, w / S): ``after`` of the subsampled maps, ``ideal`` of maps
    that an ideal low-pass has freed from all above f* first, and ``alias`` of the difference of the two.
    """

    factor: Pair
    before: Power
    after: Power
    ideal: Power
    alias: Power

    @property
    def share_above(self) -> float | None:
        """Share of the energy above f* before subsampling, 0 to 1; None for maps that are constant."""
        return share_above(self.before, self.factor)

    @property
    def alias_share(self) -> float | None:
        """Energy of what aliasing has changed, by that of the subsampled maps; None if they are constant."""
        total = float(self.after.sum())
        return float(self.alias.sum()) / total if total else None

    @property
    def curves(self) -> tuple[Curve, Curve, Curve]:
        """Radial averages of ``before``, ``after`` and ``ideal``, all over cycles per sample before subsampling."""
        return (
            radial_average(self.before),
            radial_average(self.after, self.factor),
            radial_average(self.ideal, self.factor),
        )


def window(size: Pair) -> NDArray[np.float32]:
    """Hann's window (h, w), periodic: 0 at the border, 1 in the middle; window((4, 1))[:, 0] is 0, .5, 1, .5."""
    h, w = (_hann(length) for length in size)
    return np.outer(h, w).astype(np.float32)


def transform(maps: Maps, *, windowed: bool) -> Transform:
    """Fourier transform of maps (..., h, w) without their mean, divided by h w.

    ``windowed`` applies Hann's window, since the transform takes a map to go on where it ends, and the step from
    one border to the other would be taken for fine texture; the mean is then that under the window.
    """
    height, width = maps.shape[-2:]
    shifted = maps - maps[..., :1, :1]  # a constant map is 0 now, to the last digit
    if windowed:
        weights = window((height, width))
        mean = (shifted * weights).sum(axis=(-2, -1), keepdims=True) / weights.sum()
        centred = (shifted - mean) * weights
    else:
        centred = shifted - shifted.mean(axis=(-2, -1), keepdims=True)
    found: Transform = np.fft.fft2(centred) / (height * width)
    return found


def power(maps: Maps, *, windowed: bool) -> Power:
    """Power spectrum (h, w) of a stack of maps (channels, h, w), summed over them."""
    return sum((_square(transform(part, windowed=windowed)) for part in _parts(maps)), _nothing(maps))


def sampled(maps: Maps, factor: Pair, *, windowed: bool) -> SampledSpectrum:
    """Spectra of a stack of maps (channels, h, w) before and after subsampling by whole numbers (h, w).

    Rows and columns that do not fill a last step are left out. Raises ValueError for maps smaller than one step.
    """
    height, width = (size // step * step for size, step in zip(maps.shape[-2:], factor, strict=True))
    if not (height and width):
        raise ValueError(
            f"A map of {maps.shape[-2]} x {maps.shape[-1]} is smaller than a step of {factor[0]} x {factor[1]}."
        )
    whole = maps[:, :height, :width]
    above = above_limit((height, width), factor)
    before = _nothing(whole)
    after, ideal, alias = (np.zeros((height // factor[0], width // factor[1])) for _ in range(3))
    for part in _parts(whole):
        found = transform(part, windowed=windowed)
        before += _square(found)
        folds = folded(found, factor)
        kept = folded(np.where(above, 0, found), factor)
        after += _square(folds)
        ideal += _square(kept)
        alias += _square(folds - kept)
    return SampledSpectrum(factor, before, after, ideal, alias)


def folded(spectrum: Transform, factor: Pair) -> Transform:
    """The transform of the map that keeps every S-th value: (..., h, w) to (..., h / S, w / S).

    Frequencies that differ by a multiple of 1 / S become one. Raises ValueError where S does not divide a side.
    """
    *stack, height, width = spectrum.shape
    down, across = factor
    if height % down or width % across:
        raise ValueError(f"A map of {height} x {width} cannot be divided into steps of {down} x {across}.")
    copies = spectrum.reshape(*stack, down, height // down, across, width // across)
    total: Transform = copies.sum(axis=(-4, -2))
    return total


def above_limit(size: Pair, factor: tuple[float, float]) -> Mask:
    """Where max(|fx| S, |fy| S) > 1/2, as a mask (h, w): the part of a spectrum that subsampling by S cannot keep."""
    h, w = (2 * np.abs(_steps(length)) * step > length for length, step in zip(size, factor, strict=True))
    return np.logical_or.outer(h & (factor[0] > 1), w & (factor[1] > 1))


def share_above(spectrum: Power, factor: tuple[float, float]) -> float | None:
    """Share of the energy above f*, 0 to 1: 1 - 1 / S² for white noise, but for the lines at f* itself.

    None where there is no energy at all.
    """
    total = float(spectrum.sum(dtype=np.float64))
    mask = above_limit((spectrum.shape[0], spectrum.shape[1]), factor)
    return float(spectrum[mask].sum(dtype=np.float64)) / total if total else None


def radial_average(spectrum: Power, spacing: tuple[float, float] = (1, 1)) -> Curve:
    """Mean power of the bins at each distance from frequency 0, and these distances in cycles per sample.

    Rings are as wide as a bin of the longer side and end where they leave the spectrum: at 1/2. For a map that
    was subsampled, ``spacing`` S (h, w) counts in the samples before it, and rings end at 1 / (2 S).
    """
    height, width = spectrum.shape
    down, across = spacing
    rows, columns = _steps(height) / (height * down), _steps(width) / (width * across)
    step = 1 / max(height * down, width * across)
    ring = np.rint(np.hypot(*np.meshgrid(rows, columns, indexing="ij")) / step).astype(int)
    last = int(np.floor(min(0.5 / down, 0.5 / across) / step + 1e-9))
    counts = np.bincount(ring.ravel())[: last + 1]
    sums = np.bincount(ring.ravel(), weights=spectrum.ravel())[: last + 1]
    filled = counts > 0
    return np.arange(len(counts))[filled] * step, sums[filled] / counts[filled]


def _steps(length: int) -> NDArray[np.int64]:
    """Whole cycles over the length, in the order of fftfreq."""
    return np.rint(np.fft.fftfreq(length, 1 / length)).astype(np.int64)


def _hann(length: int) -> NDArray[np.float64]:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length) if length > 1 else np.ones(1)


def _square(found: Transform) -> Power:
    square: Power = (found.real**2 + found.imag**2).sum(axis=0, dtype=np.float64)
    return square


def _nothing(maps: Maps) -> Power:
    return np.zeros(maps.shape[-2:])


def _parts(maps: Maps) -> Iterator[Maps]:
    step = max(1, _VALUES_AT_A_TIME // max(1, maps.shape[-2] * maps.shape[-1]))
    return (maps[first : first + step] for first in range(0, len(maps), step))
