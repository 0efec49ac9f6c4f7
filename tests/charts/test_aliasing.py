from __future__ import annotations

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest
import torch

import models
from analysis import analyze
from analysis.kernel_response import KernelResponse, kernel_response
from analysis.measured_aliasing import LayerAliasing, measured_aliasing
from analysis.tables import layer_table
from charts.aliasing_filters import kernels_chart, responses_chart
from charts.aliasing_kernels import filter_shares_chart, radial_response_chart, response_chart
from charts.aliasing_limits import limit_over_depth, limits_chart
from charts.aliasing_shares import shares_chart
from charts.aliasing_spectrum import map_charts, radial_chart
from charts.compare_curves import Architecture
from charts.frequency_plane import plane_chart
from charts.theme import architecture_styles
from models.initialised import build_initialised


@pytest.fixture(scope="module")
def layers() -> tuple[LayerAliasing, ...]:
    """ResNet-18 on a random image of 64 pixels."""
    image = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    report = analyze(models.build("resnet18"), (3, 64, 64))
    return measured_aliasing(report, build_initialised("resnet18"), image)


@pytest.fixture(scope="module")
def response() -> KernelResponse:
    """Nine colour filters of 5 x 5 before a stride of 2."""
    return kernel_response(np.random.default_rng(0).normal(size=(9, 3, 5, 5)), (2, 2))


def architectures(*names: str) -> list[Architecture]:
    """Models of the zoo as the charts take them."""
    cards = [models.card(name) for name in names]
    styles = architecture_styles([card.family for card in cards])
    return [
        Architecture(
            card.title,
            style,
            card.input_shape[-1],
            layer_table(analyze(models.build(card.name), card.input_shape)),
        )
        for card, style in zip(cards, styles, strict=True)
    ]


def test_limits_fall_by_depth() -> None:
    """AlexNet's steps are 1/8, 1/16, 1/32 and 1/64 cycles per pixel, each named in the hover."""
    (alexnet,) = architectures("alexnet")
    assert list(dict.fromkeys(limit_over_depth(alexnet.layers))) == [1 / 8, 1 / 16, 1 / 32, 1 / 64]
    chart = limits_chart([alexnet])
    assert list(chart.data[0].y) == [1 / 2, 1 / 8, 1 / 16, 1 / 32, 1 / 64, 1 / 64]
    assert [entry[0] for entry in chart.data[0].customdata][:3] == [
        "in the image",
        "after features.0",
        "after features.2",
    ]
    assert chart.layout.title.text == "In the end AlexNet tells periods of 64 pixels apart"


def test_limits_of_several() -> None:
    """LeNet-5 ends at a period of 8 pixels, ResNet-18 at one of 64; a line each, in the families' colours."""
    chart = limits_chart(architectures("lenet5", "resnet18"))
    assert chart.layout.title.text == "In the end they tell periods of 8 to 64 pixels apart"
    assert [line.name for line in chart.data] == ["LeNet-5 (1998)", "ResNet-18"]
    assert chart.data[0].line.color != chart.data[1].line.color


def test_a_bar_a_layer(layers: tuple[LayerAliasing, ...]) -> None:
    """Every bar is its layer's share in percent, every diamond that of its input, in the order of the network."""
    chart = shares_chart(layers)
    bars = {
        name: value
        for trace in chart.data
        if isinstance(trace, go.Bar)
        for name, value in zip(trace.y, trace.x, strict=True)
    }
    assert bars == {layer.subsampling.name: pytest.approx(100 * (layer.share_above or 0)) for layer in layers}
    (inputs,) = [trace for trace in chart.data if isinstance(trace, go.Scatter)]
    assert list(inputs.x) == [pytest.approx(100 * (layer.input_share or 0)) for layer in layers]
    assert list(chart.layout.yaxis.categoryarray)[::-1] == list(inputs.y)
    assert inputs.customdata[0][0] == "conv1"
    most = max(layers, key=lambda layer: layer.share_above or 0)
    assert chart.layout.title.text.startswith(f"Most is aliased in {most.subsampling.name}: ")


