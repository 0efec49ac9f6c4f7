"""Micro-networks with a path that reads the whole map, a row or a neighbourhood, and gates another."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from micro_network import MicroNetwork
from torch import Tensor, nn


def _conv(kernel: int, stride: int = 1, channels: int = 2) -> nn.Conv2d:
    return nn.Conv2d(channels, 2, kernel, stride, padding=kernel // 2)


class MeanThenMap(MicroNetwork):
    """A context path: the global mean is spread out again and added to every position (PSPNet, DeepLab)."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.context = _conv(3), _conv(1)

    def forward(self, image: Tensor) -> Tensor:
        context = self.context(functional.adaptive_avg_pool2d(image, 1))
        size = (image.shape[-2], image.shape[-1])
        return self.layer(image) + functional.interpolate(context, size, mode="bilinear", align_corners=False)


class SqueezeExcite(MicroNetwork):
    """The gate of squeeze-and-excitation lets every unit see the whole image."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.reduce, self.expand = _conv(3), _conv(1), _conv(1)

    def forward(self, image: Tensor) -> Tensor:
        features = self.layer(image)
        gate = functional.relu(self.reduce(features.mean((2, 3), keepdim=True)))
        return features * torch.sigmoid(self.expand(gate))


class SpatialGate(MicroNetwork):
    """A gate computed from a neighbourhood (CBAM) widens the field and is no global gate."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 1, 5, padding=2)

    def forward(self, image: Tensor) -> Tensor:
        described = torch.cat([image.mean(1, keepdim=True), image.amax(1, keepdim=True)], 1)
        return image * torch.sigmoid(self.layer(described))


class CoordinateGate(MicroNetwork):
    """Two gates, one a row and one a column (coordinate attention): each unit sees a cross of the image."""

    def __init__(self) -> None:
        super().__init__()
        self.rows, self.columns = _conv(1), _conv(1)

    def forward(self, image: Tensor) -> Tensor:
        rows = torch.sigmoid(self.rows(image.mean(3, keepdim=True)))
        return image * rows * torch.sigmoid(self.columns(image.mean(2, keepdim=True)))
