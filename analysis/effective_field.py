"""The effective receptive field: how strongly each pixel moves a unit, not only whether it can.

Luo, Li, Urtasun and Zemel (2016, Understanding the effective receptive field in deep convolutional
neural networks) measure it as the gradient of a unit with respect to the input, averaged over
inputs. They find it much smaller than the theoretical field, and nearly Gaussian: a stack of n
layers sees O(n) pixels, and uses O(sqrt(n)) of them.

A unit here is all channels at one place of a map. They are added with random signs, drawn anew for
each input: the square of such a gradient is, on average, the sum of the squares of the gradients of
all channels, so that no channel hides another. Their plain sum would not do: behind a layer
normalisation it is a constant, whose gradient is zero.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from analysis.receptive_field.units import UnitGrid, unit_grid
from analysis.records import Pair, Row
from analysis.unit_gradients import Index, unit_gradients

Map = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class EffectiveField:
    """How strongly each pixel moves a unit, averaged over ``inputs`` images; both maps are (height, width).

    ``magnitude`` is the mean of the gradient's absolute value, added over the image's channels.
    ``energy`` is the mean of its square, likewise; its sum is the mean squared length of the gradient.
    """

    magnitude: Map
    energy: Map
    inputs: int


def effective_fields(
    model: nn.Module, images: Tensor, units: Mapping[int, Index], *, seed: int = 0
) -> Generator[dict[int, EffectiveField], None, None]:
    """Measure the effective fields of a unit in each of some rows; yields them after each image, better each time.

    ``images`` is (count, channels, height, width) on the device and in the type of the weights. ``units``
    holds for each row of the model's report the index of its unit: see :func:`unit_index`. One forward pass
    an image serves all rows. The last result is the measurement over all images. Raises ValueError as
    :func:`analysis.unit_gradients.unit_gradients` does.

    >>> model, images = build_initialised("resnet50"), noise((3, 224, 224), 4)
    >>> *_, fields = effective_fields(model, images, {139: (slice(None), slice(None), 3, 3)})
    >>> fields[139].energy.shape, fields[139].inputs
    ((224, 224), 4)
    """
    size = tuple(images.shape[-2:])
    magnitudes = {row: np.zeros(size) for row in units}
    energies = {row: np.zeros(size) for row in units}
    for count, image in enumerate(images.split(1), start=1):
        for row, gradient in unit_gradients(model, image, units, seed=seed + count).items():
            values = gradient[0].double()  # the squares of small numbers would be 0 in single precision
            magnitudes[row] += values.abs().sum(0).cpu().numpy()
            energies[row] += values.square().sum(0).cpu().numpy()
        yield {row: EffectiveField(magnitudes[row] / count, energies[row] / count, count) for row in units}


def noise(shape: tuple[int, int, int], count: int, *, seed: int = 0) -> Tensor:
    """``count`` images of independent normal values, mean 0 and variance 1: noise((3, 224, 224), 4)."""
    return torch.randn(count, *shape, generator=torch.Generator().manual_seed(seed))


def around(image: Tensor, count: int, deviation: float = 0.1, *, seed: int = 0) -> Tensor:
    """``count`` copies of an image (channels, height, width), each with normal noise of that standard deviation.

    The image as it is comes first.
    """
    channels, height, width = image.shape
    copies = image + deviation * noise((channels, height, width), count, seed=seed)
    copies[0] = image
    return copies


def unit_index(row: Row, unit: Pair) -> Index:
    """Where a unit (row, column) of :func:`analysis.receptive_field.units.unit_grid` lies in its row's output.

    All of its channels are meant: (all, all, 3, 4) for unit (3, 4) of a map (1, channels, height, width).
    Raises ValueError for a row that sees no image, and for a unit that it does not have.
    """
    grid = known_grid(row)
    if not (0 <= unit[0] < grid.shape[0] and 0 <= unit[1] < grid.shape[1]):
        raise ValueError(
            f"{row.name} has no unit ({unit[0]}, {unit[1]}): choose one of {grid.shape[0]} x {grid.shape[1]}."
        )
    places = zip(grid.index(unit), grid.sizes, strict=True)
    return tuple(place if size > 1 else slice(None) for place, size in places)


def known_grid(row: Row) -> UnitGrid:
    """The units of a row; ValueError for a row that sees no image."""
    grid = unit_grid(row)
    if grid is None:
        raise ValueError(f"The units of {row.name} see no image: choose another layer.")
    return grid
