"""Pictures as pixels: those that come with ConvScope and those that a visitor gives.

A visitor's file is not trusted: it may be no picture, cut short, or a few bytes that unpack to
gigabytes. Whatever is wrong with it becomes a ValueError whose sentence says what to do.
"""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from ui.picture_patterns import PATTERNS
from ui.picture_pixels import eight_bit_rgb

FOLDER = Path(__file__).parents[1] / "pictures"
SHIPPED = {
    "cat": "Cat",
    "cup": "Cup",
    "bricks": "Bricks",
    "zone_plate": "Zone plate",
    "test_chart": "Test chart",
    "text": "Text",
    "digit": "Digit",
}
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
MOST_MEGABYTES = 20
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1024
# Each scan of a progressive JPEG passes over the whole picture and can be a few bytes long; cameras write ten.
MOST_SCANS = 50
_JPEG = {"JPEG", "MPO"}  # MPO: several of them in one file, as some phones write
_START_OF_SCAN = b"\xff\xda"

# What Pillow raises on files that are damaged, as it turned out on thousands of them.
_DAMAGED = (
    ArithmeticError,
    AttributeError,
    EOFError,
    ImageCms.PyCMSError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An RGB picture: ``pixels`` are (height, width, 3), 0 to 255, and cannot be written to."""

    name: str
    pixels: NDArray[np.uint8]

    @property
    def digest(self) -> str:
        """A short name of the pixels, for caches: equal pixels have equal ones."""
        return hashlib.blake2b(
            repr(self.pixels.shape).encode() + self.pixels.tobytes(), digest_size=16
        ).hexdigest()


def shipped(name: str) -> Picture:
    """One of :data:`SHIPPED`, 256 x 256: shipped("cat").pixels.shape == (256, 256, 3)."""
    if name in PATTERNS:
        return _picture(SHIPPED[name], np.repeat(PATTERNS[name]()[:, :, None], 3, axis=2))
    return decoded((FOLDER / f"{name}.jpg").read_bytes(), SHIPPED[name])


def decoded(data: bytes, name: str) -> Picture:
    """The picture in the bytes of a file, turned upright, at most 1,024 pixels on its longer side.

    Of an animation it is the first frame; see :func:`ui.picture_pixels.eight_bit_rgb` for CMYK, more than eight
    bits and transparency. Raises ValueError for a file of more than 20 MB, one that is no picture of
    :data:`FORMATS`, is damaged or cut short, has more than 40 million pixels, or is made to unpack to too much.
    """
    if len(data) > MOST_MEGABYTES * 2**20:
        raise ValueError(
            f"{name} has {len(data) / 2**20:.1f} MB, more than can be taken: "
            f"save it with at most {MOST_MEGABYTES} MB."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about size and metadata: what matters is checked here
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                _check_scans(opened, data)
                if opened.width * opened.height <= MOST_PIXELS:
                    return _picture(name, _upright_pixels(opened))
                size = f"{opened.width:,} x {opened.height:,}"
    except Image.UnidentifiedImageError:
        raise ValueError(f"{name} is not a picture in a format known here: {', '.join(FORMATS)}.") from None
    except (Image.DecompressionBombError, MemoryError):
        raise ValueError(
            f"{name} would take too much work to unpack: scale it down, or save it anew as PNG or JPEG."
        ) from None
    except _DAMAGED as error:
        raise ValueError(
            f"{name} is damaged or cut short and cannot be read: save it again, or choose another."
        ) from error
    raise ValueError(
        f"{name} has {size} pixels, more than can be taken: "
        f"scale it down to at most {MOST_PIXELS // 1_000_000} million pixels."
    )


def _check_scans(opened: Image.Image, data: bytes) -> None:
    """Raise Pillow's error for a bomb where a JPEG has more scans than any camera writes."""
    if opened.format in _JPEG and data.count(_START_OF_SCAN) > MOST_SCANS:
        raise Image.DecompressionBombError


def _upright_pixels(opened: Image.Image) -> NDArray[np.uint8]:
    """The pixels as they are meant to be looked at; a JPEG is unpacked at a smaller scale where that is enough."""
    if opened.format in _JPEG:
        opened.draft(opened.mode, (LONGEST_SIDE, LONGEST_SIDE))
    opened.load()
    upright = opened
    with suppress(*_DAMAGED):  # an orientation that cannot be read is none
        upright = ImageOps.exif_transpose(opened)
    return eight_bit_rgb(upright, LONGEST_SIDE)


def _picture(name: str, pixels: NDArray[np.uint8]) -> Picture:
    pixels.setflags(write=False)
    return Picture(name, pixels)
