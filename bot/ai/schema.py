"""The shape of a model's answer: what is asked for, and a strict reading of what came.

A variant holds the new text of one part and nothing else, so that an answer cannot change two parts,
links or anything beyond the words of a draft. Import it where an answer is read: pydantic is heavy.
"""

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.ai.bounds import ANGLE, ANSWER, LONGEST, fault
from bot.ai.prompts import count_of, parts_of
from bot.domain.creatives import Copy, Part
from bot.domain.variations import Brief, Draft
from bot.errors import AiUnreadable


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Variant(_Strict):
    """One variant as a model gives it."""

    angle: Annotated[str, StringConstraints(min_length=1, max_length=ANGLE)]
    changed: Literal["primary_text", "headline", "description", "picture"]
    text: Annotated[str, StringConstraints(min_length=1, max_length=max(LONGEST.values()))]


class Answer(_Strict):
    """A model's whole answer."""

    variants: list[Variant]


def response_schema(brief: Brief) -> dict[str, Any]:
    """The schema that is sent along: the subset of OpenAPI 3.0 that Gemini's responseSchema knows."""
    text = {"type": "STRING"}
    changed = {"type": "STRING", "format": "enum", "enum": [part.value for part in parts_of(brief)]}
    variant = {
        "type": "OBJECT",
        "properties": {"angle": text, "changed": changed, "text": text},
        "required": ["angle", "changed", "text"],
    }
    count = count_of(brief)
    variants = {"type": "ARRAY", "items": variant, "min_items": count, "max_items": count}
    return {"type": "OBJECT", "properties": {"variants": variants}, "required": ["variants"]}


def read(text: str, brief: Brief) -> tuple[Draft, ...]:
    """The drafts of an answer; raises AiUnreadable, whose sentence says what was wrong and quotes nothing."""
    variants = _parsed(text).variants
    if len(variants) != count_of(brief):
        raise AiUnreadable(f"There were {len(variants)} variants instead of {count_of(brief)}.")
    if sum(variant.changed == Part.PICTURE.value for variant in variants) > 1:
        raise AiUnreadable("More than one variant changes the picture.")
    drafts = tuple(_draft(n, variant, brief) for n, variant in enumerate(variants, 1))
    if len({(draft.copy, draft.changed is Part.PICTURE) for draft in drafts}) < len(drafts):
        raise AiUnreadable("Two variants are the same.")
    return drafts


def scenes(text: str) -> list[str]:
    """For each variant of an answer that could be read: the scene of a new picture, else nothing."""
    return [one.text if one.changed == Part.PICTURE.value else "" for one in _parsed(text).variants]


def _parsed(text: str) -> Answer:
    if len(text) > ANSWER:
        raise AiUnreadable(f"The answer was longer than {ANSWER} characters.")
    try:
        return Answer.model_validate_json(text)
    except ValidationError as error:
        raise AiUnreadable(_complaint(error)) from None


def _draft(n: int, variant: Variant, brief: Brief) -> Draft:
    """One variant as a draft: the original with the one part changed."""
    original, part = brief.original.copy, Part(variant.changed)
    text, angle = variant.text.strip(), variant.angle.strip()
    if part not in parts_of(brief):
        raise AiUnreadable(f"Variant {n} changes {part.value}, which was not among the parts.")
    if len(text) > LONGEST[part]:
        raise AiUnreadable(f"Variant {n}: text is longer than {LONGEST[part]} characters.")
    known = "\n".join(original.text_of(one) for one in Part)
    for name, value in (("angle", angle), ("text", text)):
        wrong = "is empty" if not value else fault(value, allowed=known if name == "text" else "")
        if wrong:
            raise AiUnreadable(f"Variant {n}: {name} {wrong}.")
    if "\n" in angle or (part is Part.HEADLINE and "\n" in text):
        raise AiUnreadable(f"Variant {n} has a line break where one line is asked for.")
    return Draft(angle, part, _changed(original, part, text, n))


def _changed(original: Copy, part: Part, text: str, n: int) -> Copy:
    if part is Part.PICTURE:
        return original
    if text.casefold() == original.text_of(part).strip().casefold():
        raise AiUnreadable(f"Variant {n} repeats the original.")
    return replace(original, **{part.value: text})


def _complaint(error: ValidationError) -> str:
    """The first mismatch in words of ours: places and kinds, never what the model wrote."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    kind = str(first["type"])
    if kind == "json_invalid":
        return "The answer was not JSON."
    place = [str(step) for step in first["loc"] if step in Variant.model_fields or step == "variants"]
    number = next((step + 1 for step in first["loc"] if isinstance(step, int)), None)
    where = f"Variant {number}" if number else "The answer"
    field = f", {place[-1]}" if place and place[-1] != "variants" else ""
    return f"{where}{field}: {_KINDS.get(kind, 'not of the schema')}."


_KINDS = {
    "extra_forbidden": "a field that was not asked for",
    "missing": "a field is missing",
    "string_too_long": "too long",
    "string_too_short": "empty",
    "literal_error": "not one of the parts",
    "string_type": "not a text",
    "list_type": "not a list",
    "model_type": "not an object",
}
