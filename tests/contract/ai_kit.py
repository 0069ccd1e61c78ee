"""What the tests of writers share: a brief like a real one, a picture, settings that lead to the stand-in."""

import json
from dataclasses import replace
from io import BytesIO

from PIL import Image

from bot.config import Settings
from bot.domain.creatives import Copy, CreativeContent, Format
from bot.domain.ids import AccountId, ObjectId
from bot.domain.variations import Brand, Brief, Winner

KEY, OTHER_KEY = "AIza-demo", "AIza-other"
LINK = "https://tulsilane.example/vitamin-c-serum"
COPY = Copy(
    primary_text="Glow you can see in 14 days. Vitamin C from amla, with nothing to hide. Order today.",
    headline="Glow in 14 days",
    description="Free shipping",
)
SPEC = {
    "page_id": "101",
    "link_data": {
        "link": LINK,
        "message": COPY.primary_text,
        "name": COPY.headline,
        "description": COPY.description,
        "image_hash": "a1b2",
        "call_to_action": {"type": "SHOP_NOW", "value": {"link": LINK}},
    },
}


def png(colour="#c05020", side=48):
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "PNG")
    return out.getvalue()


def content(copy=COPY, **changes):
    """A creative with one picture."""
    words = {"message": copy.primary_text, "name": copy.headline, "description": copy.description}
    spec = {**SPEC, "link_data": {**SPEC["link_data"], **words}}
    whole = CreativeContent(
        id=ObjectId("9001"),
        format=Format.IMAGE,
        copy=copy,
        page_id="101",
        link=LINK,
        call_to_action="SHOP_NOW",
        url_tags="utm_source=meta",
        story_spec=json.dumps(spec),
        image_hash="a1b2",
    )
    return replace(whole, **changes)


def brief(copy=COPY, **changes):
    """Everything a writer is told about one ad."""
    whole = Brief(
        account_id=AccountId("act_1"),
        original=content(copy),
        placements=("facebook_feed", "instagram_reels"),
        performance="Link clicks per impression fell from 1.8 % to 1.1 % within 9 days.",
        winners=(
            Winner(ObjectId("77"), "Lab", Copy("Tested, not just trusted.", "Tested in the lab"), 0.021, 3.4),
        ),
        brand=Brand(voice="Plain and warm.", banned_words=("miracle",)),
    )
    return replace(whole, **changes)


def settings(url, writer, **more):
    """Settings as they come from an environment."""
    env = {"GEMINI_API_KEY": KEY, "GEMINI_API_URL": url, "SPRUCE_AI_WRITER": writer}
    return Settings.from_env({**env, **more})


def variants(*given):
    """An answer: (angle, changed, text) each."""
    return {"variants": [dict(zip(("angle", "changed", "text"), one, strict=True)) for one in given]}


GOOD = variants(
    ("Result first", "primary_text", "In 14 days you see the glow. Vitamin C from amla. Order today."),
    ("Shorter headline", "headline", "See it glow"),
    ("What it costs to ship", "description", "Shipping is free"),
)
