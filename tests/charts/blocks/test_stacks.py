from __future__ import annotations

import pytest

from analysis.stack_comparison import compare_stack, over_channels, over_kernels
from charts.blocks.stacks import QUANTITIES, channels_chart, depth_chart

EQUAL = over_kernels((5, 7, 11), 64, 64, (56, 56))
ALEXNET = over_kernels((5, 7, 11), 3, 96, (227, 227), stride=4, padded=False)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_two_lines_over_the_receptive_field(quantity: str) -> None:
    """What one kernel costs and what its stack costs, as they are counted."""
    one, stack = depth_chart(EQUAL, quantity).data
    assert list(one.x) == list(stack.x) == [5, 7, 11]
    assert list(one.y) == [getattr(comparison.one, quantity) for comparison in EQUAL]
    assert list(stack.y) == [getattr(comparison.stack, quantity) for comparison in EQUAL]
    assert list(stack.customdata) == ["2 layers", "3 layers", "5 layers"]


def test_non_linearities_are_the_layers() -> None:
    """2, 3 and 5 in place of 1."""
    one, stack = depth_chart(EQUAL, "non_linearities").data
    assert (list(one.y), list(stack.y)) == ([1, 1, 1], [2, 3, 5])


# With 9 / 16, 9 / 20 and 9 / 28 channels in for each out, 48 of 96 lie between the first two.
def test_titles_say_who_saves() -> None:
    """At all sizes with equal channels, at none from 3 to 96, for the larger kernels in between."""
    between = over_kernels((5, 7, 11), 48, 96, (56, 56))
    titles = [depth_chart(series, "params").layout.title.text for series in (EQUAL, ALEXNET, between)]
    assert titles == [
        "Fewer parameters at every size",
        "No fewer parameters at any size",
        "Fewer parameters for 7 x 7, 11 x 11",
    ]


def test_costs_far_apart_stand_on_a_logarithmic_axis() -> None:
    """AlexNet's MACs differ by a factor of more than 100."""
    assert depth_chart(ALEXNET, "macs").layout.yaxis.type == "log"
    assert depth_chart(EQUAL, "macs").layout.yaxis.type is None


def test_curves_cross_one_at_the_break_even() -> None:
    """For 11 x 11 and 96 channels out between 30 and 31 channels in; the setting lies on its curve."""
    chosen = compare_stack(3, 96, (227, 227), 11, stride=4, padded=False)
    curves = [
        over_channels((3, 30, 31, 96), 96, (227, 227), kernel, stride=4, padded=False) for kernel in (5, 11)
    ]
    five, eleven, setting = channels_chart(curves, chosen).data
    ratios = dict(zip(eleven.x, eleven.y, strict=True))
    assert ratios[30] > 1 > ratios[31]
    assert ratios[3] == setting.y[0] == 334_848 / 34_944
    assert eleven.line.width > five.line.width
    title = channels_chart(curves, chosen).layout.title.text
    assert title == "For 11 x 11 the stack saves above 30.9 channels in"
