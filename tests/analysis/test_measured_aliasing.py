from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import models
from analysis import analyze
from analysis.feature_maps import feature_maps
from analysis.measured_aliasing import LayerAliasing, measured_aliasing
from models.initialised import build_initialised

SIZE = 64


def wave(cycles: int, channels: int = 1) -> Tensor:
    """An image of a sine along its columns with whole cycles over its width."""
    values = torch.cos(2 * torch.pi * cycles * torch.arange(SIZE) / SIZE + 0.4)
    return values.expand(1, channels, SIZE, SIZE).contiguous()


def one(network: nn.Module, image: Tensor) -> LayerAliasing:
    """The only subsampling of a network, measured without a window."""
    (layer,) = measured_aliasing(analyze(network, image.shape[1:]), network, image, windowed=False)
    return layer


def convolution(weights: list[list[float]], stride: int) -> nn.Conv2d:
    """One filter that wraps around at the border, so that a sine stays one."""
    kernel = torch.tensor(weights)
    layer = nn.Conv2d(1, 1, (kernel.shape[0], kernel.shape[1]), stride=stride, bias=False)
    layer.weight.data = kernel[None, None]
    return layer.requires_grad_(False)


@pytest.mark.parametrize(("cycles", "share"), [(5, 0), (15, 0), (17, 1), (30, 1)])
def test_a_sine_is_below_or_above(cycles: int, share: int) -> None:
    """1 x 1 with stride 2 keeps up to 1/4, which is 16 cycles over 64 pixels."""
    layer = one(convolution([[1.0]], 2), wave(cycles))
    assert layer.share_above == pytest.approx(share, abs=1e-10)
    assert layer.input_share == pytest.approx(share, abs=1e-10)
    assert layer.alias_share == pytest.approx(share, abs=1e-6)


def test_a_kernel_that_is_a_low_pass_loses_little() -> None:
    """Two sines of 8 and 24 cycles over 64 pixels, alike in the input: half of its energy lies above 1/4.

    |H| of [1, 2, 1] / 4 is cos²(pi f): 0.8536 at 1/8 and 0.1464 at 3/8, so the share is
    0.1464² / (0.8536² + 0.1464²) = 0.02859. The picture goes on beyond its border, so that there is none.
    """
    picture = torch.nn.functional.pad(wave(8) + wave(24), (1, 1, 0, 0), mode="circular")
    network = convolution([[0.25, 0.5, 0.25]], 2)
    layer = one(network, picture)
    assert layer.share_above == pytest.approx(0.1464466**2 / (0.8535534**2 + 0.1464466**2), rel=1e-4)
    assert layer.input_share == pytest.approx(0.5, abs=0.02)


def test_a_kernel_that_sharpens_raises_the_share() -> None:
    """[-1, 2, -1] has 4 sin²(pi f): the other way round, so the input's share bounds nothing."""
    picture = torch.nn.functional.pad(wave(8) + wave(24), (1, 1, 0, 0), mode="circular")
    layer = one(convolution([[-1.0, 2.0, -1.0]], 2), picture)
    assert layer.share_above == pytest.approx(1 - 0.02859, abs=1e-4)


def test_a_mean_damps_what_still_folds() -> None:
    """|H(f)| of the mean of two values is |cos(pi f)|: of 31 cycles over 64 pixels it leaves 0.0491."""
    network = nn.AvgPool2d((1, 2))
    high = one(network, wave(31))
    assert high.input_share == pytest.approx(1) and high.share_above == pytest.approx(1, abs=1e-3)
    assert high.spectrum is not None
    assert high.spectrum.before.sum() == pytest.approx(0.5 * 0.0491**2, rel=0.1)


def test_after_is_the_layers_own_output() -> None:
    """Power after sampling is that of what ResNet-18 computes, where the sides are multiples of S."""
    model, report = build_initialised("resnet18"), analyze(models.build("resnet18"), (3, 64, 64))
    image = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    layers = {
        layer.subsampling.name: layer for layer in measured_aliasing(report, model, image, windowed=False)
    }
    assert list(layers)[:3] == ["conv1", "maxpool", "layer2.0.conv1"]
    for layer in layers.values():
        row = layer.subsampling.rows[0]
        output = feature_maps(model, image, [row])[row][0].double()
        spectrum = layer.spectrum
        assert spectrum is not None and spectrum.after.shape == output.shape[1:]
        # Both lose the mean: the map's own, which sampling changes a little, so bin 0 is left out.
        expected = (torch.fft.fft2(output).abs() / output[0].numel()) ** 2
        assert torch.allclose(
            torch.from_numpy(spectrum.after).flatten()[1:], expected.sum(0).flatten()[1:], rtol=1e-2
        )
        assert (layer.measured_channels, layer.channels) == (len(output), len(output))


def test_what_cannot_be_measured_says_why() -> None:
    """All phases kept, maps smaller than a step, interpolation by 3/2; the input's share is known all the same."""
    swin = build_initialised("swin_t")
    image = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    layers = measured_aliasing(analyze(models.build("swin_t"), (3, 64, 64)), swin, image)
    assert [layer.share_above is None for layer in layers] == [False, True, True, True]
    assert all(layer.input_share is not None for layer in layers)
    assert layers[1].reason == "all values go on, in several maps: nothing is dropped"
    small = one(nn.MaxPool2d(5), torch.rand(1, 1, 6, 6))
    assert small.reason == "A map of 2 x 2 is smaller than a step of 5 x 5."
    resized = one(nn.Upsample(scale_factor=2 / 3, mode="nearest"), torch.rand(1, 1, 9, 9))
    assert resized.reason == "it does not keep every S-th value for a whole S"


def test_slices_take_their_own_phase() -> None:
    """A checkerboard's odd columns are constant; before that all of its energy lies above the limit."""

    class Odd(nn.Module):
        def forward(self, image: Tensor) -> Tensor:
            return image[..., 1::2]

    ramp = torch.arange(8.0)[:, None].expand(8, 8)
    image = (ramp + 10 * (torch.arange(8) % 2))[None, None]
    layer = one(Odd(), image)
    assert layer.spectrum is not None and layer.spectrum.after.shape == (8, 3)
    assert layer.share_above is not None and layer.share_above > 0.5
