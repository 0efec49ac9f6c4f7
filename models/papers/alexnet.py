"""AlexNet as published in 2012: two towers, local response normalisation, 227 x 227 images.

Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", NIPS
25, 2012, section 3.5 and Fig. 2. The text says 224 x 224, but its maps of 55 x 55 need 227 (or
padding). torchvision's ``alexnet`` is the single tower of Krizhevsky's "One weird trick" (2014): 64,
192, 384, 256 and 256 channels, no groups, no normalisation, 224 x 224 with padding 2.
"""

from __future__ import annotations

from torch import Tensor, nn

from models.papers.normalisation import LocalResponseNormalisation


class AlexNet(nn.Module):
    """AlexNet of 2012: images of 3 x 227 x 227 to 1000 scores; 60,965,224 parameters.

    The towers that ran on two GPUs are the two groups of conv2, conv4 and conv5; conv3 and the fully
    connected layers see both.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.relu1 = nn.Conv2d(3, 96, 11, stride=4), nn.ReLU()
        self.norm1, self.pool1 = LocalResponseNormalisation(), nn.MaxPool2d(3, stride=2)
        self.conv2, self.relu2 = nn.Conv2d(96, 256, 5, padding=2, groups=2), nn.ReLU()
        self.norm2, self.pool2 = LocalResponseNormalisation(), nn.MaxPool2d(3, stride=2)
        self.conv3, self.relu3 = nn.Conv2d(256, 384, 3, padding=1), nn.ReLU()
        self.conv4, self.relu4 = nn.Conv2d(384, 384, 3, padding=1, groups=2), nn.ReLU()
        self.conv5, self.relu5 = nn.Conv2d(384, 256, 3, padding=1, groups=2), nn.ReLU()
        self.pool5 = nn.MaxPool2d(3, stride=2)
        self.fc6, self.relu6, self.dropout6 = nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(0.5)
        self.fc7, self.relu7, self.dropout7 = nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5)
        self.fc8 = nn.Linear(4096, 1000)

    def forward(self, image: Tensor) -> Tensor:
        """Images (N, 3, 227, 227) to scores (N, 1000), before the softmax."""
        maps = self.norm1(self.relu1(self.conv1(image)))  # 96 x 55 x 55
        maps = self.pool1(maps)  # 96 x 27 x 27, windows of 3 every 2: they overlap
        maps = self.norm2(self.relu2(self.conv2(maps)))  # 256 x 27 x 27
        maps = self.pool2(maps)  # 256 x 13 x 13
        maps = self.relu3(self.conv3(maps))  # 384 x 13 x 13
        maps = self.relu4(self.conv4(maps))
        maps = self.relu5(self.conv5(maps))  # 256 x 13 x 13
        maps = self.pool5(maps)  # 256 x 6 x 6
        features = self.dropout6(self.relu6(self.fc6(maps.flatten(1))))  # 4096
        features = self.dropout7(self.relu7(self.fc7(features)))  # 4096
        return self.fc8(features)  # 1000


def build(name: str) -> nn.Module:
    """The network of this name: build("alexnet_2012") has 60,965,224 parameters."""
    return {"alexnet_2012": AlexNet}[name]()
