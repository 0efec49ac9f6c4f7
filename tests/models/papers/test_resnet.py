"""ResNet and plain networks layer by layer against Table 1 and section 4.2 of their paper."""

from __future__ import annotations

from collections import Counter

import pytest
import torch

import models
from analysis import analyze
from analysis.records import Kind
from models.papers import residual, resnet_cifar
from tests.models.papers.paper_layers import Layer, layers, layers_of, linear, normalised, report

# Table 1: blocks of two 3 x 3 (18, 34 layers) or of 1 x 1, 3 x 3, 1 x 1 (50, 101, 152) in conv2_x to conv5_x.
TABLE_1 = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
STAGES = ((64, 56), (128, 28), (256, 14), (512, 7))


def derived_basic(depth: int, *, projects: bool) -> list[Layer]:
    """18 or 34 layers; with option B a projection where a stage begins that has other shapes."""
    found, channels = normalised(3, 64, 7, 112), 64
    for count, (width, size) in zip(TABLE_1[depth], STAGES, strict=True):
        for _ in range(count):
            found += normalised(channels, width, 3, size) + normalised(width, width, 3, size)
            if projects and channels != width:
                found += normalised(channels, width, 1, size)
            channels = width
    return [*found, linear(512, 1000)]


def derived_bottleneck(depth: int, *, strides_in_3x3: bool) -> list[Layer]:
    """50 layers and more: the map is halved by the first 1 x 1 of a stage, or by its 3 x 3."""
    found, channels, entering_size = normalised(3, 64, 7, 112), 64, 56
    for count, (width, size) in zip(TABLE_1[depth], STAGES, strict=True):
        for index in range(count):
            first_size = entering_size if index == 0 and strides_in_3x3 else size
            found += normalised(channels, width, 1, first_size) + normalised(width, width, 3, size)
            found += normalised(width, 4 * width, 1, size)
            if index == 0:
                found += normalised(channels, 4 * width, 1, size)
            channels = 4 * width
        entering_size = size
    return [*found, linear(2048, 1000)]


def derived_cifar(depth: int) -> list[Layer]:
    """Section 4.2: 1 + 2 n layers of each map size 32, 16 and 8 with 16, 32 and 64 maps; no projections."""
    found, channels = normalised(3, 16, 3, 32), 16
    for width, size in ((16, 32), (32, 16), (64, 8)):
        for _ in range((depth - 2) // 6):
            found += normalised(channels, width, 3, size) + normalised(width, width, 3, size)
            channels = width
    return [*found, linear(64, 10)]


DERIVED = {
    "plain18": derived_basic(18, projects=False),
    "plain34": derived_basic(34, projects=False),
    "resnet18_v1": derived_basic(18, projects=False),
    "resnet34_v1": derived_basic(34, projects=False),
    "resnet18_v1_b": derived_basic(18, projects=True),
    "resnet34_v1_b": derived_basic(34, projects=True),
    **{f"resnet{depth}_v1": derived_bottleneck(depth, strides_in_3x3=False) for depth in (50, 101, 152)},
    **{f"resnet{depth}_v1_5": derived_bottleneck(depth, strides_in_3x3=True) for depth in (50, 101, 152)},
    **{
        f"{kind}{depth}_cifar": derived_cifar(depth)
        for kind in ("plain", "resnet")
        for depth in (20, 32, 44, 56, 110)
    },
}


@pytest.mark.parametrize("name", sorted(DERIVED))
def test_every_layer_follows_the_paper(name: str) -> None:
    """Parameters, MACs and output of each convolution, normalisation and linear layer; the card has their sums."""
    expected = DERIVED[name]
    assert Counter(layers(name)) == Counter(expected)
    card = models.card(name)
    assert card.params == sum(layer.params for layer in expected)
    assert card.gmacs == sum(layer.macs for layer in expected) / 1e9


@pytest.mark.parametrize("name", [name for name in sorted(DERIVED) if not name.endswith(("_b", "_v1_5"))])
def test_networks_are_as_deep_as_their_names_say(name: str) -> None:
    """Weight layers without the four projections of bottleneck networks: 18 to 152, and 6 n + 2."""
    digits = "".join(filter(str.isdigit, name.removesuffix("_v1")))
    projections = 4 if digits in ("50", "101", "152") else 0
    assert sum(layer.macs > 0 for layer in layers(name)) - projections == int(digits)


# Table 1's last row: 1.8, 3.6, 3.8, 7.6 and 11.3 times 10^9 "FLOPs", which are MACs (the first rounds 1.79, the third
# is cut, not rounded).
@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("resnet18_v1", 1.8),
        ("resnet34_v1", 3.6),
        ("resnet50_v1", 3.8),
        ("resnet101_v1", 7.6),
        ("resnet152_v1", 11.3),
    ],
)
def test_macs_are_those_of_table_1(name: str, billions: float) -> None:
    """The paper's figures to the digit that it prints."""
    assert report(name).totals.macs / 1e9 == pytest.approx(billions, abs=0.06)


