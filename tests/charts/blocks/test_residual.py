from __future__ import annotations

from analysis.residual_arithmetic import compare_residual_blocks, widths_at_constant_cost
from charts.blocks.residual import blocks_chart, cardinality_chart

PAIR = compare_residual_blocks(256, 4, (56, 56))


# 18 * 256^2 / 69,632 = 16.94.
def test_both_ways_start_at_the_chosen_bottleneck() -> None:
    """Up to the basic block on as many channels, left to the one that costs as much."""
    curve = [compare_residual_blocks(channels, 4, (1, 1)) for channels in (16, 64, 256, 1024)]
    figure = blocks_chart(curve, PAIR)
    assert figure.layout.title.text == (
        "On 256 channels a basic block has 16.9 x the parameters of the bottleneck"
    )
    traces = {trace.name: trace for trace in figure.data if trace.name}
    assert list(traces["basic block"].y) == [18 * channels**2 for channels in (16, 64, 256, 1024)]
    assert list(traces["equal channels"].x) == [256, 256]
    assert list(traces["equal channels"].y) == [69_632, 1_179_648]
    assert list(traces["equal cost"].x) == [256, 62]
    assert list(traces["equal cost"].y) == [69_632, 69_192]


# Xie et al. 2017, table 2: 64, 40, 24, 14 and 4 channels a path for 1, 2, 4, 8 and 32 paths.
def test_cardinality_against_width_as_in_the_paper() -> None:
    """The points of the line of one path are the paper's, those of the grouped layer their products."""
    choices = widths_at_constant_cost(256, PAIR.bottleneck.params)
    figure = cardinality_chart(choices, choices[5])
    assert figure.layout.title.text == "For the cost of one path of 64 channels: 32 of 4, together 128"
    traces = {trace.name: dict(zip(trace.x, trace.y, strict=True)) for trace in figure.data}
    paper = {1: 64, 2: 40, 4: 24, 8: 14, 32: 4}
    assert {paths: traces["one path"][paths] for paths in paper} == paper
    assert all(traces["grouped layer, all paths"][paths] == paths * width for paths, width in paper.items())
