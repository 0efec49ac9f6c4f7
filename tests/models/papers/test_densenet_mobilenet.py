"""DenseNet and MobileNet layer by layer against Table 1 of their papers."""

from __future__ import annotations

from collections import Counter

import pytest

import models
from analysis import analyze
from tests.models.papers.paper_layers import (
    Layer,
    convolution,
    layers,
    layers_of,
    linear,
    normalisation,
    normalised,
    report,
)

# Table 1 of DenseNet: layers of the four dense blocks.
DENSE_BLOCKS = {121: (6, 12, 24, 16), 169: (6, 12, 32, 32), 201: (6, 12, 48, 32), 264: (6, 12, 64, 48)}
# Table 1 of MobileNet, width 1: input and output channels of a separable convolution, and its output's size.
SEPARABLES = (
    (32, 64, 112, 112),
    (64, 128, 112, 56),
    (128, 128, 56, 56),
    (128, 256, 56, 28),
    (256, 256, 28, 28),
    (256, 512, 28, 14),
    *((512, 512, 14, 14),) * 5,
    (512, 1024, 14, 7),
    (1024, 1024, 7, 7),
)


def derived_densenet(depth: int) -> list[Layer]:
    """Growth 32, bottlenecks of 128 maps, transitions that halve channels and map."""
    found, channels = normalised(3, 64, 7, 112), 64
    for count, size in zip(DENSE_BLOCKS[depth], (56, 28, 14, 7), strict=True):
        for _ in range(count):
            found += [normalisation(channels, size), convolution(channels, 128, 1, size, bias=False)]
            found += [normalisation(128, size), convolution(128, 32, 3, size, bias=False)]
            channels += 32
        found.append(normalisation(channels, size))
        if size > 7:
            found.append(convolution(channels, channels // 2, 1, size, bias=False))
            channels //= 2
    return [*found, linear(channels, 1000)]


def derived_mobilenet(quarters: int) -> list[Layer]:
    """A depthwise and a pointwise convolution for each row, channels times ``quarters`` / 4."""
    found = normalised(3, 8 * quarters, 3, 112)
    for inputs, outputs, _, size in SEPARABLES:
        entering, leaving = inputs * quarters // 4, outputs * quarters // 4
        found += normalised(entering, entering, 3, size, groups=entering)
        found += normalised(entering, leaving, 1, size)
    return [*found, linear(256 * quarters, 1000)]


DERIVED = {
    **{f"densenet{depth}_2016": derived_densenet(depth) for depth in DENSE_BLOCKS},
    "mobilenet_v1": derived_mobilenet(4),
    "mobilenet_v1_075": derived_mobilenet(3),
    "mobilenet_v1_050": derived_mobilenet(2),
    "mobilenet_v1_025": derived_mobilenet(1),
}


@pytest.mark.parametrize("name", sorted(DERIVED))
def test_every_layer_follows_table_1(name: str) -> None:
    """Parameters, MACs and output of each layer; the card has their sums."""
    expected = DERIVED[name]
    assert Counter(layers(name)) == Counter(expected)
    assert models.card(name).params == sum(layer.params for layer in expected)
    assert models.card(name).gmacs == sum(layer.macs for layer in expected) / 1e9


@pytest.mark.parametrize("depth", sorted(DENSE_BLOCKS))
def test_densenets_are_as_deep_as_their_names_say(depth: int) -> None:
    """Convolutions and the linear layer together; Table 1's column 264 has 2 x 130 + 5 = 265."""
    assert sum(layer.macs > 0 for layer in layers(f"densenet{depth}_2016")) == (
        265 if depth == 264 else depth
    )


@pytest.mark.parametrize("depth", [121, 169, 201])
def test_torchvision_has_the_same_densenets(depth: int) -> None:
    """The same layers in the same order, and the same receptive field."""
    other = analyze(models.build(f"densenet{depth}"), (3, 224, 224))
    assert layers_of(other) == layers(f"densenet{depth}_2016")
    assert report(f"densenet{depth}_2016").totals.receptive_field == other.totals.receptive_field


# Table 6 of MobileNet prints 569, 325, 149 and 41 million multiply-adds and 4.2, 2.6, 1.3 and 0.5 million
# parameters.
@pytest.mark.parametrize(
    ("name", "million_macs", "million_params"),
    [("mobilenet_v1", 569, 4.2), ("mobilenet_v1_075", 325, 2.6), ("mobilenet_v1_050", 149, 1.3),
     ("mobilenet_v1_025", 41, 0.5)],
)  # fmt: skip
def test_mobilenets_have_the_printed_figures(name: str, million_macs: int, million_params: float) -> None:
    """The paper's rounded counts."""
    totals = report(name).totals
    assert (round(totals.macs / 1e6), round(totals.params / 1e6, 1)) == (million_macs, million_params)


def test_mobilenet_has_the_published_receptive_field() -> None:
    """315 pixels at the last pointwise convolution (Araujo, Norris and Sim, 2019)."""
    assert report("mobilenet_v1").totals.receptive_field == (315, 315)
