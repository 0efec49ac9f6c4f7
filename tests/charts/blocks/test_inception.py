from __future__ import annotations

import pytest

from analysis.inception_arithmetic import inception_chain, inception_cost
from charts.blocks import inception as charts

WIDTHS = {
    "ones": 64,
    "reduce_threes": 96,
    "threes": 128,
    "reduce_fives": 16,
    "fives": 32,
    "projected": 32,
}
COST = inception_cost(192, (28, 28), **WIDTHS)
CHAIN = inception_chain(192, [((28, 28), WIDTHS)] * 3)


@pytest.mark.parametrize(
    ("quantity", "title"),
    [
        ("macs", "128 M MACs with the reductions, 303 M without"),
        ("params", "163,328 parameters with the reductions, 387,072 without"),
    ],
)
def test_branches_sum_to_what_the_title_says(quantity: str, title: str) -> None:
    """Four branches, twice; their bars add up to the module."""
    figure = charts.branch_cost_chart(COST, quantity)
    assert figure.layout.title.text == title
    reduced, naive = figure.data
    assert list(reduced.x) == ["1 x 1", "3 x 3", "5 x 5", "pooling"]
    assert sum(reduced.y) == getattr(COST, quantity)
    assert sum(naive.y) == getattr(COST, f"naive_{quantity}")
    assert sum(naive.customdata) == pytest.approx(1)


def test_the_naive_pooling_hands_on_all_channels() -> None:
    """192 of them, where the projection leaves 32."""
    figure = charts.branch_channels_chart(COST)
    assert [trace.y[3] for trace in figure.data] == [32, 192]
    assert figure.layout.title.text == "256 channels leave with the reductions, 416 without"


def test_a_chain_is_drawn_module_by_module() -> None:
    """Channels of both chains, and their work with the ratio of the sums in the title."""
    figure = charts.chain_channels_chart(["a", "b", "c"], CHAIN)
    assert [list(trace.y) for trace in figure.data] == [[256, 256, 256], [416, 640, 864]]
    assert figure.layout.title.text == "After 3 modules: 256 channels with the reductions, 864 without"
    cost = charts.chain_cost_chart(["a", "b", "c"], CHAIN, "macs")
    assert list(cost.data[1].y) == [link.naive_macs for link in CHAIN]
    ratio = sum(link.naive_macs for link in CHAIN) / sum(link.macs for link in CHAIN)
    assert cost.layout.title.text.endswith(f": {ratio:.2f} x")
