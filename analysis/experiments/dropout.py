"""Dropout on one layer: what a mask leaves, what the next unit receives, and what evaluation has to use.

A unit of the next layer receives the sum of w_i a_i over the n units of a layer. Dropout keeps each of
them with probability q = 1 - p, independently, so what it receives in training varies from mask to mask:

    mean = q sum(w_i a_i)        variance = p q sum((w_i a_i)^2)

Evaluation drops nothing. For the next unit to find there what it has learned to expect, somebody has to
scale: evaluation the activations by q (Hinton et al. 2012; Krizhevsky et al. 2012, section 4.2, for
p = 0.5), or training the kept ones by 1 / q ("inverted dropout", which is PyTorch's).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

MOST_RATE = 0.9


class Convention(StrEnum):
    """Who scales: evaluation, training, or nobody."""

    CLASSIC = "classic"
    INVERTED = "inverted"
    UNSCALED = "unscaled"


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """``activations`` (n,) of a layer and the ``weights`` (n,) by which one unit of the next reads them."""

    activations: NDArray[np.float64]
    weights: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the next unit receives under a convention.

    ``mean`` and ``deviation`` (standard) are those of training by the formula, the ``measured_*`` those over the
    masks that were drawn; ``evaluation`` is what it receives when nothing is dropped.
    """

    convention: Convention
    mean: float
    deviation: float
    measured_mean: float
    measured_deviation: float
    evaluation: float


def drawn_layer(units: int, seed: int) -> Layer:
    """A layer of drawn values: ReLU of standard normal numbers, read by normal weights of variance 1 / n.

    About half of the activations are 0, as after a ReLU at initialisation. Raises ValueError below one unit.
    """
    if units < 1:
        raise ValueError(f"A layer of {units} units is impossible: choose 1 or more.")
    random = np.random.default_rng(seed)
    activations = np.maximum(random.standard_normal(units), 0)
    return Layer(activations, random.standard_normal(units) / np.sqrt(units))


def kept(units: int, rate: float, masks: int, seed: int) -> NDArray[np.bool_]:
    """Masks, (masks, units): each unit is kept with probability 1 - rate. Raises ValueError for an impossible rate."""
    if not 0 <= rate <= MOST_RATE:
        raise ValueError(f"A dropout rate of {rate} is not shown: choose 0 to {MOST_RATE}.")
    return np.random.default_rng(seed).random((masks, units)) >= rate


def seen(layer: Layer, mask: NDArray[np.bool_], rate: float, convention: Convention) -> NDArray[np.float64]:
    """The activations, (n,), that the next layer reads in training behind one mask."""
    scale = 1 / (1 - rate) if convention is Convention.INVERTED else 1.0
    return np.where(mask, layer.activations * scale, 0.0)


def received(
    layer: Layer, masks: NDArray[np.bool_], rate: float, convention: Convention
) -> NDArray[np.float64]:
    """What the next unit receives in training behind each mask, (masks,)."""
    scale = 1 / (1 - rate) if convention is Convention.INVERTED else 1.0
    return scale * (masks @ (layer.weights * layer.activations))


def outcome(layer: Layer, masks: NDArray[np.bool_], rate: float, convention: Convention) -> Outcome:
    """Formula and measurement of one convention.

    Activations 1, 1 and weights 1, 3 at p = 0.5, inverted: mean 4, deviation sqrt(1 + 9), evaluation 4;
    unscaled: mean 2, and evaluation 4 all the same.
    """
    products = layer.weights * layer.activations
    whole, keep = float(products.sum()), 1 - rate
    scale = 1 / keep if convention is Convention.INVERTED else 1.0
    sums = received(layer, masks, rate, convention)
    return Outcome(
        convention=convention,
        mean=scale * keep * whole,
        deviation=scale * float(np.sqrt(rate * keep * (products**2).sum())),
        measured_mean=float(sums.mean()),
        measured_deviation=float(sums.std()),
        evaluation=keep * whole if convention is Convention.CLASSIC else whole,
    )
