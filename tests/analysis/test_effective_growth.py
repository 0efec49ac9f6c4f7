from __future__ import annotations

import pytest
import torch
from torch import nn

import models
from analysis import analyze
from analysis.effective_field import effective_fields, noise, unit_index
from analysis.effective_growth import effective_growth_table, growth_measures, stage_points


def test_one_point_a_stage() -> None:
    """ResNet-50 at 224: the last row at each size of its maps, the unit in the middle, layers on the longest way.

    Depth: 1 to the first activation; with the pooling, three blocks of three, and a 1 x 1 convolution 12; four,
    six and three blocks more make 24, 42 and 50.
    """
    points = stage_points(analyze(models.build("resnet50"), (3, 224, 224)))
    assert [point.row.map_size for point in points] == [(112, 112), (56, 56), (28, 28), (14, 14), (7, 7)]
    assert [point.row.receptive_field for point in points] == [
        (7, 7), (35, 35), (91, 91), (267, 267), (427, 427),
    ]  # fmt: skip
    assert [point.unit for point in points] == [(56, 56), (28, 28), (14, 14), (7, 7), (3, 3)]
    assert [point.depth for point in points] == [1, 12, 24, 42, 50]


def test_what_only_moves_values_ends_no_stage() -> None:
    """Swin's patches are merged by slicing: each stage ends before that."""
    points = stage_points(analyze(models.build("swin_t"), (3, 224, 224)))
    assert [point.row.map_size for point in points] == [(56, 56), (28, 28), (14, 14), (7, 7)]
    assert not any("slice" in point.row.name for point in points)


def test_effective_growth_falls_behind_the_theoretical() -> None:
    """Eight 3 x 3 layers, the fifth with stride 2: sides 9 and 23 pixels, and less of the second is used."""
    torch.manual_seed(0)
    layers = [
        nn.Conv2d(3 if place == 0 else 16, 16, 3, 2 if place == 4 else 1, padding=1) for place in range(8)
    ]
    network = nn.Sequential(*layers)
    points = stage_points(analyze(network, (3, 64, 64)))
    units = {point.row.index: unit_index(point.row, point.unit) for point in points}
    *_, fields = effective_fields(network, noise((3, 64, 64), 8), units)
    measures = growth_measures(points, fields)
    table = effective_growth_table(points, measures)
    assert list(table["theoretical_side"]) == [9, 23]
    assert list(table["depth"]) == [4, 8]
    assert 1 > table["ratio"][0] > table["ratio"][1]
    assert list(table["effective_side"]) == pytest.approx([numbers.side for numbers in measures])
