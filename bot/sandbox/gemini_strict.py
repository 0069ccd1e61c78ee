"""What the stand-in for Gemini refuses, as strictly as the API does."""

import base64
import binascii
from typing import Any

from bot.sandbox.gemini_wire import TYPES, Json, RefusalError

_TOP = {
    "contents",
    "systemInstruction",
    "generationConfig",
    "safetySettings",
    "tools",
    "toolConfig",
    "cachedContent",
    "model",
}
_CONFIG = {
    "temperature",
    "topP",
    "topK",
    "candidateCount",
    "maxOutputTokens",
    "stopSequences",
    "responseMimeType",
    "responseSchema",
    "responseModalities",
    "thinkingConfig",
    "imageConfig",
}
_SCHEMA = {
    "type",
    "format",
    "title",
    "description",
    "nullable",
    "enum",
    "items",
    "minItems",
    "maxItems",
    "properties",
    "required",
    "propertyOrdering",
    "minLength",
    "maxLength",
}
_PICTURES = {"image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"}
_INLINE = 20_000_000
_DEEP = 6


def check(body: Any, *, pictures: bool) -> None:
    """Raise RefusalError where the API would answer 400; `pictures`: the model makes them."""
    if not isinstance(body, dict):
        raise _bad("Invalid JSON payload received. Expected an object.")
    _known(body, _TOP, "")
    contents = body.get("contents")
    if not isinstance(contents, list) or not contents:
        raise _bad("* GenerateContentRequest.contents: contents is not specified")
    for content in contents:
        _content(content, roles=("user", "model"))
    if "systemInstruction" in body:
        _content(body["systemInstruction"], roles=("", "user", "system"))
    _config(body.get("generationConfig", {}), pictures=pictures)


def _content(content: Any, *, roles: tuple[str, ...]) -> None:
    _known(content, {"role", "parts"}, "contents")
    if content.get("role", roles[0]) not in roles:
        raise _bad("Please use a valid role: user, model.")
    if not content.get("parts"):
        raise _bad("* GenerateContentRequest.contents.parts: contents.parts must not be empty.")
    for part in content["parts"]:
        _known(part, {"text", "inlineData"}, "contents.parts")
        if len(part) != 1:
            raise _bad("* GenerateContentRequest.contents.parts.data: required oneof field 'data'")
        if "inlineData" in part:
            _blob(part["inlineData"])


def _blob(blob: Any) -> None:
    _known(blob, {"mimeType", "data"}, "contents.parts.inlineData")
    if blob.get("mimeType") not in _PICTURES:
        raise _bad(f"Unsupported MIME type: {blob.get('mimeType')}")
    try:
        data = base64.b64decode(blob.get("data", ""), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _bad("Base64 decoding failed.") from None
    if not 0 < len(data) <= _INLINE:
        raise _bad("Unable to process input image.")


def _config(config: Any, *, pictures: bool) -> None:
    _known(config, _CONFIG, "generation_config")
    room = config.get("maxOutputTokens", 1)
    if not isinstance(room, int) or not 1 <= room <= 65_536:
        raise _bad("Unable to submit request because it has a maxOutputTokens value outside of 1 to 65536.")
    kinds = set(config.get("responseModalities", []))
    if kinds - {"TEXT", "IMAGE"} or ("IMAGE" in kinds and not pictures):
        raise _bad("Model does not support the requested response modalities: image")
    mime = config.get("responseMimeType", "text/plain")
    if mime not in ("text/plain", "application/json"):
        raise _bad("* GenerateContentRequest.generation_config.response_mime_type: not allowed")
    if pictures and mime != "text/plain":
        raise _bad("JSON mode is not enabled for this model")
    if "responseSchema" in config:
        if mime != "application/json":
            raise _bad("response_schema needs response_mime_type application/json")
        _schema(config["responseSchema"], 1)


def _schema(schema: Any, depth: int) -> None:
    _known(schema, _SCHEMA, "generation_config.response_schema")
    kind = schema.get("type")
    name = kind if isinstance(kind, str) else next((one for one, n in TYPES.items() if n == kind), "")
    if name not in TYPES or depth > _DEEP:
        raise _bad("* GenerateContentRequest.generation_config.response_schema.type: must be specified")
    if "enum" in schema and name != "STRING":
        raise _bad("* response_schema.enum: only allowed for STRING type")
    if name == "ARRAY":
        if "items" not in schema:
            raise _bad("* GenerateContentRequest.generation_config.response_schema.items: missing field.")
        _schema(schema["items"], depth + 1)
    if name == "OBJECT":
        _properties(schema, depth)


def _properties(schema: Json, depth: int) -> None:
    properties = schema.get("properties") or {}
    if not properties:
        raise _bad("* response_schema.properties: should be non-empty for OBJECT type")
    for one in schema.get("required", []):
        if one not in properties:
            raise _bad(f"* response_schema.required: property is not defined: {one}")
    for one in properties.values():
        _schema(one, depth + 1)


def _known(value: Any, names: set[str], where: str) -> None:
    if not isinstance(value, dict):
        raise _bad(f"Invalid value at '{where}'.")
    for name in value:
        if name not in names:
            at = f" at '{where}'" if where else ""
            raise _bad(f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.')


def _bad(message: str) -> RefusalError:
    return RefusalError(400, message)
