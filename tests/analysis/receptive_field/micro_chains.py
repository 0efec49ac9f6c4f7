"""Micro-networks without branches: one window after another."""

from __future__ import annotations

import torch.nn.functional as functional
from micro_network import MicroNetwork
from torch import Tensor, nn


class _Sequence(nn.Module):
    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, image: Tensor) -> Tensor:
        return self.layers(image)


class Chain(_Sequence, MicroNetwork):
    """The plain recurrence size += (k - 1) J, and border units that see less than interior ones."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(2, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 4, 3, padding=1)
        )


class UnpaddedChain(_Sequence, MicroNetwork):
    """Without padding no unit is cut off, and a floor division leaves the last pixels unseen."""

    def __init__(self) -> None:
        super().__init__(nn.Conv2d(2, 4, 3), nn.AvgPool2d(2), nn.Conv2d(4, 4, 2))


class Dilation(_Sequence, MicroNetwork):
    """Holes between the taps: near a border the first tap inside the image is not the first of the window."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(2, 4, 3, padding=2, dilation=2), nn.Conv2d(4, 4, 3, padding=(1, 3), dilation=(3, 2))
        )


class CeilMode(_Sequence, MicroNetwork):
    """The last window of ceil_mode hangs over the edge and sees less."""

    shapes = ((2, 12, 9),)

    def __init__(self) -> None:
        super().__init__(
            nn.MaxPool2d(3, 2, ceil_mode=True),
            nn.Conv2d(2, 2, 3, padding=1),
            nn.AvgPool2d(2, 2, ceil_mode=True),
        )


class CeilModeWithPadding(_Sequence, MicroNetwork):
    """A window that would begin in the right padding is left out, so ceil_mode adds no unit there."""

    shapes = ((2, 5, 8),)

    def __init__(self) -> None:
        super().__init__(nn.MaxPool2d(2, 2, padding=1, ceil_mode=True))


class AsymmetricKernels(_Sequence, MicroNetwork):
    """Rows and columns have their own kernel, stride and padding (Inception's 1x7 and 7x1)."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(2, 4, (1, 5), stride=(1, 2), padding=(0, 2)),
            nn.Conv2d(4, 4, (5, 1), stride=(2, 1), padding=(3, 0)),
        )


class SamePadding(_Sequence, MicroNetwork):
    """An even kernel under padding="same" pads one more on the right than on the left."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(2, 4, 4, padding="same"), nn.Conv2d(4, 4, (2, 3), padding="same", dilation=(3, 1))
        )


class KernelSmallerThanStride(_Sequence, MicroNetwork):
    """A stride larger than the kernel leaves pixels that nobody sees (ResNet's 1x1 shortcut)."""

    def __init__(self) -> None:
        super().__init__(nn.Conv2d(2, 4, 1, stride=2), nn.Conv2d(4, 4, 2, stride=3))


class PaddingBeyondKernel(_Sequence, MicroNetwork):
    """More padding than the kernel reaches: the outermost units see nothing at all."""

    def __init__(self) -> None:
        super().__init__(nn.Conv2d(2, 4, 3, padding=4), nn.Conv2d(4, 4, 1, padding=1))


class Grouped(_Sequence, MicroNetwork):
    """Groups split the channels, not the positions (ResNeXt)."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(2, 4, 1), nn.Conv2d(4, 8, 3, stride=2, padding=1, groups=2), nn.BatchNorm2d(8)
        )


class DepthwiseSeparable(_Sequence, MicroNetwork):
    """One filter a channel, then 1x1 (MobileNet); each channel sees as far as the others."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(2, 2, 3, padding=1, groups=2), nn.ReLU6(), nn.Conv2d(2, 4, 1), nn.Hardswish(),
            nn.Conv2d(4, 4, 5, stride=2, padding=2, groups=4),
        )  # fmt: skip


class DilatedPooling(_Sequence, MicroNetwork):
    """Maximum pooling takes dilation too."""

    def __init__(self) -> None:
        super().__init__(nn.MaxPool2d(3, stride=2, padding=1, dilation=2), nn.Conv2d(2, 2, 3, padding=1))


class SharedModule(MicroNetwork):
    """One module called three times is three layers."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, padding=1)
        self.halve = nn.MaxPool2d(2)

    def forward(self, image: Tensor) -> Tensor:
        return self.layer(self.halve(self.layer(self.layer(image))))


class LoopOverSize(MicroNetwork):
    """Control flow that depends on shapes alone: pool until the map is small."""

    shapes = ((2, 22, 17),)

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        while min(image.shape[-2:]) > 4:
            image = functional.max_pool2d(functional.relu(self.layer(image)), 2)
        return image


class AdaptivePooling(_Sequence, MicroNetwork):
    """Windows of adaptive pooling differ in size and overlap when the sizes do not divide."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(2, 4, 3, padding=1), nn.AdaptiveAvgPool2d((5, 4)), nn.AdaptiveMaxPool2d((3, 2))
        )


class AdaptivePoolingThatDivides(_Sequence, MicroNetwork):
    """Where sizes divide, adaptive pooling is ordinary pooling and keeps a regular grid."""

    shapes = ((2, 12, 10),)

    def __init__(self) -> None:
        super().__init__(nn.Conv2d(2, 4, 3, padding=1), nn.AdaptiveAvgPool2d((4, 5)))


class AdaptivePoolingThatEnlarges(_Sequence, MicroNetwork):
    """A larger output than input repeats units."""

    def __init__(self) -> None:
        super().__init__(nn.Conv2d(2, 4, 3, stride=3), nn.AdaptiveAvgPool2d((7, 6)))


class Classifier(_Sequence, MicroNetwork):
    """A fully connected head sees all that the last map sees, which is not all of the image."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(2, 4, 3, stride=4),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(4 * 3 * 3, 8),
            nn.Sigmoid(),
            nn.Linear(8, 5),
        )
