"""VGG layer by layer against Table 1 of its paper."""

from __future__ import annotations

import pytest

import models
from analysis import analyze
from tests.models.papers.paper_layers import Layer, convolution, layers, layers_of, linear, report

# Table 1: conv<kernel>-<channels>, "pool" for maxpool.
TABLE_1 = {
    "vgg11_a": "3-64 pool 3-128 pool 3-256 3-256 pool 3-512 3-512 pool 3-512 3-512 pool",
    "vgg13_b": "3-64 3-64 pool 3-128 3-128 pool 3-256 3-256 pool 3-512 3-512 pool 3-512 3-512 pool",
    "vgg16_c": "3-64 3-64 pool 3-128 3-128 pool 3-256 3-256 1-256 pool 3-512 3-512 1-512 pool "
    "3-512 3-512 1-512 pool",
    "vgg16_d": "3-64 3-64 pool 3-128 3-128 pool 3-256 3-256 3-256 pool 3-512 3-512 3-512 pool "
    "3-512 3-512 3-512 pool",
    "vgg19_e": "3-64 3-64 pool 3-128 3-128 pool 3-256 3-256 3-256 3-256 pool 3-512 3-512 3-512 3-512 pool "
    "3-512 3-512 3-512 3-512 pool",
}
TABLE_1["vgg11_a_lrn"] = TABLE_1["vgg11_a"]


def derived(column: str) -> list[Layer]:
    """The layers of a column at 224 x 224, FC-4096 twice and FC-1000."""
    channels, size, found = 3, 224, []
    for token in column.split():
        if token == "pool":
            size //= 2
            continue
        kernel, width = map(int, token.split("-"))
        found.append(convolution(channels, width, kernel, size))
        channels = width
    return [*found, linear(channels * size * size, 4096), linear(4096, 4096), linear(4096, 1000)]


@pytest.mark.parametrize("name", sorted(TABLE_1))
def test_every_layer_follows_table_1(name: str) -> None:
    """Parameters, MACs and output of each of 11 to 19 weight layers; the card has their sums."""
    expected = derived(TABLE_1[name])
    assert layers(name) == expected
    depth = int(name.removeprefix("vgg")[:2])
    assert len(expected) == depth
    card = models.card(name)
    assert card.params == sum(layer.params for layer in expected) == report(name).totals.params
    assert card.gmacs == sum(layer.macs for layer in expected) / 1e9


# Table 2 prints 133, 133, 134, 138 and 144 million parameters for A (and A-LRN), B, C, D and E.
@pytest.mark.parametrize(
    ("name", "millions"),
    [
        ("vgg11_a", 133),
        ("vgg11_a_lrn", 133),
        ("vgg13_b", 133),
        ("vgg16_c", 134),
        ("vgg16_d", 138),
        ("vgg19_e", 144),
    ],
)
def test_parameters_are_those_of_table_2(name: str, millions: int) -> None:
    """The paper's rounded counts."""
    assert round(report(name).totals.params / 1e6) == millions


@pytest.mark.parametrize(
    ("name", "twin"), [("vgg11_a", "vgg11"), ("vgg13_b", "vgg13"), ("vgg16_d", "vgg16"), ("vgg19_e", "vgg19")]
)
def test_torchvision_has_the_same_layers(name: str, twin: str) -> None:
    """A, B, D and E: the same convolutions and linear layers in the same order."""
    other = analyze(models.build(twin), (3, 224, 224))
    assert layers_of(other) == layers(name)


def test_a_lrn_normalises_once() -> None:
    """After the first convolution and before its pooling, without parameters; A does not."""
    paths = [row.module_path for row in report("vgg11_a_lrn").rows if "Normalisation" in row.module_type]
    assert set(paths) == {"stage1.2"}
    assert not [row for row in report("vgg11_a").rows if "Normalisation" in row.module_type]
