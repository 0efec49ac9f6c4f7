"""Networks that wrap around: exactly the layers that PyTorch has with circular padding, and no borders anywhere."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

import models
from models.blur_pooling import blur_pooling
from models.circular_padding import with_circular_padding
from models.initialised import build_initialised


def image(size: int, seed: int = 0) -> Tensor:
    """Noise (1, 3, size, size)."""
    return torch.randn(1, 3, size, size, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("stride", [1, 2])
def test_a_convolution_is_pytorchs_own(stride: int) -> None:
    """With "same" padding it is a convolution with padding_mode "circular"."""
    layer = nn.Conv2d(3, 4, 3, stride, 1)
    own = nn.Conv2d(3, 4, 3, stride, 1, padding_mode="circular")
    own.load_state_dict(layer.state_dict())
    with torch.inference_mode():
        assert torch.allclose(with_circular_padding(layer, (3, 8, 8))(image(8)), own(image(8)), atol=1e-6)
    assert layer.padding == (1, 1)


@pytest.mark.parametrize(("kernel", "padding", "ceil_mode"), [(3, 1, False), (3, 0, True), (2, 0, False)])
def test_a_pooling_reads_the_opposite_side(kernel: int, padding: int, ceil_mode: bool) -> None:
    """Its windows past the map hold the values of the other end; there are half as many as values."""
    layer = nn.MaxPool2d(kernel, 2, padding, ceil_mode=ceil_mode)
    maps = image(8)
    behind = kernel - 2 - padding
    extended = functional.pad(maps, (padding, behind, padding, behind), mode="circular")
    result = with_circular_padding(layer, (3, 8, 8))(maps)
    assert torch.equal(result, functional.max_pool2d(extended, kernel, 2))
    assert result.shape == (1, 3, 4, 4)


@pytest.mark.parametrize("taps", [0, 3, 4])
@pytest.mark.parametrize(
    ("name", "size"),
    [("resnet18", 64), ("googlenet", 64), ("densenet121", 64), ("mobilenet_v2", 64), ("squeezenet1_1", 64),
     ("convnext_tiny", 128)],
)  # fmt: skip
def test_the_zoo_has_no_borders(name: str, size: int, taps: int) -> None:
    """Scores of a picture rolled by the effective stride are the same, with and without blurs; by 5 they are not."""
    network, shape = build_initialised(name), (3, size, size)
    if taps:
        network = blur_pooling(network, taps, shape).model
    wrapping = with_circular_padding(network, shape)
    with torch.inference_mode():
        scores, by_32, by_5 = (wrapping(torch.roll(image(size), (-d, -d), (2, 3))) for d in (0, 32, 5))
    apart = (by_5 - scores).abs().max()
    assert (by_32 - scores).abs().max() <= 1e-3 * apart
    assert all(a is b for a, b in zip(wrapping.parameters(), network.parameters(), strict=True))


def test_what_cannot_wrap_is_a_sentence() -> None:
    """227 is no multiple of AlexNet's stride 4; LeNet's dense layers fit a map that has lost its borders."""
    with pytest.raises(
        ValueError, match=r"AlexNet cannot wrap around at 227 x 227: .* 227 values is no multiple"
    ):
        with_circular_padding(models.build("alexnet_2012"), (3, 227, 227))
    with pytest.raises(ValueError, match="Padding value causes wrapping around more than once"):
        with_circular_padding(models.build("convnext_tiny"), (3, 64, 64))  # kernels of 7 on 2 x 2 values
    with pytest.raises(ValueError, match="ModernLeNet5 cannot wrap around at 32 x 32"):
        with_circular_padding(models.build("lenet5_modern"), (1, 32, 32))
