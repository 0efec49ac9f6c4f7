"""The blocks of ResNet: two plain convolutions, the same with a shortcut, and the bottleneck.

He et al. (2015), Fig. 2 and 5; a batch normalisation follows each convolution, before its activation
(section 3.4), so convolutions have no bias.
"""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor, nn
from torch.nn import functional


class ZeroPaddedShortcut(nn.Module):
    """Option A: every second position, and zeros for the channels that are added. No parameters."""

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.added, self.stride = width - channels, stride

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, h, w) to (N, width, h / stride, w / stride)."""
        kept = maps[:, :, :: self.stride, :: self.stride]
        return functional.pad(kept, (0, 0, 0, 0, 0, self.added))


def projection(channels: int, width: int, stride: int) -> nn.Sequential:
    """Option B: a 1 x 1 convolution with its batch normalisation. 64 to 256 channels: 16,896 parameters."""
    return nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width))


class Plain(nn.Module):
    """Two 3 x 3 convolutions without a shortcut: the plain networks' part of Fig. 3."""

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.norm2 = nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        self.relu1, self.relu2 = nn.ReLU(), nn.ReLU()

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, h, w) to (N, width, h / stride, w / stride)."""
        maps = self.relu1(self.norm1(self.conv1(maps)))
        return self.relu2(self.norm2(self.conv2(maps)))


class Basic(nn.Module):
    """Two 3 x 3 convolutions and a shortcut (Fig. 5, left), by projection or by zeros where shapes differ."""

    def __init__(self, channels: int, width: int, stride: int, *, projects: bool) -> None:
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.norm2 = nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        self.relu1, self.relu2 = nn.ReLU(), nn.ReLU()
        self.shortcut: nn.Module = nn.Identity()
        if (channels, stride) != (width, 1):
            self.shortcut = (projection if projects else ZeroPaddedShortcut)(channels, width, stride)

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, h, w) to (N, width, h / stride, w / stride)."""
        residual = self.relu1(self.norm1(self.conv1(maps)))
        residual = self.norm2(self.conv2(residual))
        return self.relu2(residual + self.shortcut(maps))


class Bottleneck(nn.Module):
    """1 x 1 to ``width`` channels, 3 x 3, 1 x 1 to four times as many, and a shortcut (Fig. 5, right).

    The stride is that of the first convolution, as in the authors' models, or of the second (v1.5).
    """

    EXPANSION: ClassVar[int] = 4

    def __init__(self, channels: int, width: int, stride: int, *, strides_in_3x3: bool) -> None:
        super().__init__()
        expanded = self.EXPANSION * width
        stride1, stride2 = (1, stride) if strides_in_3x3 else (stride, 1)
        self.conv1, self.norm1 = nn.Conv2d(channels, width, 1, stride1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.norm2 = nn.Conv2d(width, width, 3, stride2, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.norm3 = nn.Conv2d(width, expanded, 1, bias=False), nn.BatchNorm2d(expanded)
        self.relu1, self.relu2, self.relu3 = nn.ReLU(), nn.ReLU(), nn.ReLU()
        self.shortcut: nn.Module = nn.Identity()
        if (channels, stride) != (expanded, 1):
            self.shortcut = projection(channels, expanded, stride)

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, h, w) to (N, 4 width, h / stride, w / stride)."""
        residual = self.relu1(self.norm1(self.conv1(maps)))
        residual = self.relu2(self.norm2(self.conv2(residual)))
        residual = self.norm3(self.conv3(residual))
        return self.relu3(residual + self.shortcut(maps))
