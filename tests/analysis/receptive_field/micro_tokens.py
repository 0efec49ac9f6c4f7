"""Micro-networks in which positions become tokens, windows or matrices."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from micro_network import MicroNetwork
from torch import Tensor, nn
from torchvision.models.maxvit import MaxVit
from torchvision.models.swin_transformer import shifted_window_attention


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


class WindowAttention(MicroNetwork):
    """Swin's attention in windows: a unit sees its own window, and no other."""

    shapes = ((4, 8, 12),)
    channel_dim = 3
    shift = 0

    def __init__(self) -> None:
        super().__init__()
        self.norm, self.embed = nn.LayerNorm(4), nn.Conv2d(4, 4, 3, padding=1)
        self.qkv, self.projection = nn.Linear(4, 12), nn.Linear(4, 4)
        self.bias = nn.Parameter(torch.zeros(1, 2, 16, 16))

    def forward(self, image: Tensor) -> Tensor:
        return shifted_window_attention(
            self.norm(self.embed(image).permute(0, 2, 3, 1)), self.qkv.weight, self.projection.weight, self.bias,
            [4, 4], num_heads=2, shift_size=[self.shift, self.shift], qkv_bias=self.qkv.bias,
        )  # fmt: skip


class ShiftedWindowAttention(WindowAttention):
    """Windows after a cyclic shift lie across the border: a corner unit sees all four corners of the map."""

    shift = 2


class PaddedShiftedWindowAttention(ShiftedWindowAttention):
    """A map that the windows do not divide is padded first, and cropped afterwards."""

    shapes = ((4, 10, 7),)


class GridAndWindowAttention(MicroNetwork):
    """MaxViT's block: attention in windows, then along a dilated grid, after a squeeze-excite gate."""

    shapes = ((3, 16, 16),)

    def __init__(self) -> None:
        super().__init__()
        network = MaxVit((16, 16), 4, 2, [4], [1], 4, stochastic_depth_prob=0.0)
        attention = network.blocks[0].layers[0].layers
        self.stem, self.window, self.grid = network.stem, attention.window_attention, attention.grid_attention

    def forward(self, image: Tensor) -> Tensor:
        coarse = functional.avg_pool2d(self.stem(image), 2)
        return torch.cat([self.window(coarse), self.grid(coarse)], 3)


class GlobalAttention(MicroNetwork):
    """Patches, a class token and attention among all (ViT): even the class token sees the whole image."""

    shapes = ((2, 8, 12),)
    channel_dim = 2

    def __init__(self) -> None:
        super().__init__()
        self.patches, self.token = nn.Conv2d(2, 4, 4, stride=4), nn.Parameter(torch.zeros(1, 1, 4))
        self.attention = nn.MultiheadAttention(4, 2, batch_first=True)

    def forward(self, image: Tensor) -> Tensor:
        tokens = torch.cat([self.token, self.patches(image).flatten(2).transpose(1, 2)], 1)
        return tokens + self.attention(tokens, tokens, tokens, need_weights=False)[0]


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


class AxialAttention(MicroNetwork):
    """Attention along each row by itself: a unit sees its rows, from edge to edge."""

    shapes = ((4, 10, 7),)

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.mix = nn.Conv2d(4, 4, 3, padding=1), nn.Linear(4, 12)

    def forward(self, image: Tensor) -> Tensor:
        rows = self.layer(image).permute(0, 2, 3, 1)
        query, key, value = self.mix(rows).chunk(3, dim=-1)
        weights = functional.softmax(query @ key.transpose(-2, -1), dim=-1)
        return (weights @ value).permute(0, 3, 1, 2)


class LinearAttention(MicroNetwork):
    """Keys meet values before they meet queries; every unit sees the whole map all the same."""

    shapes = ((4, 6, 5),)
    channel_dim = 2

    def __init__(self) -> None:
        super().__init__()
        self.mix = nn.Linear(4, 12)

    def forward(self, image: Tensor) -> Tensor:
        query, key, value = self.mix(image[..., 1:, 1:].flatten(2).transpose(1, 2)).chunk(3, dim=-1)
        context = torch.einsum("bnc,bnd->bcd", key, value)
        return torch.einsum("bnc,bcd->bnd", query, context)


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
