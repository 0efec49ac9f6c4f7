from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from analysis.shift_test import ShiftTest, along, over_grid
from analysis.shifted_maps import Distance
from charts.aliasing_shift import shift_curve_chart, shift_map_charts

J8 = (Fraction(8), Fraction(8))


def a_test(
    shifts: tuple[tuple[int, int], ...], scale: float, *, stride: tuple[Fraction, Fraction] | None = J8
) -> ShiftTest:
    """Distances that are 0 at multiples of 8 and grow in between."""
    far = [scale * ((down % 8) + (right % 8)) for down, right in shifts]
    return ShiftTest(
        shifts, tuple(Distance(value, 2 * value) for value in far), (0,) * len(shifts), stride, 1.0
    )


@pytest.mark.parametrize(("path", "factor"), [("diagonal", 2), ("right", 1), ("down", 1)])
def test_the_curve_shows_both_networks(path: str, factor: int) -> None:
    """33 points each over the shift in pixels, dotted lines at 8, 16, 24 and 32, the finding in the title."""
    tests = {"as it is": a_test(along(path), 0.05), "with blurs": a_test(along(path), 0.01)}
    chart = shift_curve_chart(tests, path, "cosine")
    before, after = chart.data
    assert list(before.x) == list(range(33))
    assert (before.y[1], after.y[1]) == (pytest.approx(0.05 * factor), pytest.approx(0.01 * factor))
    assert [shape.x0 for shape in chart.layout.shapes] == [8, 16, 24, 32]
    assert f"by {0.05 * factor:.3g}, behind blurs by {0.01 * factor:.3g}" in chart.layout.title.text
    assert shift_curve_chart(tests, path, "relative").data[0].y[1] == pytest.approx(0.1 * factor)


def test_scores_have_no_period_and_a_gap_is_a_gap() -> None:
    """No dotted lines without a stride; a shift that leaves nothing to compare has no point."""
    test = a_test(along("right"), 0.1, stride=None)
    holed = ShiftTest(test.shifts, (None, *test.distances[1:]), test.first_places, None, 1.0)
    chart = shift_curve_chart({"as it is": holed}, "right", "cosine")
    assert chart.layout.shapes == ()
    assert chart.data[0].y[0] is None
    nothing = ShiftTest(test.shifts, (None,) * 33, test.first_places, None, 1.0)
    assert (
        "Nothing to compare" in shift_curve_chart({"as it is": nothing}, "right", "cosine").layout.title.text
    )


def test_maps_share_a_scale() -> None:
    """81 cells each, rows are pixels down; the lighter network's map is drawn on the other's scale."""
    charts = shift_map_charts(
        {"as it is": a_test(over_grid(), 0.05), "with blurs": a_test(over_grid(), 0.01)}, "cosine"
    )
    plain, blurred = (chart.data[0] for chart in charts)
    assert plain.z.shape == (9, 9)
    assert np.all(plain.z[::2, ::2] == 0)
    assert plain.z[1, 0] == pytest.approx(0.2)
    assert plain.zmax == blurred.zmax == pytest.approx(0.4)
    assert [chart.layout.title.text for chart in charts] == [
        "Both directions, as it is: at most 0.4", "Both directions, with blurs: at most 0.08",
    ]  # fmt: skip
