"""The shapes of the Gemini REST API that the stand-in speaks: requests, refusals, enumerations.

Source: Gemini API reference, v1beta, models.generateContent; error bodies are google.rpc.Status as JSON.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

# Numbers of the enumerations in generative_service.proto: what a client gets with enum-encoding=int.
FINISH = {
    "STOP": 1,
    "MAX_TOKENS": 2,
    "SAFETY": 3,
    "RECITATION": 4,
    "OTHER": 5,
    "LANGUAGE": 6,
    "BLOCKLIST": 7,
    "PROHIBITED_CONTENT": 8,
    "SPII": 9,
    "MALFORMED_FUNCTION_CALL": 10,
    "IMAGE_SAFETY": 11,
    "UNEXPECTED_TOOL_CALL": 12,
}
BLOCK = {"SAFETY": 1, "OTHER": 2, "BLOCKLIST": 3, "PROHIBITED_CONTENT": 4, "IMAGE_SAFETY": 5}
TYPES = {"STRING": 1, "NUMBER": 2, "INTEGER": 3, "BOOLEAN": 4, "ARRAY": 5, "OBJECT": 6}

_STATUS = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class RefusalError(Exception):
    """An answer that is not 200."""

    def __init__(self, status: int, message: str, details: tuple[Json, ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details

    def body(self) -> bytes:
        """The refusal as Google writes it."""
        error: Json = {
            "code": self.status,
            "message": self.message,
            "status": _STATUS.get(self.status, "UNKNOWN"),
        }
        if self.details:
            error["details"] = list(self.details)
        return json.dumps({"error": error}).encode()


@dataclass(frozen=True)
class Received:
    """One request as it came; the key is left out."""

    model: str
    body: Json
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Json:
        """generationConfig."""
        config: Json = self.body.get("generationConfig", {})
        return config

    @property
    def parts(self) -> list[Json]:
        """The parts of the last content."""
        parts: list[Json] = self.body["contents"][-1]["parts"]
        return parts

    @property
    def text(self) -> str:
        """The texts of the last content."""
        return "\n".join(part["text"] for part in self.parts if "text" in part)

    @property
    def instruction(self) -> str:
        """The system instruction."""
        parts = self.body.get("systemInstruction", {}).get("parts", [])
        return "\n".join(part.get("text", "") for part in parts)

    @property
    def deprecated(self) -> list[str]:
        """Parameters that models from 3.6 on no longer take."""
        return [name for name in ("temperature", "topP", "topK") if name in self.config]


def with_numbers(answer: Json) -> Json:
    """The answer with enumerations as numbers."""
    for candidate in answer.get("candidates", []):
        if "finishReason" in candidate:
            candidate["finishReason"] = FINISH.get(candidate["finishReason"], 99)
    feedback = answer.get("promptFeedback", {})
    if "blockReason" in feedback:
        feedback["blockReason"] = BLOCK.get(feedback["blockReason"], 99)
    return answer


def camel(value: Any) -> Any:
    """Every field name in camel case; protobuf's JSON takes both spellings."""
    if isinstance(value, list):
        return [camel(one) for one in value]
    if not isinstance(value, dict):
        return value
    # Names under `properties` are the caller's own.
    return {
        _camel(name): {key: camel(one) for key, one in item.items()}
        if name == "properties" and isinstance(item, dict)
        else camel(item)
        for name, item in value.items()
    }


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