def test_what_was_not_measured_has_no_bar(layers: tuple[LayerAliasing, ...]) -> None:
    """Its diamond stays, with the reason in its hover."""
    blind = replace(layers[0], spectrum=None, reason="too small")
    chart = shares_chart([blind])
    assert chart.layout.title.text == "No subsampling of this network could be measured"
    assert [type(trace) for trace in chart.data] == [go.Scatter]
    assert chart.data[0].customdata[0][4] == "too small"
    with pytest.raises(ValueError, match="conv1 was not measured: too small"):
        radial_chart(blind)


def test_radial_curves(layers: tuple[LayerAliasing, ...]) -> None:
    """Before up to 1/2, sampled ones up to f* = 1/4, on the grid of the layer; on the image in the hover."""
    chart = radial_chart(layers[1])
    before, after, ideal = chart.data
    assert max(before.x) == 0.5 and max(after.x) == max(ideal.x) == 0.25
    assert before.customdata[-1] == 0.25  # the pooling reads every second pixel
    assert chart.layout.shapes[0].x0 == 0.25
    share = layers[1].share_above
    assert share is not None and f"{100 * share:.3g}" in chart.layout.title.text


def test_planes(layers: tuple[LayerAliasing, ...]) -> None:
    """Three heat maps on one scale of decibels; the square of the first is what the others show."""
    before, after, ideal = map_charts(layers[0])
    assert np.max([plane.data[0].z.max() for plane in (before, after, ideal)]) == pytest.approx(0)
    square = before.layout.shapes[0]
    assert (square.x0, square.x1, square.y0, square.y1) == (-0.25, 0.25, -0.25, 0.25)
    assert min(after.data[0].x) == -0.25 and after.data[0].z.shape == (32, 32)
    assert not after.layout.shapes


def test_a_large_plane_is_averaged() -> None:
    """300 bins become 100 blocks of 3 x 3, whose mean power stays; 0 lies in the middle."""
    power = np.random.default_rng(0).random((300, 300))
    heat = plane_chart("", power).data[0]
    assert heat.z.shape == (100, 100)
    assert (10 ** (heat.z / 10)).mean() == pytest.approx(power.mean(), rel=1e-5)
    assert heat.x[50] == pytest.approx(1 / 300)


def test_kernels(response: KernelResponse) -> None:
    """Shares in falling order beside white noise; radial averages around 1; a tile for each filter."""
    shares = filter_shares_chart({"random": response})
    assert list(shares.data[0].y) == sorted((100 * response.shares).tolist(), reverse=True)
    assert shares.layout.title.text == "0 of 9 filters damp (random)"
    radial = radial_response_chart({"random": response, "trained": response})
    assert [line.name for line in radial.data] == ["random", "trained"]
    assert np.mean(radial.data[0].y) == pytest.approx(1, abs=0.2)
    assert response_chart("random", response).layout.title.text.startswith("Random weights: 7")
    tiles = responses_chart(response)
    assert tiles.data[0].z.shape == (3 * 32 + 2 * 3, 3 * 32 + 2 * 3)
    assert tiles.data[2].text[4] == f"filter 4: {100 * response.shares[4]:.3g}\N{NO-BREAK SPACE}% above f*"
    assert (tiles.data[1].x[0], tiles.data[1].x[1]) == (15.5 - 8, 15.5 + 8)
    pictures = kernels_chart(response)
    assert pictures is not None and np.array(pictures.data[0].z).shape == (17, 17, 4)


def test_kernels_of_many_inputs_are_no_pictures() -> None:
    """They have no colours; their responses are shown all the same."""
    found = kernel_response(np.ones((2, 8, 1, 1)), (2, 2))
    assert kernels_chart(found) is None
    assert responses_chart(found).data[0].z.shape == (32, 67)
