"""The layers of BlurPool: a blur that subsamples, a dense maximum before it, and a module that is given one."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.blur import Blur, BlurredMaxPool, Window, blur_around


def blur(taps: int, stride: int = 2) -> Blur:
    """A blur that stands for a plain subsampling."""
    return Blur(taps, (Window(stride=stride), Window(stride=stride))).double()


def wave(frequency: float, size: int = 32) -> Tensor:
    """A wave across the columns: (1, 1, 8, size)."""
    return torch.cos(2 * math.pi * frequency * torch.arange(size, dtype=torch.float64)).expand(1, 1, 8, size)


@pytest.mark.parametrize("taps", [3, 4, 5])
def test_its_response_is_the_binomials(taps: int) -> None:
    """A wave of f comes out |cos(pi f)|^(n - 1) as strong, before it is subsampled; here f = 1/8 and stride 4."""
    layer = blur(taps, 4)
    layer.padding_mode = "circular"
    sine = torch.sin(2 * math.pi / 8 * torch.arange(32, dtype=torch.float64)).expand(1, 1, 8, 32)
    cosine_part, sine_part = layer(wave(1 / 8))[0, 0, 0], layer(sine)[0, 0, 0]
    amplitude = (cosine_part**2 + sine_part**2).sqrt()  # of a wave at any phase
    assert torch.allclose(amplitude, torch.tensor(math.cos(math.pi / 8) ** (taps - 1), dtype=torch.float64))


@pytest.mark.parametrize("taps", [3, 4, 5])
def test_constants_stay_and_the_finest_wave_goes(taps: int) -> None:
    """The taps add up to 1 and stop f = 1/2; nothing is a parameter, and nothing is saved."""
    layer = blur(taps)
    assert layer.taps.sum().item() == 1
    assert torch.allclose(
        layer(torch.full((2, 3, 9, 7), 2.5, dtype=torch.float64)), torch.tensor(2.5).double()
    )
    assert torch.allclose(layer(wave(1 / 2))[..., 2:-2], torch.tensor(0.0).double(), atol=1e-12)
    assert not list(layer.parameters())
    assert not layer.state_dict()
    assert "taps=(" in str(layer)


@pytest.mark.parametrize("taps", [3, 4, 5])
@pytest.mark.parametrize("size", [(8, 8), (9, 7), (2, 5), (1, 1)])
def test_it_keeps_as_many_places_as_a_stride(taps: int, size: tuple[int, int]) -> None:
    """Places 0, 2, 4, ... of each axis, on even and odd maps and on those too small to be mirrored."""
    assert blur(taps)(torch.rand(2, 3, *size).double()).shape[2:] == tuple((side + 1) // 2 for side in size)


def test_its_borders_are_mirrored() -> None:
    """[1, 2, 1] / 4 on 0, 1, 2, ...: the first output mirrors the 1, so it is (1 + 0 + 1) / 4."""
    ramp = torch.arange(8, dtype=torch.float64).expand(1, 1, 8, 8)
    assert blur(3)(ramp)[0, 0, 0].tolist() == [0.5, 2, 4, 6]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_an_axis_without_stride_is_not_blurred(dtype: torch.dtype) -> None:
    """A layer with stride (2, 1) blurs its columns alone."""
    layer = Blur(3, (Window(stride=2), Window())).to(dtype)
    maps = torch.rand(1, 2, 6, 5, dtype=dtype)
    by_hand = functional.pad(maps, (0, 0, 1, 1), "reflect")
    by_hand = (by_hand[:, :, :-2] + 2 * by_hand[:, :, 1:-1] + by_hand[:, :, 2:]) / 4
    assert torch.allclose(layer(maps), by_hand[:, :, ::2])


@pytest.mark.parametrize(("kernel", "padding"), [(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (5, 1), (7, 1)])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("ceil_mode", [False, True])
@pytest.mark.parametrize("dilation", [1, 2])
def test_windows_are_counted_as_pytorch_does(
    kernel: int, padding: int, stride: int, ceil_mode: bool, dilation: int
) -> None:
    """And at stride 1, without the blur, the maxima are those of the strided pooling."""
    window = Window(kernel, stride, padding, dilation, ceil_mode)
    for size in (13, 14, 15, 16):
        maps = torch.rand(1, 2, size, size + 1)
        expected = functional.max_pool2d(maps, kernel, stride, padding, dilation, ceil_mode)
        assert (window.count(size), window.count(size + 1)) == expected.shape[2:]
        pooling = BlurredMaxPool(3, (window, window))
        if stride > 1:
            pooling.blur.taps = torch.tensor([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]])[None, None]
        assert torch.equal(pooling(maps), expected)


# Window i of an average pooling (2, 2) has its centre at 2 i + 1/2, as four taps have; (3, 2, padding 1) at 2 i.
@pytest.mark.parametrize(
    ("taps", "window"), [(4, Window(2, 2)), (3, Window(3, 2, 1)), (5, Window(7, 2)), (4, Window(6, 3))]
)
def test_it_lies_where_the_average_did(taps: int, window: Window) -> None:
    """A ramp, whose mean over a window is its centre, comes out as from the average pooling, borders apart."""
    ramp = torch.arange(24, dtype=torch.float64).expand(1, 1, 24, 24)
    pooled = functional.avg_pool2d(ramp, window.kernel, window.stride, window.padding)
    blurred = Blur(taps, (window, window)).double()(ramp)
    assert blurred.shape == pooled.shape
    assert torch.allclose(blurred[..., 2:-2, 2:-2], pooled[..., 2:-2, 2:-2])


def test_a_module_is_given_a_blur_and_keeps_its_names() -> None:
    """Before and after, its state has the same entries; a sequence takes it as one more step."""
    convolution, relu = nn.Conv2d(3, 4, 1), nn.ReLU()
    state, maps = set(convolution.state_dict()), torch.randn(2, 3, 8, 8)
    plain = convolution(maps)
    small = blur(3).float()
    blur_around(convolution, small, "before")
    assert torch.allclose(convolution(maps), small(plain), atol=1e-6)
    blur_around(convolution, blur(5).float(), "after")
    assert convolution(maps).shape == (2, 4, 2, 2)
    assert set(convolution.state_dict()) == state
    assert isinstance(convolution, nn.Conv2d)
    assert type(convolution).__name__ == "BlurredConv2d"
    sequence = nn.Sequential(nn.Identity(), relu)
    blur_around(sequence, small, "after")
    assert torch.equal(sequence(maps), small(maps.relu()))
