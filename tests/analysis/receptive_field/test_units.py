from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest
import torch
from torch import Tensor, nn

import models
from analysis import Report, analyze
from analysis.receptive_field.questions import units_that_see, units_within
from analysis.receptive_field.units import (
    Box,
    UnitGrid,
    centres,
    extent,
    middle_unit,
    reach_padding,
    seen_by,
    unit_grid,
)
from analysis.records import Pair, Row

# Chains, branches, gates (strict and local fields differ), windows, tokens, a single unit, rows that are no columns.
NETWORKS = {
    "alexnet": (96, 80),
    "googlenet": (64, 48),
    "mobilenet_v3_small": (48, 64),
    "swin_t": (56, 84),
    "vit_b_32": (96, 96),
    "maxvit_t": (224, 224),
}
BOXES = ((0, 0, 0, 0), (10, 20, 30, 24), (0, 0, 47, 47), (20, 3, 20, 40), (5, 5, 44, 44))


@cache
def report(name: str) -> Report:
    """The report of a zoo model at its size in this file."""
    height, width = NETWORKS[name]
    square = height if models.card(name).size_step else None
    return analyze(models.build(name, square), (3, height, width))


def different_rows(name: str) -> Iterator[tuple[Row, UnitGrid]]:
    """The rows of a network whose units see something else than those of the row before."""
    last = None
    for row in report(name).rows:
        grid = unit_grid(row)
        if grid is not None and (row.local_field, grid) != last:
            last = (row.local_field, grid)
            yield row, grid


def all_units(grid: UnitGrid) -> Iterator[Pair]:
    """Every unit of a grid, or a hundred of them."""
    step = 1 + grid.shape[0] * grid.shape[1] // 80
    yield from list(product(range(grid.shape[0]), range(grid.shape[1])))[::step]


def hull(boxes: list[Box | None]) -> Box | None:
    """The smallest box around some boxes."""
    known = [box for box in boxes if box is not None]
    if not known:
        return None
    top, left, bottom, right = zip(*known, strict=True)
    return min(top), min(left), max(bottom), max(right)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_unit_sees_the_box_of_its_field(name: str) -> None:
    """Unit by unit the box of ReceptiveField.box, strictly and locally; on an unbounded input at least that."""
    compared = 0
    for row, grid in different_rows(name):
        assert row.field is not None and row.local_field is not None
        for field in (row.field, row.local_field):
            for unit in all_units(grid):
                seen = seen_by(field, grid, unit)
                assert seen.box == field.box(grid.index(unit)), (row.name, unit)
                if seen.unbounded is not None and seen.box is not None:
                    assert hull([seen.box, seen.unbounded]) == seen.unbounded
                    if not any(seen.beyond(NETWORKS[name])):
                        assert seen.padding_share(NETWORKS[name]) == 0
                compared += 1
    assert compared > 200


