"""Separable layers found in traces, against real full convolutions and MobileNet's paper."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

import models
from analysis import analyze
from analysis.block_arithmetic import separable_share
from analysis.separable_layers import SeparableLayer, separable_layers


def layers_of(name: str) -> tuple[SeparableLayer, ...]:
    """The separable layers of a zoo model at 224 x 224."""
    return separable_layers(analyze(models.build(name), (3, 224, 224), name=name))


@pytest.mark.parametrize("layer", layers_of("mobilenet_v1"), ids=lambda layer: layer.depthwise)
def test_the_full_convolution_is_a_real_one(layer: SeparableLayer) -> None:
    """Parameters and MACs by PyTorch, and the share is 1 / M + 1 / 9."""
    full = nn.Conv2d(
        layer.channels, layer.out_channels, layer.kernel, layer.stride, padding=1, bias=False, device="meta"
    )
    before = [side * step for side, step in zip(layer.size, layer.stride, strict=True)]
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        output = full(torch.empty(1, layer.channels, *before, device="meta"))
    assert tuple(output.shape[1:]) == (layer.out_channels, *layer.size)
    assert (layer.full_params, layer.full_macs) == (full.weight.numel(), counter.get_total_flops() // 2)
    assert layer.share == pytest.approx(float(separable_share(layer.out_channels)), rel=1e-12)


# Howard et al. 2017, table 2: 94.86 % of the multiply-adds and 74.59 % of the parameters in 1 x 1
# convolutions, 3.06 % and 1.06 % in depthwise ones. Its parameters are weights, without normalisation.
def test_mobilenets_shares_are_the_papers() -> None:
    """The parts of the whole network, to the last digit that the paper prints."""
    report = analyze(models.build("mobilenet_v1"), (3, 224, 224))
    weights = sum(record.elements for record in report.trace.parameters if len(record.shape) > 1)
    layers = separable_layers(report)
    parts = (
        sum(layer.pointwise_macs for layer in layers) / report.totals.macs,
        sum(layer.pointwise_params for layer in layers) / weights,
        sum(layer.depthwise_macs for layer in layers) / report.totals.macs,
        sum(layer.depthwise_params for layer in layers) / weights,
    )
    assert [round(100 * part, 2) for part in parts] == [94.86, 74.59, 3.06, 1.06]


def test_a_depthwise_layer_does_little_for_each_byte() -> None:
    """At most 18 FLOPs for 4 bytes read and 4 written are 2.25 a byte; the 1 x 1 does more than 10."""
    for layer in layers_of("mobilenet_v1"):
        assert layer.depthwise_intensity is not None
        assert layer.pointwise_intensity is not None
        assert layer.depthwise_intensity < 2.25
        assert layer.pointwise_intensity > 10


class Branching(nn.Module):
    """A depthwise layer that two others read, one behind a pooling, and one that ends in a sum."""

    def __init__(self) -> None:
        super().__init__()
        self.read_twice, self.pooled, self.summed = (
            nn.Conv2d(4, 4, 3, padding=1, groups=4) for _ in range(3)
        )
        self.pool = nn.MaxPool2d(3, 1, 1)
        self.ones = nn.ModuleList(nn.Conv2d(4, 4, 1) for _ in range(4))

    def forward(self, maps: Tensor) -> Tensor:
        maps = self.read_twice(maps)
        maps = self.ones[0](maps) + self.ones[1](maps)
        maps = self.ones[2](self.pool(self.pooled(maps)))
        return self.ones[3](self.summed(maps) + maps)


def test_only_pairs_count() -> None:
    """Two readers, a pooling or a sum in between make no separable convolution; nor does a grouped layer."""
    assert separable_layers(analyze(Branching(), (4, 8, 8))) == ()
    grouped = nn.Sequential(nn.Conv2d(4, 4, 3, groups=2), nn.Conv2d(4, 8, 1))
    assert separable_layers(analyze(grouped, (4, 8, 8))) == ()
    assert len(layers_of("mobilenet_v2")) == 17
    assert layers_of("resnet18") == ()
