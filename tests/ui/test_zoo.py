from __future__ import annotations

import subprocess
import sys

import pytest

import models
from ui import zoo


def test_every_model_of_the_zoo_has_its_line() -> None:
    """80 lines; MACs are the published GMACs and FLOPs twice that; weights are those that the card speaks of."""
    table = zoo.build_table().set_index("name")
    assert table.index.tolist() == [card.name for card in models.cards()]
    line = table.loc["resnet50"].to_dict()
    assert (line["macs"], line["flops"], line["params"]) == (4_089_000_000, 8_178_000_000, 25_557_032)
    assert (line["weights"], line["top1"], line["extra_data"]) == ("IMAGENET1K_V2", 80.858, False)
    assert table.loc["regnet_y_128gf", "extra_data"]


def test_filters_narrow_down() -> None:
    """No family means all; years include both ends; a budget is in MACs."""
    table = zoo.build_table()
    assert len(zoo.filtered(table, [], (2012, 2022), "any")) == 80
    assert set(zoo.filtered(table, ["VGG", "AlexNet"], (2012, 2012), "any")["name"]) == {"alexnet"}
    assert zoo.filtered(table, [], (2012, 2022), "1")["macs"].max() <= 10**9
    assert zoo.filtered(table, ["AlexNet"], (2013, 2022), "any").empty


@pytest.mark.parametrize("cost", ["macs", "flops", "params"])
def test_headlines_say_what_the_table_says(cost: str) -> None:
    """Most accurate of the zoo is RegNetY-128GF with 86.068 % (weights trained on more than ImageNet-1K)."""
    shown = {line.label: line for line in zoo.headlines(zoo.build_table(), cost)}
    assert shown["Models"].value == "80"
    assert (shown["Most accurate"].value, shown["Most accurate"].detail) == ("86.1 %", "RegNetY-128GF")


def test_overview_needs_no_torch() -> None:
    """Everything that Overview draws is there before torch is imported, in a process of its own."""
    script = (
        "import sys; from charts.overview_front import front_chart;"
        "from ui import cache, export, filters, selection, warm_up, zoo;"
        "front_chart(zoo.build_table(), 'macs'); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=False).returncode == 0
