"""Micro-networks that pad, crop, slice, turn or shift."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from micro_network import MicroNetwork
from torch import Tensor, nn

from analysis.records import Status


class StridedSlicing(MicroNetwork):
    """A slice with a step subsamples without any window."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        return self.layer(self.layer(image)[..., ::2, ::2])[..., 1::3, -4:-1]


class Focus(MicroNetwork):
    """Four interleaved slices become channels (YOLOv5's focus layer)."""

    shapes = ((2, 12, 10),)

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(8, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        corners = [image[..., row::2, column::2] for column in (0, 1) for row in (0, 1)]
        return self.layer(torch.cat(corners, 1))


class Flip(MicroNetwork):
    """A mirrored map beside the original: a unit sees both sides of the image."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        return self.layer(image.flip(3)) + torch.flip(image, (2,))


class Roll(MicroNetwork):
    """A cyclic shift brings the far border beside the near one; a window across it sees both."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        return self.layer(torch.roll(self.layer(image), (-2, 3), (2, 3)))


class Transposed(MicroNetwork):
    """Rows and columns change places, and are cut differently afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, (1, 3), stride=(1, 2), padding=(0, 1))

    def forward(self, image: Tensor) -> Tensor:
        return self.layer(self.layer(image).transpose(2, 3))


class QuarterTurn(MicroNetwork):
    """A rotation by 90 degrees is a flip of a transposition."""

    status = Status.BOUND

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, stride=2)

    def forward(self, image: Tensor) -> Tensor:
        return self.layer(torch.rot90(image, 1, (2, 3)))


class SpatialConcatenation(MicroNetwork):
    """Maps laid side by side: a window across the seam sees parts of both."""

    shapes = ((2, 8, 6),)

    def __init__(self) -> None:
        super().__init__()
        self.fine, self.last = nn.Conv2d(2, 2, 3, padding=1), nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        return self.last(torch.cat([self.fine(image), image[..., ::2]], 3))


class Halves(MicroNetwork):
    """The map is cut into an upper and a lower half, and each goes its own way."""

    shapes = ((2, 10, 7),)

    def __init__(self) -> None:
        super().__init__()
        self.wide = nn.Conv2d(2, 2, 5, padding=2)

    def forward(self, image: Tensor) -> Tensor:
        upper, lower = image.chunk(2, dim=2)
        return torch.cat([lower, self.wide(upper)], 2)


class Tiled(MicroNetwork):
    """A map repeated like tiles: the window across the seam sees both ends."""

    shapes = ((2, 6, 5),)

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        return self.layer(image.repeat(1, 1, 2, 2))


class UnfoldedPatches(MicroNetwork):
    """Windows cut out by im2col become columns of a matrix."""

    shapes = ((2, 8, 6),)

    status = Status.BOUND

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        return functional.unfold(self.layer(image), 2, stride=2)


class LastRowOnly(MicroNetwork):
    """One row is picked: the others no longer matter."""

    channel_dim = 1

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        return self.layer(image)[:, :, -1]


class InPlaceWrites(MicroNetwork):
    """The middle of a map is overwritten in place by what another layer saw."""

    status = Status.BOUND

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.wide = nn.Conv2d(2, 2, 1), nn.Conv2d(2, 2, 5, padding=2)

    def forward(self, image: Tensor) -> Tensor:
        features, wide = self.layer(image), self.wide(image)
        features[:, :, 3:6, 2:5] = wide[:, :, 3:6, 2:5]
        return features


class Chosen(MicroNetwork):
    """A constant mask decides which of two maps is read: the field is an upper bound."""

    status = Status.BOUND

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        return torch.where(torch.ones(14, 11, dtype=torch.bool), image, self.layer(image))
