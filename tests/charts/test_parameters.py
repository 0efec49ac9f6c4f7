from __future__ import annotations

import pytest

import models
from analysis import analyze
from analysis.parameter_census import ParameterCensus, parameter_census
from charts.parameters_census import COLOURS, census_bars_chart, census_tree_chart
from charts.parameters_heads import heads_chart, story_chart


@pytest.fixture(scope="module")
def alexnet() -> ParameterCensus:
    """The census of AlexNet as its paper describes it."""
    return parameter_census(analyze(models.build("alexnet_2012"), (3, 227, 227), name="alexnet_2012"))


@pytest.mark.parametrize("by", ["kind", "stage"])
@pytest.mark.parametrize("shape", ["treemap", "sunburst"])
def test_a_tree_adds_up(alexnet: ParameterCensus, by: str, shape: str) -> None:
    """The root is the 60,965,224 parameters that the layers of AlexNet (2012) have; children add up to parents."""
    (tree,) = census_tree_chart(alexnet, "AlexNet", by, shape).data
    values = dict(zip(tree.ids, tree.values, strict=True))
    assert values["all"] == 60_965_224
    for parent in set(tree.parents) - {""}:
        assert values[parent] == sum(v for v, p in zip(tree.values, tree.parents, strict=True) if p == parent)


def test_titles_state_the_share(alexnet: ParameterCensus) -> None:
    """58,631,144 of 60,965,224 are in fully connected layers: 96.2 %."""
    assert census_tree_chart(alexnet, "AlexNet", "kind", "treemap").layout.title.text == (
        "96.2% of the 61.0 M parameters are in fully connected layers"
    )
    assert census_bars_chart(alexnet).layout.title.text == "The largest of 8 layers, fc6, holds 61.9%"


def test_bars_show_every_layer_in_order(alexnet: ParameterCensus) -> None:
    """Five convolutions, then three fully connected layers, each with its parameters."""
    chart = census_bars_chart(alexnet)
    bars = {int(x): int(y) for trace in chart.data for x, y in zip(trace.x, trace.y, strict=True)}
    assert [bars[place] for place in range(8)] == [
        34_944, 307_456, 885_120, 663_936, 442_624, 37_752_832, 16_781_312, 4_097_000,
    ]  # fmt: skip
    assert list(chart.layout.xaxis.ticktext)[5:] == ["fc6", "fc7", "fc8"]


def test_deep_networks_leave_the_names_to_the_hover() -> None:
    """161 layers of ResNet-50 with parameters have no room for names."""
    census = parameter_census(analyze(models.build("resnet50"), (3, 224, 224)))
    chart = census_bars_chart(census)
    assert not chart.layout.xaxis.ticktext
    assert (
        sum(len(trace.x) for trace in chart.data) == 107
    )  # 53 convolutions, 53 normalisations, one linear layer


def test_every_kind_has_a_colour_of_its_own() -> None:
    """No two kinds of layers look alike."""
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_heads_and_story(alexnet: ParameterCensus) -> None:
    """Bars of counts for two heads, of shares that add up to one for several networks."""
    heads = heads_chart(alexnet, alexnet)
    assert sum(trace.x[0] for trace in heads.data) == 60_965_224
    story = story_chart({"AlexNet": alexnet, "again": alexnet})
    assert sum(trace.x[1] for trace in story.data) == pytest.approx(1)
    assert story.layout.title.text.startswith("Fully connected layers hold 96% of AlexNet")
