"""Costs of Inception modules against real ones with and without reductions."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

import models
from analysis import analyze
from analysis.inception_arithmetic import inception_chain, inception_cost

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


# GoogLeNet's nine modules, by the convolutions of its trace. Their parameters there have biases, one a channel.
def test_googlenets_chain_is_the_traced_network() -> None:
    """Nine modules from 192 channels at 28 x 28 to 1024 at 7 x 7: channels and MACs of each are the trace's."""
    report = analyze(models.build("googlenet_2014"), (3, 224, 224))
    rows = {row.name: row for row in report.rows}
    traced = {group.name: group for group in report.modules}
    names = [f"inception{name}" for name in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")]
    layers = ("conv1", "reduce3", "conv3", "reduce5", "conv5", "project")
    modules = []
    for name in names:
        widths = {
            width: rows[f"{name}.{layer}.0"].output_shape[1]
            for width, layer in zip(NAMES, layers, strict=True)
        }
        size = rows[f"{name}.cat"].output_shape[2:]
        modules.append(((size[0], size[1]), widths))
    chain = inception_chain(192, modules)
    assert [link.channels for link in chain] == [rows[f"{name}.cat"].output_shape[1] for name in names]
    assert [link.macs for link in chain] == [traced[name].macs for name in names]


def test_a_naive_chain_grows_by_its_convolutions() -> None:
    """Three real naive modules, each on what the one before hands on: 64 + 128 + 32 more channels each time."""
    _, side, widths = MODULES["3a"]
    n1, _, n3, _, n5, _ = widths
    chain = inception_chain(192, [((side, side), dict(zip(NAMES, widths, strict=True)))] * 3)
    channels = 192
    for link in chain:
        branches = [convolution(channels, n1, 1), convolution(channels, n3, 3), convolution(channels, n5, 5)]
        module = Joined(*branches, nn.MaxPool2d(3, 1, 1))
        assert (link.naive_channels, link.naive_params, link.naive_macs) == measured(module, channels, side)
        channels = link.naive_channels
    assert channels == 192 + 3 * 224


def test_an_impossible_setting_is_explained() -> None:
    """The sentence names the width."""
    with pytest.raises(ValueError, match="reduce_fives of 0 is impossible: choose 1 or more"):
        inception_cost(
            192, (28, 28), ones=64, reduce_threes=96, threes=128, reduce_fives=0, fives=32, projected=32
        )
