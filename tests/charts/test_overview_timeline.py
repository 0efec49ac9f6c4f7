from __future__ import annotations

import pytest

from charts.overview_milestones import milestone_table
from charts.overview_timeline import timeline_chart
from ui.zoo import evolution_table


@pytest.mark.parametrize(("quantity", "rows"), [("params", 23), ("macs", 23), ("top1", 22)])
def test_timeline_runs_from_the_earliest_at_the_top(quantity: str, rows: int) -> None:
    """A row for each of the 21 families of torchvision, for LeNet and for MobileNetV1, in the order of years;
    LeNet's accuracy on ImageNet is not known."""
    chart = timeline_chart(evolution_table(), quantity)
    labels = list(chart.layout.yaxis.categoryarray)[::-1]
    years = [int(label.rpartition(" ")[2]) for label in labels]
    assert len(labels) == len(chart.data) == rows
    assert years == sorted(years)
    assert labels[0] == ("AlexNet 2012" if quantity == "top1" else "LeNet 1998")
    assert {trace.y[0] for trace in chart.data} == set(labels)


def test_milestones_say_what_each_family_brought() -> None:
    """23 families from LeNet on, none without its sentence; VGG's eight range from 132.9 M to 143.7 M."""
    table = milestone_table(evolution_table()).set_index("family")
    assert len(table) == 23
    assert table.index[0] == "LeNet"
    assert all(len(idea) > 20 for idea in table["idea"])
    vgg = table.loc["VGG"].to_dict()
    assert (vgg["year"], vgg["models"], vgg["params_from"], vgg["params_to"]) == (
        2014,
        8,
        132863336,
        143678248,
    )
    assert table["models"].sum() == 80 + 4 + 4  # torchvision, LeNet, MobileNetV1
