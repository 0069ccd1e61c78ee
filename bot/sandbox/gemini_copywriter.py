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
    """New beginnings for the text, each followed by what the ad says anyway."""
    own = sentences(original.get("primary_text", "")) or [original.get("headline", "") or "Have a look."]
    point = re.sub(r"[.!।]+$", "", own[0])
    tail = own[-1] if len(own) > 1 else ""
    yield "Question first", f"What would you try first? {point}. {tail}".strip()
    yield "Call to action first", f"{tail or 'Have a look today.'} {point}.".strip()
    yield "One thing at a time", f"One thing worth a minute today: {point}. {tail}".strip()
    yield "As a note to a friend", f"A short note before you scroll on. {point}. {tail}".strip()
    for opening in (
        "Have you seen this?",
        "Take a moment.",
        "Let us begin with the point.",
        "In a few words:",
    ):
        yield "Another opening", f"{opening} {point}. {tail}".strip()
