from __future__ import annotations

from analysis.block_arithmetic import weight_sharing
from charts.blocks.sharing import FORMS, sharing_chart


# LeCun et al. 1998, section II-B: C1 of LeNet-5. MACs: 1024 * 4704, and 25 * 4704 for both others.
def test_three_forms_with_their_parameters_and_macs() -> None:
    """The bars are the counts, written beside them in full; the axis is logarithmic and holds them all."""
    chart = sharing_chart(weight_sharing(1, (32, 32), 6, 5))
    bars = {trace.name: trace for trace in chart.data}
    assert tuple(bars["parameters"].y) == FORMS
    assert tuple(bars["parameters"].x) == (4_821_600, 122_304, 156)
    assert tuple(bars["MACs"].x) == (4_816_896, 117_600, 117_600)
    assert tuple(bars["parameters"].text) == ("4,821,600", "122,304", "156")
    assert chart.layout.title.text == "Sharing leaves 156 of 4,821,600 parameters"
    low, high = chart.layout.xaxis.range
    assert chart.layout.xaxis.type == "log"
    assert 10**low < 156
    assert 10**high > 4_821_600


def test_the_smallest_layer_can_be_drawn() -> None:
    """One value, one weight: three forms of 2 parameters and 1 MAC."""
    chart = sharing_chart(weight_sharing(1, (1, 1), 1, 1))
    assert [tuple(trace.x) for trace in chart.data] == [(1, 1, 1), (2, 2, 2)]