@pytest.mark.parametrize("name", NETWORKS)
def test_several_units_see_the_union_of_their_boxes(name: str) -> None:
    """The hull of the boxes of all units from a first to a last one."""
    for row, grid in different_rows(name):
        assert row.local_field is not None
        last = (min(grid.shape[0] - 1, 3), min(grid.shape[1] - 1, 4))
        first = (last[0] // 2, last[1] // 3)
        block = product(range(first[0], last[0] + 1), range(first[1], last[1] + 1))
        boxes = [row.local_field.box(grid.index(unit)) for unit in block]
        assert seen_by(row.local_field, grid, first, last).box == hull(boxes), row.name


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("box", BOXES)
def test_units_that_see_a_box_are_those_whose_boxes_do(name: str, box: Box) -> None:
    """Some of it, every pixel of it, nothing but it: asked of each unit's box alone."""
    top, left, bottom, right = box
    for row, grid in different_rows(name):
        assert row.local_field is not None
        answer = units_that_see(row.local_field, grid, box)
        assert answer.some.shape == answer.every.shape == answer.only.shape == grid.shape
        for unit in all_units(grid):
            seen = row.local_field.box(grid.index(unit))
            some = every = only = False
            if seen is not None:
                some = seen[0] <= bottom and seen[2] >= top and seen[1] <= right and seen[3] >= left
                every = seen[0] <= top and seen[2] >= bottom and seen[1] <= left and seen[3] >= right
                only = seen[0] >= top and seen[2] <= bottom and seen[1] >= left and seen[3] <= right
            found = (bool(answer.some[unit]), bool(answer.every[unit]), bool(answer.only[unit]))
            assert found == (some, every, only), (row.name, unit)


@pytest.mark.parametrize("name", NETWORKS)
def test_centres_and_borders_are_those_of_the_units(name: str) -> None:
    """A row (column) of units looks at the middle of its unbounded field, and sees padding if that leaves the image."""
    for row, grid in different_rows(name):
        assert row.local_field is not None
        ys, xs = centres(row.local_field, grid)
        rows, columns = reach_padding(row.local_field, grid, NETWORKS[name])
        for unit in all_units(grid):
            seen = seen_by(row.local_field, grid, unit)
            at = unit if grid.dims is not None else (unit[1], unit[1])
            if seen.box is not None or seen.unbounded is not None:
                assert seen.centre == (ys[at[0]], xs[at[1]])
            if grid.dims is not None or grid.shape == (1, 1):
                beyond = seen.beyond(NETWORKS[name])
                assert bool(rows[unit[0]]) == (beyond[0] + beyond[2] > 0)
                assert bool(columns[unit[1]]) == (beyond[1] + beyond[3] > 0)


@pytest.mark.parametrize(
    "area", [(10, 12, 60, 50), (0, 0, 95, 79), (40.2, 40.2, 40.4, 40.4), (-50, -50, -40, -40)]
)
def test_units_within_an_area_are_those_whose_centres_are(area: tuple[float, float, float, float]) -> None:
    """The first and the last of them; where there is none, the nearest."""
    for row, grid in different_rows("alexnet"):
        if grid.dims is None:
            continue
        assert row.local_field is not None
        first, last = units_within(row.local_field, grid, area)
        for axis, line in enumerate(centres(row.local_field, grid)):
            low, high = area[axis], area[axis + 2]
            inside = [unit for unit, centre in enumerate(line) if low <= centre <= high]
            nearest = min(range(len(line)), key=lambda unit: abs(line[unit] - (low + high) / 2))
            assert (first[axis], last[axis]) == ((inside or [nearest])[0], (inside or [nearest])[-1])


def test_scattered_units_lie_within_no_area() -> None:
    """Tokens have no rows and columns: a sentence."""
    row, grid = next((row, grid) for row, grid in different_rows("vit_b_32") if grid.dims is None)
    assert row.local_field is not None
    with pytest.raises(ValueError, match="no rows and columns"):
        units_within(row.local_field, grid, (0, 0, 9, 9))


def test_alexnets_first_unit() -> None:
    """11 x 11 with padding 2: the box (-2, -2, 8, 8), of which 121 - 81 = 40 of 121 pixels are padding."""
    row = analyze(models.build("alexnet"), (3, 224, 224)).rows[0]
    grid = unit_grid(row)
    assert grid is not None and row.field is not None
    assert grid.shape == (55, 55)
    assert middle_unit(grid) == (27, 27)
    seen = seen_by(row.field, grid, (0, 0))
    assert (seen.box, seen.unbounded) == ((0, 0, 8, 8), (-2, -2, 8, 8))
    assert seen.centre == (3.0, 3.0)
    assert extent((-2, -2, 8, 8)) == (11, 11)
    assert seen.beyond((224, 224)) == (2, 2, 0, 0)
    assert seen.padding_share((224, 224)) == pytest.approx(40 / 121)
    assert units_that_see(row.field, grid, (112, 112, 112, 112)).some.sum() == 9


def test_a_unit_that_sees_only_padding() -> None:
    """One pixel by one with padding 1: the corner sees nothing, and its unbounded box lies beside the image."""
    row = analyze(nn.Conv2d(1, 1, 1, padding=1), (1, 4, 5)).rows[0]
    grid = unit_grid(row)
    assert grid is not None and row.field is not None
    seen = seen_by(row.field, grid, (0, 0))
    assert (seen.box, seen.unbounded, seen.centre) == (None, (-1, -1, -1, -1), (-1, -1))
    assert seen.padding_share((4, 5)) == 1
    answer = units_that_see(row.field, grid, (0, 0, 3, 4))
    assert answer.some.sum() == answer.only.sum() == 20
    assert not answer.some[0].any()


def test_gates_see_everything_and_the_local_path_does_not() -> None:
    """MobileNetV3 after its first gate: strictly the whole image, locally a box."""
    row = next(row for row in report("mobilenet_v3_small").rows if row.whole_input and row.map_size != (1, 1))
    grid = unit_grid(row)
    assert grid is not None and row.field is not None and row.local_field is not None
    assert seen_by(row.field, grid, (1, 1)).box == (0, 0, 47, 63)
    assert seen_by(row.local_field, grid, (1, 1)).box != (0, 0, 47, 63)


def test_impossible_questions_are_sentences() -> None:
    """Units that are not there, and a box whose end comes first."""
    row = analyze(nn.Conv2d(1, 1, 3), (1, 8, 8)).rows[0]
    grid = unit_grid(row)
    assert grid is not None and row.field is not None
    for first, last in (((6, 0), (6, 0)), ((0, -1), (0, 0)), ((3, 3), (2, 3))):
        with pytest.raises(ValueError, match="There are no units"):
            seen_by(row.field, grid, first, last)
    with pytest.raises(ValueError, match="ends before it begins"):
        units_that_see(row.field, grid, (4, 0, 3, 7))


def test_rows_that_see_no_image_have_no_units() -> None:
    """A product of weights is a row, and no map of the image."""

    class ProductOfWeights(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(2, 2))

        def forward(self, image: Tensor) -> Tensor:
            return image.mean((2, 3)) @ (self.weight @ self.weight)

    mean, of_weights, of_both = analyze(ProductOfWeights(), (2, 4, 4)).rows
    assert of_weights.inputs == ()
    assert [unit_grid(row) is None for row in (mean, of_weights, of_both)] == [False, True, False]
