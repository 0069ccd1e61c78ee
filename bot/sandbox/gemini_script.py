"""What the stand-in for Gemini can be told to answer next, instead of writing something sensible."""

import json
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One answer: an HTTP status and body, or a candidate; `delay` seconds go by first."""

    status: int = 200
    body: bytes | None = None  # as it is, whatever it is
    text: str | None = None  # a candidate's text
    finish: str = "STOP"
    block: str = ""
    usage: Json | None = None
    delay: float = 0.0
    trickle: float = 0.0  # seconds between the bytes of the answer
    details: tuple[Json, ...] = field(default=())
    hangs_up: bool = False


def says(text: str, *, finish: str = "STOP") -> Step:
    """A candidate with this text, whatever the schema was."""
    return Step(text=text, finish=finish)


def answers(value: Any) -> Step:
    """A candidate whose text is this value as JSON."""
    return says(json.dumps(value, ensure_ascii=False))


def finishes(reason: str) -> Step:
    """A candidate without text that ended for this finishReason."""
    return Step(text="", finish=reason)


def blocks(reason: str) -> Step:
    """No candidate: the prompt was blocked."""
    return Step(block=reason)


def throttles(delay: str | None = "13.5s") -> Step:
    """429 with RetryInfo, or without it."""
    info = ({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay},) if delay else ()
    quota = {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaValue": "20"}]}
    return Step(status=429, details=(quota, *info))


def fails(status: int = 503) -> Step:
    """A fault of Google's own."""
    return Step(status=status)


def slow(seconds: float) -> Step:
    """The normal answer, late."""
    return Step(delay=seconds)


def trickles(seconds: float) -> Step:
    """The normal answer, a byte at a time: every wait is short, the whole takes long."""
    return Step(trickle=seconds)


def raw(body: bytes, status: int = 200) -> Step:
    """These bytes."""
    return Step(status=status, body=body)


def hangs_up() -> Step:
    """The connection closes without an answer."""
    return Step(hangs_up=True)
