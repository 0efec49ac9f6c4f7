from __future__ import annotations

from fractions import Fraction

import pytest
from torch import nn

from analysis import analyze
from analysis.stack_comparison import compare_stack, over_channels, over_kernels


# Krizhevsky et al. 2012: 11 x 11, 3 to 96 channels, stride 4 on 227 x 227, so 34,944 parameters and
# 105,415,200 MACs. Five 3 x 3: 9 * 3 * 96 + 4 * 9 * 96 * 96 + 5 * 96 = 334,848 parameters.
def test_alexnets_first_layer_is_cheaper_than_five_small_ones() -> None:
    """9.58 times the parameters and 118.9 times the MACs, for the same 55 x 55 maps."""
    first = compare_stack(3, 96, (227, 227), 11, stride=4, padded=False)
    assert (first.one.params, first.stack.params) == (34_944, 334_848)
    assert (first.one.macs, first.stack.macs) == (105_415_200, 12_535_992_864)
    assert first.one.output == first.stack.output == (55, 55)
    assert first.params_ratio == 334_848 / 34_944
    assert first.macs_ratio == 12_535_992_864 / 105_415_200
    assert (round(first.params_ratio, 2), round(first.macs_ratio, 1)) == (9.58, 118.9)


@pytest.mark.parametrize(
    ("channels", "out_channels", "size", "kernel", "stride", "padded"),
    [(64, 64, 56, 5, 1, True), (3, 96, 227, 11, 4, False), (16, 8, 20, 7, 2, True)],
)
def test_both_are_what_the_trace_counts(
    channels: int, out_channels: int, size: int, kernel: int, stride: int, padded: bool
) -> None:
    """Real networks of one large and of several small kernels have these parameters, MACs, maps and fields."""
    compared = compare_stack(channels, out_channels, (size, size), kernel, stride=stride, padded=padded)
    for cost, kernels in ((compared.one, [kernel]), (compared.stack, [3] * ((kernel - 1) // 2))):
        layers = [
            nn.Conv2d(
                channels if index == 0 else out_channels,
                out_channels,
                k,
                stride if index == len(kernels) - 1 else 1,
                k // 2 if padded else 0,
            )
            for index, k in enumerate(kernels)
        ]
        report = analyze(nn.Sequential(*layers), (channels, size, size))
        assert (cost.params, cost.macs) == (report.totals.params, report.totals.macs)
        assert cost.output == report.rows[-1].map_size
        assert (
            report.totals.receptive_field == (cost.receptive_field, cost.receptive_field) == (kernel, kernel)
        )


# (n - 1) 9 / (K^2 - 9) = 9 / 16: with M = 16 the break-even is at C = 9.
def test_at_the_break_even_both_have_equally_many_weights() -> None:
    """One channel less and the stack costs more, one more and it saves."""
    less, equal, more = (compare_stack(count, 16, (8, 8), 5, bias=False) for count in (8, 9, 10))
    assert equal.break_even == Fraction(9, 16)
    assert equal.break_even_channels == 9
    assert less.params_ratio > equal.params_ratio == 1.0 > more.params_ratio


def test_series_are_single_comparisons() -> None:
    """Over kernels and over channels, each entry is what it is alone; a kernel that does not fit is left out."""
    assert over_kernels((5, 7), 4, 8, (9, 9)) == tuple(
        compare_stack(4, 8, (9, 9), kernel) for kernel in (5, 7)
    )
    assert [entry.kernel for entry in over_kernels((5, 7, 11), 4, 8, (9, 9), padded=False)] == [5, 7]
    assert over_channels((1, 2), 8, (9, 9), 5, stride=2) == tuple(
        compare_stack(count, 8, (9, 9), 5, stride=2) for count in (1, 2)
    )
