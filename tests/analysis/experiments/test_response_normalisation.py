from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from analysis.experiments.batch_normalisation import Maps
from analysis.experiments.response_normalisation import (
    Constants,
    competition,
    in_full,
    loudest_activity,
    loudest_neighbour,
    normalised,
    outside_window,
    position_at,
    strengthened,
    strongest_position,
    window,
)

PAPER = Constants()


def maps(channels: int = 16, seed: int = 0) -> Maps:
    """Positive values of the size of responses to a picture, many of them 0."""
    return np.maximum(np.random.default_rng(seed).normal(0, 60, (channels, 7, 5)), 0)


@pytest.mark.parametrize(
    "constants",
    [
        PAPER,
        Constants(n=1),
        Constants(n=15),
        Constants(n=31),
        Constants(3, 1.0, 2e-3, 0.5),
        Constants(alpha=0.0),
    ],
    ids=str,
)
def test_pytorch_computes_the_same(constants: Constants) -> None:
    """torch.nn.LocalResponseNorm, given n times alpha."""
    layer = nn.LocalResponseNorm(constants.n, constants.pytorch_alpha, constants.beta, constants.k)
    expected = layer(torch.tensor(maps())[None])[0].numpy()
    np.testing.assert_allclose(normalised(maps(), constants), expected, rtol=1e-12)


# Three channels of 100, 50 and 0 with n = 3: the sums are 12,500, 12,500 and 2,500, and the bases
# 2 + 10^-4 * 12,500 = 3.25 twice and 2.25. 3.25^0.75 = exp(0.75 ln 3.25) = exp(0.883991) = 2.420539.
def test_values_by_hand() -> None:
    """100 / 3.25^0.75 = 41.313, 50 / 3.25^0.75 = 20.657, and a silent channel stays silent."""
    found = normalised(np.array([100.0, 50.0, 0.0]), Constants(n=3))
    assert found == pytest.approx([41.3131, 20.6566, 0], abs=1e-4)


def test_a_channel_alone() -> None:
    """100 / (2 + 10^-4 * 100^2)^0.75 = 100 / 3^0.75 = 43.869; all by itself its neighbours do not matter."""
    assert normalised(np.array([0.0, 0.0, 100.0, 0.0]), PAPER)[2] == pytest.approx(43.8691, abs=1e-4)


@pytest.mark.parametrize(
    ("channel", "n", "expected"),
    [(0, 5, (0, 2)), (8, 5, (6, 10)), (15, 5, (13, 15)), (7, 1, (7, 7)), (3, 15, (0, 10))],
)
def test_the_window_ends_at_the_first_and_the_last_channel(
    channel: int, n: int, expected: tuple[int, int]
) -> None:
    """i - n/2 to i + n/2, cut at 0 and N - 1 = 15."""
    assert window(channel, 16, n) == expected


@pytest.mark.parametrize(("channel", "n", "outside"), [(3, 5, 6), (15, 5, 12), (0, 1, 1), (7, 31, None)])
def test_a_channel_outside_of_the_window(channel: int, n: int, outside: int | None) -> None:
    """Above where there is one, else below; 31 channels around the middle are all of 16."""
    assert outside_window(channel, 16, n) == outside


def test_positions_are_parts_of_the_map() -> None:
    """Of 7 x 5: the corners, and the middle."""
    assert position_at(maps(), 0, 0) == (0, 0)
    assert position_at(maps(), 1, 1) == (6, 4)
    assert position_at(maps(), 0.5, 0.5) == (3, 2)


def test_one_value_in_full_is_that_of_the_maps() -> None:
    """What stands in the formula gives the value in the map."""
    position = maps()[:, 2, 3]
    for channel in range(16):
        value = in_full(position, channel, PAPER)
        assert value.result == pytest.approx(normalised(maps(), PAPER)[channel, 2, 3])
        assert value.base == 2 + 1e-4 * value.sum_of_squares
        assert value.activity == position[channel]
        assert (value.first, value.last) == window(channel, 16, 5)


def test_the_loudest_neighbour_is_in_the_window() -> None:
    """Of channels 1 to 5 around 3, the one with 40; the louder ones outside do not count, and n = 1 has none."""
    responses = np.array([90.0, 10.0, 20.0, 70.0, 40.0, 5.0, 80.0])
    assert loudest_neighbour(responses, 3, 5) == 4
    assert loudest_neighbour(responses, 0, 3) == 1
    assert loudest_neighbour(responses, 3, 1) is None


def test_a_strong_channel_quiets_its_neighbours_only() -> None:
    """Within n/2 = 2 channels all that speak get quieter, beyond none changes."""
    found = competition(maps(), 6, 10.0, strongest_position(maps(), 6), PAPER)
    kept = found.kept
    speaks = found.responses > 0
    near = [channel for channel in (4, 5, 7, 8) if speaks[channel]]
    far = [channel for channel in range(16) if abs(channel - 6) > 2 and speaks[channel]]
    assert near and (kept[near] < 1).all()
    assert far and (kept[far] == 1).all()
    assert np.isnan(kept[~speaks]).all()


def test_batch_normalisation_lets_no_channel_compete() -> None:
    """The others stay as they are to the last bit; the strong one too, but for epsilon."""
    found = competition(maps(), 6, 10.0, (1, 1), PAPER)
    assert found.batch_change(6) == 0
    assert found.strong_batch[6] == pytest.approx(found.batch[6], rel=1e-6)


def test_strength_is_a_factor_on_one_channel() -> None:
    """And the strongest position is that of the largest value."""
    strong = strengthened(maps(), 3, 4.0)
    assert (strong[3] == 4 * maps()[3]).all()
    assert (np.delete(strong, 3, axis=0) == np.delete(maps(), 3, axis=0)).all()
    assert maps()[3][strongest_position(maps(), 3)] == maps()[3].max()


# The derivative of a / (k + alpha a^2)^beta is 0 where k + alpha a^2 = 2 alpha beta a^2: 2 / (10^-4 * 0.5) = 200^2.
@pytest.mark.parametrize("constants", [PAPER, Constants(k=1.0, alpha=1e-3, beta=0.9)], ids=str)
def test_a_channel_alone_is_loudest_at_one_activity(constants: Constants) -> None:
    """Weaker or stronger, its result is less."""
    loudest = loudest_activity(constants)
    assert loudest is not None
    alone = np.array([[0.9 * loudest, loudest, 1.1 * loudest]])
    assert normalised(alone, constants)[0].argmax() == 1
    assert loudest_activity(PAPER) == pytest.approx(200)
    assert loudest_activity(Constants(beta=0.5)) is None
    assert loudest_activity(Constants(alpha=0.0)) is None


@pytest.mark.parametrize(
    ("constants", "sentence"),
    [
        (Constants(n=4), "n = 4 channels has no channel in its middle"),
        (Constants(n=-1), "n = -1"),
        (Constants(k=0.0), "k = 0"),
        (Constants(alpha=-1.0), "alpha = -1"),
    ],
)
def test_impossible_constants_are_sentences(constants: Constants, sentence: str) -> None:
    """What was wrong, with its value."""
    with pytest.raises(ValueError, match=sentence):
        normalised(maps(), constants)
    with pytest.raises(ValueError, match=sentence):
        in_full(maps()[:, 0, 0], 0, constants)
