"""Costs of building blocks against real layers: their tensors, PyTorch's counter, and our own trace."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from analysis import analyze
from analysis.block_arithmetic import (
    BlockCost,
    break_even_ratio,
    equivalent_stack,
    separable_cost,
    separable_share,
    stack_cost,
    weight_sharing,
)


def counted(model: nn.Module, shape: tuple[int, int, int]) -> tuple[int, int, tuple[int, ...]]:
    """Parameters, MACs and output size of a real network, by PyTorch."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        output = model(torch.empty(1, *shape, device="meta"))
    params = sum(parameter.numel() for parameter in model.parameters())
    return params, counter.get_total_flops() // 2, tuple(output.shape[2:])


def stack(
    channels: int, out: int, kernels: tuple[int, ...], stride: int, padded: bool, bias: bool
) -> nn.Module:
    """The same stack as a real network on the meta device."""
    layers: list[nn.Module] = []
    for position, kernel in enumerate(kernels):
        layers.append(
            nn.Conv2d(
                out if position else channels,
                out,
                kernel,
                stride if position == len(kernels) - 1 else 1,
                kernel // 2 if padded else 0,
                bias=bias,
                device="meta",
            )
        )
        layers.append(nn.ReLU())
    return nn.Sequential(*layers)


# LeNet C1: 32 x 32 to 6 maps of 28 x 28. Dense (1024 + 1) * 4704; local 28 * 28 * 6 * (25 + 1); shared 6 * 26.
def test_lenet_c1() -> None:
    """The three numbers of the paper's first layer, the dense one as a real linear layer has it."""
    layer = weight_sharing(1, (32, 32), 6, 5)
    assert (layer.dense_params, layer.local_params, layer.shared_params) == (4_821_600, 122_304, 156)
    dense = nn.Linear(32 * 32, 6 * 28 * 28, device="meta")
    assert layer.dense_params == sum(p.numel() for p in dense.parameters())
    # a locally connected layer is a convolution of its own at each of its 784 positions
    own = nn.ModuleList(nn.Conv2d(1, 6, 5, device="meta") for _ in range(28 * 28))
    assert layer.local_params == sum(p.numel() for p in own.parameters())
    assert (layer.dense_macs, layer.local_macs) == (1024 * 4704, 28 * 28 * 6 * 25)


@pytest.mark.parametrize(
    ("channels", "size", "out", "settings"),
    [
        (3, (227, 227), 96, {"kernel": 11, "stride": 4}),
        (96, (27, 27), 256, {"kernel": 5, "padding": 2, "groups": 2}),
        (4, (9, 12), 8, {"kernel": 3, "stride": 2, "padding": 1, "groups": 4}),
    ],
)
def test_shared_weights_are_those_of_a_convolution(
    channels: int, size: tuple[int, int], out: int, settings: dict[str, int]
) -> None:
    """Parameters, MACs and size of the convolution, and a dense layer between the same maps."""
    layer = weight_sharing(channels, size, out, **settings)
    real: dict[str, Any] = {**settings}
    convolution = nn.Conv2d(channels, out, real.pop("kernel"), **real, device="meta")
    assert (layer.shared_params, layer.local_macs, layer.output) == counted(convolution, (channels, *size))
    inputs, outputs = channels * size[0] * size[1], out * layer.output[0] * layer.output[1]
    assert layer.dense_params == nn.Linear(inputs, outputs, device="meta").weight.numel() + outputs
    assert layer.local_params == layer.shared_params * layer.output[0] * layer.output[1]
    assert layer.dense_macs == inputs * outputs


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("padded", [True, False])
@pytest.mark.parametrize(
    ("channels", "out", "size", "kernels", "stride"),
    [
        (64, 64, (56, 56), (3, 3), 1),
        (64, 64, (56, 56), (5,), 1),
        (3, 96, (227, 227), (3, 3, 3, 3, 3), 4),
        (3, 96, (227, 227), (11,), 4),
        (8, 4, (20, 31), (3, 5, 1), 2),
    ],
)
def test_stacks_cost_what_real_ones_cost(
    channels: int,
    out: int,
    size: tuple[int, int],
    kernels: tuple[int, ...],
    stride: int,
    padded: bool,
    bias: bool,
) -> None:
    """Parameters and MACs by PyTorch, receptive field and activations by the trace."""
    cost = stack_cost(channels, out, size, kernels, stride=stride, padded=padded, bias=bias)
    real = stack(channels, out, kernels, stride, padded, bias)
    assert (cost.params, cost.macs, cost.output) == counted(real, (channels, *size))
    report = analyze(real, (channels, *size))
    assert report.totals.receptive_field == (cost.receptive_field, cost.receptive_field)
    assert sum(row.operator == "relu" for row in report.rows) == cost.non_linearities
    assert sum(row.operator == "conv2d" for row in report.rows) == cost.layers


