"""Pictures as pixels: those that come with ConvScope and those that a visitor uploads.

An uploaded file is not trusted: it may be no picture, cut short, or a few bytes that unpack to
gigabytes. Whatever is wrong with it becomes a ValueError whose sentence says what to do.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

FOLDER = Path(__file__).parents[1] / "pictures"
SHIPPED = {"cat": "Cat", "cup": "Cup of coffee", "bricks": "Wall of bricks"}
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An RGB picture: ``pixels`` are (height, width, 3), 0 to 255, and cannot be written to."""

    name: str
    pixels: NDArray[np.uint8]


def shipped(name: str) -> Picture:
    """One of :data:`SHIPPED`, 256 x 256: shipped("cat").pixels.shape == (256, 256, 3)."""
    return decoded((FOLDER / f"{name}.jpg").read_bytes(), SHIPPED[name])


def decoded(data: bytes, name: str) -> Picture:
    """The picture in the bytes of a file, turned upright, at most 1,024 pixels on its longer side.

    Of an animation it is the first frame; transparency becomes white. Raises ValueError for a file that is
    no picture of :data:`FORMATS`, is damaged, or has more than 50 million pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about size and metadata: what matters is checked here
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise ValueError(
                        f"{name} has {opened.width:,} x {opened.height:,} pixels, more than can be taken: "
                        f"scale it down to at most {MOST_PIXELS // 1_000_000} million pixels."
                    )
                opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(opened)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
                pixels = np.asarray(_flat(upright))
    except Image.UnidentifiedImageError:
        raise ValueError(f"{name} is not a picture in a format known here: {', '.join(FORMATS)}.") from None
    except (Image.DecompressionBombError, MemoryError):
        raise ValueError(f"{name} unpacks to a picture too large to be taken: scale it down.") from None
    except (OSError, SyntaxError, EOFError, IndexError, KeyError, TypeError) as error:
        raise ValueError(
            f"{name} is damaged and cannot be read ({error}): save it again, or choose another."
        ) from error
    pixels.setflags(write=False)
    return Picture(name, pixels)


def _flat(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    above = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", above.size, "white"), above).convert("RGB")
