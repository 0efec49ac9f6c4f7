"""Micro-networks with attention among windows, rows or all positions."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from micro_network import MicroNetwork
from torch import Tensor, nn
from torchvision.models.maxvit import MaxVit
from torchvision.models.swin_transformer import shifted_window_attention

from analysis.records import Status


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


class MaskedAttention(MicroNetwork):
    """A mask may hide positions, and which ones is not known: the field is an upper bound."""

    shapes = ((4, 6, 5),)
    channel_dim = 2
    status = Status.BOUND

    def __init__(self) -> None:
        super().__init__()
        self.mask: Tensor
        self.register_buffer("mask", torch.ones(30, 30, dtype=torch.bool).tril())

    def forward(self, image: Tensor) -> Tensor:
        tokens = image.flatten(2).transpose(1, 2)
        return functional.scaled_dot_product_attention(tokens, tokens, tokens, attn_mask=self.mask)
