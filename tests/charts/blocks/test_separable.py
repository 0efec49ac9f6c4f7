from __future__ import annotations

import pytest

import models
from analysis import analyze
from analysis.block_arithmetic import separable_cost, separable_share, stack_cost
from analysis.separable_layers import separable_layers
from charts.blocks.separable import kernel_chart, layers_chart, share_chart

KERNELS = (1, 3, 5, 7, 9, 11)


def test_shares_fall_towards_one_in_a_kernel() -> None:
    """1 / M + 1 / 9 at 512 channels is 11.3 %; each line ends above its 1 / k^2."""
    curves = {k: [(count, float(separable_share(count, k))) for count in (1, 64, 2048)] for k in KERNELS}
    figure = share_chart(curves, (3, 512, float(separable_share(512, 3))))
    assert figure.layout.title.text == (
        "3 x 3 on 512 channels out: 11.3\N{NO-BREAK SPACE}% of the full convolution's MACs"
    )
    for kernel, trace in zip(KERNELS, figure.data, strict=False):
        assert trace.y[-1] == pytest.approx(1 / kernel**2 + 1 / 2048)
    assert figure.data[-1].marker.color == figure.data[1].line.color


def test_the_full_convolution_grows_with_its_kernel() -> None:
    """121 times from 1 x 1 to 11 x 11, where the separable one adds its 121 weights to 512."""
    full = {k: stack_cost(512, 512, (14, 14), (k,), bias=False) for k in KERNELS}
    separable = {k: separable_cost(512, 512, (14, 14), k) for k in KERNELS}
    figure = kernel_chart(full, separable)
    assert figure.layout.title.text == (
        "From 1 x 1 to 11 x 11 the full convolution's work grows 121 times, the separable one's 1.23 times"
    )
    assert [list(trace.y)[1] for trace in figure.data] == [462_422_016, 52_283_392]


def test_parts_of_mobilenets_layers_are_the_formulas() -> None:
    """The depthwise part of a bar is 1 / M, the pointwise one 1 / 9."""
    layers = separable_layers(analyze(models.build("mobilenet_v1"), (3, 224, 224)))
    depthwise, pointwise = layers_chart(layers, "MobileNet").data
    assert depthwise.y == pytest.approx([1 / layer.out_channels for layer in layers])
    assert pointwise.y == pytest.approx([1 / 9] * 13)
    assert len(set(depthwise.x)) == 13
