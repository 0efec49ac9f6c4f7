from __future__ import annotations

import numpy as np
import pytest

from charts.receptive_field_effective import effective_chart
from charts.receptive_field_effective_growth import Measured, effective_growth_chart
from charts.receptive_field_picture import Scene


def test_heat_is_in_percent_of_the_largest() -> None:
    """One cell a pixel; the part of the theoretical box on the picture and the effective square are drawn."""
    strength = np.zeros((8, 10))
    strength[3, 4], strength[3, 5] = 2.0, 0.5
    chart = effective_chart(Scene("data:,", (8, 10)), strength, (-2, 1, 5, 8), (3.0, 4.2), 2.0, "Title")
    heat = chart.data[0]
    assert np.asarray(heat.z)[3, 4:6].tolist() == [100, 25]
    assert (heat.x0, heat.dx, heat.y0, heat.dy) == (0, 1, 0, 1)
    boxes = {
        tuple(round(float(shape[edge]), 9) for edge in ("y0", "x0", "y1", "x1"))
        for shape in chart.layout.shapes
    }
    assert boxes == {(-0.5, 0.5, 5.5, 8.5), (2.0, 3.2, 4.0, 5.2)}
    assert chart.layout.title.text == "Title"


def test_a_large_picture_is_drawn_in_means() -> None:
    """900 pixels a side make 300 cells of 3 x 3; a cell's centre is that of its pixels."""
    strength = np.ones((900, 900))
    strength[:3, :3] = 4.0
    chart = effective_chart(Scene("data:,", (900, 900)), strength, (0, 0, 9, 9), (450.0, 450.0), 30.0, "")
    heat = chart.data[0]
    assert np.asarray(heat.z).shape == (300, 300)
    assert np.asarray(heat.z)[0, :2].tolist() == [100, 25]
    assert (heat.x0, heat.dx) == (1, 3)


def test_growth_has_both_fields_and_the_root() -> None:
    """The root begins at the first effective side: 7 pixels times the root of 28 / 7 are 14."""
    points = [Measured("first", 1, 7.0, 7.0), Measured("last", 9, 28.0, 21.0)]
    chart = effective_growth_chart(points, 24)
    lines = {trace.name: trace for trace in chart.data}
    assert tuple(lines["theoretical"].y) == (7, 28)
    assert tuple(lines["effective"].y) == (7, 21)
    assert tuple(lines["root of the theoretical"].y) == pytest.approx((7, 14))
    assert tuple(lines["the input, 24 pixels"].y) == (24, 24)
    title = "With depth the effective field goes from 100 % to 75 % of the theoretical one"
    assert chart.layout.title.text.replace("\N{NO-BREAK SPACE}", " ") == title


def test_growth_of_a_single_stage() -> None:
    """A network of one stage has one point, and an axis around it."""
    chart = effective_growth_chart([Measured("only", 4, 9.0, 6.0)], 32)
    assert chart.layout.title.text == "only: 6 of 9 pixels"


def test_growth_that_keeps_its_share() -> None:
    """Patches of a transformer are used as a whole at each stage."""
    points = [Measured("first", 1, 4.0, 4.0), Measured("last", 9, 32.0, 32.0)]
    assert "stays at 100" in effective_growth_chart(points, 64).layout.title.text
