from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import models
from analysis import Report, analyze
from charts.inspect_aliasing import aliasing_chart
from charts.inspect_cost import cost_by_layer_chart, cost_by_stage_chart, cost_tree_chart
from charts.inspect_memory import memory_chart
from charts.inspect_panels import log_axis
from charts.inspect_receptive_field import receptive_field_chart
from charts.inspect_shape import shape_chart


@cache
def report(name: str, size: int = 224) -> Report:
    """The report of a zoo model."""
    return analyze(models.build(name, size), (3, size, size), name=name)


def test_shape_of_vgg16() -> None:
    """VGG-16 halves 224 five times and widens from 64 to 512 channels (Simonyan and Zisserman, table 1)."""
    sides, channels = shape_chart(report("vgg16")).data
    assert sorted({int(side) for side in sides.y if not np.isnan(side)}, reverse=True) == [
        224,
        112,
        56,
        28,
        14,
        7,
    ]
    assert channels.y[0] == 64
    assert "from 224 to 7 pixels" in shape_chart(report("vgg16")).layout.title.text
    assert "512" in shape_chart(report("vgg16")).layout.title.text


def test_shape_leaves_the_inside_of_gates_out() -> None:
    """EfficientNet-B0's smallest map is 7 x 7, though its gates work on 1 x 1."""
    sides, _ = shape_chart(report("efficientnet_b0")).data
    assert np.nanmin(sides.y) == 7


@pytest.mark.parametrize(("quantity", "total"), [("macs", 1_814_073_344), ("params", 11_689_512)])
def test_tree_adds_up_to_the_published_figures(quantity: str, total: int) -> None:
    """ResNet-18: torchvision publishes 1.814 GMACs and 11,689,512 parameters; every node has a parent."""
    tree = cost_tree_chart(report("resnet18"), quantity).data[0]
    assert sum(tree.values) == total
    assert set(tree.parents) <= {"", *tree.ids}
    assert "layer4.1.conv2" in tree.customdata
    assert len(set(tree.ids)) == len(tree.ids)


def test_cost_by_layer_names_the_row_that_reaches_half() -> None:
    """AlexNet's MACs: 70, 224, 112, 149, 100 M in its convolutions, 59 M in its classifier; half is in the third."""
    picture = cost_by_layer_chart(report("alexnet"))
    assert "features.6" in picture.layout.title.text
    macs, params = picture.data
    assert list(macs.y[:3]) == [70_276_800, 223_948_800, 112_140_288]
    assert sum(params.y) == 61_100_840


def test_shares_of_stages_add_up_to_one() -> None:
    """MACs, parameters and activations of all stages together are the network's."""
    for trace in cost_by_stage_chart(report("resnet50")).data:
        assert sum(trace.x) == pytest.approx(1)


def test_vgg16_has_its_macs_early_and_its_parameters_in_the_head() -> None:
    """123.6 M of VGG-16's 138.4 M parameters are in its three linear layers."""
    picture = cost_by_stage_chart(report("vgg16"))
    assert picture.layout.title.text.endswith("most parameters in the head")
    params = next(trace for trace in picture.data if trace.name == "parameters")
    assert params.customdata[-1] == 25088 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 1000 + 1000


@pytest.mark.parametrize(("name", "field"), [("alexnet", 195), ("vgg16", 212), ("resnet50", 427)])
def test_receptive_field_ends_at_the_published_value(name: str, field: int) -> None:
    """Araujo et al. 2019 for AlexNet and VGG-16; 427 follows from torchvision's placement of the strides."""
    line, size = receptive_field_chart(report(name)).data
    assert line.y[-1] == field
    assert list(size.y) == [224, 224]


def test_gated_networks_show_two_fields() -> None:
    """EfficientNet-B0: strict and local path are drawn apart, because a gate sees the whole image."""
    names = [trace.name for trace in receptive_field_chart(report("efficientnet_b0")).data]
    assert [name.split(":")[0] for name in names] == ["strict", "local path", "the input, 224 pixels"]


def test_memory_marks_its_peak() -> None:
    """The marker is at the largest value of the line, and the title names its bytes."""
    picture = memory_chart(report("resnet18"))
    line, marker = picture.data
    assert marker.y[0] == max(line.y)
    assert line.y[marker.x[0]] == marker.y[0]
    assert marker.text[0] in picture.layout.title.text


def test_aliasing_halves_with_every_stride() -> None:
    """AlexNet strides by 4, 2, 2, 2: 1/8, 1/16, 1/32, 1/64 cycles per pixel survive, after 1/2 in the image."""
    bars = aliasing_chart(report("alexnet")).data[0]
    assert list(bars.y) == [1 / 2, 1 / 8, 1 / 16, 1 / 32, 1 / 64]
    assert list(bars.text) == ["2 px", "8 px", "16 px", "32 px", "64 px"]


def test_logarithmic_ticks_are_powers_of_two() -> None:
    """From 7 to 224: every power; over more octaves than ticks fit: every second; below one: fractions."""
    assert log_axis([7, 224])["ticktext"] == ["4", "8", "16", "32", "64", "128", "256"]
    assert log_axis([1, 4096])["ticktext"] == ["1", "4", "16", "64", "256", "1,024", "4,096"]
    assert log_axis([0.5, 1 / 8])["ticktext"] == ["1/8", "1/4", "1/2"]


@pytest.mark.parametrize("name", ["vit_b_16", "swin_t", "squeezenet1_0"])
def test_every_chart_draws_for_networks_without_plain_maps(name: str) -> None:
    """Tokens, windows and heads without linear layers give charts with titles and data."""
    entry = report(name)
    pictures = [
        shape_chart(entry),
        cost_tree_chart(entry, "macs"),
        cost_by_layer_chart(entry),
        cost_by_stage_chart(entry),
        receptive_field_chart(entry),
        memory_chart(entry),
        aliasing_chart(entry),
    ]
    assert all(picture.layout.title.text and picture.data for picture in pictures)
