"""DenseNet of 2016 for ImageNet.

Huang, Liu, van der Maaten, Weinberger, "Densely Connected Convolutional Networks", arXiv 1608.06993,
CVPR 2017, Table 1 and section 3 (DenseNet-BC: bottlenecks of 4 k channels, compression 0.5, growth
rate k = 32). torchvision's 121, 169 and 201 are the same; 264 is here alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

GROWTH = 32
# Layers of the four dense blocks.
BLOCKS: Mapping[str, tuple[int, int, int, int]] = {
    "densenet121_2016": (6, 12, 24, 16),
    "densenet169_2016": (6, 12, 32, 32),
    "densenet201_2016": (6, 12, 48, 32),
    "densenet264_2016": (6, 12, 64, 48),
}


class DenseLayer(nn.Module):
    """Normalisation, ReLU and a 1 x 1 convolution to 4 k channels, then the same with 3 x 3 to k (section 3)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm1, self.relu1 = nn.BatchNorm2d(channels), nn.ReLU()
        self.conv1 = nn.Conv2d(channels, 4 * GROWTH, 1, bias=False)
        self.norm2, self.relu2 = nn.BatchNorm2d(4 * GROWTH), nn.ReLU()
        self.conv2 = nn.Conv2d(4 * GROWTH, GROWTH, 3, padding=1, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        """All maps so far (N, C, h, w) to k new ones (N, 32, h, w)."""
        maps = self.conv1(self.relu1(self.norm1(maps)))
        return self.conv2(self.relu2(self.norm2(maps)))


class DenseBlock(nn.Module):
    """Each layer sees the concatenation of the block's input and of all layers before it, equation (2)."""

    def __init__(self, channels: int, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(DenseLayer(channels + index * GROWTH) for index in range(layers))

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, h, w) to (N, C + 32 * layers, h, w)."""
        for layer in self.layers:
            maps = torch.cat((maps, layer(maps)), dim=1)
        return maps


class Transition(nn.Sequential):
    """Between blocks: normalisation, 1 x 1 convolution to half the channels, 2 x 2 average."""

    def __init__(self, channels: int) -> None:
        convolution = nn.Conv2d(channels, channels // 2, 1, bias=False)
        super().__init__(nn.BatchNorm2d(channels), nn.ReLU(), convolution, nn.AvgPool2d(2))


class DenseNet(nn.Module):
    """A column of Table 1: images of 3 x 224 x 224 to 1000 scores. DenseNet-121: 7,978,856 parameters."""

    def __init__(self, blocks: tuple[int, int, int, int]) -> None:
        super().__init__()
        channels = 2 * GROWTH
        self.conv1 = nn.Conv2d(3, channels, 7, stride=2, padding=3, bias=False)
        self.norm1, self.relu1 = nn.BatchNorm2d(channels), nn.ReLU()
        self.pool1 = nn.MaxPool2d(3, stride=2, padding=1)
        self.block1 = DenseBlock(channels, blocks[0])
        channels = (channels + blocks[0] * GROWTH) // 2
        self.transition1 = Transition(2 * channels)
        self.block2 = DenseBlock(channels, blocks[1])
        channels = (channels + blocks[1] * GROWTH) // 2
        self.transition2 = Transition(2 * channels)
        self.block3 = DenseBlock(channels, blocks[2])
        channels = (channels + blocks[2] * GROWTH) // 2
        self.transition3 = Transition(2 * channels)
        self.block4 = DenseBlock(channels, blocks[3])
        channels += blocks[3] * GROWTH
        self.norm5, self.relu5 = nn.BatchNorm2d(channels), nn.ReLU()
        self.average = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels, 1000)

    def forward(self, image: Tensor) -> Tensor:
        """Images (N, 3, 224, 224) to scores (N, 1000); the channels are those of DenseNet-121."""
        maps = self.relu1(self.norm1(self.conv1(image)))  # 64 x 112 x 112
        maps = self.pool1(maps)  # 64 x 56 x 56
        maps = self.transition1(self.block1(maps))  # 128 x 28 x 28
        maps = self.transition2(self.block2(maps))  # 256 x 14 x 14
        maps = self.transition3(self.block3(maps))  # 512 x 7 x 7
        maps = self.relu5(self.norm5(self.block4(maps)))  # 1024 x 7 x 7
        features = self.average(maps).flatten(1)  # 1024
        return self.fc(features)  # 1000


def build(name: str) -> nn.Module:
    """The network of this name: build("densenet121_2016") has 7,978,856 parameters."""
    return DenseNet(BLOCKS[name])
