"""ResNet of 2015 for ImageNet, and the plain networks that it is compared with.

He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", arXiv 1512.03385, CVPR 2016, Table
1, Fig. 3 and section 3.4. A bottleneck of the paper halves the map in its first 1 x 1 convolution
(here v1); torchvision's does so in the 3 x 3 (v1.5). ResNet-18 and -34 of Table 2 have option A:
shortcuts without parameters, so that they have exactly those of the plain networks; torchvision
has option B.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from torch import Tensor, nn

from models.papers.residual import Basic, Bottleneck, Plain

Shortcut = Literal["A", "B", "none"]


@dataclass(frozen=True, slots=True)
class Variant:
    """A column of Table 1: blocks in conv2_x to conv5_x, their kind, and where a bottleneck halves the map."""

    blocks: tuple[int, int, int, int]
    bottleneck: bool
    shortcut: Shortcut
    strides_in_3x3: bool = False


VARIANTS: Mapping[str, Variant] = {
    "plain18": Variant((2, 2, 2, 2), bottleneck=False, shortcut="none"),
    "plain34": Variant((3, 4, 6, 3), bottleneck=False, shortcut="none"),
    "resnet18_v1": Variant((2, 2, 2, 2), bottleneck=False, shortcut="A"),
    "resnet34_v1": Variant((3, 4, 6, 3), bottleneck=False, shortcut="A"),
    "resnet18_v1_b": Variant((2, 2, 2, 2), bottleneck=False, shortcut="B"),
    "resnet34_v1_b": Variant((3, 4, 6, 3), bottleneck=False, shortcut="B"),
    "resnet50_v1": Variant((3, 4, 6, 3), bottleneck=True, shortcut="B"),
    "resnet101_v1": Variant((3, 4, 23, 3), bottleneck=True, shortcut="B"),
    "resnet152_v1": Variant((3, 8, 36, 3), bottleneck=True, shortcut="B"),
    "resnet50_v1_5": Variant((3, 4, 6, 3), bottleneck=True, shortcut="B", strides_in_3x3=True),
    "resnet101_v1_5": Variant((3, 4, 23, 3), bottleneck=True, shortcut="B", strides_in_3x3=True),
    "resnet152_v1_5": Variant((3, 8, 36, 3), bottleneck=True, shortcut="B", strides_in_3x3=True),
}
WIDTHS = (64, 128, 256, 512)


class ResNet(nn.Module):
    """A column of Table 1: images of 3 x 224 x 224 to 1000 scores. ResNet-50: 25,557,032 parameters."""

    def __init__(self, variant: Variant) -> None:
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(64)
        self.relu1, self.pool1 = nn.ReLU(), nn.MaxPool2d(3, stride=2, padding=1)
        factor = Bottleneck.EXPANSION if variant.bottleneck else 1
        entering = (64, *(factor * width for width in WIDTHS[:-1]))
        self.conv2_x, self.conv3_x, self.conv4_x, self.conv5_x = (
            nn.Sequential(*_stage(variant, channels, width, count))
            for channels, width, count in zip(entering, WIDTHS, variant.blocks, strict=True)
        )
        self.average = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(512 * factor, 1000)

    def forward(self, image: Tensor) -> Tensor:
        """Images (N, 3, 224, 224) to scores (N, 1000); in brackets the channels of bottleneck networks."""
        maps = self.relu1(self.norm1(self.conv1(image)))  # 64 x 112 x 112
        maps = self.pool1(maps)  # 64 x 56 x 56
        maps = self.conv2_x(maps)  # 64 (256) x 56 x 56
        maps = self.conv3_x(maps)  # 128 (512) x 28 x 28
        maps = self.conv4_x(maps)  # 256 (1024) x 14 x 14
        maps = self.conv5_x(maps)  # 512 (2048) x 7 x 7
        features = self.average(maps).flatten(1)  # 512 (2048)
        return self.fc(features)  # 1000


def _stage(variant: Variant, channels: int, width: int, count: int) -> Iterator[nn.Module]:
    """Blocks of one stage; the first halves the map, except in conv2_x, where the pooling has done so."""
    for index in range(count):
        stride = 2 if index == 0 and width > WIDTHS[0] else 1
        if variant.bottleneck:
            yield Bottleneck(channels, width, stride, strides_in_3x3=variant.strides_in_3x3)
            channels = Bottleneck.EXPANSION * width
        else:
            if variant.shortcut == "none":
                yield Plain(channels, width, stride)
            else:
                yield Basic(channels, width, stride, projects=variant.shortcut == "B")
            channels = width


def build(name: str) -> nn.Module:
    """The network of this name: build("resnet50_v1") has 25,557,032 parameters."""
    return ResNet(VARIANTS[name])
