from __future__ import annotations

import pytest

from charts.overview_milestones import milestone_table
from charts.overview_timeline import timeline_chart
from ui.zoo import build_table


@pytest.mark.parametrize(("quantity", "rows"), [("params", 22), ("macs", 21), ("top1", 21)])
def test_timeline_runs_from_the_earliest_at_the_top(quantity: str, rows: int) -> None:
    """A row for each of the 21 families in the order of years; LeNet-5, of which the paper gives parameters
    alone, comes first where these are shown."""
    chart = timeline_chart(build_table(), quantity)
    labels = list(chart.layout.yaxis.categoryarray)[::-1]
    years = [int(label.rpartition(" ")[2]) for label in labels]
    assert len(labels) == len(chart.data) == rows
    assert years == sorted(years)
    assert labels[0] == ("LeNet-5 1998" if quantity == "params" else "AlexNet 2012")
    assert {trace.y[0] for trace in chart.data} == set(labels)


def test_milestones_say_what_each_family_brought() -> None:
    """22 families from LeNet-5 on, none without its sentence; VGG's eight range from 132.9 M to 143.7 M."""
    table = milestone_table(build_table()).set_index("family")
    assert len(table) == 22
    assert table.index[0] == "LeNet"
    assert all(len(idea) > 20 for idea in table["idea"])
    vgg = table.loc["VGG"].to_dict()
    assert (vgg["year"], vgg["models"], vgg["params_from"], vgg["params_to"]) == (
        2014,
        8,
        132863336,
        143678248,
    )
    assert table["models"].sum() == 80
