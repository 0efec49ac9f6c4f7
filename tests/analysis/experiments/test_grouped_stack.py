"""Grouped layers with a shuffle: against PyTorch's own shuffle and the gradients of real layers."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from torch import nn

from analysis.experiments.grouped_stack import ChannelShuffle, grouped_stack, grouped_stack_report
from analysis.reachability import reachability, reachability_along

SETTINGS = [(12, 3, 2), (12, 4, 3), (24, 6, 2), (8, 8, 4), (10, 1, 2), (9, 3, 1)]


@pytest.mark.parametrize(("channels", "groups"), [(12, 3), (8, 8), (10, 2), (7, 1)])
def test_the_shuffle_is_pytorchs(channels: int, groups: int) -> None:
    """The same order of channels as nn.ChannelShuffle."""
    maps = torch.arange(2 * channels * 3 * 3).view(2, channels, 3, 3)
    assert torch.equal(ChannelShuffle(groups)(maps), nn.ChannelShuffle(groups)(maps))


@pytest.mark.parametrize("shuffled", [True, False])
@pytest.mark.parametrize(("channels", "groups", "depth"), SETTINGS)
def test_reach_is_where_the_gradient_goes(channels: int, groups: int, depth: int, shuffled: bool) -> None:
    """With positive weights no path cancels another: the Jacobian is above 0 where the trace says connected."""
    stack = grouped_stack(channels, groups, depth, shuffled=shuffled).to_empty(device="cpu")
    for weight in stack.parameters():
        nn.init.constant_(weight, 1.0)
    jacobian = torch.autograd.functional.jacobian(stack, torch.zeros(1, channels, 1, 1)).reshape(
        channels, channels
    )
    report = grouped_stack_report(channels, groups, depth, shuffled=shuffled)
    found = reachability(report, "conv1", f"conv{depth}")
    assert np.array_equal(found.matrix, jacobian.gt(0).numpy())
    assert report.totals.params == sum(weight.numel() for weight in stack.parameters())
    assert report.totals.params == depth * channels * channels // groups


def test_without_a_shuffle_the_groups_stay_apart() -> None:
    """A share of 1 / G after any number of layers."""
    report = grouped_stack_report(24, 4, 6, shuffled=False)
    assert {step.share for step in reachability_along(report, "conv1", "conv6")} == {0.25}


def test_two_layers_suffice_where_a_group_has_as_many_channels_as_there_are_groups() -> None:
    """With the shuffle, C / G >= G is necessary and sufficient, for all C up to 24."""
    for channels in range(1, 25):
        for groups in (divisor for divisor in range(1, channels + 1) if channels % divisor == 0):
            found = reachability(grouped_stack_report(channels, groups, 2, shuffled=True), "conv1", "conv2")
            assert found.matrix.all() == (channels // groups >= groups)


@pytest.mark.parametrize(
    ("channels", "groups", "depth", "sentence"),
    [
        (12, 5, 2, "12 channels cannot be shared out to 5 groups: choose a divisor of 12."),
        (12, 0, 2, "0 groups are impossible: choose 1 or more."),
        (0, 1, 2, "0 channels are impossible: choose 1 or more."),
        (12, 3, 0, "0 convolutions are impossible: choose 1 or more."),
    ],
)
def test_impossible_settings_are_explained(channels: int, groups: int, depth: int, sentence: str) -> None:
    """The sentence names the value."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        grouped_stack(channels, groups, depth, shuffled=True)
