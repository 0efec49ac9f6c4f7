"""Which units of a map see the image alone, and no padding: what they compute holds wherever the image is cut."""

from __future__ import annotations

from math import ceil, floor

from analysis.records import Pair, Row, Stride

Units = tuple[Pair, Pair]  # the first unit and the one after the last, of the rows and of the columns


def clean_units(row: Row, image_size: Pair) -> Units | None:
    """The units of a row's map whose receptive field lies within an image of ``image_size`` (h, w).

    Unit i sees from i J - P to i J - P + r - 1: J the effective stride, P the effective padding, r the size of
    the receptive field, without global gates and attention. None where no unit is clean, and for a row
    whose units form no grid.

    AlexNet's third convolution (J = 16, P = 34, r = 99): units 3 to 9 of 13, so ((3, 10), (3, 10)).
    """
    stride, padding, size = row.effective_stride, row.effective_padding, row.local_receptive_field
    if stride is None or padding is None or size is None or row.map_size is None:
        return None
    axes = [
        (max(0, ceil(before / step)), min(units, floor((side - reach + before) / step) + 1))
        for step, before, reach, side, units in zip(
            stride, padding, size, image_size, row.map_size, strict=True
        )
    ]
    rows, columns = axes
    return (rows, columns) if rows[0] < rows[1] and columns[0] < columns[1] else None


def common_units(first: Units | None, second: Units | None) -> Units | None:
    """The units that are clean in both of two networks; None where there is none."""
    if first is None or second is None:
        return None
    rows, columns = (
        (max(one[0], other[0]), min(one[1], other[1])) for one, other in zip(first, second, strict=True)
    )
    return (rows, columns) if rows[0] < rows[1] and columns[0] < columns[1] else None


def left_after(units: Units | None, stride: Stride, furthest: int) -> int:
    """How many units a side can still be compared after a shift by ``furthest`` pixels; 0 without units."""
    if units is None:
        return 0
    return max(
        0,
        min(stop - first - ceil(furthest / step) for (first, stop), step in zip(units, stride, strict=True)),
    )
