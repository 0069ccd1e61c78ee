"""Pictures from outside: what is taken, what is refused before it is decoded, and what is left of them."""

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from bot.errors import BadInput
from bot.images import LARGEST_BYTES, inspect, label, normalised


def encoded(mode="RGB", size=(80, 60), kind="PNG", colour=None, **options):
    """A picture of one colour with a dark left half, as bytes."""
    picture = Image.new(mode, size, colour or {"L": 200, "P": 3, "CMYK": (10, 20, 30, 0)}.get(mode, "orange"))
    if mode in ("RGB", "RGBA"):
        picture.paste("navy", (0, 0, size[0] // 2, size[1]))
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def opened(data):
    """The decoded picture."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def exif(orientation=1):
    """Metadata with a place and a camera."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = "Secret Camera"
    data[0x8825] = {1: "N", 2: (19.0, 4.0, 0.0)}
    return data


def png(width, height):
    """A PNG whose header gives any size and whose body is empty."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


@pytest.mark.parametrize(("kind", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_picture_is_known_by_its_own_bytes(kind, mime):
    data = encoded(kind=kind)
    found = inspect(data)
    assert (found.mime, found.width, found.height) == (mime, 80, 60)
    assert found.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"quality": 40}, {"exif": exif(6)}, {"comment": b"x"}]
)
def test_jpegs_of_every_making_are_read(options):
    assert inspect(encoded(kind="JPEG", **options)).width == 80


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00",
        b"\xff\xd8\xff\xe0\x00\x00" * 10,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><img>",
        b"%PDF-1.7",
        encoded(kind="GIF"),
        encoded(kind="WEBP"),
        encoded(kind="BMP"),
        encoded(kind="PNG")[:-30],
        encoded(kind="JPEG")[:-300],
        encoded(kind="PNG")[:40] + b"\x00" * 200,
        b"\x89PNG\r\n\x1a\n" + encoded(kind="JPEG"),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_everything_else_is_refused(data):
    for use in (inspect, normalised, lambda one: label(one, "Image created using AI")):
        with pytest.raises(BadInput) as refusal:
            use(data)
        assert refusal.value.reason == "bad_picture"


@pytest.mark.parametrize(
    "size", [(100_000, 100_000), (2**31 - 1, 2**31 - 1), (0, 10), (10, 0), (40_000_001, 1)]
)
def test_a_bomb_is_refused_by_its_header_before_it_is_decoded(size):
    with pytest.raises(BadInput, match="pixels"):
        inspect(png(*size))


def test_a_jpeg_that_gives_an_impossible_size_is_refused():
    data = bytearray(encoded(kind="JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    with pytest.raises(BadInput, match="pixels"):
        inspect(bytes(data))


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(BadInput, match="30 MB"):
        inspect(encoded() + b"\x00" * LARGEST_BYTES)


def test_a_moving_picture_is_refused():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:])
    with pytest.raises(BadInput, match="moving"):
        inspect(file.getvalue())


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_metadata_does_not_survive(kind):
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "Secret Camera in the text")
    more = {"pnginfo": text} if kind == "PNG" else {"comment": b"Secret Camera"}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encoded(kind=kind, exif=exif(), icc_profile=profile, **more) + b"Secret Camera trails"
    assert b"Secret Camera" in data
    clean = normalised(data)
    assert b"Secret Camera" not in clean
    assert not opened(clean).getexif()
    assert "icc_profile" not in opened(clean).info
    assert inspect(clean).mime == inspect(data).mime
    assert (inspect(clean).width, inspect(clean).height) == (80, 60)


def test_a_png_keeps_its_very_pixels():
    for mode in ("RGB", "RGBA"):
        data = encoded(mode)
        assert opened(normalised(data)).tobytes() == opened(data).tobytes()
    once = normalised(encoded("RGBA", colour=(250, 120, 0, 90)))
    assert normalised(once) == once


def test_a_jpeg_stays_close_to_its_pixels():
    data = encoded(kind="JPEG", quality=90)
    before, after = opened(data).convert("RGB"), opened(normalised(data))
    changes = [abs(one - other) for one, other in zip(before.tobytes(), after.tobytes(), strict=True)]
    assert max(changes) <= 12
    assert sum(changes) / len(changes) < 1.5


def test_a_picture_taken_sideways_is_turned_upright():
    turned = normalised(encoded(kind="JPEG", exif=exif(6)))
    assert opened(turned).size == (60, 80)


@pytest.mark.parametrize(
    ("mode", "kind"), [("L", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("1", "PNG"), ("CMYK", "JPEG")]
)
def test_every_kind_of_pixel_becomes_red_green_and_blue(mode, kind):
    clean = opened(normalised(encoded(mode, kind=kind)))
    assert clean.mode in ("RGB", "RGBA")


def test_a_damaged_profile_is_left_out_and_the_picture_kept():
    data = encoded(icc_profile=b"no profile at all")
    assert opened(normalised(data)).tobytes() == opened(data).tobytes()


@pytest.mark.parametrize(
    ("kind", "size"), [("PNG", (400, 400)), ("JPEG", (1080, 1350)), ("PNG", (1080, 1920))]
)
def test_a_label_is_drawn_in_a_lower_corner_and_nowhere_else(kind, size):
    data = encoded(kind=kind, size=size)
    plain, labelled = opened(normalised(data)).convert("RGB"), opened(label(data, "Image created using AI"))
    assert labelled.size == size
    assert inspect(label(data, "Image created using AI")).mime == inspect(data).mime
    box = changed(plain, labelled.convert("RGB"))
    assert box is not None
    left, top, right, bottom = box
    assert left < size[0] * 0.1
    assert right <= size[0]
    assert (bottom - top) < size[1] * 0.12
    tall = size[1] > 1.5 * size[0]
    assert size[1] * (0.65 if tall else 0.85) < top
    assert bottom <= size[1] * (0.8 if tall else 1)


def test_a_label_fits_a_small_picture_and_is_the_same_each_time():
    data = encoded(size=(120, 90))
    assert label(data, "Image created using AI") == label(data, "Image created using AI")
    assert opened(label(data, "Image created using AI")).size == (120, 90)


@pytest.mark.parametrize("text", ["", "   ", "x" * 61, "एआई से बना"])
def test_a_label_must_be_drawable(text):
    with pytest.raises(BadInput):
        label(encoded(), text)


def changed(one, other):
    """The box of the pixels that differ clearly."""
    width, height = one.size
    before, after = one.tobytes(), other.tobytes()
    rows, columns = set(), set()
    for y in range(0, height, 2):
        for x in range(0, width, 2):
            at = (y * width + x) * 3
            if max(abs(before[at + i] - after[at + i]) for i in range(3)) > 40:
                rows.add(y)
                columns.add(x)
    return (min(columns), min(rows), max(columns), max(rows)) if rows else None
