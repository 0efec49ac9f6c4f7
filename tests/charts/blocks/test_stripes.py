from __future__ import annotations

import numpy as np

from analysis.experiments.stripes_task import ADDITIVE_BOUND, stripes_task
from charts.blocks.stripes import accuracy_chart, pictures_chart

NAMES = ("one", "two", "three")


def test_pictures_show_red_blue_and_purple_where_they_cross() -> None:
    """A crossing has four red, four blue and one purple pixel less: 2 + 2 + 1; two apart 3 + 3."""
    task = stripes_task(2)
    chosen = task.pictures[[task.picture(1, 1), task.picture(0, 3)]].numpy()
    chart = pictures_chart("Two of them", chosen, ["yes", "no"], columns=2)
    counts = []
    for image in chart.data:
        pixels = np.asarray(image.z).reshape(-1, 4)
        colours, found = np.unique(pixels[pixels[:, 3] == 255], axis=0, return_counts=True)
        counts.append(dict(zip(map(tuple, colours[:, :3].tolist()), found.tolist(), strict=True)))
    red, blue, purple = (209, 73, 91), (22, 104, 196), (181, 101, 192)
    assert counts == [{red: 2, blue: 2, purple: 1}, {red: 3, blue: 3}]


def test_pictures_stand_in_rows_with_their_names_below() -> None:
    """Five pictures in rows of four: the fifth begins a second row."""
    pictures = stripes_task(2).pictures[:5].numpy()
    layout = pictures_chart("Five", pictures, list("abcde"), columns=4).layout
    assert [layout[f"xaxis{number}"].title.text for number in ("", 2, 3, 4, 5)] == list("abcde")
    assert layout.xaxis5.domain == layout.xaxis.domain
    assert layout.yaxis5.domain[1] <= layout.yaxis.domain[0]
    assert layout.yaxis.range == (8.5, -0.5)


def test_accuracies_stand_in_percent_beside_the_bound() -> None:
    """A line for each network of its own colour and marker; lines at 75 and 50 %; the title says who learned it."""
    chart = accuracy_chart(NAMES, (0, 3), ((0.5, 1.0), (0.5, 0.625), (0.4, 1.0)), ADDITIVE_BOUND, 60)
    assert chart.layout.title.text == "Every picture right: one, three. Not: two (62.5 %)"
    assert [trace.y for trace in chart.data] == [(50, 100), (50, 62.5), (40, 100)]
    assert len({(trace.line.color, trace.marker.symbol) for trace in chart.data}) == 3
    assert [shape.y0 for shape in chart.layout.shapes] == [75, 50]
    assert chart.layout.xaxis.range[1] >= 60


def test_the_title_before_a_training_is_a_question() -> None:
    """And while nobody has learned it, or all have, it says so."""
    nothing = accuracy_chart(NAMES, (), ((), (), ()), ADDITIVE_BOUND, 60)
    assert nothing.layout.title.text == "Which of the three networks will learn it?"
    none = accuracy_chart(NAMES, (0,), ((0.5,), (0.5,), (0.5,)), ADDITIVE_BOUND, 60)
    assert none.layout.title.text.startswith("Every picture right: none. Not: one (50.0 %), two")
    everyone = accuracy_chart(NAMES, (0,), ((1.0,), (1.0,), (1.0,)), ADDITIVE_BOUND, 60)
    assert everyone.layout.title.text == "Every picture right: one, two, three"
