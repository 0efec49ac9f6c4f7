from __future__ import annotations

import numpy as np
import pytest

from analysis.spectrum import (
    above_limit,
    folded,
    power,
    radial_average,
    sampled,
    share_above,
    transform,
    window,
)

SIZE = 48
RANDOM = np.random.default_rng(0)


def wave(cycles: int, size: int = SIZE, phase: float = 0.4) -> np.ndarray:
    """A stack of one map (1, size, size): a sine along the columns with whole cycles over the width."""
    values = np.cos(2 * np.pi * cycles * np.arange(size) / size + phase)
    return np.broadcast_to(values, (1, size, size)).copy()


@pytest.mark.parametrize("cycles", [1, 7, 23])
def test_a_pure_sine_lies_in_one_bin(cycles: int) -> None:
    """And its mirror: half of the mean square 1/2 in each, nothing anywhere else."""
    found = power(wave(cycles), windowed=False)
    expected = np.zeros((SIZE, SIZE))
    expected[0, cycles] = expected[0, -cycles] = 0.25
    assert np.allclose(found, expected, atol=1e-15)


@pytest.mark.parametrize("factor", [2, 3, 4])
@pytest.mark.parametrize("cycles", [3, 9, 11, 13, 17, 19, 22])
def test_a_sine_folds_to_the_predicted_alias(cycles: int, factor: int) -> None:
    """f appears at |f - round(f S) / S|, and at no other frequency."""
    found = sampled(wave(cycles), (1, factor), windowed=False)
    frequency = cycles / SIZE
    alias = abs(frequency - round(frequency * factor) / factor)
    if alias:  # else it has become a constant
        total = 0.25 if 2 * factor * cycles % SIZE else np.cos(0.4) ** 2 / 2
        assert found.after[0, round(alias * SIZE)] == pytest.approx(total)
    above = 2 * factor * cycles > SIZE
    assert found.share_above == pytest.approx(float(above))
    assert found.alias.sum() == pytest.approx(found.after.sum() if above else 0)


def test_alexnets_first_stride() -> None:
    """S = 4: 3/16 looks like 1/16, 1/4 like a constant, 5/16 like 1/16, 3/8 like 1/8 cycles per pixel."""
    size = 64
    for cycles, alias in ((12, 4), (16, 0), (20, 4), (24, 8)):
        found = sampled(wave(cycles, size), (4, 4), windowed=False)
        bins = {(int(row), int(column)) for row, column in np.argwhere(found.after > 1e-12)}
        assert bins == {(0, alias), (0, -alias % 16)}


@pytest.mark.parametrize("windowed", [False, True])
def test_parseval(windowed: bool) -> None:
    """The sum of a spectrum is the mean square of the values without their mean, under the window."""
    maps = RANDOM.normal(3, 1, (5, 20, 31))
    weights = window((20, 31)).astype(float) if windowed else np.ones((20, 31))
    mean = (maps * weights).sum((1, 2), keepdims=True) / weights.sum()
    expected = ((weights * (maps - mean)) ** 2).mean((1, 2)).sum()
    assert power(maps, windowed=windowed).sum() == pytest.approx(expected)
    assert power(maps, windowed=windowed)[0, 0] == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("factor", [2, 4])
def test_white_noise_has_the_area_above(factor: int) -> None:
    """1 - 1 / S² of the plane lies outside the square; of N lines N / S + 1 lie within it."""
    noise = RANDOM.standard_normal((8, 256, 256))
    share = share_above(power(noise, windowed=False), (factor, factor))
    assert share == pytest.approx(1 - 1 / factor**2, abs=0.01)
    flat = share_above(np.ones((256, 256)), (factor, factor))
    assert flat == 1 - ((256 // factor + 1) / 256) ** 2


def test_folded_spectrum_is_that_of_the_subsampled_map() -> None:
    """To the last digit: complex values of every bin, with a step of its own along each axis."""
    maps = RANDOM.standard_normal((3, 24, 30))
    whole = np.fft.fft2(maps) / (24 * 30)
    kept = maps[:, ::4, ::3]
    assert np.allclose(folded(whole, (4, 3)), np.fft.fft2(kept) / (6 * 10), atol=1e-15)


@pytest.mark.parametrize("windowed", [False, True])
def test_after_is_the_subsampled_maps_spectrum(windowed: bool) -> None:
    """The map under its window, every S-th value of it, transformed."""
    maps = RANDOM.standard_normal((2, 27, 25))
    found = sampled(maps, (4, 2), windowed=windowed)
    weights = window((24, 24)).astype(float) if windowed else np.ones((24, 24))
    whole = maps[:, :24, :24]
    centred = (whole - (whole * weights).sum((1, 2), keepdims=True) / weights.sum()) * weights
    expected = (np.abs(np.fft.fft2(centred[:, ::4, ::2]) / (6 * 12)) ** 2).sum(0)
    assert found.before.shape == (24, 24)
    assert np.allclose(found.after, expected, atol=1e-15)


def test_ideal_low_pass_leaves_no_alias() -> None:
    """A map freed of what lies above f* is sampled without any change; what it was freed of is the share above."""
    maps = RANDOM.standard_normal((1, 32, 32))
    below = np.where(above_limit((32, 32), (2, 2)), 0, np.fft.fft2(maps))
    smooth = np.fft.ifft2(below).real
    found = sampled(maps, (2, 2), windowed=False)
    again = sampled(smooth, (2, 2), windowed=False)
    assert np.allclose(again.after, found.ideal, atol=1e-15)
    assert again.share_above == pytest.approx(0, abs=1e-15)
    assert again.alias_share == pytest.approx(0, abs=1e-15)
    energy = (smooth**2).mean() - smooth.mean() ** 2
    assert found.share_above == pytest.approx(1 - energy / maps.var())


def test_a_constant_has_no_share() -> None:
    """Nothing varies, so nothing can be aliased: unknown, not 0."""
    found = sampled(np.full((1, 8, 8), 5.0), (2, 2), windowed=True)
    assert found.share_above is None and found.alias_share is None


def test_only_the_axis_that_is_subsampled_has_a_limit() -> None:
    """A step of 1 loses nothing along its axis, not even at 1/2."""
    assert not above_limit((7, 8), (1, 1)).any()
    assert above_limit((4, 8), (1, 2)).tolist() == [[False, False, False, True, True, True, False, False]] * 4


def test_radial_average_of_an_isotropic_spectrum() -> None:
    """Where power depends on the distance alone the average returns it, in cycles per sample, up to 1/2."""
    frequency = np.fft.fftfreq(64)
    distance = np.rint(np.hypot(*np.meshgrid(frequency, frequency)) * 64) / 64
    radius, average = radial_average(np.exp(-5 * distance))
    assert radius[0] == 0 and radius[-1] == 0.5
    assert np.allclose(average, np.exp(-5 * radius))
    radius, _ = radial_average(np.ones((16, 16)), (4, 4))
    assert (radius[1], radius[-1]) == (1 / 64, 1 / 8)


def test_impossible_maps_are_sentences() -> None:
    """A map smaller than one step, and sides that S does not divide."""
    with pytest.raises(ValueError, match="3 x 8 is smaller than a step of 4 x 4"):
        sampled(np.ones((1, 3, 8)), (4, 4), windowed=False)
    with pytest.raises(ValueError, match="9 x 8 cannot be divided into steps of 2 x 2"):
        folded(transform(np.ones((1, 9, 8)), windowed=False), (2, 2))