# Table 6: 0.27, 0.46, 0.66, 0.85 and 1.7 million parameters.
@pytest.mark.parametrize(("depth", "millions"), [(20, 0.27), (32, 0.46), (44, 0.66), (56, 0.85), (110, 1.73)])
def test_parameters_are_those_of_table_6(depth: int, millions: float) -> None:
    """The paper's rounded counts, equal for the plain twin (110: 1.7 in the paper)."""
    residual_params = report(f"resnet{depth}_cifar").totals.params
    assert round(residual_params / 1e6, 2) == millions
    assert report(f"plain{depth}_cifar").totals.params == residual_params


@pytest.mark.parametrize("depth", [18, 34, 50, 101, 152])
def test_torchvision_has_the_same_layers(depth: int) -> None:
    """torchvision's networks are v1.5 with option B: the same layers, MACs and receptive field."""
    other = analyze(models.build(f"resnet{depth}"), (3, 224, 224))
    name = f"resnet{depth}_v1_b" if depth < 50 else f"resnet{depth}_v1_5"
    assert Counter(layers_of(other)) == Counter(layers(name))
    assert report(name).totals.receptive_field == other.totals.receptive_field


# Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks" (2019), for v1.
@pytest.mark.parametrize(
    ("name", "pixels"), [("resnet50_v1", 483), ("resnet101_v1", 1027), ("resnet152_v1", 1507)]
)
def test_v1_has_the_published_receptive_fields(name: str, pixels: int) -> None:
    """With the stride in the first 1 x 1 a later 3 x 3 sees more: 483, not 427."""
    assert report(name).totals.receptive_field == (pixels, pixels)


def test_the_shortcut_of_option_a_drops_positions_and_adds_zeros() -> None:
    """Every second position of the old channels, zeros in the new ones, and no parameters."""
    shortcut = residual.ZeroPaddedShortcut(2, 5, 2)
    maps = torch.arange(32.0).reshape(1, 2, 4, 4)
    output = shortcut(maps)
    assert output.shape == (1, 5, 2, 2)
    assert output[0, :2].flatten().tolist() == [0.0, 2.0, 8.0, 10.0, 16.0, 18.0, 24.0, 26.0]
    assert output[0, 2:].abs().sum().item() == 0.0
    assert list(shortcut.parameters()) == []


def test_a_block_that_has_learnt_nothing_is_the_identity() -> None:
    """With zero weights a residual block passes on what is positive; its plain twin passes on nothing."""
    maps = torch.rand(1, 4, 6, 6)
    for block, expected in (
        (residual.Basic(4, 4, 1, projects=False), maps),
        (residual.Plain(4, 4, 1), torch.zeros_like(maps)),
    ):
        for parameter in block.parameters():
            torch.nn.init.zeros_(parameter)
        assert torch.equal(block.eval()(maps), expected)


def test_a_plain_network_is_the_residual_one_without_its_sums() -> None:
    """The same names and shapes of tensors; 9 additions in ResNet-20, none in Plain-20."""
    shapes = [
        {key: tensor.shape for key, tensor in resnet_cifar.build(name).state_dict().items()}
        for name in ("plain20_cifar", "resnet20_cifar")
    ]
    assert shapes[0] == shapes[1]
    for name, additions in (("plain20_cifar", 0), ("resnet20_cifar", 9)):
        assert [row.kind for row in report(name).rows].count(Kind.MERGE) == additions
