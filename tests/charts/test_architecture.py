from __future__ import annotations

from functools import cache

import pytest

import models
from analysis import Report, analyze
from charts.architecture import architecture_chart
from charts.architecture_boxes import MOST_BOXES, MOST_BOXES_AT_FIRST, boxes, depths, first_depth
from charts.architecture_edges import edge_paths
from charts.architecture_layout import place

SHAPES_OF_GRAPHS = (
    "alexnet",
    "googlenet",
    "resnet50",
    "densenet121",
    "inception_v3",
    "mobilenet_v3_small",
    "shufflenet_v2_x1_0",
    "vit_b_16",
    "swin_t",
    "maxvit_t",
    "efficientnet_b0",
    "regnet_y_400mf",
)


@cache
def report(name: str) -> Report:
    """The report of a zoo model at the size of its published figures."""
    shape = models.card(name).input_shape
    return analyze(models.build(name, shape[-1]), shape, name=name)


def kinds(name: str, depth: int) -> dict[str, int]:
    """How many boxes of each kind the picture has."""
    found: dict[str, int] = {}
    for box in boxes(report(name), depth):
        found[box.kind] = found.get(box.kind, 0) + 1
    return found


def number_of_shortcuts(name: str, depth: int) -> int:
    """How many edges arc over boxes."""
    drawn = boxes(report(name), depth)
    return edge_paths(drawn, place(drawn))[1].count("M")


def test_alexnet_has_the_layers_of_its_paper() -> None:
    """Five convolutions, three poolings (and torchvision's adaptive one), three linear layers, and the image."""
    assert kinds("alexnet", 2) == {"image": 1, "convolution": 5, "pooling": 4, "linear": 3}


def test_googlenet_draws_nine_modules_of_four_branches() -> None:
    """57 convolutions, 9 concatenations; branches lie in four lanes at every module (Szegedy et al., figure 2)."""
    depth = max(depths(report("googlenet")))
    assert kinds("googlenet", depth)["convolution"] == 57
    assert kinds("googlenet", depth)["merge"] == 9
    drawn = boxes(report("googlenet"), depth)
    places = place(drawn)
    for merge in (box for box in drawn if box.kind == "merge"):
        assert len({places[source].lane for source in merge.inputs}) == 4


def test_resnet50_draws_twelve_identity_shortcuts() -> None:
    """16 blocks add; 4 of them have a convolution in the shortcut, which is a branch and not an arc."""
    assert kinds("resnet50", 3)["merge"] == 16
    assert number_of_shortcuts("resnet50", 3) == 12
    placed = zip(boxes(report("resnet50"), 3), place(boxes(report("resnet50"), 3)), strict=True)
    assert [box.name for box, at in placed if at.lane] == [
        f"layer{stage}.0.downsample.0" for stage in (1, 2, 3, 4)
    ]


def test_densenet121_draws_every_dense_connection() -> None:
    """A block of n layers has n (n + 1) / 2 connections beside its chain: 21 + 78 + 300 + 136 for 6, 12, 24, 16."""
    assert number_of_shortcuts("densenet121", 3) == 21 + 78 + 300 + 136


def test_vit_draws_two_shortcuts_a_layer() -> None:
    """Twelve layers, each with a shortcut over its attention and one over its MLP."""
    assert number_of_shortcuts("vit_b_16", 4) == 24
    assert kinds("vit_b_16", 4)["attention"] == 12


@pytest.mark.parametrize("name", SHAPES_OF_GRAPHS)
def test_boxes_partition_the_rows_at_every_depth(name: str) -> None:
    """Every row is in one box, sums are those of the network, and edges run forward."""
    for depth, count in depths(report(name)).items():
        image, *drawn = boxes(report(name), depth)
        assert len(drawn) == count
        rows = [row for box in drawn for row in range(box.first_row, box.last_row + 1)]
        assert rows == list(range(len(report(name).rows)))
        assert sum(box.macs for box in drawn) == report(name).totals.macs
        assert (
            sum(box.params for box in drawn) == report(name).totals.params - report(name).totals.unused_params
        )
        assert image.inputs == ()
        assert all(source < box.index for box in drawn for source in box.inputs)


@pytest.mark.parametrize("name", SHAPES_OF_GRAPHS)
def test_no_two_boxes_overlap(name: str) -> None:
    """At the depth that a page begins with, the rectangles of any two boxes are disjoint."""
    places = place(boxes(report(name), first_depth(depths(report(name)))))
    for number, one in enumerate(places):
        for other in places[:number]:
            beside = abs(one.x - other.x) >= (one.width + other.width) / 2
            above = abs(one.y - other.y) >= (one.height + other.height) / 2
            assert beside or above, (one, other)


@pytest.mark.parametrize("name", SHAPES_OF_GRAPHS)
def test_every_box_lies_right_of_what_it_reads(name: str) -> None:
    """Depth runs from left to right."""
    drawn = boxes(report(name), first_depth(depths(report(name))))
    places = place(drawn)
    assert all(places[source].right < places[box.index].left for box in drawn for source in box.inputs)


@pytest.mark.parametrize("name", ["densenet201", "efficientnet_b7", "vit_h_14", "swin_v2_b"])
def test_large_networks_stay_small_pictures(name: str) -> None:
    """At most 130 boxes and 200 kB at first, and no depth with more than 400 boxes."""
    counts = depths(report(name))
    assert max(counts.values()) <= MOST_BOXES
    depth = first_depth(counts)
    assert 30 <= counts[depth] <= MOST_BOXES_AT_FIRST
    picture = architecture_chart(report(name), depth)
    assert len(picture.to_json()) < 200_000
    assert len(picture.data) <= 8
    assert len(picture.layout.shapes) <= 2


def test_hover_states_all_numbers_and_custom_data_the_box() -> None:
    """AlexNet's first convolution: 23,296 parameters (64 x 3 x 11 x 11 + 64), 70,276,800 MACs, 55 x 55 units."""
    picture = architecture_chart(report("alexnet"), 2)
    trace = next(trace for trace in picture.data if trace.name == "convolution")
    for text in (
        "features.0",
        "kernel 11x11",
        "64 channels, 55 x 55",
        "parameters 23,296",
        "MACs 70,276,800",
    ):
        assert text in trace.hovertext[0]
    assert trace.customdata[0] == 1


def test_a_module_box_hides_the_settings_of_its_first_layer() -> None:
    """ResNet-50's layer3 has many kernels, so its hover names none."""
    picture = architecture_chart(report("resnet50"), 1)
    texts = [text for trace in picture.data for text in trace.hovertext]
    assert "kernel" not in next(text for text in texts if "<b>layer3</b>" in text)


def test_a_gate_is_a_branch_with_an_arc() -> None:
    """A squeeze-excite block of MobileNetV3 multiplies its map by a gate: the map passes over the gate as an arc."""
    drawn = boxes(report("mobilenet_v3_small"), max(depths(report("mobilenet_v3_small"))))
    gates = [box for box in drawn if box.type == "mul"]
    assert len(gates) == 9  # 9 of the 11 blocks in the paper's table 2 have SE
    assert all(len(box.inputs) == 2 for box in gates)
