"""Micro-networks of one or two operators, each pair of channels against the gradient."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from analysis import analyze
from analysis.reachability import reachability
from analysis.records import Status

Maps = dict[str, Tensor]
Shape = tuple[int, int, int]
Real = Callable[[nn.Module], nn.Module]
Run = Callable[[nn.Module, Tensor], Maps]
Connected = Callable[[Tensor, Tensor], NDArray[np.bool_]]
Probed = Callable[[nn.Module, Shape, list[str]], dict[str, NDArray[np.bool_]]]


def channel_shuffled(maps: Tensor, groups: int) -> Tensor:
    """Channels written by groups, read across them, as ShuffleNet does it."""
    batch, channels, height, width = maps.shape
    split = maps.view(batch, groups, channels // groups, height, width)
    return split.transpose(1, 2).reshape(batch, channels, height, width)


class Shuffled(nn.Module):
    """Two grouped convolutions with a channel shuffle between them (ShuffleNet v1), or without."""

    def __init__(self, shuffle: bool) -> None:
        super().__init__()
        self.first = nn.Conv2d(12, 12, 1, groups=3)
        self.second = nn.Conv2d(12, 24, 3, padding=1, groups=3)
        self.shuffle = shuffle

    def forward(self, maps: Tensor) -> Tensor:
        maps = self.first(maps)
        return self.second(channel_shuffled(maps, 3) if self.shuffle else maps)


class Pieces(nn.Module):
    """Slices, chunks, concatenations, strides over channels, and a residual sum."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.right = nn.Conv2d(4, 6, 3, padding=1), nn.Conv2d(4, 4, 1, groups=4)

    def forward(self, maps: Tensor) -> Tensor:
        left, right = maps.chunk(2, dim=1)
        joined = torch.cat([self.left(left[:, :4]), self.right(right), maps[:, ::3]], dim=1)
        return joined[:, 1:9] + maps.flip(1)


class Padded(nn.Module):
    """The parameter-free shortcut of the CIFAR ResNets: channels of zeros around strided maps."""

    def forward(self, maps: Tensor) -> Tensor:
        return functional.pad(maps[:, :, ::2, ::2], (0, 0, 0, 0, 2, 3))


class Gated(nn.Module):
    """Squeeze and excitation by groups: a gate lets the channels of its group meet."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = nn.Conv2d(8, 8, 1, groups=2)
        self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8)

    def forward(self, maps: Tensor) -> Tensor:
        maps = self.depthwise(maps)
        return maps * torch.sigmoid(self.gate(maps.mean((2, 3), keepdim=True)))


class Attentive(nn.Module):
    """Attention whose queries, keys and values are channels of their own: weights mix, values stay apart."""

    def forward(self, maps: Tensor) -> Tensor:
        tokens = maps.flatten(2).transpose(1, 2)
        query, key, value = tokens[..., :2], tokens[..., 2:4], tokens[..., 4:]
        weighed = functional.scaled_dot_product_attention(query, key, value)
        by_hand = torch.softmax(query @ key.transpose(1, 2), dim=-1) @ value
        return torch.cat([weighed, by_hand], dim=-1).transpose(1, 2).unflatten(2, maps.shape[2:])


class Einsum(nn.Module):
    """A product that mixes channels within two heads."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(2, 3, 5))

    def forward(self, maps: Tensor) -> Tensor:
        heads = maps.unflatten(1, (2, 3))
        return torch.einsum("bgihw,gio->bgohw", heads, self.weight).flatten(1, 2)


class Resampled(nn.Module):
    """Pixel shuffle and back, with convolutions between that tell positions apart."""

    def __init__(self) -> None:
        super().__init__()
        self.between = nn.Conv2d(2, 4, 2, stride=2, groups=2)

    def forward(self, maps: Tensor) -> Tensor:
        larger = functional.pixel_shuffle(maps, 2)
        strided = larger[:, :, 1::2, ::2]
        return torch.cat([self.between(larger), strided, functional.pixel_unshuffle(larger, 2)], dim=1)


def grouped(*groups: int) -> nn.Module:
    """Convolutions of 12 channels in so many groups each."""
    return nn.Sequential(*(nn.Conv2d(12, 12, 3, padding=1, groups=count) for count in groups))


MICRO: dict[str, tuple[Callable[[], nn.Module], tuple[int, int, int]]] = {
    "groups of two and three": (lambda: grouped(2, 3), (12, 6, 6)),
    "groups of four twice": (lambda: grouped(4, 4), (12, 6, 6)),
    "depthwise": (lambda: grouped(12, 12), (12, 6, 6)),
    "depthwise then groups": (lambda: grouped(12, 6), (12, 6, 6)),
    "full": (lambda: grouped(3, 1), (12, 6, 6)),
    "transposed groups": (lambda: nn.ConvTranspose2d(6, 9, 3, 2, groups=3), (6, 5, 5)),
    "shuffled": (lambda: Shuffled(True), (12, 6, 6)),
    "not shuffled": (lambda: Shuffled(False), (12, 6, 6)),
    "shuffle module": (lambda: nn.Sequential(nn.ChannelShuffle(4), nn.Conv2d(12, 12, 1, groups=6)), (12, 4, 4)),
    "pieces": (Pieces, (8, 6, 6)),
    "padded shortcut": (Padded, (5, 6, 6)),
    "gated": (Gated, (8, 6, 6)),
    "attention": (Attentive, (7, 3, 3)),
    "einsum": (Einsum, (6, 4, 4)),
    "resampled": (Resampled, (8, 4, 4)),
    "local response": (lambda: nn.LocalResponseNorm(5, alpha=5e-1), (12, 6, 6)),
    "even local response": (lambda: nn.LocalResponseNorm(4, alpha=5e-1), (9, 6, 6)),
    "group norm": (lambda: nn.GroupNorm(3, 12), (12, 4, 4)),
    "instance norm": (lambda: nn.InstanceNorm2d(5), (5, 4, 4)),
    "gated linear": (lambda: nn.GLU(dim=1), (8, 4, 4)),
    "pooling": (lambda: nn.Sequential(nn.MaxPool2d(3, 2, 1), nn.AvgPool2d(2), nn.Upsample(scale_factor=2)), (5, 8, 8)),
    "flattened by groups": (lambda: nn.Sequential(grouped(3), nn.Flatten(), nn.Unflatten(1, (12, 4, 4))), (12, 4, 4)),
    "softmax over channels": (lambda: nn.Sequential(nn.Conv2d(6, 6, 1, groups=3), nn.Softmax(dim=1)), (6, 4, 4)),
}  # fmt: skip


@pytest.mark.parametrize("name", MICRO)
def test_micro_networks_against_gradients(name: str, real: Real, probed: Probed) -> None:
    """From the input to the last row, each pair of channels is connected where a gradient passes."""
    factory, shape = MICRO[name]
    torch.manual_seed(0)
    model = real(factory())
    report = analyze(model, shape)
    found = reachability(report, 0, len(report.rows) - 1)
    assert found.status is Status.EXACT
    # several rows may read the input; all of them are followed from the tensor that enters the first
    assert np.array_equal(found.matrix, probed(model, shape, [""])[""])
