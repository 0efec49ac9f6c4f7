from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.experiments.filter_bank import CHANNELS, filter_bank
from analysis.experiments.response_normalisation import Competition, Constants, competition
from charts.blocks.response import channels_chart, filters_chart, maps_chart, picture_chart

NAMES = ("a", "b", "c", "d")


def maps() -> NDArray[np.float64]:
    """Four maps of 6 x 8."""
    return np.maximum(np.random.default_rng(1).normal(0, 50, (4, 6, 8)), 0)


def found() -> Competition:
    """Channel c made five times as strong."""
    return competition(maps(), 2, 5.0, (1, 1), Constants(n=3))


def test_bars_stand_in_three_panels() -> None:
    """Before, after LRN, after batch normalisation; two bars for each channel; the window on all panels."""
    chart = channels_chart("Which?", NAMES, found(), "c times 5", (1, 3))
    values = [np.asarray(bar.y).tolist() for bar in chart.data]
    expected = found()
    assert values == [
        series.tolist()
        for series in (
            expected.responses,
            expected.strong_responses,
            expected.normalised,
            expected.strong_normalised,
            expected.batch,
            expected.strong_batch,
        )
    ]
    assert [bar.yaxis for bar in chart.data] == ["y", "y", "y2", "y2", "y3", "y3"]
    assert [bar.showlegend for bar in chart.data] == [True, True, False, False, False, False]
    domains = [chart.layout[axis].domain for axis in ("yaxis3", "yaxis2", "yaxis")]
    assert all(lower[1] < upper[0] for lower, upper in pairwise(domains))
    (ground,) = chart.layout.shapes
    assert (ground.x0, ground.x1, ground.yref) == (0.5, 3.5, "paper")


def test_maps_that_stand_together_share_a_scale() -> None:
    """A row for each channel; zmax is the 99th percentile of what stands together; the position is marked in all."""
    values = maps()
    rows = {
        name: ({"before": values[index]}, {"weak": values[index] / 4, "strong": values[index]})
        for index, name in enumerate(NAMES[:2])
    }
    chart = maps_chart("Maps", rows, (4, 7))
    heatmaps = [trace for trace in chart.data if trace.type == "heatmap"]
    assert [np.asarray(one.z).shape for one in heatmaps] == [(6, 8)] * 6
    first, weak, strong = heatmaps[:3]
    assert (weak.zmin, weak.zmax) == (strong.zmin, strong.zmax)
    assert first.zmax == pytest.approx(np.percentile(values[0], 99))
    assert weak.zmax < first.zmax
    marks = [trace for trace in chart.data if trace.type == "scatter"]
    assert [(mark.x, mark.y) for mark in marks] == [((7,), (4,))] * 6
    assert chart.layout.xaxis5.title.text == "b<br>weak"


def test_a_silent_map_has_a_scale() -> None:
    """All 0: dark from 0 to 1."""
    silent = np.zeros((3, 3))
    (heatmap, _) = maps_chart("Silent", {"a": ({"before": silent},)}, (0, 0)).data
    assert (heatmap.zmin, heatmap.zmax) == (0, 1)


def test_the_square_is_what_a_position_sees() -> None:
    """Eleven pixels from its corner on, drawn around them."""
    chart = picture_chart("Where?", "data:image/png;base64,", (100, 80), (20, 36), 11)
    (square,) = chart.layout.shapes
    assert (square.x0, square.x1, square.y0, square.y1) == (35.5, 46.5, 19.5, 30.5)


def test_filters_are_grey_where_their_weight_is_nothing() -> None:
    """Sixteen pictures of 11 x 11; the strongest weight is black or white; brightness has no colour."""
    chart = filters_chart("Filters", list(CHANNELS.values()), filter_bank().numpy())
    pixels = [np.asarray(image.z) for image in chart.data]
    assert [image.shape for image in pixels] == [(11, 11, 3)] * 16
    assert pixels[0][5, 5].tolist() == [255, 255, 255]
    assert (pixels[0][..., 0] == pixels[0][..., 1]).all()
    assert pixels[12][5, 5].tolist() == [255, 0, 128]
