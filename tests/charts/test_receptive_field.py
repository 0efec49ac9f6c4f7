from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

import models
from analysis import Report, analyze
from analysis.receptive_field.growth import first_to_cover, growth, unproductive, unproductive_by_size
from analysis.receptive_field.units import centres, reach_padding, seen_by, unit_grid
from charts.box_shapes import box_outline, filled, hull, overlap, square
from charts.receptive_field_answer import answer_chart, box_chart
from charts.receptive_field_growth import Curve, growth_chart, lost_chart
from charts.receptive_field_picture import Scene, view
from charts.receptive_field_units import MOST_A_SIDE, Sight, UnitPlaces, unit_chart
from charts.theme import Style

SCENE = Scene("data:image/png;base64,", (224, 224))


@cache
def report(name: str) -> Report:
    """The report of a zoo model at 224 pixels."""
    return analyze(models.build(name), (3, 224, 224), name=name)


def curve(name: str, size: int = 224) -> Curve:
    """A model as the charts of growth take it."""
    layers = growth(report(name))
    return Curve(
        name,
        name.title(),
        Style("#1668c4", "circle"),
        layers,
        first_to_cover(layers, (size, size)),
        unproductive(layers, (size, size)),
        unproductive_by_size(layers, 16, 1024),
        1024,
    )


def places(layer: str, name: str = "alexnet") -> tuple[UnitPlaces, Sight]:
    """The units of a layer, and unit (0, 1) of it."""
    row = next(row for row in report(name).rows if row.name == layer)
    grid = unit_grid(row)
    assert grid is not None and row.local_field is not None
    seen = seen_by(row.local_field, grid, (0, 1))
    where = UnitPlaces(
        *centres(row.local_field, grid), *reach_padding(row.local_field, grid, SCENE.size), is_grid=True
    )
    return where, Sight((0, 1), (0, 1), seen.box, seen.unbounded, None)


def test_growth_has_a_point_for_every_layer() -> None:
    """Depth and field of each layer; a click on it names model and row; the first that covers is another sign."""
    resnet = curve("resnet50")
    chart = growth_chart([resnet], 224)
    points = chart.data[1]
    assert list(points.x) == [layer.depth for layer in resnet.layers]
    assert list(points.y) == [layer.field[0] for layer in resnet.layers]
    assert points.customdata[5] == ["resnet50", resnet.layers[5].row]
    assert points.marker.symbol.count("x") == len(resnet.lost.layers) - (resnet.first in resnet.lost.layers)
    assert points.marker.symbol.count("diamond") == 1
    assert chart.layout.title.text == "From layer3.4.conv2 on the field is as large as the input"
    assert "sees 427 x 427 px, effective stride 32 x 32" in points.text[-1]
    assert "reads 363 x 363 px already" in points.text[-2]


def test_growth_of_a_network_that_never_covers_the_input() -> None:
    """VGG-16 sees 212 of 224 pixels; beside ResNet-50 one of two covers it."""
    assert growth_chart([curve("vgg16")], 224).layout.title.text == (
        "The field grows to 212 pixels, less than the input's 224"
    )
    both = growth_chart([curve("vgg16"), curve("resnet50")], 224)
    assert both.layout.title.text.endswith("before their heads: 1 of 2")


def test_lost_layers_over_the_input_size() -> None:
    """The steps in per cent of the convolutions, up to the largest size; the title counts them now."""
    chart = lost_chart([curve("resnet50")], 224)
    sides, shares, counts = chart.data[0].x, chart.data[0].y, chart.data[0].customdata
    assert (sides[0], sides[-1], counts[-1]) == (16, 1024, 0)
    at = max(index for index, side in enumerate(sides) if side <= 224)
    assert counts[at] == 14
    assert shares[at] == pytest.approx(100 * 14 / 53)
    assert chart.layout.title.text.startswith("14 of 53 convolutions gain no context, 26.")
    assert lost_chart([curve("alexnet")], 224).layout.title.text.startswith("At 224 pixels no convolution")


def test_a_click_finds_the_unit_whose_centre_it_is() -> None:
    """The points are the centres of AlexNet's 6 x 6 last units, 32 pixels apart, with row and column as their data."""
    where, sight = places("features.12")
    target = unit_chart(SCENE, where, sight, drags=False).data[0]
    assert len(target.x) == 36
    assert list(target.customdata[8]) == [1, 2]
    assert (target.x[8], target.y[8]) == (31 + 2 * 32, 31 + 32)


