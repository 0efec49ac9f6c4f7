"""ResNeXt of 2016, in its three equivalent forms.

Xie, Girshick, Dollár, Tu, He, "Aggregated Residual Transformations for Deep Neural Networks", arXiv
1611.05431, CVPR 2017, Table 1 and Fig. 3. The grouped form is torchvision's: both halve the map in
the 3 x 3 convolution. torchvision has no ResNeXt-101 32x4d; its 32x8d is not in the paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from models.papers.aggregated import AggregatedPaths, EarlyConcatenation, Grouped

Block = type[Grouped] | type[AggregatedPaths] | type[EarlyConcatenation]


@dataclass(frozen=True, slots=True)
class Variant:
    """Blocks in conv2_x to conv5_x, paths in a block, channels of a path in conv2_x, and the form of a block."""

    blocks: tuple[int, int, int, int]
    cardinality: int
    path_width: int
    block: Block = Grouped


VARIANTS: Mapping[str, Variant] = {
    "resnext50_32x4d_2016": Variant((3, 4, 6, 3), 32, 4),
    "resnext50_32x4d_2016_paths": Variant((3, 4, 6, 3), 32, 4, AggregatedPaths),
    "resnext50_32x4d_2016_concatenated": Variant((3, 4, 6, 3), 32, 4, EarlyConcatenation),
    "resnext101_32x4d_2016": Variant((3, 4, 23, 3), 32, 4),
    "resnext101_64x4d_2016": Variant((3, 4, 23, 3), 64, 4),
}
OUTPUTS = (256, 512, 1024, 2048)


class ResNeXt(nn.Module):
    """Table 1, right: images of 3 x 224 x 224 to 1000 scores. ResNeXt-50 32x4d: 25,028,904 parameters."""

    def __init__(self, variant: Variant) -> None:
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(64)
        self.relu1, self.pool1 = nn.ReLU(), nn.MaxPool2d(3, stride=2, padding=1)
        entering = (64, *OUTPUTS[:-1])
        self.conv2_x, self.conv3_x, self.conv4_x, self.conv5_x = (
            nn.Sequential(*_stage(variant, channels, expanded, count))
            for channels, expanded, count in zip(entering, OUTPUTS, variant.blocks, strict=True)
        )
        self.average = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(2048, 1000)

    def forward(self, image: Tensor) -> Tensor:
        """Images (N, 3, 224, 224) to scores (N, 1000)."""
        maps = self.relu1(self.norm1(self.conv1(image)))  # 64 x 112 x 112
        maps = self.pool1(maps)  # 64 x 56 x 56
        maps = self.conv2_x(maps)  # 256 x 56 x 56
        maps = self.conv3_x(maps)  # 512 x 28 x 28
        maps = self.conv4_x(maps)  # 1024 x 14 x 14
        maps = self.conv5_x(maps)  # 2048 x 7 x 7
        features = self.average(maps).flatten(1)  # 2048
        return self.fc(features)  # 1000


def _stage(variant: Variant, channels: int, expanded: int, count: int) -> Iterator[nn.Module]:
    """Blocks of one stage: paths widen with its output, and the first block halves the map, except in conv2_x."""
    path_width = variant.path_width * expanded // OUTPUTS[0]
    for index in range(count):
        stride = 2 if index == 0 and expanded > OUTPUTS[0] else 1
        entering = channels if index == 0 else expanded
        yield variant.block(entering, variant.cardinality, path_width, expanded, stride)


def build(name: str) -> nn.Module:
    """The network of this name: build("resnext101_32x4d_2016") has 44,177,704 parameters."""
    return ResNeXt(VARIANTS[name])
