from __future__ import annotations

from functools import cache

import pytest
from torch import Tensor, nn

import models
from analysis import Report, analyze
from analysis.receptive_field.growth import (
    first_to_cover,
    growth,
    layer_depths,
    unproductive,
    unproductive_by_size,
)


@cache
def report(name: str) -> Report:
    """The report of a zoo model at the size of its card."""
    return analyze(models.build(name), models.card(name).input_shape, name=name)


def test_vgg16_grows_as_its_recurrence_says() -> None:
    """Size += (k - 1) J, J *= s, by hand from the paper's table D."""
    convolutions = [layer for layer in growth(report("vgg16")) if layer.kind == "convolution"]
    expected, field, stride = [], 1, 1
    for number_of_convolutions in (2, 2, 3, 3, 3):
        for _ in range(number_of_convolutions):
            before, field = field, field + 2 * stride
            expected.append((before, field))
        field, stride = field + stride, 2 * stride
    assert [(layer.before[0], layer.field[0]) for layer in convolutions] == expected


# On the longest way: ResNet-18 17 convolutions and a pooling; MobileNetV2 52 convolutions; EfficientNet-B0 1 + 2 + 15
# times 3 + 1 convolutions, its gates left out; GoogLeNet 3 + 9 times 2 convolutions and 4 poolings.
@pytest.mark.parametrize(
    ("name", "depth"), [("resnet18", 18), ("mobilenet_v2", 52), ("efficientnet_b0", 49), ("googlenet", 25)]
)
def test_depth_is_the_longest_way(name: str, depth: int) -> None:
    """Counted in the papers' tables."""
    assert max(layer.depth for layer in growth(report(name))) == depth


def test_a_branch_does_not_lengthen_the_other() -> None:
    """One convolution beside two: the sum lies two deep, what follows three."""

    class Branches(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.short = nn.Conv2d(1, 1, 1)
            self.long = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.Conv2d(1, 1, 3, padding=1))
            self.last = nn.Conv2d(1, 1, 3)

        def forward(self, image: Tensor) -> Tensor:
            return self.last(self.short(image) + self.long(image))

    found = analyze(Branches(), (1, 12, 12))
    depths = {
        row.name: depth for row, depth in zip(found.rows, layer_depths(found.rows).values(), strict=True)
    }
    assert [depths[name] for name in ("short", "long.0", "long.1", "add", "last")] == [1, 1, 2, 2, 3]
    assert next(layer for layer in growth(found) if layer.name == "last").before == (5, 5)


def test_unproductive_layers_of_vgg16_on_cifar() -> None:
    """At 32 pixels conv3_3 (features.14) reads 32 already: it and the six after it gain nothing."""
    layers = growth(report("vgg16"))
    found = unproductive(layers, (32, 32))
    assert found.convolutions == 13
    assert [layer.name for layer in found.layers] == [f"features.{at}" for at in (14, 17, 19, 21, 24, 26, 28)]
    params = {row.name: row.params for row in report("vgg16").rows if row.kind == "convolution"}
    assert found.params_share == sum(params[layer.name] for layer in found.layers) / sum(params.values())
    first = first_to_cover(layers, (32, 32))
    assert first is not None and first.name == "features.12"
    assert first_to_cover(layers, (224, 224)) is None


def test_unproductive_layers_fall_with_the_size() -> None:
    """The steps are where counting anew at every size finds them; both axes count."""
    layers = growth(report("resnet50"))
    steps = dict(unproductive_by_size(layers, 16, 512))
    count = steps[16]
    for size in range(16, 513):
        count = steps.get(size, count)
        assert count == len(unproductive(layers, (size, size)).layers)
    assert unproductive_by_size(layers, 16, 512)[-1] == (428, 0)
    assert len(unproductive(layers, (32, 500)).layers) == 0


def test_attention_gains_nothing_locally() -> None:
    """ViT-B/32: every layer sees the 32 pixels of its own patch, and, strictly, the whole input."""
    layers = growth(report("vit_b_32"))
    assert {layer.field for layer in layers} == {(32, 32)}
    assert layers[-1].whole_input
    assert unproductive(layers, (224, 224)).layers == ()
