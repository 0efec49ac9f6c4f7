"""Micro-networks that change the resolution other than by a window with a stride."""

from __future__ import annotations

from typing import Any, ClassVar

import torch.nn.functional as functional
from micro_network import MicroNetwork
from torch import Tensor, nn


class TransposedWithOutputPadding(MicroNetwork):
    """Output padding adds a last row and column that only part of the taps reach."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Conv2d(2, 2, 3, 2, padding=1)
        self.up = nn.ConvTranspose2d(2, 2, 3, stride=2, padding=1, output_padding=(1, 0))

    def forward(self, image: Tensor) -> Tensor:
        return self.up(self.down(image))


class TransposedDilated(MicroNetwork):
    """Stride and dilation of a transposed convolution decide together which taps meet an output."""

    shapes = ((2, 7, 5),)

    def __init__(self) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(2, 2, (3, 2), stride=(2, 3), padding=(2, 0), dilation=(3, 2), groups=2)

    def forward(self, image: Tensor) -> Tensor:
        return self.up(image)


class TransposedWithHoles(MicroNetwork):
    """A stride beyond the kernel leaves outputs that see nothing; a convolution after it fills them."""

    shapes = ((2, 6, 5),)

    def __init__(self) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(2, 2, 1, stride=3)
        self.smooth = nn.Conv2d(2, 2, 2)

    def forward(self, image: Tensor) -> Tensor:
        return self.smooth(self.up(image)) + self.up(image)[..., 1:, 1:]


class _Interpolation(MicroNetwork):
    """A convolution after which the map is resampled."""

    shapes = ((2, 9, 7),)
    arguments: ClassVar[dict[str, Any]]

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        return functional.interpolate(self.layer(image), **self.arguments)


class NearestDoubled(_Interpolation):
    """Each unit is repeated: neighbours in pairs see the same."""

    arguments: ClassVar = {"scale_factor": 2, "mode": "nearest"}


class NearestToSize(_Interpolation):
    """A ratio that is no whole number repeats units unevenly."""

    arguments: ClassVar = {"size": (13, 10), "mode": "nearest"}


class NearestExactDown(_Interpolation):
    """The exact mode rounds from the centre of the unit, the other from its edge."""

    arguments: ClassVar = {"size": (4, 3), "mode": "nearest-exact"}


class BilinearDoubled(_Interpolation):
    """Two neighbours meet in each unit, at the border only one."""

    arguments: ClassVar = {"scale_factor": 2, "mode": "bilinear"}


class BilinearAlignedCorners(_Interpolation):
    """With aligned corners some units fall on a source, and see no other."""

    arguments: ClassVar = {"size": (17, 10), "mode": "bilinear", "align_corners": True}


class BilinearDown(_Interpolation):
    """Shrinking without antialiasing looks at two neighbours, whatever the ratio."""

    arguments: ClassVar = {"size": (4, 2), "mode": "bilinear"}


class BilinearTripled(_Interpolation):
    """An odd factor puts every third unit on a source."""

    arguments: ClassVar = {"scale_factor": 3, "mode": "bilinear"}


class ScaleFactorThatDoesNotDivide(_Interpolation):
    """PyTorch resamples by the factor that was given, not by the ratio of the sizes."""

    arguments: ClassVar = {"scale_factor": 1.6, "mode": "bilinear"}


class Bicubic(_Interpolation):
    """Four neighbours meet; their weights can be negative."""

    arguments: ClassVar = {"scale_factor": (2, 1.5), "mode": "bicubic"}


class PixelShuffle(MicroNetwork):
    """Channels become positions."""

    shapes = ((2, 9, 7),)

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.last = nn.Conv2d(2, 8, 3, padding=1), nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        return self.last(functional.pixel_shuffle(self.layer(image), 2))


class PixelUnshuffle(MicroNetwork):
    """Positions become channels: a map sees the union of what they saw."""

    shapes = ((2, 12, 9),)

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        return functional.pixel_unshuffle(self.layer(image), 3)


class BlurPool(MicroNetwork):
    """An antialiased stride: reflected border, then a depthwise filter."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, padding=1)
        self.blur = nn.Conv2d(2, 2, 3, stride=2, groups=2, bias=False)

    def forward(self, image: Tensor) -> Tensor:
        return self.blur(
            functional.pad(functional.max_pool2d(self.layer(image), 2, 1), (1, 1, 1, 1), mode="reflect")
        )
