"""From whatever a picture file holds to eight bits of red, green and blue, at a size that can be shown.

Pillow's own conversion clips what has more than eight bits; here it is scaled.
"""

from __future__ import annotations

import io
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

_SIXTEEN_BITS = 65535


def eight_bit_rgb(image: Image.Image, longest_side: int) -> NDArray[np.uint8]:
    """Pixels (height, width, 3) of an opened image of any mode, at most ``longest_side`` on its longer side.

    16 bits are scaled to 8 (65535 becomes 255); 32-bit integers and floats are stretched from their least to
    their greatest value, floats within 0 to 1 by 255. CMYK goes through the colour profile that the file
    carries, if any. What is transparent shows white. Raises ValueError for a mode that Pillow cannot convert.
    """
    plain = _eight_bits(image)
    plain.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    if plain.mode == "RGBA":
        plain = Image.alpha_composite(Image.new("RGBA", plain.size, "white"), plain)
    return np.asarray(plain.convert("RGB"))


def _eight_bits(image: Image.Image) -> Image.Image:
    """The image as L, RGB or RGBA."""
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_scaled(np.asarray(image)))
    if image.mode == "CMYK":
        return _through_profile(image) or image.convert("RGB")
    if image.mode == "LAB":
        return _converted(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")


def _scaled(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Grey values of more than eight bits as 0 to 255; what is no number is 0."""
    if values.dtype.itemsize == 2:
        return np.rint(values.astype(np.float32) * (255 / _SIXTEEN_BITS)).astype(np.uint8)
    numbers = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(numbers.min()), float(numbers.max())
    if values.dtype.kind == "f" and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    return np.rint((numbers - low) * (255 / max(high - low, 1e-300))).astype(np.uint8)


def _through_profile(image: Image.Image) -> Image.Image | None:
    """A CMYK image by the colour profile in its file; None without a usable one."""
    data = image.info.get("icc_profile")
    if not data:
        return None
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        if profile.profile.xcolor_space.strip() == "CMYK":
            return _converted(image, profile)
    return None


def _converted(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    """The image in sRGB; ``profile`` says what its own numbers mean."""
    converted = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    assert converted is not None  # it is None only where the image itself is changed
    return converted
