"""Reach at every row on the way, against the single answers, which gradients have confirmed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from torch import Tensor, nn

import models
from analysis import analyze
from analysis.reachability import reachability, reachability_along
from analysis.records import Status


@pytest.mark.parametrize(
    ("name", "size", "first", "last"),
    [
        ("alexnet_2012", 227, "conv2", "conv5"),
        ("shufflenet_v2_x0_5", 64, "stage2.1.chunk", "stage2.3.view:2"),
        ("resnext50_32x4d", 64, "layer1.1.conv2", "layer1.2.add"),
        ("vit_b_16", 224, "encoder.layers.encoder_layer_0.mlp.0", "heads.head"),
    ],
)
def test_each_step_is_the_answer_for_its_row(name: str, size: int, first: str, last: str) -> None:
    """The rows come in their order, the last one closes, and each matrix is that of a question of its own."""
    report = analyze(models.build(name, size), (3, size, size), name=name)
    steps = list(reachability_along(report, first, last))
    assert len(steps) > 3
    assert all(before.to_row < after.to_row for before, after in pairwise(steps))
    assert report.rows[steps[-1].to_row].name == last
    for step in steps[:: max(1, len(steps) // 8)]:
        alone = reachability(report, first, step.to_row)
        assert np.array_equal(step.matrix, alone.matrix)
        assert (step.status, step.reason, step.from_row) == (alone.status, alone.reason, alone.from_row)


# 96 channels in two towers of 48 enter conv2; conv3 has one group.
def test_alexnets_towers_meet_in_conv3() -> None:
    """Half of the pairs up to the pooling, all of them from conv3 on; norm2 reaches a few over the border."""
    report = analyze(models.build("alexnet_2012"), (3, 227, 227))
    steps = {report.rows[step.to_row].name: step for step in reachability_along(report, "conv2", "conv3")}
    assert (steps["relu2"].share, steps["relu2"].inputs_of_an_output) == (0.5, (48, 48))
    # norm2 sums over five neighbours: two channels on each side of the border see the other tower too.
    assert steps["norm2.div"].matrix.sum(axis=1).tolist() == [48] * 126 + [96] * 4 + [48] * 126
    assert (steps["conv3"].share, steps["conv3"].inputs_of_an_output) == (1.0, (96, 96))


class Branches(nn.Module):
    """Two branches of one input and their sum."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = (nn.Conv2d(4, 4, 1, groups=groups) for groups in (4, 2, 1))

    def forward(self, maps: Tensor) -> tuple[Tensor, Tensor]:
        return self.b(self.a(maps)), self.c(maps)


def test_rows_beside_the_way_are_left_out() -> None:
    """c belongs to the other branch; where nothing reaches the last row, it alone comes, all False."""
    report = analyze(Branches(), (4, 5, 5))
    assert [report.rows[step.to_row].name for step in reachability_along(report, "a", "b")] == ["a", "b"]
    (nothing,) = reachability_along(report, "b", "c")
    assert not nothing.matrix.any()
    assert (nothing.share, nothing.inputs_of_an_output, nothing.status) == (0.0, (0, 0), Status.EXACT)


def test_an_impossible_pair_is_refused() -> None:
    """The first step raises what the single answer raises."""
    report = analyze(nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU()), (3, 4, 4))
    with pytest.raises(ValueError, match="runs after row '0'"):
        next(reachability_along(report, "1", "0"))
