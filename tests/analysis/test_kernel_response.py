from __future__ import annotations

import numpy as np
import pytest

import models
from analysis import analyze
from analysis.kernel_response import kernel_response, kernels_of, limit_after, strided_layers
from analysis.records import Report, Row
from models.initialised import build_initialised


def report(name: str) -> Report:
    """The report of a zoo model at its own size."""
    return analyze(models.build(name), models.card(name).input_shape)


def layer(found: Report, name: str) -> Row:
    """A row by its name."""
    return next(row for row in found.rows if row.name == name)


@pytest.mark.parametrize("taps", [3, 5, 7])
def test_response_of_a_binomial(taps: int) -> None:
    """|H(f)|² is cos(pi f)^(2 (n - 1)) along each axis: 1 / 4 at f = 1/4 for three taps."""
    row = np.array([1.0])
    for _ in range(taps - 1):
        row = np.convolve(row, [0.5, 0.5])
    found = kernel_response(np.outer(row, row)[None, None], (2, 2))
    along = np.cos(np.pi * np.fft.fftfreq(128)) ** (2 * (taps - 1))
    assert np.allclose(found.response[0], np.outer(along, along), atol=1e-6)


def test_response_is_the_transform_of_padded_kernels() -> None:
    """Added up over the inputs, for kernels of any size; its mean is the sum of their squares."""
    kernels = np.random.default_rng(0).normal(size=(2, 3, 5, 4))
    found = kernel_response(kernels, (2, 2)).response
    expected = (np.abs(np.fft.fft2(kernels, (128, 128))) ** 2).sum(axis=1)
    assert np.allclose(found, expected, rtol=1e-4, atol=1e-4)
    assert np.allclose(found.mean(axis=(1, 2)), (kernels**2).sum(axis=(1, 2, 3)), rtol=1e-5)


def test_a_kernel_of_one_value_is_white() -> None:
    """|H| is constant, whatever the weight: of 128 x 128 frequencies 65 x 65 are at or below 1/4."""
    found = kernel_response(np.full((5, 2, 1, 1), -0.3), (2, 2))
    assert found.shares.tolist() == [1 - (65 / 128) ** 2] * 5 == [0.74212646484375] * 5
    assert found.white_share == 0.75
    assert np.ptp(found.mean_response) < 1e-6


def test_random_filters_are_white() -> None:
    """AlexNet's first layer, 64 filters: 0.934 of their response on the mean, 1 - 1/16 = 0.9375 for white noise."""
    found = report("alexnet")
    row = layer(found, "features.0")
    response = kernel_response(kernels_of(found, build_initialised("alexnet"), row), (4, 4))
    assert response.mean_share == pytest.approx(0.9344, abs=0.006)
    assert response.white_share == 0.9375
    assert response.response.shape == (64, 128, 128) and response.shares.shape == (64,)


@pytest.mark.parametrize(
    ("name", "first", "expected"),
    [
        ("alexnet", "features.0", (4, 4)),
        ("vgg16", "features.0", (2, 2)),  # the pooling after its second layer
        ("lenet5", "c1", (2, 2)),
        ("vit_b_32", "conv_proj", (32, 32)),
    ],
)
def test_limit_of_the_first_layer(name: str, first: str, expected: tuple[int, int]) -> None:
    """Its own stride, or that of the subsampling after it."""
    found = report(name)
    row = strided_layers(found)[0]
    assert (row.name, limit_after(found, row)) == (first, expected)


def test_strided_layers() -> None:
    """The first convolution of ResNet-50, three strided ones and three shortcuts; poolings have no kernels."""
    names = [row.name for row in strided_layers(report("resnet50"))]
    assert names[:3] == ["conv1", "layer2.0.conv2", "layer2.0.downsample.0"] and len(names) == 7


def test_many_filters_are_taken_in_part() -> None:
    """256 of 1,000, evenly spaced; the count of all is kept."""
    found = kernel_response(np.arange(1000.0).reshape(1000, 1, 1, 1) + 1, (2, 2))
    assert (found.filters, len(found.kernels)) == (1000, 256)
    assert found.kernels[:3, 0, 0, 0].tolist() == [1, 4, 8]


def test_zeros_have_no_share_and_large_kernels_are_refused() -> None:
    """Unknown, not 0; the mean is over the others."""
    kernels = np.stack([np.zeros((1, 3, 3)), np.eye(3)[None]])
    found = kernel_response(kernels, (2, 2))
    assert np.isnan(found.shares[0]) and found.mean_share == found.shares[1]
    with pytest.raises(ValueError, match="65 x 3 are too large: at most 64 x 64"):
        kernel_response(np.ones((1, 1, 65, 3)), (2, 2))