def test_large_maps_are_sampled() -> None:
    """224 x 224 units are more than a pointer can tell apart: at most 48 a side are found, the first among them."""
    where, sight = places("features.0", "vgg16")
    target = unit_chart(SCENE, where, sight, drags=False).data[0]
    assert len(target.x) <= MOST_A_SIDE**2
    assert list(target.customdata[0]) == [0, 0]


def test_the_box_is_drawn_around_its_pixels() -> None:
    """Unit (0, 1) sees rows 0 to 128, columns 0 to 160; the unbounded box is dashed, padding shaded."""
    where, sight = places("features.12")
    assert (sight.box, sight.unbounded) == ((0, 0, 128, 160), (-66, -34, 128, 160))
    chart = unit_chart(SCENE, where, sight, drags=False)
    solid = [shape for shape in chart.layout.shapes if shape.type == "rect" and shape.line.dash == "solid"]
    assert {(s.x0, s.x1, s.y0, s.y1) for s in solid} == {(-0.5, 160.5, -0.5, 128.5)}
    (dashed,) = (shape for shape in chart.layout.shapes if shape.line.dash == "dash")
    assert (dashed.x0, dashed.y0) == (-34.5, -66.5)
    padding = next(shape for shape in chart.layout.shapes if "217,130,0" in (shape.fillcolor or ""))
    assert padding.path == "M-34.5 -66.5H160.5V128.5H-34.5ZM-0.5 -0.5H160.5V128.5H-0.5Z"
    assert chart.layout.xaxis.range[0] < -34.5 and chart.layout.yaxis.range[1] < -66.5


def test_border_units_are_dots_of_their_own() -> None:
    """Every unit of AlexNet's last map sees padding; of the first only those at the border do."""
    for layer, inner in (("features.12", 0), ("features.0", 17 * 17)):
        where, sight = places(layer)
        chart = unit_chart(SCENE, where, sight, drags=False)
        dots = {
            shape.fillcolor: len(re.findall("M", shape.path))
            for shape in chart.layout.shapes
            if shape.line.width == 0.7
        }
        assert sum(dots.values()) == (36 if layer == "features.12" else 19 * 19)
        assert dots.get("#1668c4", 0) == inner


def test_what_sees_nothing_is_drawn_without_a_box() -> None:
    """Only padding in sight: no outline, no shade, the dots stay."""
    where, _ = places("features.12")
    chart = unit_chart(SCENE, where, Sight((0, 0), (0, 0), None, None, None), drags=True)
    assert all(shape.type == "path" for shape in chart.layout.shapes)
    assert chart.layout.dragmode == "select"


def test_answers_are_levels() -> None:
    """Nothing but it before all of it before a part of it."""
    some = np.array([[True, True, True, False]])
    every = np.array([[False, True, True, False]])
    only = np.array([[False, False, True, False]])
    chart = answer_chart(some, every, only)
    assert chart.data[0].z.tolist() == [[1, 2, 3, 0]]
    assert chart.data[0].customdata.tolist() == [
        ["a part of it", "all of it", "nothing but it", "none of it"]
    ]
    assert [trace.name for trace in chart.data[1:]] == [
        "sees none of it", "sees a part of it", "sees all of it", "sees nothing but it",
    ]  # fmt: skip


def test_a_box_is_dragged_anew() -> None:
    """The picture with a box: selecting is what dragging does."""
    chart = box_chart(SCENE, (1, 2, 3, 4))
    assert chart.layout.dragmode == "select"
    assert {(s.x0, s.y0) for s in chart.layout.shapes if s.type == "rect"} == {(1.5, 0.5)}


def test_shapes_of_boxes() -> None:
    """Pixels reach half a pixel to each side; holes, hulls and overlaps."""
    assert filled([(0, 0, 9, 9), (2, 3, 4, 5)], "red")["path"].count("Z") == 2
    assert [shape["line"]["width"] for shape in box_outline((0, 0, 1, 1), "red")] == [5, 2.5]
    assert square(float("nan"), 0, 1) == ""
    assert overlap((-9, -9, -1, -1), (5, 5)) is None
    assert overlap((-2, -2, 8, 8), (5, 20)) == (0, 0, 4, 8)
    assert hull([(0, 0, 1, 1), (5, -1, 6, 0)]) == (0, -1, 6, 1)
    assert view(SCENE)[0] == pytest.approx(-0.5 - 0.03 * 223)
