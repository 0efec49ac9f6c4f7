"""MobileNet (v1) of 2017: depthwise separable convolutions.

Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications",
arXiv 1704.04861, Table 1 and sections 3.1 to 3.3. torchvision has v2 and v3, not v1. Table 1 prints
stride 2 for the last depthwise convolution with equal sizes before and after: its stride is 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from torch import Tensor, nn

# The width multiplier of section 3.3.
MULTIPLIERS: Mapping[str, Fraction] = {
    "mobilenet_v1": Fraction(1),
    "mobilenet_v1_075": Fraction(3, 4),
    "mobilenet_v1_050": Fraction(1, 2),
    "mobilenet_v1_025": Fraction(1, 4),
}
# Table 1: channels after each separable convolution, and the stride of its depthwise part.
SEPARABLES: tuple[tuple[int, int], ...] = (
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    *((512, 1),) * 5,
    (1024, 2),
    (1024, 1),
)


class Separable(nn.Module):
    """Fig. 3, right: a 3 x 3 convolution a channel, then a 1 x 1 over channels, each normalised and rectified."""

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 3, stride, 1, groups=channels, bias=False)
        self.norm1, self.relu1 = nn.BatchNorm2d(channels), nn.ReLU()
        self.pointwise = nn.Conv2d(channels, width, 1, bias=False)
        self.norm2, self.relu2 = nn.BatchNorm2d(width), nn.ReLU()

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, h, w) to (N, width, h / stride, w / stride)."""
        maps = self.relu1(self.norm1(self.depthwise(maps)))
        return self.relu2(self.norm2(self.pointwise(maps)))


class MobileNet(nn.Module):
    """Table 1: images of 3 x 224 x 224 to 1000 scores. Width 1: 4,231,976 parameters."""

    def __init__(self, multiplier: Fraction) -> None:
        super().__init__()
        channels = int(32 * multiplier)
        self.conv = nn.Conv2d(3, channels, 3, stride=2, padding=1, bias=False)
        self.norm, self.relu = nn.BatchNorm2d(channels), nn.ReLU()
        self.separables = nn.Sequential()
        for width, stride in SEPARABLES:
            self.separables.append(Separable(channels, int(width * multiplier), stride))
            channels = int(width * multiplier)
        self.average = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels, 1000)

    def forward(self, image: Tensor) -> Tensor:
        """Images (N, 3, 224, 224) to scores (N, 1000); the channels are those of width 1."""
        maps = self.relu(self.norm(self.conv(image)))  # 32 x 112 x 112
        maps = self.separables(maps)  # 1024 x 7 x 7
        features = self.average(maps).flatten(1)  # 1024
        return self.fc(features)  # 1000


def build(name: str) -> nn.Module:
    """The network of this name: build("mobilenet_v1") has 4,231,976 parameters."""
    return MobileNet(MULTIPLIERS[name])
