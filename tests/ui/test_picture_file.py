from __future__ import annotations

import io
import pickle
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from ui.picture_file import LONGEST_SIDE, SHIPPED, decoded, shipped


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    """The bytes of an image file."""
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_pictures(name: str) -> None:
    """256 x 256 RGB, shared by all visitors and therefore not writable."""
    picture = shipped(name)
    assert picture.pixels.shape == (256, 256, 3)
    with pytest.raises(ValueError, match="read-only"):
        picture.pixels[0, 0, 0] = 0


@pytest.mark.parametrize("mode", ["L", "P", "RGB", "RGBA", "CMYK", "1", "LA"])
def test_every_kind_of_pixels_becomes_rgb(mode: str) -> None:
    """A uniform grey stays what it is."""
    form = "TIFF" if mode == "CMYK" else "PNG"
    pixels = decoded(saved(Image.new("RGB", (7, 5), "white").convert(mode), form), "x").pixels
    assert pixels.shape == (5, 7, 3)
    assert (pixels >= 250).all()


def test_transparency_becomes_white() -> None:
    """Transparent black is drawn on white."""
    assert (decoded(saved(Image.new("RGBA", (4, 4), (0, 0, 0, 0)), "PNG"), "x").pixels == 255).all()


def test_a_photograph_is_turned_upright() -> None:
    """Orientation 6 of EXIF: the camera was turned by a quarter."""
    image = Image.new("RGB", (30, 20))
    exif = image.getexif()
    exif[0x0112] = 6
    assert decoded(saved(image, "JPEG", exif=exif), "x").pixels.shape == (30, 20, 3)


def test_a_large_picture_is_scaled_down() -> None:
    """The longer side becomes 1,024 pixels; the proportions stay."""
    assert decoded(saved(Image.new("RGB", (4096, 2048)), "JPEG"), "x").pixels.shape == (512, LONGEST_SIDE, 3)


def test_an_animation_gives_its_first_frame() -> None:
    """The frames after it are left alone."""
    frames = [Image.new("RGB", (6, 6), colour) for colour in ("white", "black")]
    assert (decoded(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), "x").pixels > 250).all()


def bomb() -> bytes:
    """A PNG of a few bytes whose header promises 60,000 x 60,000 pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "x is not a picture"),
        (b"hello", "x is not a picture"),
        (pickle.dumps([1, 2]), "x is not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x is not a picture"),
        (saved(Image.effect_noise((64, 64), 90), "PNG")[:900], "x is damaged"),
        (saved(Image.effect_noise((64, 64), 90), "JPEG")[:300], "x is damaged"),
        (bomb(), "x (has 60,000 x 60,000|unpacks to)"),
    ],
    ids=["empty", "text", "pickle", "svg", "cut png", "cut jpeg", "bomb"],
)
def test_a_bad_file_is_a_sentence(data: bytes, sentence: str) -> None:
    """Nothing is unpacked, run or shown; the sentence names the file."""
    with pytest.raises(ValueError, match=sentence):
        decoded(data, "x")


@pytest.mark.parametrize(
    "head",
    [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"BM", b"II*\x00", b"RIFF\x10\x00\x00\x00WEBP"],
)
def test_random_bytes_after_a_header_never_crash(head: bytes) -> None:
    """Whatever follows a format's first bytes, the outcome is a sentence."""
    random = np.random.default_rng(0)
    for _ in range(50):
        with pytest.raises(ValueError, match=r"^x "):
            decoded(head + random.bytes(200), "x")
