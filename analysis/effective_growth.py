"""How the effective field grows along the depth of a network: one unit a stage, beside the theoretical field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.effective_field import EffectiveField
from analysis.field_measures import FieldMeasures, field_measures
from analysis.receptive_field.growth import growth
from analysis.receptive_field.units import middle_unit, unit_grid
from analysis.records import Kind, Pair, Report, Row


@dataclass(frozen=True, slots=True)
class StagePoint:
    """The middle unit of one row, whose ``depth`` is the number of layers on the longest way from the image to it."""

    row: Row
    unit: Pair
    depth: int


def stage_points(report: Report) -> tuple[StagePoint, ...]:
    """The last row of each stage that computes more than one unit: five in ResNet-50, the last at 7 x 7."""
    layers = growth(report)
    points = {}
    for row in report.rows:
        grid = unit_grid(row)
        if grid is not None and grid.shape != (1, 1) and row.kind is not Kind.RESHAPE and row.stage != "head":
            depth = max((layer.depth for layer in layers if layer.row <= row.index), default=0)
            points[row.stage] = StagePoint(row, middle_unit(grid), depth)
    return tuple(points.values())


def growth_measures(
    points: tuple[StagePoint, ...], fields: Mapping[int, EffectiveField]
) -> tuple[FieldMeasures, ...]:
    """The numbers of the effective field at each point; ``fields`` holds them by row."""
    return tuple(field_measures(fields[point.row.index], point.row, point.unit) for point in points)


def effective_growth_table(
    points: tuple[StagePoint, ...], measures: tuple[FieldMeasures, ...]
) -> pd.DataFrame:
    """One line for each point: where it is, both sides in pixels, their ratio, radius and share in the central half."""
    return pd.DataFrame(
        [
            (
                point.row.name,
                point.row.stage,
                point.depth,
                *point.unit,
                numbers.theoretical_side,
                numbers.side,
                numbers.ratio,
                numbers.energy_side,
                numbers.radius,
                numbers.central_half,
            )
            for point, numbers in zip(points, measures, strict=True)
        ],
        columns=[
            "name",
            "stage",
            "depth",
            "unit_row",
            "unit_column",
            "theoretical_side",
            "effective_side",
            "ratio",
            "energy_side",
            "radius",
            "central_half",
        ],
    )
