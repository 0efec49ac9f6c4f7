"""A picture as a network takes it: a square of its middle, scaled, normalised, on as many channels as it has inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models import ModelCard

if TYPE_CHECKING:
    from torch import Tensor

# The mean and deviation of ImageNet's pixels, with which torchvision normalises what its weights were trained on.
_MEAN = (0.485, 0.456, 0.406)
_DEVIATION = (0.229, 0.224, 0.225)
_GREY_WEIGHTS = (0.299, 0.587, 0.114)  # brightness, Rec. 601


def square(pixels: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """The middle of a picture (h, w, 3) as ``size`` x ``size`` pixels; scaled down with a low-pass (Lanczos)."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    middle = Image.fromarray(pixels[top : top + side, left : left + side])
    return np.asarray(middle.resize((size, size), Image.Resampling.LANCZOS))


def normalised(pixels: NDArray[np.uint8], card: ModelCard) -> Tensor:
    """Pixels (h, w, 3) as a network's input (1, channels, h, w), float32: ImageNet's mean is 0, its deviation 1.

    A network of one channel gets the brightness, normalised by the means of the three.
    """
    import torch

    values = pixels.astype(np.float32) / 255
    mean, deviation = np.array(_MEAN, dtype=np.float32), np.array(_DEVIATION, dtype=np.float32)
    if card.input_shape[0] == 1:
        values = values @ np.array(_GREY_WEIGHTS, dtype=np.float32)[:, None]
        mean, deviation = mean.mean(keepdims=True), deviation.mean(keepdims=True)
    scaled = np.ascontiguousarray(((values - mean) / deviation).transpose(2, 0, 1))
    return torch.from_numpy(scaled)[None]
