from __future__ import annotations

import io
import pickle
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from ui.picture_file import FORMATS, LONGEST_SIDE, MOST_SCANS, SHIPPED, decoded, shipped


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    """The bytes of an image file."""
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def noise(width: int = 64, height: int = 48) -> Image.Image:
    """A picture of which every pixel is worth something."""
    values = np.random.default_rng(0).integers(0, 256, (height, width, 3))
    return Image.fromarray(values.astype(np.uint8))


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_pictures(name: str) -> None:
    """256 x 256 RGB, shared by all visitors and therefore not writable."""
    picture = shipped(name)
    assert picture.pixels.shape == (256, 256, 3)
    with pytest.raises(ValueError, match="read-only"):
        picture.pixels[0, 0, 0] = 0


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_read(form: str) -> None:
    """All formats without loss give the pixels back; JPEG, WebP and GIF (256 colours) nearly."""
    image = noise().resize((640, 480), Image.Resampling.BICUBIC)
    pixels = decoded(saved(image, form), "x").pixels
    error = np.abs(pixels.astype(int) - np.asarray(image)).mean()
    assert error == 0 if form in {"PNG", "BMP", "TIFF"} else error < 25


@pytest.mark.parametrize("mode", ["L", "P", "RGB", "RGBA", "CMYK", "1", "LA", "YCbCr"])
def test_every_kind_of_pixels_becomes_rgb(mode: str) -> None:
    """A uniform grey stays what it is."""
    form = "TIFF" if mode in {"CMYK", "YCbCr"} else "PNG"
    pixels = decoded(saved(Image.new("RGB", (7, 5), "white").convert(mode), form), "x").pixels
    assert pixels.shape == (5, 7, 3)
    assert (pixels >= 250).all()


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled(form: str) -> None:
    """65,535 becomes 255 and 257 becomes 1: nothing is clipped."""
    values = np.array([[0, 257, 32768, 65535]], dtype=np.uint16)
    pixels = decoded(saved(Image.fromarray(values), form), "x").pixels
    assert pixels[0, :, 0].tolist() == [0, 1, 128, 255]
    assert (pixels == pixels[:, :, :1]).all()


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (np.array([[0.0, 0.5, 0.8]], dtype=np.float32), [0, 128, 204]),  # within 0 to 1: by 255
        (
            np.array([[-10.0, 0.0, 40.0]], dtype=np.float32),
            [0, 51, 255],
        ),  # else from the least to the greatest
        (np.array([[np.nan, 0.0, 1.0]], dtype=np.float32), [0, 0, 255]),
        (np.array([[100_000, 200_000, 600_000]], dtype=np.int32), [0, 51, 255]),
        (np.array([[7, 7, 7]], dtype=np.int32), [0, 0, 0]),
    ],
)
def test_floats_and_large_integers_are_stretched(values: np.ndarray, shown: list[int]) -> None:
    """Scientific TIFFs show from their least to their greatest value, floats within 0 to 1 as they are."""
    assert decoded(saved(Image.fromarray(values), "TIFF"), "x").pixels[0, :, 0].tolist() == shown


def test_cmyk_is_ink() -> None:
    """Full cyan ink absorbs red; JPEG's inverted CMYK means the same as TIFF's."""
    ink = Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    for form in ("TIFF", "JPEG"):
        red, green, blue = decoded(saved(ink, form), "x").pixels[8, 8]
        assert red < 5 and green > 250 and blue > 250


def test_an_unusable_colour_profile_is_left_alone() -> None:
    """CMYK with a profile of another kind, or with rubbish for one, is converted without it."""
    ink = Image.new("CMYK", (16, 16), (0, 255, 0, 0))
    of_rgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (of_rgb, b"rubbish"):
        assert decoded(saved(ink, "TIFF", icc_profile=profile), "x").pixels[8, 8].tolist() == [255, 0, 255]


def test_lab_is_converted() -> None:
    """L*a*b* in a TIFF: lightness 100 without colour is white."""
    assert (decoded(saved(Image.new("LAB", (4, 4), (255, 128, 128)), "TIFF"), "x").pixels >= 250).all()


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF"])
def test_transparency_becomes_white(form: str) -> None:
    """Transparent black is drawn on white, half transparent black is grey."""
    image = Image.new("RGBA", (8, 4), (0, 0, 0, 0))
    image.paste((0, 0, 0, 128), (4, 0, 8, 4))
    options = {"lossless": True} if form == "WEBP" else {}
    pixels = decoded(saved(image, form, **options), "x").pixels
    assert (pixels[:, :4] == 255).all()
    assert np.abs(pixels[:, 4:].astype(int) - 127).max() <= 1


def test_a_transparent_colour_of_a_palette_becomes_white() -> None:
    """The palette's colour 0, black, is declared transparent."""
    image = Image.new("P", (4, 4), 0)
    image.putpalette([0, 0, 0, 9, 9, 9])
    assert (decoded(saved(image, "PNG", transparency=0), "x").pixels == 255).all()


