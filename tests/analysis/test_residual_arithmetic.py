"""Costs of residual blocks against torchvision's own blocks, and the ResNeXt paper's table 2."""

from __future__ import annotations

import re

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision.models.resnet import BasicBlock, Bottleneck

from analysis import analyze
from analysis.block_arithmetic import BlockCost
from analysis.residual_arithmetic import (
    basic_block_cost,
    bottleneck_cost,
    compare_residual_blocks,
    width_at_cardinality,
    widths_at_constant_cost,
)


def agrees(cost: BlockCost, block: nn.Module, shape: tuple[int, int, int]) -> bool:
    """Parameters of the block's convolutions, MACs by PyTorch, receptive field by the trace."""
    convolutions = [module for module in block.modules() if isinstance(module, nn.Conv2d)]
    params = sum(parameter.numel() for layer in convolutions for parameter in layer.parameters())
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        output = block(torch.empty(1, *shape, device="meta"))
    report = analyze(block, shape)
    rectifiers = sum(row.operator == "relu" for row in report.rows)
    return (cost.params, cost.macs, cost.output, cost.layers, cost.non_linearities) == (
        params,
        counter.get_total_flops() // 2,
        tuple(output.shape[2:]),
        len(convolutions),
        rectifiers,
    ) and report.totals.receptive_field == (cost.receptive_field, cost.receptive_field)


@pytest.mark.parametrize(("channels", "size"), [(64, (56, 56)), (12, (9, 14))])
def test_basic_blocks(channels: int, size: tuple[int, int]) -> None:
    """torchvision's basic block: 18 C^2 weights."""
    block = BasicBlock(channels, channels).to("meta").eval()
    assert agrees(basic_block_cost(channels, size), block, (channels, *size))


@pytest.mark.parametrize(
    ("channels", "width", "cardinality"), [(256, 64, 1), (256, 4, 32), (256, 40, 2), (64, 3, 5)]
)
def test_bottlenecks(channels: int, width: int, cardinality: int) -> None:
    """torchvision's bottleneck, with ResNeXt's groups in the middle."""
    block = Bottleneck(channels, channels // 4, groups=cardinality, base_width=width * 256 // channels)
    if block.conv2.out_channels != width * cardinality:
        block = Bottleneck(channels, channels // 4)
        block.conv1 = nn.Conv2d(channels, width * cardinality, 1, bias=False)
        block.bn1 = block.bn2 = nn.BatchNorm2d(width * cardinality)
        block.conv2 = nn.Conv2d(
            width * cardinality, width * cardinality, 3, 1, 1, groups=cardinality, bias=False
        )
        block.conv3 = nn.Conv2d(width * cardinality, channels, 1, bias=False)
    cost = bottleneck_cost(channels, width, (14, 15), cardinality)
    assert agrees(cost, block.to("meta").eval(), (channels, 14, 15))


# Xie et al. 2017, table 2: width of a path d for cardinality C at the cost of ResNet-50's bottleneck, and the
# width of the grouped convolution. 256 * 64 + 9 * 64 * 64 + 64 * 256 = 69,632.
@pytest.mark.parametrize(
    ("cardinality", "path_width", "group_width"),
    [(1, 64, 64), (2, 40, 80), (4, 24, 96), (8, 14, 112), (32, 4, 128)],
)
def test_cardinality_against_width_as_in_the_paper(
    cardinality: int, path_width: int, group_width: int
) -> None:
    """Each width of the table is the closest to ResNet-50's 69,632 parameters."""
    choice = width_at_cardinality(256, cardinality, 69_632)
    assert (choice.path_width, choice.group_width) == (path_width, group_width)
    assert choice.params == bottleneck_cost(256, path_width, (1, 1), cardinality).params
    for other in (path_width - 1, path_width + 1):
        away = abs(bottleneck_cost(256, other, (1, 1), cardinality).params - 69_632)
        assert away > abs(choice.params - 69_632)


@pytest.mark.parametrize(("channels", "reduction"), [(256, 4), (256, 2), (64, 8), (8, 8), (2048, 4)])
def test_equal_channels_and_equal_cost(channels: int, reduction: int) -> None:
    """torchvision's blocks: as many channels, and no other number of channels comes closer to the cost."""
    pair = compare_residual_blocks(channels, reduction, (7, 9))
    assert pair.bottleneck == bottleneck_cost(channels, pair.width, (7, 9))
    assert pair.width * reduction == channels
    assert agrees(pair.basic, BasicBlock(channels, channels).to("meta").eval(), (channels, 7, 9))
    affordable = BasicBlock(pair.affordable_channels, pair.affordable_channels).to("meta").eval()
    assert agrees(pair.affordable, affordable, (pair.affordable_channels, 7, 9))
    away = [abs(basic_block_cost(count, (7, 9)).params - pair.bottleneck.params) for count in range(1, 1024)]
    assert away.index(min(away)) + 1 == pair.affordable_channels


# 128 paths of one channel have 128 (512 + 9) = 66,688 parameters, 256 of them 133,376, above the budget.
def test_all_cardinalities_that_the_cost_allows() -> None:
    """The widths of table 2 are among them, and none costs a tenth more or less than ResNet-50's block."""
    choices = widths_at_constant_cost(256, 69_632)
    assert [choice.cardinality for choice in choices] == [1, 2, 4, 8, 16, 32, 64, 128]
    paper = {1: 64, 2: 40, 4: 24, 8: 14, 32: 4}
    assert {
        choice.cardinality: choice.path_width for choice in choices if choice.cardinality in paper
    } == paper
    assert all(abs(choice.params - 69_632) < 6_963 for choice in choices)


def test_impossible_settings_are_explained() -> None:
    """The sentence names the value."""
    with pytest.raises(ValueError, match=re.escape("A width of 0 is impossible: choose 1 or more.")):
        bottleneck_cost(256, 0, (56, 56))
    sentence = "256 paths of one channel have 133,376 parameters, more than 69,632: choose fewer paths."
    with pytest.raises(ValueError, match=re.escape(sentence)):
        width_at_cardinality(256, 256, 69_632)
    with pytest.raises(ValueError, match="0 paths over 256 channels are impossible"):
        width_at_cardinality(256, 0, 69_632)
    with pytest.raises(ValueError, match="258 channels cannot be reduced 4 times: choose a divisor"):
        compare_residual_blocks(258, 4, (56, 56))
