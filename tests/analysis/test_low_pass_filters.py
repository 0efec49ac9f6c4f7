from __future__ import annotations

import numpy as np
import pytest

from analysis.low_pass_filters import (
    Values,
    binomial_response,
    binomial_taps,
    box_response,
    box_taps,
    filtered,
    folded,
    ideal_response,
    ideally_filtered,
    interpolated,
    response_of,
)

FREQUENCIES = np.linspace(0, 1.5, 61)


def wave(frequency: tuple[float, float], size: tuple[int, int] = (48, 36)) -> Values:
    """A plane wave of (down, across) cycles per sample."""
    down, across = (f * np.arange(length) for f, length in zip(frequency, size, strict=True))
    return np.cos(2 * np.pi * np.add.outer(down, across) + 0.3)


@pytest.mark.parametrize("count", range(1, 8))
def test_binomial_responses_are_powers_of_the_cosine(count: int) -> None:
    """The Fourier sum of the taps is |cos(pi f)|^(n - 1), and the taps add up to 1."""
    taps = binomial_taps(count)
    assert sum(taps) == 1
    assert np.allclose(response_of(taps, FREQUENCIES), binomial_response(count, FREQUENCIES), atol=1e-12)


# The cosines of pi/8 and pi/4, 0.9239 and 0.7071, to the powers 0 to 6.
@pytest.mark.parametrize(
    ("count", "at_eighth", "at_quarter"),
    [(1, 1, 1), (2, 0.9239, 0.7071), (3, 0.8536, 0.5), (4, 0.7886, 0.3536), (5, 0.7286, 0.25), (6, 0.6731, 0.1768),
     (7, 0.6219, 0.125)],
)  # fmt: skip
def test_binomial_responses_in_numbers(count: int, at_eighth: float, at_quarter: float) -> None:
    """At the limits of the strides 4 and 2, and at 1/2, which all but the first stop."""
    response = binomial_response(count, np.array([1 / 8, 1 / 4, 1 / 2]))
    assert np.allclose(response, [at_eighth, at_quarter, count == 1], atol=5e-5)


@pytest.mark.parametrize("count", range(1, 9))
def test_a_box_stops_multiples_of_the_inverse_of_its_width(count: int) -> None:
    """Its Fourier sum is Dirichlet's kernel, also where that is 0 / 0."""
    assert np.allclose(
        response_of(box_taps(count), FREQUENCIES), box_response(count, FREQUENCIES), atol=1e-12
    )
    assert np.allclose(box_response(count, np.arange(1, count) / count), 0, atol=1e-12)


@pytest.mark.parametrize("taps", [binomial_taps(3), binomial_taps(4), box_taps(2), box_taps(5)])
def test_a_wave_stays_a_wave(taps: tuple[float, ...]) -> None:
    """Filtered down and across, its amplitude is multiplied by both responses; an even filter moves it by 1/2."""
    frequency = (5 / 48, 7 / 36)
    amplitude = np.prod([response_of(taps, np.array([f]))[0] for f in frequency])
    half = (len(taps) - 1) % 2 / 2
    down, across = (f * (np.arange(length) + half) for f, length in zip(frequency, (48, 36), strict=True))
    signs = np.prod(
        [np.sum(np.cos(2 * np.pi * f * (np.arange(len(taps)) - (len(taps) - 1) / 2))) for f in frequency]
    )
    expected = np.sign(signs) * amplitude * np.cos(2 * np.pi * np.add.outer(down, across) + 0.3)
    assert np.allclose(filtered(wave(frequency), taps), expected)


def test_the_ideal_filter_is_a_mask() -> None:
    """A wave up to the limit in both directions passes unchanged; one above it in either is gone."""
    below, beyond, at = wave((5 / 48, 4 / 36)), wave((1 / 48, 7 / 36)), wave((6 / 48, 0))
    assert np.allclose(ideally_filtered(below + at, 1 / 8), below + at)
    assert np.allclose(ideally_filtered(beyond, 1 / 8), 0)
    assert ideal_response(0.125, np.array([0.1, 0.125, 0.4, 0.95])).tolist() == [1, 1, 0, 1]


# Multiples of 1/4 become a constant; 1/8 and its odd multiples are the limit itself.
def test_frequencies_fold() -> None:
    """A stride of 4 on multiples of 1/16."""
    sixteenths = folded(np.arange(1, 9) / 16, 4) * 16
    assert sixteenths.tolist() == [1, 2, 1, 0, 1, 2, 1, 0]


@pytest.mark.parametrize("stride", [2, 3, 4])
def test_a_strided_wave_is_drawn_as_its_alias(stride: int) -> None:
    """Between its samples the picture is the wave of the folded frequency, whose amplitude is 1."""
    frequency = 17 / 48
    strided = wave((frequency, 0))[::stride, ::stride]
    drawn = interpolated(strided, stride)
    assert drawn.shape == (48, 36)
    assert np.allclose(drawn[::stride, ::stride], strided)
    spectrum = np.abs(np.fft.fft(drawn[:, 0]))
    assert np.argmax(spectrum) / 48 == pytest.approx(folded(np.array(frequency), stride))
    assert np.allclose(spectrum.max(), 24)


def test_impossible_filters_are_sentences() -> None:
    """Too many taps, too few, and a mean of nothing."""
    with pytest.raises(ValueError, match="A binomial filter has 1 to 7 taps here, not 8"):
        binomial_taps(8)
    with pytest.raises(ValueError, match="not 0"):
        binomial_taps(0)
    with pytest.raises(ValueError, match="at least one value"):
        box_taps(0)
