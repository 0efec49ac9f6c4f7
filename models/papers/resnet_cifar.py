"""ResNet and plain networks of 2015 for CIFAR-10: 6 n + 2 layers.

He et al., arXiv 1512.03385, section 4.2 and Table 6. Shortcuts have no parameters (option A), so a
residual network has exactly those of its plain twin. torchvision has none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from models.papers.residual import Basic, Plain

WIDTHS = (16, 32, 64)
DEPTHS = (20, 32, 44, 56, 110)


@dataclass(frozen=True, slots=True)
class Variant:
    """Blocks in each of the three stages, (depth - 2) / 6, and whether they have shortcuts."""

    blocks: int
    residual: bool


VARIANTS: Mapping[str, Variant] = {
    f"{kind}{depth}_cifar": Variant((depth - 2) // 6, kind == "resnet")
    for kind in ("plain", "resnet")
    for depth in DEPTHS
}


class CifarResNet(nn.Module):
    """The network of section 4.2: images of 3 x 32 x 32 to 10 scores. ResNet-20: 269,722 parameters."""

    def __init__(self, variant: Variant) -> None:
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16)
        self.relu1 = nn.ReLU()
        entering = (WIDTHS[0], *WIDTHS[:-1])
        self.stage1, self.stage2, self.stage3 = (
            nn.Sequential(*_stage(variant, channels, width))
            for channels, width in zip(entering, WIDTHS, strict=True)
        )
        self.average = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64, 10)

    def forward(self, image: Tensor) -> Tensor:
        """Images (N, 3, 32, 32) to scores (N, 10)."""
        maps = self.relu1(self.norm1(self.conv1(image)))  # 16 x 32 x 32
        maps = self.stage1(maps)
        maps = self.stage2(maps)  # 32 x 16 x 16
        maps = self.stage3(maps)  # 64 x 8 x 8
        features = self.average(maps).flatten(1)  # 64
        return self.fc(features)  # 10


def _stage(variant: Variant, channels: int, width: int) -> Iterator[nn.Module]:
    """Blocks of one stage; where channels double, the first halves the map."""
    for index in range(variant.blocks):
        entering, stride = (channels, width // channels) if index == 0 else (width, 1)
        if variant.residual:
            yield Basic(entering, width, stride, projects=False)
        else:
            yield Plain(entering, width, stride)


def build(name: str) -> nn.Module:
    """The network of this name: build("resnet110_cifar") has 1,727,962 parameters."""
    return CifarResNet(VARIANTS[name])
