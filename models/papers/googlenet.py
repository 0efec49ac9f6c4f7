"""GoogLeNet as published in 2014, with real 5 x 5 branches.

Szegedy et al., "Going Deeper with Convolutions", arXiv 1409.4842, CVPR 2015, Table 1, Fig. 3 and
section 5. torchvision's ``googlenet`` has 3 x 3 kernels in the branches named 5 x 5 and a batch
normalisation after each convolution in place of the local response normalisation; its convolutions
have no bias. The paper states no constants for the normalisation: AlexNet's are taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.papers.normalisation import LocalResponseNormalisation


@dataclass(frozen=True, slots=True)
class Widths:
    """A row of Table 1: output channels of the branches of an inception module, and of their reductions."""

    conv1: int
    reduce3: int
    conv3: int
    reduce5: int
    conv5: int
    pool: int


INCEPTIONS: Mapping[str, Widths] = {
    "3a": Widths(64, 96, 128, 16, 32, 32),
    "3b": Widths(128, 128, 192, 32, 96, 64),
    "4a": Widths(192, 96, 208, 16, 48, 64),
    "4b": Widths(160, 112, 224, 24, 64, 64),
    "4c": Widths(128, 128, 256, 24, 64, 64),
    "4d": Widths(112, 144, 288, 32, 64, 64),
    "4e": Widths(256, 160, 320, 32, 128, 128),
    "5a": Widths(256, 160, 320, 32, 128, 128),
    "5b": Widths(384, 192, 384, 48, 128, 128),
}


def _convolution(channels: int, width: int, kernel: int) -> nn.Sequential:
    """A convolution that keeps the map's size, and its ReLU."""
    return nn.Sequential(nn.Conv2d(channels, width, kernel, padding=kernel // 2), nn.ReLU())


class Inception(nn.Module):
    """Fig. 2(b): 1 x 1, 3 x 3, 5 x 5 and pooling side by side, the larger kernels behind 1 x 1 reductions."""

    def __init__(self, channels: int, widths: Widths) -> None:
        super().__init__()
        self.conv1 = _convolution(channels, widths.conv1, 1)
        self.reduce3 = _convolution(channels, widths.reduce3, 1)
        self.conv3 = _convolution(widths.reduce3, widths.conv3, 3)
        self.reduce5 = _convolution(channels, widths.reduce5, 1)
        self.conv5 = _convolution(widths.reduce5, widths.conv5, 5)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.project = _convolution(channels, widths.pool, 1)

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, h, w) to (N, sum of the four branches, h, w)."""
        branch1 = self.conv1(maps)
        branch3 = self.conv3(self.reduce3(maps))
        branch5 = self.conv5(self.reduce5(maps))
        branch_pool = self.project(self.pool(maps))
        return torch.cat((branch1, branch3, branch5, branch_pool), dim=1)


class AuxiliaryHead(nn.Module):
    """The side classifier of section 5 that training adds to 4a and 4d: maps of 14 x 14 to 1000 scores."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.pool = nn.AvgPool2d(5, stride=3)
        self.reduce = _convolution(channels, 128, 1)
        self.fc1, self.relu, self.dropout = nn.Linear(128 * 4 * 4, 1024), nn.ReLU(), nn.Dropout(0.7)
        self.fc2 = nn.Linear(1024, 1000)

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, 14, 14) to scores (N, 1000)."""
        maps = self.reduce(self.pool(maps))  # 128 x 4 x 4
        features = self.dropout(self.relu(self.fc1(maps.flatten(1))))  # 1024
        return self.fc2(features)  # 1000


class GoogLeNet(nn.Module):
    """Table 1: images of 3 x 224 x 224 to 1000 scores; 6,998,552 parameters, 13,378,280 with both side heads.

    In training mode ``forward`` returns the scores of the main head and of the two side heads, which
    the paper weighs 0.3 each in the loss; in evaluation mode those of the main head.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.relu1 = nn.Conv2d(3, 64, 7, stride=2, padding=3), nn.ReLU()
        self.pool1, self.norm1 = nn.MaxPool2d(3, stride=2, ceil_mode=True), LocalResponseNormalisation()
        self.reduce2, self.conv2 = _convolution(64, 64, 1), _convolution(64, 192, 3)
        self.norm2, self.pool2 = LocalResponseNormalisation(), nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.inception3a = Inception(192, INCEPTIONS["3a"])
        self.inception3b = Inception(256, INCEPTIONS["3b"])
        self.inception4a = Inception(480, INCEPTIONS["4a"])
        self.inception4b = Inception(512, INCEPTIONS["4b"])
        self.inception4c = Inception(512, INCEPTIONS["4c"])
        self.inception4d = Inception(512, INCEPTIONS["4d"])
        self.inception4e = Inception(528, INCEPTIONS["4e"])
        self.inception5a = Inception(832, INCEPTIONS["5a"])
        self.inception5b = Inception(832, INCEPTIONS["5b"])
        self.pool3 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.pool4 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.side4a, self.side4d = AuxiliaryHead(512), AuxiliaryHead(528)
        self.average = nn.AdaptiveAvgPool2d(1)  # Table 1: 7 x 7, which is the whole map
        self.dropout = nn.Dropout(0.4)
        self.fc = nn.Linear(1024, 1000)

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor, Tensor, Tensor]:
        """Images (N, 3, 224, 224) to scores (N, 1000), in training mode to three of them."""
        maps = self.relu1(self.conv1(image))  # 64 x 112 x 112
        maps = self.norm1(self.pool1(maps))  # 64 x 56 x 56
        maps = self.norm2(self.conv2(self.reduce2(maps)))  # 192 x 56 x 56
        maps = self.pool2(maps)  # 192 x 28 x 28
        maps = self.inception3b(self.inception3a(maps))  # 480 x 28 x 28
        maps = maps_4a = self.inception4a(self.pool3(maps))  # 512 x 14 x 14
        maps = maps_4d = self.inception4d(self.inception4c(self.inception4b(maps)))  # 528 x 14 x 14
        maps = self.inception4e(maps)  # 832 x 14 x 14
        maps = self.inception5b(self.inception5a(self.pool4(maps)))  # 1024 x 7 x 7
        features = self.dropout(self.average(maps).flatten(1))  # 1024
        scores = self.fc(features)  # 1000
        if self.training:
            return scores, self.side4a(maps_4a), self.side4d(maps_4d)
        return scores


def build(name: str) -> nn.Module:
    """The network of this name: build("googlenet_2014") has 13,378,280 parameters, both side heads with it."""
    return {"googlenet_2014": GoogLeNet}[name]()
