"""Pictures that are computed: what a network does to fine detail shows best where the detail is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Grey = NDArray[np.uint8]
SIDE = 256
# Periods of the bars in pixels: frequencies from 1/32 to 1/2 cycle per pixel, the finest there is.
PERIODS = (32, 16, 8, 6, 4, 3, 2)
_LINES = (
    "What does a network see,",
    "and what does it lose?",
    "Small letters are made of",
    "thin strokes: their detail",
    "lies near the finest that",
    "pixels can hold, and each",
    "stride halves what is left",
    "of it. Now read this again",
    "after a subsampling by 4.",
)


def zone_plate(side: int = SIDE) -> Grey:
    """Rings whose frequency grows with the radius, to 1/2 cycle per pixel in the middle of each edge.

    The phase is pi r^2 / side, so that the frequency at radius r is r / side cycles per pixel: 0.25 at r = 64
    of 256. In the corners it would exceed 1/2: they are plain grey.
    """
    offsets = np.arange(side) - (side - 1) / 2
    squared = offsets[:, None] ** 2 + offsets[None, :] ** 2
    rings = 127.5 + 127.5 * np.cos(np.pi * squared / side)
    return np.rint(np.where(squared <= (side / 2) ** 2, rings, 127.5)).astype(np.uint8)


def gratings(side: int = SIDE) -> Grey:
    """Gratings, the period of each in :data:`PERIODS`: above upright sine waves, below level black and white bars."""
    across, down = np.meshgrid(np.arange(side), np.arange(side))
    band = np.minimum(across * len(PERIODS) // side, len(PERIODS) - 1)
    period = np.asarray(PERIODS)[band]
    waves = 127.5 + 127.5 * np.cos(2 * np.pi * across / period)
    bars = np.where(2 * (down % period) < period, 255.0, 0.0)
    return np.rint(np.where(down < side // 2, waves, bars)).astype(np.uint8)


def text(side: int = SIDE) -> Grey:
    """A paragraph in black on white, letters about 12 pixels high."""
    page = Image.new("L", (side, side), "white")
    font = ImageFont.load_default(side * 5 // 64)
    ImageDraw.Draw(page).multiline_text(
        (side // 26, side // 32), "\n".join(_LINES), "black", font, spacing=side // 51
    )
    return np.asarray(page)


def digit(side: int = SIDE) -> Grey:
    """A five in white on black, as in the pictures that LeNet was made for."""
    page = Image.new("L", (side, side), "black")
    font = ImageFont.load_default(side * 7 // 8)
    ImageDraw.Draw(page).text(
        (side // 2, side // 2), "5", "white", font, anchor="mm", stroke_width=side // 40
    )
    return np.asarray(page)


PATTERNS: Mapping[str, Callable[[], Grey]] = {
    "zone_plate": zone_plate,
    "test_chart": gratings,
    "text": text,
    "digit": digit,
}
