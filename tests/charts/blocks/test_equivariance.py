from __future__ import annotations

import numpy as np
import pytest

from analysis.experiments.equivariance import FILTERS, Orders, Values, both_orders, convolution, over_shifts
from charts.blocks.equivariance import ORDERS, orders_chart, pictures_chart, shifts_chart

LINE = np.where(np.arange(20) == 9, 200.0, 10.0) + np.zeros((12, 1))


def orders(shift: tuple[int, int], stride: int = 1) -> Orders:
    """A bright vertical line, moved and filtered: its edges answer at 7 and 9, odd places."""
    return both_orders(convolution(FILTERS["vertical"], stride), LINE, shift, stride)


def drawn(values: object) -> Values:
    """A panel's matrix as the browser gets it."""
    return np.asarray(values, dtype=np.float64)


def test_the_pictures_are_the_matrices() -> None:
    """The picture and its shift, in grey from 0 to 255; what is unknown stays a gap."""
    moved = orders((2, 3))
    panels = pictures_chart(LINE, moved).data
    assert np.array_equal(drawn(panels[0].z), LINE)
    assert np.array_equal(drawn(panels[1].z), moved.shifted, equal_nan=True)
    assert np.isnan(drawn(panels[1].z)[:2]).all()
    assert [(panel.zmin, panel.zmax) for panel in panels] == [(0, 255)] * 2


def test_both_orders_and_their_difference_share_a_scale() -> None:
    """4 * 190 = 760 is the line's response: the scale ends there, in all three panels, on both sides of 0."""
    chart = orders_chart("Convolution", orders((2, 3)))
    assert chart.layout.title.text == "Convolution: the order makes no difference"
    for panel, name in zip(chart.data, ORDERS, strict=True):
        assert (panel.zmin, panel.zmax) == (-760, 760)
        assert panel.hovertemplate.startswith(name)
    assert np.nanmax(np.abs(drawn(chart.data[2].z))) == 0
    assert [chart.layout[axis].title.text for axis in ("xaxis", "xaxis2", "xaxis3")] == list(ORDERS)


def test_a_difference_is_stated_in_the_title() -> None:
    """With stride 2 the line's edges lie between the windows, and moved by 1 in them."""
    chart = orders_chart("Convolution", orders((0, 1), 2))
    assert chart.layout.title.text == "Convolution: the order changes values by up to 760"


def test_a_flat_picture_can_be_drawn() -> None:
    """All responses are 0: the scale still has a length."""
    flat = both_orders(convolution(FILTERS["outline"]), np.full((9, 9), 5.0), (1, 1))
    assert orders_chart("Convolution", flat).data[0].zmax == 1.0


def test_curves_over_shifts_are_percentages() -> None:
    """A line for each layer, of its own colour."""
    edges = {
        str(stride): over_shifts(convolution(FILTERS["vertical"], stride), LINE, 4, stride)
        for stride in (1, 2)
    }
    first, second = shifts_chart(edges).data
    assert list(first.y) == [0] * 5
    assert list(second.y) == pytest.approx([100 * value for value in edges["2"]])
    assert second.y[1] > 0
    assert first.line.color != second.line.color