# At C = M: 18 C^2 against 25 C^2, 27 C^2 against 49 C^2, 45 C^2 against 121 C^2.
@pytest.mark.parametrize(
    ("kernel", "count", "share"), [(5, 2, (18, 25)), (7, 3, (27, 49)), (11, 5, (45, 121))]
)
def test_a_stack_sees_as_much_for_less(kernel: int, count: int, share: tuple[int, int]) -> None:
    """Equal channels: equal receptive field and maps, the weights of the VGG paper's section 2.3."""
    one = stack_cost(32, 32, (28, 28), (kernel,), bias=False)
    many = stack_cost(32, 32, (28, 28), equivalent_stack(kernel), bias=False)
    assert (many.receptive_field, many.output) == (one.receptive_field, one.output)
    assert many.layers == count
    assert Fraction(many.params, one.params) == Fraction(many.macs, one.macs) == Fraction(*share)


# 11 x 11, 3 to 96: 34,944 and 105,415,200. Five 3 x 3: (27 + 1) 96 + 4 (864 + 1) 96 = 334,848 parameters; maps of
# 225, 223, 221, 219 and, by the last one's stride of 4, 55: 2592 225^2 + 82944 (223^2 + 221^2 + 219^2 + 55^2).
def test_alexnets_first_layer_would_cost_more_as_a_stack() -> None:
    """9.58 times the parameters and 118.9 times the MACs for the same 55 x 55 maps."""
    one = stack_cost(3, 96, (227, 227), (11,), stride=4, padded=False)
    many = stack_cost(3, 96, (227, 227), equivalent_stack(11), stride=4, padded=False)
    assert (one.params, one.macs, one.output) == (34_944, 105_415_200, (55, 55))
    assert (many.params, many.output) == (334_848, (55, 55))
    assert many.macs == 2592 * 225**2 + 82_944 * (223**2 + 221**2 + 219**2 + 55**2)
    assert round(many.params / one.params, 2) == 9.58
    assert round(many.macs / one.macs, 1) == 118.9


@pytest.mark.parametrize("kernel", [5, 7, 9, 11])
def test_the_break_even_ratio_divides_cheaper_from_dearer(kernel: int) -> None:
    """At the ratio the weights are equal; one channel more or less in decides for one or the other."""
    ratio = break_even_ratio(kernel)
    out = ratio.denominator * 8
    at = ratio.numerator * 8

    def weights(channels: int, kernels: tuple[int, ...]) -> int:
        return stack_cost(channels, out, (28, 28), kernels, bias=False).params

    many = equivalent_stack(kernel)
    assert weights(at, many) == weights(at, (kernel,))
    assert weights(at + 1, many) < weights(at + 1, (kernel,))
    assert weights(at - 1, many) > weights(at - 1, (kernel,))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    ("channels", "out", "size", "stride"), [(512, 512, (14, 14), 1), (32, 64, (113, 56), 2)]
)
def test_depthwise_separable_against_real_layers(
    channels: int, out: int, size: tuple[int, int], stride: int, bias: bool
) -> None:
    """Parameters and MACs by PyTorch, and the share of a full convolution that the formula states."""
    cost = separable_cost(channels, out, size, stride=stride, bias=bias)
    real = nn.Sequential(
        nn.Conv2d(channels, channels, 3, stride, 1, groups=channels, bias=bias, device="meta"),
        nn.Conv2d(channels, out, 1, bias=bias, device="meta"),
    )
    assert (cost.params, cost.macs, cost.output) == counted(real, (channels, *size))
    full = stack_cost(channels, out, size, (3,), stride=stride)
    assert Fraction(cost.macs, full.macs) == separable_share(out)
    assert cost.receptive_field == full.receptive_field


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: weight_sharing(0, (32, 32), 6, 5), "0 channels in are impossible: choose 1 or more."),
        (lambda: weight_sharing(6, (32, 32), 0, 5), "0 channels out are impossible: choose 1 or more."),
        (
            lambda: weight_sharing(6, (32, 32), 4, 5, groups=4),
            "6 channels in cannot be shared out to 4 groups: choose a divisor of 6.",
        ),
        (lambda: weight_sharing(1, (4, 32), 6, 5), "A kernel of 5 does not fit into 4 values"),
        (lambda: stack_cost(3, 3, (8, 8), ()), "A stack of 0 convolutions is impossible"),
        (lambda: stack_cost(3, 3, (8, 8), (4,)), "A kernel of 4 has no middle to pad around"),
        (lambda: stack_cost(3, 3, (8, 8), (3,), stride=0), "A stride of 0 is impossible: choose 1 or more."),
        (lambda: equivalent_stack(6), "No stack of 3 x 3 sees exactly 6 x 6: choose a kernel of 5 or 7."),
        (lambda: equivalent_stack(2), "No stack of 3 x 3 sees exactly 2 x 2"),
        (lambda: break_even_ratio(3), "One 3 x 3 is no stack: choose a kernel above 3, such as 5."),
        (lambda: separable_share(8, 0), "A kernel of 0 is impossible: choose 1 or more."),
        (lambda: separable_cost(8, -1, (8, 8)), "-1 channels out are impossible: choose 1 or more."),
    ],
)
def test_an_impossible_setting_is_explained(call: Callable[[], BlockCost], sentence: str) -> None:
    """The sentence names the value."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
