"""VGG in its six configurations of 2014.

Simonyan, Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", arXiv
1409.1556, ICLR 2015, Table 1. torchvision has A, B, D and E (and resamples the last map to 7 x 7, so
that other image sizes fit); A-LRN and C are here alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from models.papers.normalisation import LocalResponseNormalisation


@dataclass(frozen=True, slots=True)
class Configuration:
    """A column of Table 1: for each of the five stages the kernel sizes of its convolutions."""

    kernels: tuple[tuple[int, ...], ...]
    normalises: bool = False


WIDTHS = (64, 128, 256, 512, 512)
CONFIGURATIONS: Mapping[str, Configuration] = {
    "vgg11_a": Configuration(((3,), (3,), (3, 3), (3, 3), (3, 3))),
    "vgg11_a_lrn": Configuration(((3,), (3,), (3, 3), (3, 3), (3, 3)), normalises=True),
    "vgg13_b": Configuration(((3, 3), (3, 3), (3, 3), (3, 3), (3, 3))),
    "vgg16_c": Configuration(((3, 3), (3, 3), (3, 3, 1), (3, 3, 1), (3, 3, 1))),
    "vgg16_d": Configuration(((3, 3), (3, 3), (3, 3, 3), (3, 3, 3), (3, 3, 3))),
    "vgg19_e": Configuration(((3, 3), (3, 3), (3, 3, 3, 3), (3, 3, 3, 3), (3, 3, 3, 3))),
}


class VGG(nn.Module):
    """A configuration of Table 1: images of 3 x 224 x 224 to 1000 scores. D: 138,357,544 parameters."""

    def __init__(self, configuration: Configuration) -> None:
        super().__init__()
        entering = (3, *WIDTHS[:-1])
        self.stage1, self.stage2, self.stage3, self.stage4, self.stage5 = (
            nn.Sequential(
                *_stage(channels, width, kernels, normalises=configuration.normalises and channels == 3)
            )
            for channels, width, kernels in zip(entering, WIDTHS, configuration.kernels, strict=True)
        )
        self.fc1, self.relu1, self.dropout1 = nn.Linear(512 * 7 * 7, 4096), nn.ReLU(), nn.Dropout(0.5)
        self.fc2, self.relu2, self.dropout2 = nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5)
        self.fc3 = nn.Linear(4096, 1000)

    def forward(self, image: Tensor) -> Tensor:
        """Images (N, 3, 224, 224) to scores (N, 1000), before the softmax."""
        maps = self.stage1(image)  # 64 x 112 x 112
        maps = self.stage2(maps)  # 128 x 56 x 56
        maps = self.stage3(maps)  # 256 x 28 x 28
        maps = self.stage4(maps)  # 512 x 14 x 14
        maps = self.stage5(maps)  # 512 x 7 x 7
        features = self.dropout1(self.relu1(self.fc1(maps.flatten(1))))  # 4096
        features = self.dropout2(self.relu2(self.fc2(features)))  # 4096
        return self.fc3(features)  # 1000


def _stage(channels: int, width: int, kernels: tuple[int, ...], *, normalises: bool) -> Iterator[nn.Module]:
    """Convolutions that keep the map's size, each with its ReLU, then a 2 x 2 maximum."""
    for kernel in kernels:
        yield nn.Conv2d(channels, width, kernel, padding=kernel // 2)
        yield nn.ReLU()
        channels = width
    if normalises:
        yield LocalResponseNormalisation()
    yield nn.MaxPool2d(2)


def build(name: str) -> nn.Module:
    """The configuration of this name: build("vgg16_c") has 133,638,952 parameters."""
    return VGG(CONFIGURATIONS[name])
