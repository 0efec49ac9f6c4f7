"""A fixed bank of oriented and coloured filters, and what a picture makes of it: maps to try things on.

The filters are written down, not learned: twelve Gabor functions of one scale (Gabor 1946; Daugman 1985),
15 degrees apart, on brightness, and four differences of colours under a Gaussian. Learned first layers
look much the same (Krizhevsky et al. 2012, figure 3). Channels that are neighbours answer to neighbouring
orientations; in a trained network their order has no meaning.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it
from numpy.typing import NDArray
from torch import Tensor

KERNEL = 11
STRIDE = 4
LONGEST_SIDE = 256
_WAVELENGTH = 5.0
_SPREAD = 2.5
_ANGLES = range(0, 180, 15)
# Names as URLs hold them: what people read, and for a colour what it adds and takes away of red, green and blue.
_COLOURS = {
    "red": ("red", (1.0, -1.0, 0.0)),
    "green": ("green", (-1.0, 1.0, 0.0)),
    "blue": ("blue", (-0.5, -0.5, 1.0)),
    "yellow": ("yellow", (0.5, 0.5, -1.0)),
}
CHANNELS = {str(angle): f"{angle}°" for angle in _ANGLES} | {
    name: label for name, (label, _) in _COLOURS.items()
}


@cache
def filter_bank() -> Tensor:
    """The filters, (16, 3, 11, 11), in the order of :data:`CHANNELS`; do not change them.

    The weights of each sum to 0, so that an even surface gives 0, and their sizes to 2, so that no response is
    above 255. An orientation is that of the light or dark line which the filter answers to most: 0 lies across,
    45 rises to the right.
    """
    reach = KERNEL // 2
    down, right = torch.meshgrid(*2 * [torch.arange(-reach, reach + 1, dtype=torch.float64)], indexing="ij")
    window = torch.exp(-(down**2 + right**2) / (2 * _SPREAD**2))
    filters = []
    for angle in torch.deg2rad(torch.tensor(_ANGLES, dtype=torch.float64)):
        across = right * torch.sin(angle) + down * torch.cos(angle)
        wave = window * torch.cos(2 * torch.pi * across / _WAVELENGTH)
        wave -= window * wave.sum() / window.sum()
        filters.append((wave / 3).expand(3, -1, -1))
    for _, share in _COLOURS.values():
        filters.append(torch.tensor(share, dtype=torch.float64)[:, None, None] * window)
    bank = torch.stack(filters)
    return 2 * bank / bank.abs().sum(dim=(1, 2, 3), keepdim=True)


def scaled_down(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture (height, width, 3) with at most 256 pixels on its longer side; a smaller one as it is."""
    longest = max(pixels.shape[:2])
    if longest <= LONGEST_SIDE:
        return pixels
    size = [max(1, round(side * LONGEST_SIDE / longest)) for side in pixels.shape[:2]]
    image = torch.tensor(pixels, dtype=torch.float64).permute(2, 0, 1)[None]
    scaled = F.interpolate(image, size, mode="bilinear", antialias=True)[0].permute(1, 2, 0)
    found: NDArray[np.uint8] = scaled.round().clamp(0, 255).to(torch.uint8).numpy()
    return found


def feature_maps(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The maps (16, h, w) of a picture (height, width, 3), 0 to 255, after ReLU: filters of 11 x 11 every 4 pixels.

    A picture of 256 x 256 gives maps of 62 x 62. Raises ValueError for one with a side below 11.
    """
    height, width = pixels.shape[:2]
    if min(height, width) < KERNEL:
        raise ValueError(
            f"A picture of {height} x {width} pixels is smaller than the filters: "
            f"choose one of {KERNEL} x {KERNEL} or more."
        )
    image = torch.tensor(pixels, dtype=torch.float64).permute(2, 0, 1)[None]
    maps: NDArray[np.float64] = F.conv2d(image, filter_bank(), stride=STRIDE).relu()[0].numpy()
    maps.setflags(write=False)
    return maps
