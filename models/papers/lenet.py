"""LeNet-5 as published in 1998, and the modern network of the same name.

LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", Proc. IEEE
86(11), 1998, section II-B and Fig. 2. torchvision has neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.papers.lenet_digits import DIGIT_CODES

# Table I: the maps of S2 (0 to 5) that each of the 16 maps of C3 combines. Six contiguous triples,
# six contiguous fours, three broken fours, and all six: 60 kernels.
C3_INPUTS: tuple[tuple[int, ...], ...] = (
    (0, 1, 2),
    (1, 2, 3),
    (2, 3, 4),
    (3, 4, 5),
    (0, 4, 5),
    (0, 1, 5),
    (0, 1, 2, 3),
    (1, 2, 3, 4),
    (2, 3, 4, 5),
    (0, 3, 4, 5),
    (0, 1, 4, 5),
    (0, 1, 2, 5),
    (0, 1, 3, 4),
    (1, 2, 4, 5),
    (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)


class ScaledTanh(nn.Module):
    """f(a) = 1.7159 tanh(2 a / 3), so that f(1) = 1 and f(-1) = -1 (section II-B and appendix A)."""

    def forward(self, sums: Tensor) -> Tensor:
        """Squash each value; the shape stays."""
        return 1.7159 * torch.tanh(2 / 3 * sums)


class Subsampling(nn.Module):
    """Sum of 2 x 2 neighbours, times one trainable coefficient, plus one trainable bias a map (S2, S4)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.coefficient = nn.Parameter(torch.full((channels, 1, 1), 0.25))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, h, w) to (N, C, h / 2, w / 2)."""
        sums = functional.avg_pool2d(maps, 2, divisor_override=1)
        return self.coefficient * sums + self.bias


class PartialConvolution(nn.Module):
    """C3: each of 16 maps is a 5 x 5 convolution of some of the six maps of S2, as Table I lists them."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.ModuleList(nn.Conv2d(len(inputs), 1, 5) for inputs in C3_INPUTS)

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, 6, h, w) to (N, 16, h - 4, w - 4)."""
        singles = maps.split(1, dim=1)
        combined = [
            convolution(torch.cat([singles[index] for index in inputs], dim=1))
            for convolution, inputs in zip(self.maps, C3_INPUTS, strict=True)
        ]
        return torch.cat(combined, dim=1)


class RadialBasisOutput(nn.Module):
    """y_i = sum over j of (x_j - w_ij)^2, equation (7): distances to ten fixed codes of -1 and +1.

    A small output means a good match. The codes are 7 x 12 pictures of the digits and are not trained
    at first, so they are a buffer of 10 x 84 values and no parameters.
    """

    codes: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("codes", torch.tensor(DIGIT_CODES, dtype=torch.get_default_dtype()))

    def forward(self, features: Tensor) -> Tensor:
        """Features (N, 84) to squared distances (N, 10)."""
        return (features.unsqueeze(1) - self.codes).square().sum(dim=2)


class LeNet5(nn.Module):
    """LeNet-5 of 1998: images of 1 x 32 x 32 to ten distances; 60,000 trainable parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.c1, self.squash1 = nn.Conv2d(1, 6, 5), ScaledTanh()
        self.s2, self.squash2 = Subsampling(6), ScaledTanh()
        self.c3, self.squash3 = PartialConvolution(), ScaledTanh()
        self.s4, self.squash4 = Subsampling(16), ScaledTanh()
        self.c5, self.squash5 = nn.Conv2d(16, 120, 5), ScaledTanh()
        self.f6, self.squash6 = nn.Linear(120, 84), ScaledTanh()
        self.output = RadialBasisOutput()

    def forward(self, image: Tensor) -> Tensor:
        """Images (N, 1, 32, 32) to distances (N, 10): the smallest names the digit."""
        maps = self.squash1(self.c1(image))  # 6 x 28 x 28
        maps = self.squash2(self.s2(maps))  # 6 x 14 x 14
        maps = self.squash3(self.c3(maps))  # 16 x 10 x 10
        maps = self.squash4(self.s4(maps))  # 16 x 5 x 5
        maps = self.squash5(self.c5(maps))  # 120 x 1 x 1
        features = self.squash6(self.f6(maps.flatten(1)))  # 84
        return self.output(features)  # 10


@dataclass(frozen=True, slots=True)
class Modern:
    """A modern LeNet-5: its activation, and the padding of its first convolution (2 for 28 x 28 images)."""

    activation: type[nn.Module]
    padding: int


MODERN: Mapping[str, Modern] = {
    "lenet5_modern": Modern(nn.Tanh, 0),
    "lenet5_modern_sigmoid": Modern(nn.Sigmoid, 0),
    "lenet5_modern_28": Modern(nn.Tanh, 2),
}


class ModernLeNet5(nn.Module):
    """The LeNet-5 of today's textbooks: full connections in C3, average pooling, a linear output; 61,706 parameters.

    A 28 x 28 image, as MNIST has them, needs padding 2 in the first convolution; without it the maps
    would be 24, 12, 8 and 4 wide and the last 5 x 5 kernel would not fit.
    """

    def __init__(self, activation: Callable[[], nn.Module], padding: int) -> None:
        super().__init__()
        self.conv1, self.squash1, self.pool1 = (
            nn.Conv2d(1, 6, 5, padding=padding),
            activation(),
            nn.AvgPool2d(2),
        )
        self.conv2, self.squash2, self.pool2 = nn.Conv2d(6, 16, 5), activation(), nn.AvgPool2d(2)
        self.conv3, self.squash3 = nn.Conv2d(16, 120, 5), activation()
        self.fc1, self.squash4 = nn.Linear(120, 84), activation()
        self.fc2 = nn.Linear(84, 10)

    def forward(self, image: Tensor) -> Tensor:
        """Images (N, 1, 32, 32), or (N, 1, 28, 28) with padding 2, to scores (N, 10)."""
        maps = self.squash1(self.conv1(image))  # 6 x 28 x 28
        maps = self.pool1(maps)  # 6 x 14 x 14
        maps = self.squash2(self.conv2(maps))  # 16 x 10 x 10
        maps = self.pool2(maps)  # 16 x 5 x 5
        maps = self.squash3(self.conv3(maps))  # 120 x 1 x 1
        features = self.squash4(self.fc1(maps.flatten(1)))  # 84
        return self.fc2(features)  # 10


def build(name: str) -> nn.Module:
    """The LeNet of this name: build("lenet5") has 60,000 parameters."""
    if name == "lenet5":
        return LeNet5()
    variant = MODERN[name]
    return ModernLeNet5(variant.activation, variant.padding)
