"""Micro-networks in which the channels of one tensor see different things."""

from __future__ import annotations

from typing import ClassVar

import torch
import torch.nn.functional as functional
from micro_network import MicroNetwork
from torch import Tensor, nn


class ChannelShuffle(MicroNetwork):
    """ShuffleNet's view, transpose and view moves channels, while positions stay."""

    def __init__(self) -> None:
        super().__init__()
        self.branch, self.last = nn.Conv2d(2, 2, 3, 1, 1), nn.Conv2d(4, 4, 3, 2, 1, groups=2)

    def forward(self, image: Tensor) -> Tensor:
        joined = torch.cat([image, self.branch(image)], 1)
        batch, channels, height, width = joined.shape
        shuffled = joined.view(batch, 2, channels // 2, height, width).transpose(1, 2).contiguous()
        return self.last(shuffled.view(batch, channels, height, width))


class ChunkAndSwap(MicroNetwork):
    """Channels are split, one half is worked on, and they meet in another order."""

    shapes = ((4, 14, 11),)

    def __init__(self) -> None:
        super().__init__()
        self.branch = nn.Conv2d(2, 2, 5, padding=2)

    def forward(self, image: Tensor) -> Tensor:
        kept, worked = image.chunk(2, dim=1)
        return torch.cat([self.branch(worked), kept], 1)


class SpaceToDepth(MicroNetwork):
    """Blocks of pixels become channels by view, permute and reshape."""

    shapes = ((2, 12, 8),)

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.last = nn.Conv2d(2, 2, 3, padding=1), nn.Conv2d(8, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        features = self.layer(image)
        blocks = features.view(1, 2, 6, 2, 4, 2).permute(0, 3, 5, 1, 2, 4)
        return self.last(blocks.reshape(1, 8, 6, 4))


class SpaceToDepthInGroups(MicroNetwork):
    """Channels that see different pixels meet group by group, forwards and backwards."""

    shapes = ((2, 12, 8),)
    channel_dim = None

    def __init__(self) -> None:
        super().__init__()
        self.grouped = nn.Conv2d(8, 4, 3, padding=1, groups=4)
        self.up = nn.ConvTranspose2d(4, 4, 2, stride=2, groups=2)

    def forward(self, image: Tensor) -> Tensor:
        blocks = image.view(1, 2, 6, 2, 4, 2).permute(0, 3, 5, 1, 2, 4)
        return self.up(self.grouped(blocks.reshape(1, 8, 6, 4)))


class SpaceToDepthAndBack(MicroNetwork):
    """Channels that see different pixels become positions again, and are normalised in groups."""

    shapes = ((2, 12, 8),)

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(2, 8)

    def forward(self, image: Tensor) -> Tensor:
        blocks = image.view(1, 2, 6, 2, 4, 2).permute(0, 3, 5, 1, 2, 4).reshape(1, 8, 6, 4)
        return functional.pixel_shuffle(self.norm(blocks[..., 1:, 1:]), 2)


class _Branches(MicroNetwork):
    """A map beside what a wide convolution made of it: the first two channels see less than the last two."""

    channel_dim: ClassVar[int | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 5, padding=2)

    def joined(self, image: Tensor) -> Tensor:
        return torch.cat([image, self.layer(image)], 1)


class JoinedThenSplit(_Branches):
    """A piece of a concatenation sees what its own branch saw, also after layers that keep channels apart."""

    def forward(self, image: Tensor) -> Tensor:
        return functional.relu(functional.max_pool2d(self.joined(image), 2)).chunk(2, dim=1)[0]


class SplitAcrossTheSeam(_Branches):
    """A slice with channels of both branches sees their union, and no more than that."""

    channel_dim = 1

    def forward(self, image: Tensor) -> Tensor:
        return torch.cat([image, self.joined(image)[:, 1:3], image], 1)[:, 2:]


class JoinedThenGated(_Branches):
    """A gated linear unit joins the first channel with the third, the second with the fourth."""

    def forward(self, image: Tensor) -> Tensor:
        return functional.glu(self.joined(image), 1)


class ShuffledThenSplit(_Branches):
    """After a shuffle each half has channels of both branches (ShuffleNetV2)."""

    channel_dim = 1

    def forward(self, image: Tensor) -> Tensor:
        return functional.channel_shuffle(self.joined(image), 2).chunk(2, dim=1)[1]


class ShuffledThenPicked(_Branches):
    """One channel of a shuffle comes from one branch."""

    def forward(self, image: Tensor) -> Tensor:
        shuffled = self.joined(image).view(1, 2, 2, 14, 11).transpose(1, 2).reshape(1, 4, 14, 11)
        return shuffled[:, 2:3]


class JoinedInGroups(_Branches):
    """Grouped and depthwise convolutions keep the branches apart."""

    def __init__(self) -> None:
        super().__init__()
        self.grouped, self.depthwise = nn.Conv2d(4, 2, 3, groups=2), nn.Conv2d(2, 2, 3, 2, groups=2)

    def forward(self, image: Tensor) -> Tensor:
        return self.depthwise(self.grouped(self.joined(image)))[:, :1]


class JoinedThenNormalised(_Branches):
    """A group's statistics join its channels, and leave the other group alone."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(2, 4)

    def forward(self, image: Tensor) -> Tensor:
        return self.norm(torch.cat([image[..., 3:], self.layer(image)[..., :-3]], 1))[:, :1]


class StackedThenSelected(_Branches):
    """Stacked maps lie along a dimension of their own until one is taken."""

    channel_dim = 1

    def forward(self, image: Tensor) -> Tensor:
        return torch.stack([self.layer(image), image], 1).unbind(1)[1]


class JoinedThenPixelShuffled(_Branches):
    """Channels that see different things become neighbouring positions."""

    shapes = ((4, 7, 6),)
    channel_dim = 1

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(4, 4, 5, padding=2)

    def forward(self, image: Tensor) -> Tensor:
        return functional.pixel_shuffle(torch.cat([image[:, :2], self.layer(image)[:, :2]], 1), 2)


class PixelUnshuffledThenPicked(_Branches):
    """Some channels of a pixel-unshuffled map see some pixels of each block."""

    shapes = ((2, 12, 8),)
    channel_dim = 1

    def forward(self, image: Tensor) -> Tensor:
        return functional.pixel_unshuffle(image, 2)[:, 1:4:2]


class ShortcutPaddedWithZeros(_Branches):
    """The shortcut without parameters (ResNet's option A): the channels added to it are constant."""

    channel_dim = 1

    def forward(self, image: Tensor) -> Tensor:
        halved = image[..., ::2, ::2]
        return torch.cat([halved, torch.zeros_like(halved)], 1)[:, 1:]
