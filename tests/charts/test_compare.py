from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pandas as pd
import plotly.graph_objects as go
import pytest

import models
from analysis import analyze, tables
from charts import compare_curves as curves
from charts.compare_stages import cost_by_reduction, reduction, stages_chart
from charts.theme import family_style


@cache
def layers(name: str, size: int = 224) -> pd.DataFrame:
    """The layer table of a zoo model."""
    return tables.layer_table(analyze(models.build(name, size), (3, size, size), name=name))


def architecture(name: str, size: int = 224) -> curves.Architecture:
    """What the charts take, for one zoo model."""
    card = models.card(name)
    return curves.Architecture(card.title, family_style(card.family), size, layers(name, size))


def steps(values: pd.Series) -> list[float]:
    """A curve's values without repetition."""
    return list(dict.fromkeys(values))


def test_relative_depth_counts_layers_with_macs() -> None:
    """VGG-16 has 16 layers with weights: each is 6.25 % of its depth."""
    depth = curves.relative_depth(layers("vgg16"))
    assert steps(depth) == [6.25 * number for number in range(1, 17)]


@pytest.mark.parametrize(
    ("name", "heights"),
    [
        ("vgg16", [224, 112, 56, 28, 14, 7]),
        ("resnet50", [112, 56, 28, 14, 7]),
        ("mobilenet_v3_small", [112, 56, 28, 14, 7]),
        ("vit_b_16", [14]),
    ],
)
def test_resolution_leaves_gates_out(name: str, heights: list[int]) -> None:
    """The maps halve as in the papers' tables; the 1 x 1 maps of squeeze-and-excitation do not show."""
    assert steps(curves.resolution(layers(name))) == heights


@pytest.mark.parametrize(
    ("name", "channels"),
    [
        # VGG-16: table 1, configuration D.
        ("vgg16", [64, 128, 256, 512]),
        # torchvision's AlexNet: 64, 192, 384, 256 and 256, the last of them pooled to 6 x 6.
        ("alexnet", [64, 192, 384, 256]),
    ],
)
def test_channels_grow_as_in_the_paper(name: str, channels: list[int]) -> None:
    """The widest map so far, and not the 25088 or 9216 values of the flattened one."""
    assert steps(curves.channels(layers(name))) == channels


# 212, 427 and 491: published values; EfficientNet-B0's 851 is along the local path.
@pytest.mark.parametrize(
    ("name", "field"), [("vgg16", 212), ("resnet50", 427), ("mobilenet_v2", 491), ("efficientnet_b0", 851)]
)
def test_receptive_field_ends_at_the_published_value(name: str, field: int) -> None:
    """The curve only grows, and ends where the literature says."""
    values = curves.receptive_field(layers(name))
    assert values.is_monotonic_increasing
    assert values.iloc[-1] == field


def test_cumulative_shares_reach_all() -> None:
    """VGG-16's first fully connected layer alone holds (25088 + 1) * 4096 of 138,357,544 parameters."""
    table = layers("vgg16")
    share = curves.cumulative_share("params")(table)
    row = table.index[table["name"] == "classifier.0"][0]
    assert share.iloc[-1] == pytest.approx(100)
    assert share[row] - share[row - 1] == pytest.approx(100 * 25_089 * 4_096 / 138_357_544)


def test_peak_of_live_memory_is_the_reports() -> None:
    """The curve of ResNet-50 peaks at the report's peak."""
    report = analyze(models.build("resnet50"), (3, 224, 224), name="resnet50")
    assert curves.live_memory(layers("resnet50")).max() * 2**20 == report.totals.peak_live_bytes


@pytest.mark.parametrize(
    ("stage", "size", "part"),
    [
        ("224x224", 224, "1/1"),
        ("56x56", 224, "1/4"),
        ("35x35", 299, "1/8"),
        ("8x8", 299, "1/32"),
        ("head", 224, "head"),
    ],
)
def test_reduction_is_the_nearest_power_of_two(stage: str, size: int, part: str) -> None:
    """Inception's odd maps line up with the halvings of other networks."""
    assert reduction(stage, size) == part


def test_stages_cost_what_the_network_costs() -> None:
    """VGG-16's head is three layers: 25088 * 4096 + 4096 * 4096 + 4096 * 1000 MACs; all stages sum to 15.47 G."""
    cost = cost_by_reduction(layers("vgg16"), 224, "macs")
    assert cost.index.tolist() == ["1/1", "1/2", "1/4", "1/8", "1/16", "1/32", "head"]
    assert cost["1/32"] == 0
    assert cost["head"] == 25_088 * 4_096 + 4_096 * 4_096 + 4_096 * 1_000
    assert cost.sum() == 15_470_264_320


CHARTS: tuple[Callable[[list[curves.Architecture]], go.Figure], ...] = (
    curves.resolution_chart,
    curves.channels_chart,
    curves.receptive_field_chart,
    curves.params_chart,
    lambda entries: curves.macs_chart(entries, "MACs"),
    curves.memory_chart,
    lambda entries: stages_chart(entries, "macs"),
    lambda entries: stages_chart(entries, "params"),
)


@pytest.mark.parametrize("draw", CHARTS)
def test_every_chart_has_a_question_units_and_a_trace_for_each_model(draw: Callable[..., go.Figure]) -> None:
    """Two models, one of them without maps: both are drawn, in their families' colours."""
    figure = draw([architecture("resnet18"), architecture("vit_b_32")]).to_dict()
    assert figure["layout"]["title"]["text"].endswith("?")
    assert figure["layout"]["xaxis"]["title"]["text"]
    assert figure["layout"]["yaxis"]["title"]["text"]
    assert [trace["name"] for trace in figure["data"]] == ["ResNet-18", "ViT-B/32"]
    assert all("hovertemplate" in trace and len(trace["x"]) > 0 for trace in figure["data"])
