from __future__ import annotations

import numpy as np
import pytest

import models
from ui.model_input import normalised, square


def test_square_is_the_middle() -> None:
    """A picture of 40 x 100 with white in its middle 40 columns is all white; so it is when scaled."""
    pixels = np.zeros((40, 100, 3), dtype=np.uint8)
    pixels[:, 30:70] = 255
    assert square(pixels, 40).shape == (40, 40, 3) and square(pixels, 40).min() == 255
    assert square(pixels, 8).min() == 255 and square(pixels, 80).shape == (80, 80, 3)


def test_scaling_down_does_not_alias() -> None:
    """Stripes one pixel wide become their mean, not stripes of another width."""
    stripes = np.zeros((64, 64, 3), dtype=np.uint8)
    stripes[:, ::2] = 254
    assert np.abs(square(stripes, 16)[:, 2:-2].astype(int) - 127).max() <= 1


def test_colours_are_normalised_as_torchvision_does() -> None:
    """White is (1 - mean) / deviation in each channel."""
    white = np.full((2, 3, 3), 255, dtype=np.uint8)
    found = normalised(white, models.card("resnet50"))
    assert found.shape == (1, 3, 2, 3)
    assert found[0, :, 0, 0].tolist() == pytest.approx(
        [0.515 / 0.229, 0.544 / 0.224, 0.594 / 0.225], rel=1e-5
    )


def test_a_grey_network_gets_brightness() -> None:
    """Pure green has a brightness of 0.587."""
    green = np.zeros((4, 4, 3), dtype=np.uint8)
    green[..., 1] = 255
    found = normalised(green, models.card("lenet5"))
    assert found.shape == (1, 1, 4, 4)
    assert float(found[0, 0, 0, 0]) == pytest.approx((0.587 - 0.449) / 0.226, rel=1e-5)
