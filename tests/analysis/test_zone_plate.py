from __future__ import annotations

import numpy as np
import pytest

from analysis.low_pass_filters import binomial_response, folded
from analysis.zone_plate import FILTERS, SIZE, STRIDES, ring_radius, sampled_plate, zone_plate


def apparent_frequency(line: np.ndarray, place: int) -> float:
    """The strongest frequency of a line around a place, in cycles per pixel: a windowed spectrum, padded."""
    window = np.hanning(33)
    piece = line[place - 16 : place + 17]
    spectrum = np.abs(np.fft.rfft((piece - piece.mean()) * window, 1024))
    return float(np.argmax(spectrum)) / 1024


def test_the_frequency_grows_with_the_radius() -> None:
    """r pixels from the centre there are r / size cycles per pixel; opposite sides meet without a seam."""
    plate = zone_plate()
    line = plate[SIZE // 2]
    for radius in (40, 60, 80, 100):
        assert apparent_frequency(line, SIZE // 2 + radius) == pytest.approx(radius / SIZE, abs=0.01)
    squares = np.square(np.arange(-SIZE // 2 - SIZE, SIZE // 2 + SIZE))
    assert np.allclose(
        np.cos(np.pi / SIZE * squares), np.tile(np.cos(np.pi / SIZE * squares[SIZE : 2 * SIZE]), 3)
    )


def test_every_frequency_is_held_once() -> None:
    """The complex plate's spectrum is flat: the plate is a map of the frequency plane with equal shares."""
    chirp = np.exp(1j * np.pi / SIZE * np.square(np.arange(SIZE) - SIZE // 2))
    assert np.allclose(np.abs(np.fft.fft(chirp)), np.sqrt(SIZE))


# Rings up to 1/(2S) cycles per pixel stay, those beyond come back: 1/4 - e and 1/4 + e look the same for S = 2.
@pytest.mark.parametrize("stride", [2, 3, 4])
def test_rings_fold_at_the_limit(stride: int) -> None:
    """Along a radius the stride shows each frequency folded; up to the ring of f* they are the plate's own."""
    assert ring_radius(stride) == SIZE / 2 / stride
    line = sampled_plate("none", stride).drawn[SIZE // 2]
    for radius in range(30, 104, 7):
        frequency = radius / SIZE
        alias = float(folded(np.array(frequency), stride))
        if 0.03 < alias < 1 / (2 * stride) - 0.03:  # not where two waves of opposite course meet
            assert apparent_frequency(line, SIZE // 2 + radius) == pytest.approx(alias, abs=0.02)
            assert (alias == pytest.approx(frequency)) is (radius < ring_radius(stride))


# (x + m N / S)^2 = x^2 + 2 x m N / S + (m N / S)^2: on samples, x a multiple of S, the second term is a whole
# number of turns, and the third turns the phase by pi m^2 N / S^2: N = 240 by 60 pi (S = 2), by 15 pi (S = 4).
@pytest.mark.parametrize(("stride", "sign"), [(2, 1), (4, -1)])
def test_false_rings_are_the_true_ones_again(stride: int, sign: int) -> None:
    """Around every false centre next to the true one lie its very samples, for S = 4 with bright and dark exchanged."""
    plate = sampled_plate("none", stride)
    nearest = [centre for centre in plate.false_centres if abs(centre.x) + abs(centre.y) == SIZE / stride]
    assert {(centre.y, centre.x) for centre in nearest} == {
        (y * SIZE / stride, x * SIZE / stride) for y, x in ((0, 1), (0, -1), (1, 0), (-1, 0))
    }
    for centre in nearest:
        steps = (-round(centre.y / stride), -round(centre.x / stride))
        assert np.allclose(np.roll(plate.samples, steps, (0, 1)), sign * plate.samples)
        assert folded(np.array(centre.frequency), stride).tolist() == [0, 0]


def test_false_centres_lie_at_multiples_of_the_inverse_stride() -> None:
    """S = 3: eight of them, 80 pixels apart; S = 8: all of a 9 x 9 grid but the middle."""
    places = {(centre.x, centre.y) for centre in sampled_plate("none", 3).false_centres}
    assert places == {(x, y) for x in (-80, 0, 80) for y in (-80, 0, 80)} - {(0, 0)}
    assert len(sampled_plate("none", 8).false_centres) == 80
    assert all(centre.contrast == 1 for centre in sampled_plate("none", 8).false_centres)


@pytest.mark.parametrize("name", ["binomial_3", "binomial_5"])
def test_what_a_filter_leaves_at_a_false_centre(name: str) -> None:
    """The contrast |H(fy)| |H(fx)| is measured: filtered against unfiltered samples around the place."""
    plain, smooth = sampled_plate("none", 3), sampled_plate(name, 3)
    for centre in smooth.false_centres:
        row, column = (round((at + SIZE / 2) / 3) for at in (centre.y, centre.x))
        around = (slice(row - 1, row + 2), slice(column - 1, column + 2))
        before, after = plain.samples[around], smooth.samples[around]
        assert float(np.sum(before * after) / np.sum(before**2)) == pytest.approx(centre.contrast, abs=0.03)


# |H|^2 of a flat spectrum, by the integral along one axis: cos(pi f)^(2 n - 2) up to 1/(2S), over all.
@pytest.mark.parametrize("stride", STRIDES)
@pytest.mark.parametrize(
    ("name", "taps"), [("none", 1), ("binomial_3", 3), ("binomial_5", 5), ("binomial_7", 7)]
)
def test_shares_of_energy(name: str, taps: int, stride: int) -> None:
    """What folds and what is kept are those of the filter's response, since the plate's spectrum is flat."""
    frequencies = (np.arange(4096) + 0.5) / 8192
    power = binomial_response(taps, frequencies) ** 2
    inside = power[frequencies < 1 / (2 * stride)]
    plate = sampled_plate(name, stride)
    assert plate.aliased_share == pytest.approx(1 - (inside.sum() / power.sum()) ** 2, abs=0.02)
    assert plate.kept_share == pytest.approx(inside.mean() ** 2, abs=0.02)
    assert plate.limit_response == pytest.approx(float(binomial_response(taps, np.array([0.5 / stride]))[0]))


@pytest.mark.parametrize("stride", STRIDES)
def test_the_ideal_filter_leaves_no_moire(stride: int) -> None:
    """Everything up to the limit is kept, nothing folds, no false ring has contrast; a box has none at its zeros."""
    ideal, box = sampled_plate("ideal", stride), sampled_plate("box", stride)
    assert ideal.aliased_share == pytest.approx(0)
    assert ideal.kept_share == pytest.approx(1)
    assert all(centre.contrast == pytest.approx(0) for centre in (*ideal.false_centres, *box.false_centres))
    assert 0.3 < box.aliased_share < 0.45


@pytest.mark.parametrize("name", FILTERS)
def test_where_samples_lie(name: str) -> None:
    """The first lies at -size / 2, for an even filter half a pixel on; samples keep their values in the drawing."""
    plate = sampled_plate(name, 2)
    assert plate.first == (-SIZE / 2 + 0.5 if name == "box" else -SIZE / 2)
    assert plate.samples.shape == (SIZE // 2, SIZE // 2)
    assert np.allclose(plate.drawn[::2, ::2], plate.samples)


def test_what_cannot_be_drawn_is_a_sentence() -> None:
    """An odd size, a stride that misses the centre, a filter that is not known."""
    with pytest.raises(ValueError, match="needs an even size, not 7"):
        zone_plate(7)
    with pytest.raises(ValueError, match="Half a size of 240 is no multiple of the stride 7"):
        sampled_plate("none", 7)
    with pytest.raises(ValueError, match="Unknown filter 'sinc': choose one of none, box"):
        sampled_plate("sinc", 2)
