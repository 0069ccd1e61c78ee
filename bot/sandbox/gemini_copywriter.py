"""What the stand-in for Gemini writes when nothing was scripted: plain answers made of the ad it was shown.

It follows the schema it was given and claims nothing, so that `spruce demo` can show a whole story. It is
no measure of what a model writes.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.ai.prompts import CLOSES, OPENS
from bot.ai.sentences import sentences

Json = dict[str, Any]

_SCENES = (
    "The product on a plain table by a window in the morning, seen from the front, soft light from the left.",
    "The product close up in the hand, the background out of focus, warm evening light.",
)
_HEADLINES = ("Have a closer look", "See for yourself", "Made to be looked at twice", "Worth a second look")
# An angle, what stands before the ad's own point and what behind it.
_FRAMES = (
    ("Question first", "What would you try first?", "Have a look and tell us."),
    ("Calm and short", "Quietly, and in one line:", ""),
    ("As a note to a friend", "A short note before you scroll on, because we were asked about it.", ""),
    ("Invitation", "Come closer for a moment.", "Tap the picture and see for yourself."),
    ("The reason first", "Here is why people stop at this one.", "The rest is on the page behind it."),
    ("Slow morning", "Coffee, a quiet minute, and this.", "Read it when you have time."),
    ("Plain words", "In plain words, without small print to puzzle over.", "That is what it is about."),
    ("One step", "Begin with one small step today.", "More about it when you tap."),
    ("Second look", "You may have passed this by before.", "It is worth a second look."),
)
_DESCRIPTIONS = ("See the details", "Find out more", "Take a look")


def compose(message: str, schema: Json | None) -> str:
    """The text of an answer to a message, as the schema asks for it."""
    data = document(message)
    if schema is None or data is None:
        return "Which ad is this about?"
    variants = schema["properties"]["variants"]
    parts = variants["items"]["properties"]["changed"]["enum"]
    return json.dumps(
        {"variants": _variants(data, parts, int(variants.get("minItems", 1)))}, ensure_ascii=False
    )


def document(message: str) -> Json | None:
    """The data document inside a message."""
    start, end = message.rfind(OPENS + "\n"), message.rfind("\n" + CLOSES)
    if start < 0 or end < start:
        return None
    found: Json = json.loads(message[start + len(OPENS) : end])
    return found


def _variants(data: Json, parts: list[str], count: int) -> list[Json]:
    original = data.get("original", {})
    shown = {text.casefold() for copy in (original, *data.get("earlier", [])) for text in copy.values()}
    banned = [word.casefold() for word in data.get("banned_words", [])]
    # The picture early, so that there is one among three; and one only.
    ordered = sorted(parts, key=("primary_text", "picture", "headline", "description").index)
    ideas = {part: _ideas(part, original) for part in ordered}
    if "picture" in ideas:
        ideas["picture"] = iter([next(ideas["picture"])])
    found: list[Json] = []
    while ideas and len(found) < count:
        for part in tuple(ideas):
            idea = next(ideas[part], None)
            if idea is None:
                del ideas[part]
            elif _fresh(idea[1], shown, banned) and len(found) < count:
                shown.add(idea[1].casefold())
                found.append({"angle": idea[0], "changed": part, "text": idea[1]})
    return found


def _fresh(text: str, shown: set[str], banned: list[str]) -> bool:
    return text.casefold() not in shown and not any(word in text.casefold() for word in banned)


def _ideas(part: str, original: Json) -> Iterator[tuple[str, str]]:
    if part == "picture":
        return (("Another setting", scene) for scene in _SCENES)
    if part == "headline":
        return (("Invites to look", text) for text in _HEADLINES)
    if part == "description":
        return (("Says what to do", text) for text in _DESCRIPTIONS)
    return _openings(original)


def _openings(original: Json) -> Iterator[tuple[str, str]]:
    """New texts around the ad's own point, unlike enough to be no copies of each other."""
    own = sentences(original.get("primary_text", "")) or [original.get("headline", "") or "Have a look."]
    point = re.sub(r"[.!।]+$", "", own[0])
    for angle, before, after in _FRAMES:
        yield angle, f"{before} {point}. {after}".strip()
