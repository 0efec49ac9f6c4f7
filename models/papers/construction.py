"""Which file builds which historical model."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from models.records import ModelCard

if TYPE_CHECKING:
    from torch import nn

_MODULES = {
    "AlexNet": "alexnet",
    "DenseNet": "densenet",
    "GoogLeNet": "googlenet",
    "LeNet": "lenet",
    "MobileNetV1": "mobilenet",
    "ResNeXt": "resnext",
    "ResNet": "resnet",
    "VGG": "vgg",
}


def paper_constructor(wanted: ModelCard) -> Callable[[], nn.Module]:
    """A call without arguments that builds the model of this card, with PyTorch's default initialisation."""
    module = "resnet_cifar" if wanted.name.endswith("_cifar") else _MODULES[wanted.family]
    return partial(import_module(f"models.papers.{module}").build, wanted.name)
