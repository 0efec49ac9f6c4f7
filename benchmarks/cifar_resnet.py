"""The ResNets for CIFAR-10, whose depth grows without anything else changing.

He et al., "Deep Residual Learning for Image Recognition" (2015), section 4.2: 6 n + 2 layers on
32 x 32 images, three stages of n blocks with 16, 32 and 64 channels, shortcuts without parameters
(option A: every second pixel, and zeros for the new channels).
"""

from __future__ import annotations

import torch.nn.functional as functional
from torch import Tensor, nn

CIFAR_RESNETS = {"resnet20": 3, "resnet110": 18, "resnet1202": 200}


class Block(nn.Module):
    """Two 3 x 3 convolutions and a shortcut."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.stride = 1 if inputs == outputs else 2
        self.added = outputs - inputs
        self.conv1 = nn.Conv2d(inputs, outputs, 3, self.stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.relu2 = nn.ReLU(inplace=True)

    def forward(self, features: Tensor) -> Tensor:
        """The sum of both paths, rectified."""
        shortcut = features
        if self.stride == 2:
            shortcut = functional.pad(features[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.added))
        residual = self.relu1(self.bn1(self.conv1(features)))
        residual = self.bn2(self.conv2(residual))
        result: Tensor = self.relu2(residual + shortcut)
        return result


def build_cifar_resnet(name: str) -> nn.Module:
    """The named network: build_cifar_resnet("resnet20") has 269,722 parameters with its biased classifier."""
    blocks = CIFAR_RESNETS[name]
    layers: list[nn.Module] = [
        nn.Conv2d(3, 16, 3, 1, 1, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(inplace=True),
    ]
    channels = 16
    for width in (16, 32, 64):
        for _ in range(blocks):
            layers.append(Block(channels, width))
            channels = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
