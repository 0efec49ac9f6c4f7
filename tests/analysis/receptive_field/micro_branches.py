"""Micro-networks whose paths part and meet."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from micro_network import MicroNetwork
from torch import Tensor, nn


def _conv(kernel: int, stride: int = 1, channels: int = 2) -> nn.Conv2d:
    return nn.Conv2d(channels, 2, kernel, stride, padding=kernel // 2)


class Residual(MicroNetwork):
    """The identity path adds nothing to what the branch sees."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = _conv(3), _conv(3)

    def forward(self, image: Tensor) -> Tensor:
        out = self.second(functional.relu(self.first(image)))
        out += image
        return functional.relu(out)


class ResidualWithDownsample(MicroNetwork):
    """Both paths have stride 2: their grids agree."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.shortcut = _conv(3, 2), _conv(3), _conv(1, 2)

    def forward(self, image: Tensor) -> Tensor:
        return functional.relu(self.second(functional.relu(self.first(image))) + self.shortcut(image))


class Inception(MicroNetwork):
    """Four branches with kernels of their own meet in a concatenation."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.three, self.five, self.pooled = _conv(1), _conv(3), _conv(5), _conv(1)

    def forward(self, image: Tensor) -> Tensor:
        pooled = self.pooled(functional.max_pool2d(image, 3, 1, 1))
        return torch.cat([self.one(image), self.three(image), self.five(image), pooled], dim=1)


class DenseBlock(MicroNetwork):
    """Each layer reads the concatenation of all before it."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_conv(3, channels=2 + 2 * index) for index in range(3))

    def forward(self, image: Tensor) -> Tensor:
        features = [image]
        for layer in self.layers:
            features.append(layer(torch.cat(features, 1)))
        return torch.cat(features, 1)


class OffCentreBranches(MicroNetwork):
    """Two branches with one stride look to different sides: the union is wider than either."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.right = nn.Conv2d(2, 2, 3), nn.Conv2d(2, 2, 3)

    def forward(self, image: Tensor) -> Tensor:
        left = self.left(functional.pad(image, (4, -2, 3, -1)))
        right = self.right(functional.pad(image, (-2, 4, -3, 5)))
        return left + right


class DisagreeingStrides(MicroNetwork):
    """A strided map meets a cropped one: the field depends on the position, and no stride describes it."""

    def __init__(self) -> None:
        super().__init__()
        self.halved, self.full = _conv(3, 2), _conv(3)

    def forward(self, image: Tensor) -> Tensor:
        return self.halved(image) + self.full(image)[..., :7, :6]


class TwoImages(MicroNetwork):
    """Two inputs of different sizes: the fields in each are told apart."""

    shapes = ((2, 14, 11), (1, 7, 6))

    def __init__(self) -> None:
        super().__init__()
        self.large, self.small = nn.Conv2d(2, 2, 3, 2, padding=1), nn.Conv2d(1, 2, 5, padding=2)

    def forward(self, large: Tensor, small: Tensor) -> Tensor:
        return self.large(large) * self.small(small)


class FunctionalOperators(MicroNetwork):
    """No modules at all: sums, products, splits and slices are rows like any other."""

    shapes = ((6, 14, 11),)

    def forward(self, image: Tensor) -> Tensor:
        first, second, third = torch.split(image, 2, dim=1)
        pooled = functional.avg_pool2d(torch.add(first, second, alpha=2), 3, 1, 1)
        merged = torch.mul(pooled, third) + image[:, 1:3]
        return torch.stack([merged, functional.max_pool2d(merged, 3, 1, 1)], 1).mean(1)


class FunctionalHead(MicroNetwork):
    """Mean over rows alone, then flattening: the rows are all seen, the columns stay apart until the end."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = _conv(3, 2)

    def forward(self, image: Tensor) -> Tensor:
        return torch.flatten(torch.mean(self.layer(image), dim=2, keepdim=True), 1).unflatten(1, (2, -1))


class UNet(MicroNetwork):
    """Down, up by a transposed convolution, and a skip connection beside it."""

    shapes = ((2, 16, 12),)

    def __init__(self) -> None:
        super().__init__()
        self.down, self.deep = _conv(3), _conv(3)
        self.up, self.last = nn.ConvTranspose2d(2, 2, 2, stride=2), _conv(3, channels=4)

    def forward(self, image: Tensor) -> Tensor:
        fine = self.down(image)
        coarse = self.deep(functional.max_pool2d(fine, 2))
        return self.last(torch.cat([fine, self.up(coarse)], 1))


class FeaturePyramid(MicroNetwork):
    """A coarse map is repeated and added to a fine one."""

    shapes = ((2, 16, 12),)

    def __init__(self) -> None:
        super().__init__()
        self.fine, self.coarse, self.lateral = _conv(3, 2), _conv(3, 2), _conv(1)

    def forward(self, image: Tensor) -> Tensor:
        fine = self.fine(image)
        top = functional.interpolate(self.coarse(fine), scale_factor=2.0, mode="nearest")
        return self.lateral(fine) + top
