"""The zone plate: a picture that holds every frequency once, each at a place of its own.

cos(pi k r^2), r pixels from the centre, is a wave whose frequency at each place is the derivative of its phase
over 2 pi: k r cycles per pixel, outwards. With k = 1 / size it reaches 1/2, the finest that pixels can hold,
at the middle of each side. So the plate is a map of the frequency plane: what a filter does to the frequency
(fy, fx) is seen at y = fy / k, x = fx / k, and a stride S shows its limit f* = 1 / (2 S) as the square of
that half side, whose inscribed ring has the radius f* / k.

Frequencies that differ by multiples of 1 / S give the same samples. So the true rings around the centre appear
again around every point whose frequencies are multiples of 1 / S: moire, where no ring is. A filter before the
stride leaves of the contrast there the product of its responses, |H(fy)| |H(fx)|.

With an even size the plate repeated in both directions is itself seamless, so filters that wrap around
meet no border.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from analysis.low_pass_filters import (
    Taps,
    Values,
    binomial_taps,
    box_taps,
    filtered,
    ideal_response,
    ideally_filtered,
    interpolated,
    response_of,
)

SIZE = 240
STRIDES = (2, 3, 4, 8)
_BINOMIALS: Mapping[str, int] = {"binomial_3": 3, "binomial_5": 5, "binomial_7": 7}
FILTERS = ("none", "box", *_BINOMIALS, "ideal")


@dataclass(frozen=True, slots=True)
class FalseCentre:
    """Where false rings are centred: pixels right of and below the plate's centre, and what a filter leaves.

    ``frequency`` (down, across) in cycles per pixel is the plate's own at this place; after the stride it looks
    like 0. ``contrast`` is 1 without a filter and 0 where it stops this frequency.
    """

    x: float
    y: float
    frequency: tuple[float, float]
    contrast: float


@dataclass(frozen=True, slots=True, eq=False)
class SampledPlate:
    """A zone plate after a filter and a stride.

    ``samples`` (size / S, size / S) lie ``stride`` pixels apart, the first one ``first`` pixels right of and
    below the plate's centre; ``drawn`` (size, size) is the picture that they stand for, one value a pixel from
    the same place on (:func:`analysis.low_pass_filters.interpolated`). ``limit_response`` is |H(f*)| along one axis.
    ``aliased_share`` is the part of the filtered plate's energy that lies above f* in either direction, all of
    which folds; ``kept_share`` the part of the energy up to f* that the filter lets through.
    """

    filter: str
    stride: int
    samples: Values
    drawn: Values
    first: float
    limit_response: float
    aliased_share: float
    kept_share: float
    false_centres: tuple[FalseCentre, ...]


def zone_plate(size: int = SIZE) -> Values:
    """The plate (size, size), values -1 to 1; its centre is the pixel (size / 2, size / 2).

    Raises ValueError for an odd size, which has no such pixel.
    """
    if size < 2 or size % 2:
        raise ValueError(f"A zone plate needs an even size, not {size}.")
    squares = np.square(np.arange(size) - size // 2)
    return np.cos(np.pi / size * np.add.outer(squares, squares))


def ring_radius(stride: int, size: int = SIZE) -> float:
    """Where the plate reaches f* = 1 / (2 stride), in pixels from its centre: ring_radius(2) == 60.0."""
    return size / (2 * stride)


def taps_of(name: str, stride: int) -> Taps | None:
    """The taps of a filter of :data:`FILTERS` before a stride; None for the ideal one, which has none.

    The box is as wide as the stride, as in average pooling. Raises ValueError for another name.
    """
    if name not in FILTERS:
        raise ValueError(f"Unknown filter {name!r}: choose one of {', '.join(FILTERS)}.")
    if name == "ideal":
        return None
    return (
        box_taps(stride if name == "box" else 1)
        if name in ("none", "box")
        else binomial_taps(_BINOMIALS[name])
    )


def filter_response(name: str, stride: int, frequencies: Values) -> Values:
    """|H(f)| of a filter of :data:`FILTERS` before a stride, along one axis, f in cycles per pixel."""
    taps = taps_of(name, stride)
    return ideal_response(1 / (2 * stride), frequencies) if taps is None else response_of(taps, frequencies)


def sampled_plate(name: str, stride: int, size: int = SIZE) -> SampledPlate:
    """Filter the plate, keep every ``stride``-th value in both directions, and say where the moire lies.

    Raises ValueError where ``size`` is odd or half of it no multiple of the stride: then no sample would lie
    on the plate's centre.

    >>> [(centre.x, centre.y) for centre in sampled_plate("none", 2).false_centres][:2]
    [(-120.0, -120.0), (0.0, -120.0)]
    """
    if stride < 1 or size // 2 % stride:
        raise ValueError(f"Half a size of {size} is no multiple of the stride {stride}.")
    plate, limit = zone_plate(size), 1 / (2 * stride)
    taps = taps_of(name, stride)
    smooth = ideally_filtered(plate, limit) if taps is None else filtered(plate, taps)
    kept = _energy(ideally_filtered(smooth, limit))
    samples = smooth[::stride, ::stride]
    return SampledPlate(
        filter=name,
        stride=stride,
        samples=samples,
        drawn=interpolated(samples, stride),
        first=-size / 2 + (0.5 if taps is not None and len(taps) % 2 == 0 else 0.0),
        limit_response=float(filter_response(name, stride, np.array([limit]))[0]),
        aliased_share=1 - kept / _energy(smooth),
        kept_share=kept / _energy(ideally_filtered(plate, limit)),
        false_centres=_false_centres(name, stride, size),
    )


def _false_centres(name: str, stride: int, size: int) -> tuple[FalseCentre, ...]:
    """Every place within the plate whose frequencies are multiples of 1 / stride, but its own centre."""
    turns = np.arange(-(stride // 2), stride // 2 + 1)
    left = filter_response(name, stride, turns / stride)
    return tuple(
        FalseCentre(
            x=float(across * size / stride),
            y=float(down * size / stride),
            frequency=(float(down / stride), float(across / stride)),
            contrast=float(left[down + stride // 2] * left[across + stride // 2]),
        )
        for down, across in product(turns, turns)
        if down or across
    )


def _energy(picture: Values) -> float:
    return float(np.sum(picture**2))
