"""Output sizes and window positions against PyTorch's own layers, setting by setting."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
import torch
from torch import nn

from analysis.window_arithmetic import fitting_sizes, output_size, window_plan


def test_output_sizes_are_those_of_convolutions() -> None:
    """Each setting gives the length that ``Conv1d`` gives, and is refused where ``Conv1d`` refuses it."""
    possible = impossible = 0
    for size, kernel, stride, padding, dilation in product(
        range(1, 14), range(1, 6), range(1, 5), range(4), range(1, 4)
    ):
        layer = nn.Conv1d(1, 1, kernel, stride, padding, dilation, device="meta")
        try:
            expected = layer(torch.empty(1, 1, size, device="meta")).shape[-1]
        except RuntimeError:
            impossible += 1
            with pytest.raises(ValueError, match="does not fit"):
                output_size(size, kernel, stride, padding, dilation)
        else:
            possible += 1
            assert output_size(size, kernel, stride, padding, dilation) == expected
    assert possible > 2000
    assert impossible > 100


def test_output_sizes_are_those_of_pooling_that_rounds_up() -> None:
    """Ceil mode with dilation, the dropped last window included, as ``MaxPool1d`` counts."""
    dropped = 0
    for size, kernel, stride, dilation in product(range(1, 16), range(1, 6), range(1, 6), range(1, 4)):
        span = dilation * (kernel - 1) + 1
        for padding in range(kernel // 2 + 1):
            if span > size + 2 * padding:
                continue
            layer = nn.MaxPool1d(kernel, stride, padding, dilation, ceil_mode=True)
            expected = layer(torch.zeros(1, 1, size)).shape[-1]
            plan = window_plan(size, kernel, stride, padding, dilation, ceil_mode=True)
            assert plan.output_size == len(plan.windows) == expected
            dropped += plan.dropped is not None
    assert dropped > 50


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "dilation"),
    [
        (12, 3, 2, 0, 1),
        (11, 3, 4, 1, 1),
        (9, 3, 1, 2, 2),
        (7, 2, 3, 0, 1),
        (10, 3, 3, 0, 3),
        (13, 5, 2, 2, 1),
    ],
)
def test_the_taps_are_the_values_that_a_real_convolution_reads(
    size: int, kernel: int, stride: int, padding: int, dilation: int
) -> None:
    """The gradient of each output with respect to the input is nonzero exactly at the window's taps."""
    plan = window_plan(size, kernel, stride, padding, dilation)
    layer = nn.Conv1d(1, 1, kernel, stride, padding, dilation, bias=False)
    nn.init.ones_(layer.weight)
    values = torch.zeros(1, 1, size, requires_grad=True)
    output = layer(values)[0, 0]
    read: set[int] = set()
    for window, value in zip(plan.windows, output, strict=True):
        (gradient,) = torch.autograd.grad(value, values, retain_graph=True)
        seen = tuple(gradient[0, 0].nonzero()[:, 0].tolist())
        assert window.taps == seen
        assert window.padding_taps == kernel - len(seen)
        read |= set(seen)
    assert plan.unread == tuple(sorted(set(range(size)) - read))
    assert all(b.start - a.start == stride for a, b in pairwise(plan.windows))


def test_values_that_pooling_never_reads_do_not_change_its_result() -> None:
    """Ceil mode: raising a value changes the maximum if and only if some window holds it."""
    for size, kernel, stride, ceil_mode in product(range(4, 12), (2, 3), (2, 3, 4), (False, True)):
        plan = window_plan(size, kernel, stride, ceil_mode=ceil_mode)
        layer = nn.MaxPool1d(kernel, stride, ceil_mode=ceil_mode)
        for position in range(size):
            values = torch.zeros(1, 1, size)
            values[0, 0, position] = 1
            assert (layer(values).max() == 0) == (position in plan.unread)


# Paper: 227 -> 55 by conv 1 (11, stride 4), -> 27 -> 13 -> 6 by three poolings of 3, stride 2.
def test_alexnets_walk() -> None:
    """227, 55, 27, 13, 6, every window in place with nothing left over."""
    sizes = [227]
    for kernel, stride in ((11, 4), (3, 2), (3, 2), (3, 2)):
        plan = window_plan(sizes[-1], kernel, stride)
        sizes.append(plan.output_size)
        assert plan.unread == ()
        assert plan.left_over == 0
    assert sizes == [227, 55, 27, 13, 6]


# (224 - 11) / 4 = 53.25, so 54 windows; the last one ends at 53 * 4 + 11 = 223 and column 223 is lost.
def test_what_falls_off_the_border_is_named() -> None:
    """AlexNet's first layer on 224 pixels reads all but the last column; padding 2 gives 55."""
    plan = window_plan(224, 11, 4)
    assert (plan.output_size, plan.unread, plan.left_over) == (54, (223,), 1)
    padded = window_plan(224, 11, 4, 2)
    assert (padded.output_size, padded.unread, padded.left_over) == (55, (), 1)


