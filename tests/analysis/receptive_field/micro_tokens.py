"""Micro-networks in which positions become tokens, windows or matrices."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from micro_network import MicroNetwork
from torch import Tensor, nn


class LayerNormWithPermutes(MicroNetwork):
    """ConvNeXt's block: channels last, normalised over channels alone, and back."""

    def __init__(self) -> None:
        super().__init__()
        self.depthwise, self.norm = nn.Conv2d(2, 2, 7, padding=3, groups=2), nn.LayerNorm(2)
        self.wide, self.narrow = nn.Linear(2, 8), nn.Linear(8, 2)

    def forward(self, image: Tensor) -> Tensor:
        features = self.norm(self.depthwise(image).permute(0, 2, 3, 1))
        return image + self.narrow(functional.gelu(self.wide(features))).permute(0, 3, 1, 2)


class ChannelsLast(MicroNetwork):
    """The result keeps its channels last: units are (row, column) at other dimensions."""

    channel_dim = 3

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.linear = nn.Conv2d(2, 2, 3, 2, padding=1), nn.Linear(2, 3)

    def forward(self, image: Tensor) -> Tensor:
        return self.linear(self.layer(image).permute(0, 2, 3, 1))


class GroupNorm(MicroNetwork):
    """The statistics of a group are taken over the whole map."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.norm = nn.Conv2d(2, 4, 3, padding=1), nn.GroupNorm(2, 4)

    def forward(self, image: Tensor) -> Tensor:
        return self.norm(self.layer(image[..., 3:10, 1:8]))


class InstanceNorm(MicroNetwork):
    """The statistics of a channel are taken over the whole map."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.norm = nn.Conv2d(2, 4, 3), nn.InstanceNorm2d(4)

    def forward(self, image: Tensor) -> Tensor:
        return self.norm(self.layer(image[..., 2:, :-3]))


class TokensWithoutAttention(MicroNetwork):
    """The class token sees nothing while nothing has been mixed; each patch sees itself."""

    shapes = ((2, 8, 12),)
    channel_dim = 2

    def __init__(self) -> None:
        super().__init__()
        self.patches, self.token = nn.Conv2d(2, 4, 4, stride=4), nn.Parameter(torch.zeros(1, 1, 4))
        self.norm, self.linear = nn.LayerNorm(4), nn.Linear(4, 4)

    def forward(self, image: Tensor) -> Tensor:
        tokens = torch.cat([self.token, self.patches(image).flatten(2).transpose(1, 2)], 1)
        return self.linear(functional.gelu(self.norm(tokens)))


class TokensBackToMap(MicroNetwork):
    """Tokens return to their grid and a convolution goes on from there (a hybrid network)."""

    shapes = ((2, 12, 16),)

    def __init__(self) -> None:
        super().__init__()
        self.patches, self.linear = nn.Conv2d(2, 4, 4, stride=2, padding=1), nn.Linear(4, 4)
        self.last = nn.Conv2d(4, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        features = self.patches(image)
        tokens = self.linear(features.flatten(2).transpose(1, 2))
        return self.last(tokens.transpose(1, 2).reshape(features.shape))


class TokenMixing(MicroNetwork):
    """MLP-Mixer: a linear layer over positions mixes them all."""

    shapes = ((4, 8, 6),)

    def __init__(self) -> None:
        super().__init__()
        self.patches, self.mix = nn.Conv2d(4, 4, 2, stride=2), nn.Linear(12, 12)

    def forward(self, image: Tensor) -> Tensor:
        return self.mix(self.patches(image[..., :6]).flatten(2))


class ColumnMixing(MicroNetwork):
    """A matrix product along the columns alone: rows stay apart."""

    shapes = ((2, 8, 6),)

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.matrix = nn.Conv2d(2, 2, 3, padding=1), nn.Parameter(torch.zeros(6, 4))

    def forward(self, image: Tensor) -> Tensor:
        return self.layer(image)[..., 1:, :] @ self.matrix


class RecurrentRows(MicroNetwork):
    """A recurrent layer over positions sees those before: its steps are units of their own."""

    shapes = ((2, 4, 3),)
    channel_dim = 2

    def __init__(self) -> None:
        super().__init__()
        self.recurrent = nn.LSTM(2, 3, batch_first=True)

    def forward(self, image: Tensor) -> Tensor:
        return self.recurrent(image.flatten(2).transpose(1, 2))[0]


class ProductWithAddend(MicroNetwork):
    """The addend of a batched product is read too, and may look elsewhere than the factors."""

    channel_dim = None

    def forward(self, image: Tensor) -> Tensor:
        return torch.baddbmm(image[:, 0, -4:, -4:], image[:, 0, :4, :6], image[:, 1, :6, :4])
