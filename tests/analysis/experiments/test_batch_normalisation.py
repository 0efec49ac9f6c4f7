from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from analysis.experiments.batch_normalisation import Maps, batch_in_full, batch_normalised


def maps() -> Maps:
    """Positive values of the size of responses to a picture, many of them 0."""
    return np.maximum(np.random.default_rng(0).normal(0, 60, (16, 7, 5)), 0)


def test_batch_normalisation_is_pytorchs() -> None:
    """torch.nn.functional.batch_norm in training on the one picture; and 0, 2, 4 by hand: 2 / sqrt(8 / 3)."""
    expected = nn.functional.batch_norm(torch.tensor(maps())[None], None, None, training=True)[0].numpy()
    np.testing.assert_allclose(batch_normalised(maps()), expected, rtol=1e-10, atol=1e-12)
    by_hand = batch_normalised(np.array([[[0.0, 2.0, 4.0]]]))
    assert by_hand.flatten() == pytest.approx([-1.2247, 0, 1.2247], abs=1e-4)


def test_one_value_of_batch_normalisation_in_full() -> None:
    """The same as in the map."""
    value = batch_in_full(maps(), 5, (3, 2))
    assert value.result == pytest.approx(batch_normalised(maps())[5, 3, 2])
    assert value.activity == maps()[5, 3, 2]
    assert value.mean == pytest.approx(maps()[5].mean())
