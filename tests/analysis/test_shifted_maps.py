from __future__ import annotations

from fractions import Fraction
from math import sqrt

import pytest
import torch
from torch import Tensor

from analysis.shifted_maps import shifted_distance, vector_distance

J4, J8 = (Fraction(4), Fraction(4)), (Fraction(8), Fraction(8))


def a_map(seed: int, *shape: int) -> Tensor:
    """Random values, the same for the same seed."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("shift", [(0, 0), (4, 0), (8, 12), (40, 20)])
def test_a_map_that_moves_along_is_at_distance_0(shift: tuple[int, int]) -> None:
    """On a map without borders, at every shift by multiples of the stride, whatever the size."""
    reference = a_map(0, 3, 6, 5)
    moved = torch.roll(reference, (-shift[0] // 4, -shift[1] // 4), (1, 2))
    distance = shifted_distance(reference, moved, shift, J4, wraps=True)
    assert distance is not None
    assert (distance.cosine, distance.relative) == (0, 0)


def test_unrelated_maps() -> None:
    """The cosine of their angle is near 0, the relative difference near the root of 2; opposite ones: 2 and 2."""
    distance = shifted_distance(a_map(0, 64, 16, 16), a_map(1, 64, 16, 16), (4, 4), J4, wraps=True)
    assert distance is not None
    assert distance.cosine == pytest.approx(1, abs=0.05)
    assert distance.relative == pytest.approx(sqrt(2), abs=0.05)
    signs = torch.tensor([[[1.0, -1.0], [-1.0, 1.0]]])
    opposite = shifted_distance(signs, -signs, (0, 0), J4, wraps=True)
    assert opposite is not None
    assert (opposite.cosine, opposite.relative) == (2, 2)


# Each value drawn J pixels wide, moved by the shift: the definition, in pixels.
@pytest.mark.parametrize("shift", [(0, 0), (1, 1), (3, 0), (0, 5), (7, 6), (9, 31)])
@pytest.mark.parametrize("strides", [(4, 4), (8, 2)])
def test_between_multiples_of_the_stride(shift: tuple[int, int], strides: tuple[int, int]) -> None:
    """The distances are those of the maps drawn in pixels, computed by drawing them."""
    reference, after = a_map(0, 3, 6, 5) + 2, a_map(1, 3, 6, 5) + a_map(0, 3, 6, 5) + 2
    stride = (Fraction(strides[0]), Fraction(strides[1]))
    distance = shifted_distance(reference, after, shift, stride, wraps=True)
    assert distance is not None

    def drawn(values: Tensor) -> Tensor:
        values = values - reference.mean(dim=(1, 2), keepdim=True)
        return values.double().repeat_interleave(strides[0], 1).repeat_interleave(strides[1], 2)

    first, second = torch.roll(drawn(reference), (-shift[0], -shift[1]), (1, 2)), drawn(after)
    cosine = float((first * second).sum() / (first.norm() * second.norm()))
    assert distance.cosine == pytest.approx(1 - cosine)
    mean_square = float((first.square().mean() + second.square().mean()) / 2)
    assert distance.relative == pytest.approx(
        float((first - second).square().mean()) ** 0.5 / mean_square**0.5
    )


def test_with_borders_only_what_both_show_is_compared() -> None:
    """The window's new columns come in at the right; a shift past the whole map leaves nothing."""
    wide = a_map(0, 3, 5, 12)
    reference, after = wide[:, :, :8], wide[:, :, 3:11]
    distance = shifted_distance(reference, after, (0, 24), J8, wraps=False)
    assert distance is not None
    assert distance.cosine == pytest.approx(0, abs=1e-12)
    assert shifted_distance(reference, after, (0, 64), J8, wraps=False) is None
    assert shifted_distance(reference, after, (0, 63), J8, wraps=False) is None
    assert shifted_distance(reference, after, (0, 56), J8, wraps=False) is not None


def test_maps_without_values_are_equal() -> None:
    """Two dead maps are at distance 0; a dead one and a live one are unrelated."""
    dead, live = torch.zeros(2, 4, 4), a_map(0, 2, 4, 4)
    both, one = (shifted_distance(dead, other, (0, 0), J4, wraps=True) for other in (dead, live))
    assert both is not None
    assert one is not None
    assert (both.cosine, both.relative) == (0, 0)
    assert (one.cosine, one.relative) == (1, sqrt(2))


def test_vectors_are_compared_as_they_are() -> None:
    """A constant added to all scores changes no class and no distance; their scale matters to one of the two."""
    scores = a_map(0, 1000)
    same, scaled = vector_distance(scores, scores + 3), vector_distance(scores, 2 * scores)
    assert same.cosine == pytest.approx(0, abs=1e-12)
    assert same.relative == pytest.approx(0, abs=1e-6)
    assert scaled.cosine == pytest.approx(0, abs=1e-12)
    assert scaled.relative == pytest.approx(sqrt(2 / 5))  # |2 v - v|^2 by (|v|^2 + 4 |v|^2) / 2
