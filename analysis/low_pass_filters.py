"""Low-pass filters that may stand before a stride: box, binomial and ideal, in one and two dimensions.

A filter's response H(f) is the factor by which it multiplies a wave of f cycles per sample. Before a
stride S it should keep the waves up to 1 / (2 S) and stop those above, which fold back. The binomial
filters are the rows of Pascal's triangle, which Zhang, "Making Convolutional Networks Shift-Invariant
Again" (ICML 2019, arXiv 1904.11486, section 3), puts before strides; a box is what average pooling
does; the ideal filter is a mask on the spectrum and as long as the picture.

A filter of two dimensions is the product of one down the columns and the same along the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Taps = tuple[float, ...]
LONGEST_BINOMIAL = 7
_ROUNDING = 1e-12


def binomial_taps(count: int) -> Taps:
    """The row of Pascal's triangle with ``count`` entries, 1 to 7, divided by its sum.

    binomial_taps(3) == (0.25, 0.5, 0.25). Raises ValueError for another number of taps.
    """
    if not 1 <= count <= LONGEST_BINOMIAL:
        raise ValueError(f"A binomial filter has 1 to {LONGEST_BINOMIAL} taps here, not {count}.")
    return tuple(comb(count - 1, index) / 2 ** (count - 1) for index in range(count))


def box_taps(count: int) -> Taps:
    """The mean of ``count`` neighbours: box_taps(2) == (0.5, 0.5). Raises ValueError for less than one."""
    if count < 1:
        raise ValueError(f"A mean needs at least one value, not {count}.")
    return (1 / count,) * count


def binomial_response(count: int, frequencies: Values) -> Values:
    """|H(f)| of :func:`binomial_taps`, f in cycles per sample: |cos(pi f)|^(count - 1).

    For three taps 0.5 at f = 1/4, the limit of a stride of 2.
    """
    response: Values = np.abs(np.cos(np.pi * frequencies)) ** (count - 1)
    return response


def box_response(count: int, frequencies: Values) -> Values:
    """|H(f)| of :func:`box_taps`: |sin(pi count f) / (count sin(pi f))|, 1 where f is a whole number."""
    below = count * np.sin(np.pi * frequencies)
    whole = np.isclose(below, 0, atol=1e-12)
    response: Values = np.abs(
        np.where(whole, 1.0, np.sin(np.pi * count * frequencies) / np.where(whole, 1.0, below))
    )
    return response


def ideal_response(limit: float, frequencies: Values) -> Values:
    """1 up to ``limit`` cycles per sample, 0 above: a wave at the limit itself counts as kept."""
    response: Values = (folded(frequencies) <= limit + _ROUNDING).astype(np.float64)
    return response


def response_of(taps: Sequence[float], frequencies: Values) -> Values:
    """|H(f)| of any taps, by their Fourier sum: |sum over n of taps[n] exp(-2 pi i f n)|."""
    waves = np.exp(-2j * np.pi * np.multiply.outer(frequencies, np.arange(len(taps))))
    response: Values = np.abs(waves @ np.asarray(taps))
    return response


def folded(frequencies: Values, stride: int = 1) -> Values:
    """What waves of f cycles per sample look like after a stride, in cycles per sample of the input.

    Frequencies that differ by a multiple of 1 / stride give the same samples, so the answer lies between 0
    and 1 / (2 stride): folded(0.375, 4) == 0.125, and folded(0.25, 4) == 0, a wave that has become a
    constant.
    """
    turns = np.asarray(frequencies) * stride
    apparent: Values = np.abs(turns - np.round(turns)) / stride
    return apparent


def filtered(picture: Values, taps: Sequence[float]) -> Values:
    """The picture (h, w) after the filter in both directions; it wraps around, so the size stays.

    Output i is centred on input i, or half a sample after it where the number of taps is even.
    """
    start = (len(taps) - 1) // 2
    for axis in (0, 1):
        picture = np.sum(
            [weight * np.roll(picture, start - index, axis) for index, weight in enumerate(taps)], axis=0
        )
    return picture


def ideally_filtered(picture: Values, limit: float) -> Values:
    """The picture (h, w) without the waves above ``limit`` cycles per sample in either direction.

    The spectrum is that of the picture repeated without end; the mask is the product of
    :func:`ideal_response` down and across.
    """
    kept = [ideal_response(limit, np.asarray(np.fft.fftfreq(length), np.float64)) for length in picture.shape]
    result: Values = np.fft.ifft2(np.fft.fft2(picture) * np.outer(*kept)).real
    return result


def interpolated(samples: Values, factor: int) -> Values:
    """The samples (h, w) drawn ``factor`` times as fine: the one picture without any wave above their limit.

    The spectrum is continued by zeros (its highest wave split between both signs), so every sample keeps its
    value at its place.
    """
    for axis in (0, 1):
        length = samples.shape[axis]
        spectrum = np.moveaxis(np.fft.rfft(samples, axis=axis), axis, 0)
        if length % 2 == 0:
            spectrum[-1] /= 2
        samples = np.moveaxis(np.fft.irfft(spectrum, factor * length, axis=0) * factor, 0, axis)
    return samples
