from __future__ import annotations

import pytest
from torch import nn

import models
from analysis import analyze
from analysis.layer_differences import QUANTITIES, LayerPair, layer_pairs, layers
from analysis.records import Report
from models.papers.counterparts import COUNTERPARTS, Counterpart


def traced(name: str) -> Report:
    """The report of a model at its card's input shape."""
    return analyze(models.build(name), models.card(name).input_shape, name=name)


def named(pairs: tuple[LayerPair, ...]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """By the first network's layer: the second's, and what differs."""
    return {
        pair.first.name: (pair.second.name if pair.second else "", pair.differs)
        for pair in pairs
        if pair.first
    }


def test_alexnet_of_2012_beside_torchvisions() -> None:
    """Krizhevsky et al. (2012), figure 2, beside One weird trick: widths, groups, normalisation, padding."""
    found = named(layer_pairs(traced("alexnet_2012"), traced("alexnet")))
    assert found["conv1"] == (
        "features.0",
        ("output_shape", "params", "macs", "settings"),
    )  # 96 maps, no padding
    assert found["conv2"] == (
        "features.3",
        ("output_shape", "params", "settings"),
    )  # groups of 48: as many MACs
    assert found["norm1"] == found["norm2"] == ("", QUANTITIES)
    assert found["conv3"] == ("features.6", ("params", "macs"))  # 256 channels in, not 192
    assert found["fc6"] == ("classifier.1", ())
    assert found["dropout7"] == ("", QUANTITIES)  # torchvision's dropout stands before the layer


def test_a_stride_that_moves_shows_where_it_moves() -> None:
    """ResNet v1 halves in the first 1 x 1, v1.5 in the 3 x 3; before that nothing differs."""
    pairs = layer_pairs(traced("resnet50_v1"), traced("resnet50"))
    assert all(pair.first and pair.second for pair in pairs)
    first, second = [pair for pair in pairs if "settings" in pair.differs][:2]
    assert first.first and second.first
    assert (first.first.name, second.first.name) == ("conv3_x.0.conv1", "conv3_x.0.conv2")
    assert dict(first.first.settings)["stride"] == (2, 2)
    assert dict(second.first.settings)["stride"] == (1, 1)
    assert not any(pair.differs for pair in pairs[: pairs.index(first)])


def test_plain_and_residual_differ_in_shortcuts_alone() -> None:
    """ResNet-18 without its 8 sums and its 3 projections of 2 layers is the plain network."""
    pairs = layer_pairs(traced("plain18"), traced("resnet18"))
    alone = [pair.second.what for pair in pairs if pair.first is None and pair.second]
    assert sorted(alone) == ["add"] * 8 + ["batch_norm"] * 3 + ["conv2d"] * 3
    assert all(pair.second for pair in pairs)


@pytest.mark.parametrize(
    "pair", [pair for pair in COUNTERPARTS if not pair.reasons], ids=lambda pair: pair.paper
)
def test_pairs_without_reasons_have_equal_numbers(pair: Counterpart) -> None:
    """Where no reason for a difference is given, no number differs in any layer."""
    pairs = layer_pairs(traced(pair.paper), traced(pair.modern))
    assert all(set(entry.differs) <= {"settings"} for entry in pairs)


@pytest.mark.parametrize("name", ["alexnet_2012", "googlenet", "swin_t", "densenet121"])
def test_layers_keep_every_parameter_and_mac(name: str) -> None:
    """Rows gathered into layers add up to the totals."""
    report = traced(name)
    found = layers(report)
    assert sum(layer.params for layer in found) == report.totals.params - report.totals.unused_params
    assert sum(layer.macs or 0 for layer in found) == report.totals.macs


def test_every_layer_appears_once_and_in_order() -> None:
    """The alignment neither drops, repeats nor reorders layers of either network."""
    first, second = traced("googlenet_2014"), traced("googlenet")
    pairs = layer_pairs(first, second)
    assert tuple(pair.first for pair in pairs if pair.first) == layers(first)
    assert tuple(pair.second for pair in pairs if pair.second) == layers(second)


def test_networks_with_nothing_in_common() -> None:
    """Every layer stands alone."""
    one = analyze(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()), (3, 8, 8))
    other = analyze(nn.Sequential(nn.MaxPool2d(2)), (3, 8, 8))
    assert [(bool(pair.first), bool(pair.second)) for pair in layer_pairs(one, other)] == [
        (True, False), (True, False), (False, True),
    ]  # fmt: skip


def test_a_network_beside_itself_does_not_differ() -> None:
    """All pairs are whole and equal."""
    report = traced("mobilenet_v2")
    assert [pair.differs for pair in layer_pairs(report, report)] == [()] * len(layers(report))
