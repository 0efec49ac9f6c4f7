"""Micro-networks whose border is not made of zeros, or not the same on all sides."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch.nn.functional as functional
from micro_network import MicroNetwork
from torch import Tensor, nn


class _Padded(MicroNetwork):
    """A convolution whose border is made by the layer itself."""

    shapes = ((2, 8, 7),)
    mode: ClassVar[Literal["reflect", "replicate", "circular"]]

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, padding=1)
        self.wide = nn.Conv2d(2, 2, 5, padding=(3, 2), padding_mode=self.mode)

    def forward(self, image: Tensor) -> Tensor:
        return self.wide(self.layer(image))


class ReflectPadding(_Padded):
    """A border unit sees the mirror image of what lies inside."""

    mode = "reflect"


class ReplicatePadding(_Padded):
    """A border unit sees the outermost line again."""

    mode = "replicate"


class CircularPadding(_Padded):
    """A border unit sees the other end of the image."""

    mode = "circular"


class PaddingAndCropping(MicroNetwork):
    """Padding on one side alone, and negative padding, move the grid."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, stride=2)

    def forward(self, image: Tensor) -> Tensor:
        return functional.pad(self.layer(functional.pad(image, (2, -1, -3, 4))), (-1, 1, 0, 2))