# EXIF 2.32, tag 274: how to turn and mirror what was stored into what was seen.
ORIENTATIONS = {
    1: lambda stored: stored,
    2: lambda stored: stored[:, ::-1],
    3: lambda stored: stored[::-1, ::-1],
    4: lambda stored: stored[::-1],
    5: lambda stored: stored.swapaxes(0, 1),
    6: lambda stored: np.rot90(stored, -1),
    7: lambda stored: stored[::-1, ::-1].swapaxes(0, 1),
    8: lambda stored: np.rot90(stored, 1),
}


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_photograph_is_turned_upright(form: str, orientation: int) -> None:
    """All eight orientations, in every format that states them, equal the array turned by numpy."""
    image = noise(8, 6).resize((64, 48))
    exif = image.getexif()
    exif[0x0112] = orientation
    pixels = decoded(saved(image, form, exif=exif), "x").pixels
    plain = decoded(saved(image, form), "x").pixels
    np.testing.assert_array_equal(pixels, ORIENTATIONS[orientation](plain))


def test_an_unreadable_orientation_is_none() -> None:
    """A rotten EXIF block does not cost the picture."""
    pixels = decoded(saved(noise(), "JPEG", exif=b"Exif\0\0II*\0" + bytes([255] * 40)), "x").pixels
    assert pixels.shape == (48, 64, 3)


def test_a_large_picture_is_scaled_down() -> None:
    """The longer side becomes 1,024 pixels; the proportions stay."""
    assert decoded(saved(Image.new("RGB", (4096, 2048)), "JPEG"), "x").pixels.shape == (512, LONGEST_SIDE, 3)


def test_an_animation_gives_its_first_frame() -> None:
    """The frames after it are left alone."""
    frames = [Image.new("RGB", (6, 6), colour) for colour in ("white", "black")]
    assert (decoded(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), "x").pixels > 250).all()


def bomb() -> bytes:
    """A PNG of a few bytes whose header promises 60,000 x 60,000 pixels."""
    return png(60_000, 60_000)


def png(width: int, height: int) -> bytes:
    """A PNG with this size in its header and hardly any pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )


def many_scans() -> bytes:
    """A progressive JPEG whose last scan comes again and again: each costs a pass over all pixels."""
    data = saved(Image.new("L", (512, 512), 128), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * MOST_SCANS + data[-2:]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "x is not a picture"),
        (b"hello", "x is not a picture"),
        (pickle.dumps([1, 2]), "x is not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x is not a picture"),
        (bomb(), "x would take too much work"),
        (many_scans(), "x would take too much work"),
        (png(8001, 5000), "x has 8,001 x 5,000 pixels, more than can be taken: .* at most 40 million pixels"),
        (png(8000, 5000), "x is damaged"),  # 40 million are taken; these are not there
        (saved(noise(), "PNG") + bytes(20 * 2**20), "x has 20.0 MB, .* at most 20 MB"),
    ],
    ids=["empty", "text", "pickle", "svg", "bomb", "scans", "too many", "not there", "too long"],
)
def test_a_bad_file_is_a_sentence(data: bytes, sentence: str) -> None:
    """Nothing is unpacked, run or shown; the sentence names the file."""
    with pytest.raises(ValueError, match=sentence):
        decoded(data, "x")


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_that_is_cut_short_is_a_sentence(form: str) -> None:
    """Wherever it is cut, half a picture is never shown as a whole one."""
    data = saved(noise(), form)
    whole = decoded(data, "x").pixels
    for length in range(0, len(data) - 16, max(1, len(data) // 40)):
        with pytest.raises(ValueError, match=r"^x (is not a picture|is damaged or cut short)"):
            decoded(data[:length], "x")
    np.testing.assert_array_equal(decoded(data, "x").pixels, whole)


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


@pytest.mark.parametrize("form", FORMATS)
def test_damaged_bytes_never_crash(form: str) -> None:
    """Files with some bytes changed give a picture or a sentence."""
    random = np.random.default_rng(1)
    data = saved(noise(16, 16), form)
    for _ in range(60):
        broken = bytearray(data)
        for place in random.integers(0, len(data), 4):
            broken[place] = random.integers(0, 256)
        try:
            assert decoded(bytes(broken), "x").pixels.shape[2] == 3
        except ValueError as error:
            assert str(error).startswith("x ")  # noqa: PT017 - either outcome is right


def test_digests_name_pixels() -> None:
    """Equal pixels have equal names, others and other shapes have others."""
    one, same = decoded(saved(noise(), "PNG"), "one"), decoded(saved(noise(), "BMP"), "same")
    assert one.digest == same.digest
    assert len({one.digest, shipped("cat").digest, decoded(saved(noise(48, 64), "PNG"), "x").digest}) == 3
