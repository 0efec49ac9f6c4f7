from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import models
from analysis import analyze
from analysis import dense_sampling as dense
from analysis.feature_maps import RealCall, observed
from analysis.subsampling import Subsampling, subsamplings
from models.initialised import build_initialised

LAYERS = {
    "grouped convolution": nn.Conv2d(8, 12, (3, 5), stride=(2, 3), padding=(1, 0), groups=4),
    "depthwise convolution": nn.Conv2d(8, 8, 3, stride=2, padding=1, groups=8, bias=False),
    "dilated convolution": nn.Conv2d(8, 6, 3, stride=2, dilation=2),
    "maximum": nn.MaxPool2d(3, 2, 1),
    "maximum, rounded up": nn.MaxPool2d(3, 2, ceil_mode=True),
    "mean over the padding too": nn.AvgPool2d(3, 2, 1),
    "mean without the padding": nn.AvgPool2d(3, 2, 1, count_include_pad=False),
    "sum": nn.AvgPool2d(2, divisor_override=1),
    "adaptive mean": nn.AdaptiveAvgPool2d((10, 7)),
}


def calls(model: nn.Module, image: Tensor) -> list[tuple[Subsampling, Tensor, int, Tensor]]:
    """For each subsampling its dense map, the channels that this is of, and the row's output."""
    found = {entry.rows[0]: entry for entry in subsamplings(analyze(model, image.shape[1:]))}

    def keep(row: int, call: RealCall) -> tuple[Subsampling, Tensor, int, Tensor]:
        entry = found[row]
        made = dense.dense_map(call, (int(entry.factor[0]), int(entry.factor[1])))
        assert made is not None
        return entry, made.values, made.channels, call.output[0].clone()

    return list(observed(model, image, list(found), keep).values())


def picture(channels: int, height: int, width: int) -> Tensor:
    """A random image."""
    return torch.randn(1, channels, height, width, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("name", LAYERS)
def test_every_sth_value_is_what_the_layer_computes(name: str) -> None:
    """Up to the bias, which is the mean's, and to windows that only rounding up adds."""
    layer = LAYERS[name]
    ((entry, values, channels, output),) = calls(layer, picture(8, 30, 21))
    down, across = map(int, entry.factor)
    picked = values[:, ::down, ::across]
    bias = getattr(layer, "bias", None)
    expected = output if bias is None else output - bias[:, None, None]
    height, width = picked.shape[1:]
    assert output.shape[1] - height in {0, int("up" in name)}
    assert channels == len(output) == len(values)
    assert torch.allclose(picked, expected[:, :height, :width], atol=1e-5)


@pytest.mark.parametrize("name", ["resnet18", "densenet121", "googlenet", "mobilenet_v2", "convnext_tiny"])
def test_so_it_is_in_networks(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """On the values that really reach each strided convolution and pooling; what is left is a bias a channel."""
    monkeypatch.setattr(dense, "MOST_VALUES", 10**7)
    for entry, values, _, output in calls(build_initialised(name), picture(*models.card(name).input_shape)):
        picked = values[:, :: int(entry.factor[0]), :: int(entry.factor[1])]
        height, width = (min(pair) for pair in zip(picked.shape[1:], output.shape[1:], strict=True))
        difference = output[:, :height, :width] - picked[:, :height, :width]
        uneven = difference - difference.mean((1, 2), keepdim=True)
        assert float(uneven.abs().max()) < 1e-4 * (float(output.abs().max()) + 1)


@pytest.mark.parametrize(("groups", "taken"), [(1, 4), (4, 6), (12, 4)])
def test_a_large_map_is_taken_in_part(monkeypatch: pytest.MonkeyPatch, groups: int, taken: int) -> None:
    """Evenly spaced channels of a single group; else whole groups, one at least."""
    layer = nn.Conv2d(12, 24 if groups == 4 else 12, 3, stride=2, groups=groups, bias=False)
    image = picture(12, 21, 21)
    ((_, whole, channels, _),) = calls(layer, image)
    monkeypatch.setattr(dense, "MOST_VALUES", 4 * 400)
    ((_, part, same, _),) = calls(layer, image)
    assert (len(part), same) == (taken, channels)
    step = channels // taken
    expected = whole[::step] if groups != 4 else whole[:6]
    assert torch.allclose(part, expected, atol=1e-5)


def test_other_operators_have_none() -> None:
    """Interpolation has no form with stride 1 that it picks from."""
    call = RealCall("upsample_bilinear2d", {"self": torch.ones(1, 1, 4, 4)}, torch.ones(1, 1, 2, 2))
    assert dense.dense_map(call, (2, 2)) is None
