"""Numbers of an effective receptive field: how large it is, and how it lies in the theoretical one.

A round Gaussian field of standard deviation s has, in closed form, a side of s sqrt(2 pi ln(1 / 0.0455)) = 4.41 s,
a radius of s sqrt(2) = 1.41 s, and 95.45 % of its energy on an area of side s sqrt(pi ln(1 / 0.0455)) = 3.12 s.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, prod, sqrt

import numpy as np

from analysis.effective_field import EffectiveField, Map, known_grid
from analysis.receptive_field.units import Box, extent, seen_by
from analysis.records import Pair, Row

TWO_DEVIATIONS = 0.9545  # the share of a normal distribution within two standard deviations


@dataclass(frozen=True, slots=True)
class FieldMeasures:
    """Numbers of one effective field; sizes in pixels.

    ``side`` is that of Luo et al. (2016, section 3.1): the square root of the number of pixels whose mean
    |gradient| is above 1 - 0.9545 of the largest. ``energy_side`` is the square root of the least number of
    pixels that hold 95.45 % of the energy. ``centre`` (row, column) is the mean place of the energy, ``deviation``
    (vertical, horizontal) the standard deviation of the mean |gradient| as a distribution over the image, and
    ``radius`` the root of the sum of its squares.

    ``inside`` is the share of the energy in the theoretical field, which is 1 but for rounding; ``local_inside``
    that in the field along the local path, without gates and attention. ``central_half`` is the share in the box
    around the centre of the local field that has half its height and width. ``box`` is the local field on an
    unbounded input, so that it may reach beyond the image; the theoretical one for a unit that has none, such as a
    class token. ``theoretical_side`` is the root of its area, and ``ratio`` is ``side`` by it.
    """

    side: float
    energy_side: float
    centre: tuple[float, float]
    deviation: tuple[float, float]
    radius: float
    inside: float
    local_inside: float
    central_half: float
    box: Box
    theoretical_side: float
    ratio: float


def field_measures(field: EffectiveField, row: Row, unit: Pair) -> FieldMeasures:
    """The numbers of the effective field of a unit (row, column) of :func:`analysis.receptive_field.units.unit_grid`.

    Raises ValueError where no pixel moves the unit, for a row that sees no image, and for a unit that it does not
    have.
    """
    grid = known_grid(row)
    theoretical, nearby = (
        seen_by(seen, grid, unit) for seen in (row.field, row.local_field) if seen is not None
    )
    local = nearby.unbounded or nearby.box or theoretical.box
    total = float(field.energy.sum())
    if theoretical.box is None or local is None or not total > 0:
        raise ValueError(
            f"No pixel moves unit ({unit[0]}, {unit[1]}) of {row.name}: its gradient is zero for all inputs, "
            "for activations are off or it vanishes on its way."
        )
    _, deviation = _moments(field.magnitude)
    side = sqrt(np.count_nonzero(field.magnitude > (1 - TWO_DEVIATIONS) * field.magnitude.max()))
    theoretical_side = sqrt(prod(extent(local)))
    return FieldMeasures(
        side=side,
        energy_side=sqrt(_fewest_pixels(field.energy, TWO_DEVIATIONS)),
        centre=_moments(field.energy)[0],
        deviation=deviation,
        radius=hypot(*deviation),
        inside=_within(field.energy, theoretical.box) / total,
        local_inside=_within(field.energy, local) / total,
        central_half=_within(field.energy, local, part=0.5) / total,
        box=local,
        theoretical_side=theoretical_side,
        ratio=side / theoretical_side,
    )


def _moments(magnitude: Map) -> tuple[tuple[float, float], tuple[float, float]]:
    """Mean and standard deviation of a map as a distribution, each along rows and along columns."""
    means, deviations = [], []
    for axis in (1, 0):
        share = magnitude.sum(axis) / magnitude.sum()
        places = np.arange(len(share))
        means.append(float(share @ places))
        deviations.append(sqrt(share @ (places - means[-1]) ** 2))
    return (means[0], means[1]), (deviations[0], deviations[1])


def _fewest_pixels(energy: Map, share: float) -> int:
    """The least number of pixels that hold a share of the energy."""
    held = np.cumsum(np.sort(energy, axis=None)[::-1])
    return int(np.searchsorted(held, share * held[-1])) + 1


def _within(energy: Map, box: Box, part: float = 1.0) -> float:
    """Energy in a box, or in the part of its height and width around its centre; a cut pixel counts by its area."""
    weights = []
    for length, first, last in zip(energy.shape, box[:2], box[2:], strict=True):
        centre, reach = (first + last) / 2, part * (last - first + 1) / 2
        places = np.arange(length)
        covered = np.minimum(places + 0.5, centre + reach) - np.maximum(places - 0.5, centre - reach)
        weights.append(covered.clip(0, 1))
    return float(weights[0] @ energy @ weights[1])
