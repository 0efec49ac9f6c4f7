from __future__ import annotations

import numpy as np
import pytest

from ui.picture_patterns import PATTERNS, PERIODS, SIDE, gratings, zone_plate


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns_are_grey_pictures_that_stay_the_same(name: str) -> None:
    """256 x 256 values from nearly black to nearly white, equal when computed again."""
    first = PATTERNS[name]()
    assert first.shape == (SIDE, SIDE)
    assert first.dtype == np.uint8
    assert first.min() < 10 and first.max() > 245
    np.testing.assert_array_equal(first, PATTERNS[name]())


@pytest.mark.parametrize("radius", [32, 64, 96])
def test_the_zone_plates_frequency_is_the_radius_by_the_side(radius: int) -> None:
    """In a stretch of a row around this radius the strongest bin of the spectrum is r / 256 cycles per pixel."""
    middle = zone_plate()[SIDE // 2, SIDE // 2 :].astype(float) - 127.5
    stretch = middle[radius - 16 : radius + 16] * np.hanning(32)
    spectrum = np.abs(np.fft.rfft(stretch, 1024))
    assert np.argmax(spectrum) / 1024 == pytest.approx(radius / SIDE, abs=0.01)


def test_gratings_repeat_with_their_periods() -> None:
    """Upright waves above, level bars below: each band equals itself one period on."""
    chart = gratings().astype(int)
    for band, period in enumerate(PERIODS):
        columns = np.flatnonzero(np.arange(SIDE) * len(PERIODS) // SIDE == band)
        above, below = chart[: SIDE // 2, columns], chart[SIDE // 2 :, columns]
        np.testing.assert_allclose(above[:, period:], above[:, :-period], atol=1)
        np.testing.assert_array_equal(below[period:], below[:-period])
