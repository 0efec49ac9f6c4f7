from __future__ import annotations

import random

import pandas as pd
import pytest

from charts.overview_front import front_chart, pareto_front
from ui.zoo import build_table


def table(points: list[tuple[float, float]]) -> pd.DataFrame:
    """A table of (cost, accuracy) with the columns that the front needs."""
    return pd.DataFrame(points, columns=["macs", "top1"])


def test_front_of_four() -> None:
    """(2, 60) is beaten by (1, 70), (4, 80) by (3, 80); the two others are beaten by none."""
    front = pareto_front(table([(4, 80), (1, 70), (3, 80), (2, 60)]), "macs")
    assert front[["macs", "top1"]].values.tolist() == [[1, 70], [3, 80]]


@pytest.mark.parametrize("seed", range(20))
def test_front_agrees_with_its_definition(seed: int) -> None:
    """Of random points with many ties exactly those are kept that no other dominates."""
    chance = random.Random(seed)
    points = list({(float(chance.randint(1, 9)), float(chance.randint(1, 9))) for _ in range(30)})
    undominated = {
        (cost, top1)
        for cost, top1 in points
        if not any(c <= cost and t >= top1 and (c, t) != (cost, top1) for c, t in points)
    }
    assert set(pareto_front(table(points), "macs").itertuples(index=False, name=None)) == undominated


@pytest.mark.parametrize("cost", ["macs", "flops", "params"])
def test_every_model_is_a_bubble_with_its_published_figures(cost: str) -> None:
    """80 bubbles, on a log axis, each carrying its name; ResNet-50 stands at its published accuracy."""
    zoo = build_table()
    chart = front_chart(zoo, cost)
    bubbles = {
        name[0]: (x, y)
        for trace in chart.data
        if trace.mode == "markers"
        for name, x, y in zip(trace.customdata, trace.x, trace.y, strict=True)
    }
    published = {"macs": 4_089_000_000, "flops": 8_178_000_000, "params": 25_557_032}
    assert len(bubbles) == 80
    assert bubbles["resnet50"] == (published[cost], 80.858)
    assert chart.layout.xaxis.type == "log"


def test_front_chart_of_one_model() -> None:
    """A filter may leave a single model: it is its own front."""
    chart = front_chart(build_table().head(1), "macs")
    assert chart.layout.title.text == "1 of 1 models give the most accuracy for their MACs"