# (224 - 11) mod 4 = 1: one value too many, or three too few. One value and one of padding on both sides
# hold one window of 2 with stride 2; no smaller input holds any, and two values hold two.
def test_sizes_that_fit_lie_on_both_sides() -> None:
    """The nearest sizes without a rest, found again by trying all of them."""
    assert fitting_sizes(224, 11, 4) == (223, 227)
    assert fitting_sizes(227, 11, 4) == (227, 227)
    assert fitting_sizes(1, 2, 2, 1) == (None, 2)
    for size, kernel, stride, padding, dilation in product(
        range(1, 12), range(1, 4), range(1, 5), range(3), range(1, 3)
    ):
        if size + 2 * padding < dilation * (kernel - 1) + 1:
            continue
        fits = [
            other
            for other in range(1, 20)
            if (rest := other + 2 * padding - dilation * (kernel - 1) - 1) >= 0 and rest % stride == 0
        ]
        below, above = fitting_sizes(size, kernel, stride, padding, dilation)
        assert below == max((other for other in fits if other <= size), default=None)
        assert above == min(other for other in fits if other >= size)


# Windows of 2 with stride 4 on 11 values: 0-1, 4-5 and 8-9.
def test_values_behind_the_last_window_are_told_from_those_between_windows() -> None:
    """2, 3, 6 and 7 are stepped over; only 10 falls off the border."""
    plan = window_plan(11, 2, 4)
    assert plan.unread == (2, 3, 6, 7, 10)
    assert plan.fallen_off == (10,)


# GoogLeNet's pooling 112 -> 56: floor gives 55 and leaves column 111 unread; rounding up adds a window
# whose third tap, 112, lies outside. With kernel 2, stride 3, padding 1 on 3 values rounding up gives
# windows at -1, 2 and none at 5 >= 3 + 1.
def test_ceil_mode_adds_a_window_that_reaches_outside() -> None:
    """The added window reads what floor mode loses, with one tap outside."""
    floor = window_plan(112, 3, 2)
    ceil = window_plan(112, 3, 2, ceil_mode=True)
    assert (floor.output_size, floor.unread) == (55, (111,))
    assert (ceil.output_size, ceil.unread) == (56, ())
    last = ceil.windows[-1]
    assert (last.start, last.stop, last.taps, last.outside_taps) == (110, 113, (110, 111), 1)


# 2 values, kernel 2, stride 2, padding 1: windows at -1 and 1, and rounding changes nothing. With 3
# values: (3 + 2 - 2) / 2 rounds up to 2, so windows at -1, 1 and 3; but 3 values and padding 1 end at 4,
# and 2 * 2 = 4 >= 3 + 1 puts the third in the padding, so it is dropped.
def test_a_window_in_the_right_padding_is_dropped() -> None:
    """PyTorch's rule, by hand."""
    plan = window_plan(3, 2, 2, 1, ceil_mode=True)
    assert plan.output_size == 2
    assert plan.dropped is not None
    assert (plan.dropped.start, plan.dropped.taps) == (3, ())
    assert window_plan(2, 2, 2, 1, ceil_mode=True).dropped is None


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ((0, 3), "A size of 0 is impossible: choose 1 or more."),
        ((5, 0), "A kernel of 0 is impossible: choose 1 or more."),
        ((5, 3, 0), "A stride of 0 is impossible: choose 1 or more."),
        ((5, 3, 1, -1), "A padding of -1 is impossible: choose 0 or more."),
        ((5, 3, 1, 0, 0), "A dilation of 0 is impossible: choose 1 or more."),
        (
            (4, 5),
            "A kernel of 5 does not fit into 4 values: choose a smaller kernel, or a padding of at least 1.",
        ),
        (
            (3, 3, 1, 1, 3),
            "A kernel of 3 with dilation 3 spans 7 values and does not fit into 3 values with padding 1 on both "
            "sides, 5 in all: choose a smaller kernel, or a padding of at least 2.",
        ),
    ],
)
def test_an_impossible_setting_is_explained(setting: tuple[int, ...], sentence: str) -> None:
    """The sentence names the value and says what to do."""
    with pytest.raises(ValueError, match=r".*") as error:
        output_size(*setting)
    assert str(error.value) == sentence


def test_pooling_refuses_a_padding_of_more_than_half_its_window() -> None:
    """As PyTorch does."""
    with pytest.raises(RuntimeError, match="half"):
        nn.MaxPool1d(3, padding=2, ceil_mode=True)(torch.zeros(1, 1, 9))
    with pytest.raises(ValueError, match="A padding of 2 is more than half of a window of 3"):
        output_size(9, 3, padding=2, ceil_mode=True)
