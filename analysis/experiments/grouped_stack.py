"""Grouped convolutions one after the other, with a channel shuffle between them or without, traced.

Zhang et al. (2018), "ShuffleNet", section 3.1: stacked grouped convolutions keep their groups apart;
a shuffle hands every group channels of all groups of the layer before.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from analysis.analyze import analyze
from analysis.records import Report

_SIDE = 4


class ChannelShuffle(nn.Module):
    """Section 3.1: channels as (groups, channels of a group), transposed, and flattened again."""

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, h, w) to maps of the same shape: of two groups, channel 0, C / 2, 1, C / 2 + 1, ..."""
        return maps.unflatten(1, (self.groups, -1)).transpose(1, 2).flatten(1, 2)


def grouped_stack(channels: int, groups: int, depth: int, *, shuffled: bool) -> nn.Sequential:
    """``depth`` 1 x 1 convolutions "conv1", "conv2", ... of C channels in groups, on the meta device.

    With ``shuffled`` there is a shuffle between two of them. grouped_stack(12, 3, 2, shuffled=True)
    has 2 * 12 * 12 / 3 = 96 weights. Raises ValueError for a number below 1 and for groups that do
    not divide the channels.
    """
    for name, value in (("channels", channels), ("groups", groups), ("convolutions", depth)):
        if value < 1:
            raise ValueError(f"{value} {name} are impossible: choose 1 or more.")
    if channels % groups:
        raise ValueError(
            f"{channels} channels cannot be shared out to {groups} groups: choose a divisor of {channels}."
        )
    stack = nn.Sequential()
    with torch.device("meta"):
        for number in range(1, depth + 1):
            stack.add_module(f"conv{number}", nn.Conv2d(channels, channels, 1, groups=groups, bias=False))
            if shuffled and number < depth:
                stack.add_module(f"shuffle{number}", ChannelShuffle(groups))
    return stack.eval()


def grouped_stack_report(channels: int, groups: int, depth: int, *, shuffled: bool) -> Report:
    """The trace of :func:`grouped_stack`, which raises the same errors.

    grouped_stack_report(12, 3, 2, shuffled=True).totals.params == 96; from "conv1" to "conv2" every
    channel reaches every other, without the shuffle a third of the pairs.
    """
    stack = grouped_stack(channels, groups, depth, shuffled=shuffled)
    return analyze(stack, (channels, _SIDE, _SIDE), name="grouped convolutions")
