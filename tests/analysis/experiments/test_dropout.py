from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
import torch.nn.functional as functional

from analysis.experiments.dropout import Convention, Layer, drawn_layer, kept, outcome, received, seen

SMALL = Layer(np.array([1.0, 0.5, 2.0]), np.array([1.0, -3.0, 0.25]))


@pytest.mark.parametrize("convention", Convention)
@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 0.9])
def test_formulas_are_the_moments_over_all_masks(convention: Convention, rate: float) -> None:
    """Three units have eight masks, of known probabilities: mean and variance by enumeration."""
    masks = np.array(list(product([False, True], repeat=3)))
    odds = np.array([np.prod(np.where(mask, 1 - rate, rate)) for mask in masks])
    sums = received(SMALL, masks, rate, convention)
    mean = float(odds @ sums)
    deviation = float(np.sqrt(odds @ (sums - mean) ** 2))
    found = outcome(SMALL, masks, rate, convention)
    assert found.mean == pytest.approx(mean)
    assert found.deviation == pytest.approx(deviation, abs=1e-7)


def test_evaluation_meets_the_mean_where_somebody_scales() -> None:
    """Unscaled it is off by 1 / (1 - p): twice at p = 0.5."""
    masks = kept(3, 0.5, 10, 0)
    for convention, factor in ((Convention.CLASSIC, 1), (Convention.INVERTED, 1), (Convention.UNSCALED, 2)):
        found = outcome(SMALL, masks, 0.5, convention)
        assert found.evaluation == pytest.approx(factor * found.mean)


def test_measured_moments_agree_with_the_formulas() -> None:
    """Over 20,000 masks the mean is off by less than five standard errors."""
    layer = drawn_layer(48, 0)
    found = outcome(layer, kept(48, 0.5, 20_000, 1), 0.5, Convention.INVERTED)
    assert abs(found.measured_mean - found.mean) < 5 * found.deviation / np.sqrt(20_000)
    assert found.measured_deviation == pytest.approx(found.deviation, rel=0.03)


def test_inverted_is_pytorchs() -> None:
    """functional.dropout gives 0 or a / (1 - p) and has the same mean and deviation at the next unit."""
    layer, rate = drawn_layer(48, 0), 0.25
    with torch.random.fork_rng():
        torch.manual_seed(0)
        drawn = functional.dropout(
            torch.tensor(layer.activations).expand(20_000, 48), rate, training=True
        ).numpy()
    sums = drawn @ layer.weights
    found = outcome(layer, kept(48, rate, 1, 0), rate, Convention.INVERTED)
    assert sums.mean() == pytest.approx(found.mean, abs=5 * found.deviation / np.sqrt(20_000))
    assert sums.std() == pytest.approx(found.deviation, rel=0.03)
    assert np.allclose(drawn[0], seen(layer, drawn[0] > 0, rate, Convention.INVERTED))


def test_a_mask_keeps_its_share_and_comes_back_with_its_seed() -> None:
    """At p = 0.3 seven of ten units stay; the same seed draws the same masks."""
    masks = kept(100, 0.3, 1000, 5)
    assert masks.mean() == pytest.approx(0.7, abs=0.01)
    assert np.array_equal(masks, kept(100, 0.3, 1000, 5))
    assert kept(4, 0.0, 3, 0).all()


def test_impossible_numbers_are_sentences() -> None:
    """A rate of 1 would drop everything for ever; a layer has a unit."""
    with pytest.raises(ValueError, match="A dropout rate of 1 is not shown"):
        kept(3, 1, 1, 0)
    with pytest.raises(ValueError, match="A layer of 0 units"):
        drawn_layer(0, 0)
