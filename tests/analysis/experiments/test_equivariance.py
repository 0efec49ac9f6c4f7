from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import torch
from torch.nn import functional

from analysis.experiments.equivariance import (
    FILTERS,
    Values,
    both_orders,
    brightness,
    convolution,
    locally_connected,
    moved,
    over_shifts,
    own_weights,
)

EDGES = FILTERS["vertical"]


@pytest.fixture
def picture() -> Values:
    """Whole numbers from 0 to 255 without any structure, 24 x 31."""
    return np.random.default_rng(0).integers(0, 256, (24, 31)).astype(np.float64)


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("stride", [1, 2, 4])
def test_the_convolution_is_pytorchs(picture: Values, name: str, stride: int) -> None:
    """Equal to ``conv2d`` to the last bit: whole numbers are exact in float64."""
    expected = functional.conv2d(
        torch.from_numpy(picture)[None, None],
        torch.tensor(FILTERS[name], dtype=torch.float64)[None, None],
        stride=stride,
    )[0, 0]
    assert np.array_equal(convolution(FILTERS[name], stride)(picture), expected.numpy())


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_the_locally_connected_layer_is_unfold_times_weights(picture: Values, stride: int) -> None:
    """PyTorch's unfolded windows times each position's own weights."""
    own = own_weights(EDGES, (24, 31), stride)
    windows = functional.unfold(torch.from_numpy(picture)[None, None], 3, stride=stride)[0]
    expected = (windows * torch.from_numpy(own).reshape(-1, 9).T).sum(dim=0).reshape(own.shape[:2])
    assert np.allclose(locally_connected(own, stride)(picture), expected.numpy(), rtol=1e-12, atol=1e-9)


def test_with_the_same_weights_everywhere_both_layers_are_one(picture: Values) -> None:
    """Sharing is the only difference between the two."""
    shared = np.broadcast_to(np.array(EDGES, dtype=np.float64), (22, 29, 3, 3))
    assert np.array_equal(locally_connected(shared)(picture), convolution(EDGES)(picture))


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("shift", [(0, 0), (3, 5), (-4, 2), (7, -9)])
def test_a_convolution_follows_every_shift(picture: Values, name: str, shift: tuple[int, int]) -> None:
    """Exactly, on every value whose window lies in both pictures: (22 - |down|) x (29 - |right|)."""
    orders = both_orders(convolution(FILTERS[name]), picture, shift)
    assert orders.largest_difference == orders.relative_difference == 0.0
    assert orders.output_shift == shift
    assert orders.compared == (22 - abs(shift[0])) * (29 - abs(shift[1]))


@pytest.mark.parametrize("stride", [2, 3, 4])
def test_a_stride_follows_its_multiples_and_nothing_else(picture: Values, stride: int) -> None:
    """Zero at 0, S, 2 S, ...; noise is unrelated to itself in between: about the root of 2."""
    curve = over_shifts(convolution(EDGES, stride), picture, 9, stride)
    for shift, difference in enumerate(curve):
        assert (difference == 0) == (shift % stride == 0)
        assert difference == 0 or difference > 0.5


def test_the_output_moves_by_the_shift_divided_by_the_stride(picture: Values) -> None:
    """Eight down and six right with stride 4: two down, and one or two right, whichever fits better."""
    orders = both_orders(convolution(EDGES, 4), picture, (8, 6), 4)
    assert orders.exact_output_shift == (Fraction(2), Fraction(3, 2))
    assert orders.output_shift[0] == 2
    assert orders.output_shift[1] in (1, 2)
    assert orders.largest_difference > 0


@pytest.mark.parametrize("shift", [(0, 1), (4, 8), (-3, 2)])
def test_own_weights_at_each_position_follow_no_shift(picture: Values, shift: tuple[int, int]) -> None:
    """The responses are unrelated: their difference is as large as that of two independent ones."""
    layer = locally_connected(own_weights(EDGES, (24, 31)))
    assert both_orders(layer, picture, (0, 0)).largest_difference == 0
    assert both_orders(layer, picture, shift).relative_difference == pytest.approx(2**0.5, abs=0.15)


def test_the_difference_is_that_of_the_two_orders(picture: Values) -> None:
    """Computed by hand from the moved pictures; unknown where one of them is."""
    layer = locally_connected(own_weights(EDGES, (24, 31), seed=3))
    orders = both_orders(layer, picture, (2, 1))
    after = layer(orders.shifted)[2:, 1:]
    before = layer(picture)[:-2, :-1]
    assert np.array_equal(orders.difference[2:, 1:], after - before)
    assert np.isnan(orders.difference[:2]).all()
    assert np.isnan(orders.difference[:, :1]).all()
    assert orders.largest_difference == np.abs(after - before).max()
    power = (np.mean(after**2) + np.mean(before**2)) / 2
    assert orders.relative_difference == pytest.approx(np.sqrt(np.mean((after - before) ** 2) / power))


def test_moving_leaves_gaps_and_takes_nothing_else_away() -> None:
    """Down by one and left by one."""
    values = np.arange(6.0).reshape(2, 3)
    nan = np.nan
    assert np.array_equal(moved(values, (1, -1)), [[nan, nan, nan], [1, 2, nan]], equal_nan=True)
    assert np.isnan(moved(values, (2, 0))).all()
    assert np.isnan(moved(values, (0, -5))).all()


def test_a_shift_out_of_the_picture_is_a_sentence(picture: Values) -> None:
    """Nothing is left to compare."""
    with pytest.raises(ValueError, match="A shift by 40 to the right and 1 down leaves nothing to compare"):
        both_orders(convolution(EDGES), picture, (1, 40))


def test_a_curve_ends_where_nothing_is_left(picture: Values) -> None:
    """Six columns hold four windows: a shift by 3 leaves one of them, a shift by 4 none."""
    assert len(over_shifts(convolution(EDGES), picture[:, :6], 9)) == 4


def test_a_flat_picture_has_no_difference() -> None:
    """Edges of nothing are 0 in both orders, which are equal."""
    orders = both_orders(convolution(EDGES), np.full((9, 9), 7.0), (1, 1))
    assert orders.relative_difference == 0.0


def test_weights_are_drawn_by_the_seed_and_as_large_as_the_filters() -> None:
    """The same seed gives the same weights; their root mean square is that of Sobel's, the root of 12 / 9."""
    first, again, other = (own_weights(EDGES, (60, 60), seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.sqrt(np.mean(first**2)) == pytest.approx((12 / 9) ** 0.5, rel=0.02)


def test_a_picture_smaller_than_the_filter_is_a_sentence() -> None:
    """Two values hold no window of three."""
    with pytest.raises(ValueError, match="A kernel of 3 does not fit into 2 values"):
        own_weights(EDGES, (2, 9))


# Rec. 601: 0.299 * 100 + 0.587 * 200 + 0.114 * 50 = 153.
def test_brightness_weighs_the_colours_and_keeps_the_shape() -> None:
    """One colour stays one number; the longer side becomes 96 and the shorter keeps its proportion."""
    pixels = np.broadcast_to(np.array([100, 200, 50], dtype=np.uint8), (120, 240, 3)).copy()
    grey = brightness(pixels)
    assert grey.shape == (48, 96)
    assert np.unique(grey).tolist() == [153.0]
    assert brightness(pixels[:3, :5]).shape == (3, 5)
