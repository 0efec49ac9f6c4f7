from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from analysis.experiments.filter_bank import CHANNELS, feature_maps, filter_bank, scaled_down

NAMES = list(CHANNELS)


def flat(colour: tuple[int, int, int], size: int = 43) -> NDArray[np.uint8]:
    """An even surface."""
    return np.full((size, size, 3), colour, dtype=np.uint8)


def line(degrees: int) -> NDArray[np.uint8]:
    """A white line through the middle of a black picture; 0 lies across, 45 rises to the right."""
    down, right = np.mgrid[-21:22, -21:22]
    angle = np.deg2rad(degrees)
    distance = np.abs(right * np.sin(angle) + down * np.cos(angle))
    return np.where(distance < 1.2, 255, 0)[..., None].repeat(3, axis=2).astype(np.uint8)


def test_weights_sum_to_nothing_and_their_sizes_to_two() -> None:
    """Sixteen filters of 3 x 11 x 11: no picture gets more than 255 out of them."""
    bank = filter_bank()
    assert bank.shape == (len(CHANNELS), 3, 11, 11)
    torch.testing.assert_close(bank.sum(dim=(1, 2, 3)), torch.zeros(16, dtype=torch.float64))
    torch.testing.assert_close(bank.abs().sum(dim=(1, 2, 3)), torch.full((16,), 2.0, dtype=torch.float64))


@pytest.mark.parametrize("degrees", range(0, 180, 15))
def test_an_orientation_answers_to_its_line(degrees: int) -> None:
    """The line's own channel answers most at the middle of the picture, the one across it not at all."""
    middle = feature_maps(line(degrees))[:12, 4, 4]
    assert NAMES[int(middle.argmax())] == str(degrees)
    assert middle[(NAMES.index(str(degrees)) + 6) % 12] < 0.1 * middle.max()


# Red minus green under a window whose red half weighs 1: 200 - 50 = 150, and the opposite is cut off by the ReLU.
def test_colours_answer_to_theirs() -> None:
    """Reddish 150, its opposite 0; blue beside the mean of red and green: 250 - 125 is taken away as yellow."""
    maps = dict(zip(NAMES, feature_maps(flat((200, 50, 250)))[:, 0, 0], strict=True))
    assert maps["red"] == pytest.approx(150)
    assert maps["green"] == 0
    assert maps["blue"] == pytest.approx(250 - (200 + 50) / 2)
    assert maps["yellow"] == 0


def test_an_even_grey_surface_says_nothing() -> None:
    """All maps are 0 but for rounding; 43 pixels have (43 - 11) / 4 + 1 = 9 positions."""
    maps = feature_maps(flat((90, 90, 90)))
    assert maps.shape == (16, 9, 9)
    assert maps.max() < 1e-10


def test_a_large_picture_is_scaled_down() -> None:
    """1,024 x 512 to 256 x 128; a small one stays as it is."""
    large = np.full((1024, 512, 3), 7, dtype=np.uint8)
    assert scaled_down(large).shape == (256, 128, 3)
    assert (scaled_down(large) == 7).all()
    small = flat((1, 2, 3))
    assert scaled_down(small) is small


def test_a_picture_smaller_than_the_filters_is_refused() -> None:
    """Ten pixels have no room for eleven."""
    with pytest.raises(ValueError, match="10 x 10 pixels is smaller than the filters"):
        feature_maps(flat((0, 0, 0), size=10))
