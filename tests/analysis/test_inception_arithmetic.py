"""Costs of Inception modules against real ones with and without reductions."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from analysis.inception_arithmetic import inception_cost

# GoogLeNet, table 1: #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj; channels in and map size before.
MODULES = {
    "3a": (192, 28, (64, 96, 128, 16, 32, 32)),
    "3b": (256, 28, (128, 128, 192, 32, 96, 64)),
    "4a": (480, 14, (192, 96, 208, 16, 48, 64)),
    "5b": (832, 7, (384, 192, 384, 48, 128, 128)),
}
NAMES = ("ones", "reduce_threes", "threes", "reduce_fives", "fives", "projected")


class Joined(nn.Module):
    """Branches side by side, joined along the channels."""

    def __init__(self, *branches: nn.Module) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, maps: Tensor) -> Tensor:
        return torch.cat([branch(maps) for branch in self.branches], dim=1)


def convolution(channels: int, out: int, kernel: int) -> nn.Module:
    """A convolution that keeps the map's size."""
    return nn.Conv2d(channels, out, kernel, padding=kernel // 2, bias=False, device="meta")


def measured(module: nn.Module, channels: int, side: int) -> tuple[int, int, int]:
    """Output channels, parameters and MACs of a real module, by PyTorch."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        output = module(torch.empty(1, channels, side, side, device="meta"))
    return output.shape[1], sum(p.numel() for p in module.parameters()), counter.get_total_flops() // 2


@pytest.mark.parametrize("name", MODULES)
def test_modules_branch_by_branch(name: str) -> None:
    """Each branch, and all together, with the reductions and without."""
    channels, side, widths = MODULES[name]
    n1, r3, n3, r5, n5, p = widths
    pooling = nn.MaxPool2d(3, 1, 1)
    reduced = [
        convolution(channels, n1, 1),
        nn.Sequential(convolution(channels, r3, 1), convolution(r3, n3, 3)),
        nn.Sequential(convolution(channels, r5, 1), convolution(r5, n5, 5)),
        nn.Sequential(pooling, convolution(channels, p, 1)),
    ]
    naive = [
        convolution(channels, n1, 1),
        convolution(channels, n3, 3),
        convolution(channels, n5, 5),
        pooling,
    ]
    cost = inception_cost(channels, (side, side), **dict(zip(NAMES, widths, strict=True)))
    for branch, with_reduction, without in zip(cost.branches, reduced, naive, strict=True):
        assert (branch.channels, branch.params, branch.macs) == measured(with_reduction, channels, side)
        assert (branch.naive_channels, branch.naive_params, branch.naive_macs) == measured(
            without, channels, side
        )
    assert (cost.channels, cost.params, cost.macs) == measured(Joined(*reduced), channels, side)
    assert (cost.naive_channels, cost.naive_params, cost.naive_macs) == measured(
        Joined(*naive), channels, side
    )


# Table 1, module 3a: 28 x 28 x 256 out and 128 million operations; 163,328 * 784 = 128,049,152.
def test_module_3a_has_the_papers_operations() -> None:
    """128 M, which are MACs, and 256 channels."""
    channels, side, widths = MODULES["3a"]
    cost = inception_cost(channels, (side, side), **dict(zip(NAMES, widths, strict=True)))
    assert (cost.channels, cost.macs) == (256, 128_049_152)


def test_an_impossible_setting_is_explained() -> None:
    """The sentence names the width."""
    with pytest.raises(ValueError, match="reduce_fives of 0 is impossible: choose 1 or more"):
        inception_cost(
            192, (28, 28), ones=64, reduce_threes=96, threes=128, reduce_fives=0, fives=32, projected=32
        )
