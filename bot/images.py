"""Pictures from outside: looked at before they are decoded, freed of metadata, labelled where asked."""

import hashlib
import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.errors import BadInput

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_BYTES: Final = 30_000_000  # what Meta takes for a picture
LARGEST_PIXELS: Final = 40_000_000  # decoded: 160 MB at four bytes a pixel
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
# JPEG segments that give the frame's size: SOF0 to SOF15 but for DHT, JPG and DAC.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END = 0xDA, 0xD9
_TALL: Final = 1.5  # higher than wide: Stories and Reels, where the top and bottom are covered


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture is. `sha256` is of the bytes as given; sizes are pixels."""

    sha256: str
    mime: str
    width: int
    height: int


def inspect(data: bytes) -> Picture:
    """What the bytes are, by themselves and not by a name or header that came with them.

    Everything but a PNG or JPEG that can be decoded and is of a sane size is BadInput. The size is
    read from the file's own header before anything is decoded, so that a small file cannot ask for
    gigabytes.
    """
    mime, width, height = _header(data)
    with _opened(data, mime):
        pass
    return Picture(hashlib.sha256(data).hexdigest(), mime, width, height)


def normalised(data: bytes) -> bytes:
    """The same picture without metadata (place, camera, text, profile), upright; PNG stays PNG.

    Colours are brought to sRGB, transparency stays. A JPEG keeps its own quality.
    """
    mime, _, _ = _header(data)
    with _opened(data, mime) as picture:
        return _saved(_upright(picture), mime)


def label(data: bytes, text: str) -> bytes:
    """The picture with a label in its lower left corner; in a tall one above what Stories cover."""
    from PIL import Image, ImageDraw, ImageFont

    if not text.strip() or not text.isascii() or len(text) > 60:
        raise BadInput("A picture's label is 1 to 60 plain Latin characters.", field="label")
    mime, _, _ = _header(data)
    with _opened(data, mime) as source:
        picture = _upright(source).convert("RGBA")
    size = max(11, round(min(picture.size) * 0.035))
    layer = Image.new("RGBA", picture.size)
    draw = ImageDraw.Draw(layer)
    font = ImageFont.load_default(size)
    while size > 6 and draw.textlength(text, font) > picture.width * 0.9:
        size -= 1
        font = ImageFont.load_default(size)
    pad = max(3, size // 2)
    bottom = round(picture.height * (0.78 if picture.height > _TALL * picture.width else 1)) - pad
    left, top, right, lower = draw.textbbox((2 * pad, bottom - pad), text, font, anchor="ls")
    draw.rectangle((left - pad, top - pad, right + pad, lower + pad), fill=(0, 0, 0, 170))
    draw.text((2 * pad, bottom - pad), text, fill=(255, 255, 255, 255), font=font, anchor="ls")
    drawn = Image.alpha_composite(picture, layer)
    return _saved(drawn.convert("RGB") if mime == "image/jpeg" else drawn, mime)


def _header(data: bytes) -> tuple[str, int, int]:
    """The kind and size that the file's header gives."""
    if len(data) > LARGEST_BYTES:
        raise _refused(f"The picture is larger than {LARGEST_BYTES // 1_000_000} MB.")
    try:
        mime, (width, height) = _size(data)
    except (IndexError, struct.error):
        raise _refused("The picture's file is damaged.") from None
    if not (width and height) or width * height > LARGEST_PIXELS:
        raise _refused(f"The picture has {width} × {height} pixels; it must have 1 to {LARGEST_PIXELS:,}.")
    return mime, width, height


def _size(data: bytes) -> tuple[str, tuple[int, int]]:
    if data.startswith(_PNG):
        return "image/png", struct.unpack_from(">II", data, 16)
    if data.startswith(_JPEG):
        return "image/jpeg", _frame(data)
    raise _refused("Only PNG and JPEG pictures can be used.")


def _frame(data: bytes) -> tuple[int, int]:
    """Width and height of a JPEG: the largest of its frames before the first scan."""
    at, width, height = 2, 0, 0
    while data[at] == 0xFF and (marker := data[at + 1]) not in (_SCAN, _END):
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker in _FRAMES:
            high, wide = struct.unpack_from(">HH", data, at + 5)
            width, height = max(width, wide), max(height, high)
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return width, height


def _opened(data: bytes, mime: str) -> "Image":
    """The decoded picture; BadInput where it cannot be decoded to its end, or moves."""
    from PIL import Image

    try:
        picture = Image.open(io.BytesIO(data), formats=(mime.removeprefix("image/").upper(),))
        moving = getattr(picture, "n_frames", 1) > 1
        picture.load()
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        raise _refused("The picture's file is damaged.") from None
    if moving:
        raise _refused("A moving picture cannot be used.")
    return picture


def _upright(picture: "Image") -> "Image":
    """Turned as the camera meant it, in sRGB, without anything but its pixels."""
    from PIL import ImageOps

    upright = _srgb(ImageOps.exif_transpose(picture))
    clear = "A" in upright.getbands() or "transparency" in upright.info
    upright = upright.convert("RGBA" if clear else "RGB")
    upright.info = {}
    return upright


def _srgb(picture: "Image") -> "Image":
    from PIL import ImageCms

    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGB" if picture.mode == "CMYK" else picture.mode
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, own, srgb, outputMode=mode) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a damaged profile: the pixels as they are


def _saved(picture: "Image", mime: str) -> bytes:
    file = io.BytesIO()
    if mime == "image/jpeg":
        picture.convert("RGB").save(file, "JPEG", quality=95, subsampling=0, optimize=True)
    else:
        picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _refused(sentence: str) -> BadInput:
    return BadInput(sentence, field="picture", reason="bad_picture")
