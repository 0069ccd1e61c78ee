"""Pictures that the stand-in for Gemini makes: the one it was shown in another light, or a plain card."""

import base64
from hashlib import sha256
from io import BytesIO
from typing import Any

_SIDE = 512


def picture_for(parts: list[dict[str, Any]]) -> bytes:
    """A PNG that depends on nothing but the request: the same parts, the same bytes."""
    from PIL import Image, ImageChops, UnidentifiedImageError

    text = "\n".join(part["text"] for part in parts if "text" in part)
    red, green, blue = sha256(text.encode()).digest()[:3]
    shown = next((part["inlineData"]["data"] for part in parts if "inlineData" in part), "")
    try:
        image = Image.open(BytesIO(base64.b64decode(shown, altchars=b"-_"))).convert("RGB")
    except UnidentifiedImageError:
        image = Image.new("RGB", (_SIDE, _SIDE), "#d8d8d8")
    light = Image.new("RGB", image.size, (160 + red % 96, 160 + green % 96, 160 + blue % 96))
    out = BytesIO()
    ImageChops.multiply(image, light).save(out, "PNG")
    return out.getvalue()
