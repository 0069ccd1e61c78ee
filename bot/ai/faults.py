"""What Google's refusals mean: HTTP statuses, finish reasons and block reasons as errors of ours."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.errors import AiError, AiMisconfigured, AiRefused, AiThrottled, AiUnavailable

_WAIT = 60.0  # seconds, where a 429 does not say
_LONGEST_WAIT = 86_400.0
_PASSING = frozenset([408, 409, 425, 499])
_RETRY_INFO = "google.rpc.RetryInfo"

# finishReason and blockReason of GenerateContentResponse (Gemini API reference, v1beta).
_WHY = {
    "SAFETY": "Google's safety filter stopped it.",
    "IMAGE_SAFETY": "Google's safety filter stopped the picture.",
    "RECITATION": "It came too close to a text that somebody else published.",
    "IMAGE_RECITATION": "It came too close to a picture that somebody else published.",
    "PROHIBITED_CONTENT": "Google holds the content of this ad to be prohibited.",
    "IMAGE_PROHIBITED_CONTENT": "Google holds the picture of this ad to be prohibited.",
    "SPII": "The answer would have held personal details.",
    "LANGUAGE": "The model does not write in the language of this ad.",
    "BLOCKLIST": "The ad holds a word on Google's list of blocked terms.",
    "MAX_TOKENS": "The answer did not end within its limit, twice.",
    "NO_IMAGE": "The model gave no picture.",
}


def refused(finish: str, *, prompt: bool = False) -> AiRefused:
    """The error for a finishReason, or for a blockReason where the prompt itself was stopped."""
    known = finish if re.fullmatch(r"[A-Z_]{1,40}", finish) else "OTHER"
    why = _WHY.get(known, "Google gave no reason that we know.")
    what = "Google AI does not accept this ad" if prompt else "Google AI wrote nothing usable"
    return AiRefused(f"{what} ({known}). {why}", finish=known)


def of_error(error: Exception, details: Iterable[Any], *, model: str, setting: str, clock: Clock) -> AiError:
    """The error for whatever an SDK raised: both give HTTP statuses as `code`, and nothing else has one."""
    status = getattr(error, "code", None)
    if isinstance(status, int):
        return of_status(status, details, model=model, setting=setting, clock=clock)
    return out_of_time() if "Timeout" in type(error).__name__ else unreachable()


def of_status(status: int, details: Iterable[Any], *, model: str, setting: str, clock: Clock) -> AiError:
    """The error for an HTTP status; `details` is error.details, `setting` the one that names the model."""
    if status == 429:
        seconds = _retry_delay(details)
        until = clock.now() + timedelta(seconds=seconds)
        return AiThrottled("Google AI's limit is reached for now.", until=until, retry_after=seconds)
    if status >= 500 or status in _PASSING:
        return AiUnavailable(f"Google AI does not answer at present (HTTP {status}).")
    if status in (401, 403) or _bad_key(details):
        return AiMisconfigured(
            f"Google AI refuses the key (HTTP {status}). Put a valid one into GEMINI_API_KEY and see "
            "that the Gemini API is enabled for its project.",
            setting="GEMINI_API_KEY",
        )
    if status == 404:
        return AiMisconfigured(
            f"Google AI knows no model {model}: it may have been shut down. Put another into {setting}.",
            setting=setting,
        )
    return AiMisconfigured(
        f"Google AI does not accept requests as they are made for the model {model} (HTTP {status}). "
        f"Put another into {setting}.",
        setting=setting,
    )


def out_of_time() -> AiUnavailable:
    """The error where the deadline passed."""
    return AiUnavailable("Google AI did not answer in time.", reason="ai_timeout")


def unreachable() -> AiUnavailable:
    """The error where no answer came, or one that is not the API's."""
    return AiUnavailable("Google AI could not be reached.")


def _entries(details: Iterable[Any]) -> list[Mapping[str, Any]]:
    return [entry for entry in details if isinstance(entry, Mapping)]


def _retry_delay(details: Iterable[Any]) -> float:
    """Seconds of RetryInfo.retryDelay, a duration such as "13.5s"."""
    for entry in _entries(details):
        match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)s", str(entry.get("retryDelay", "")))
        if match and str(entry.get("@type", "")).endswith(_RETRY_INFO):
            return min(max(float(match[1]), 1.0), _LONGEST_WAIT)
    return _WAIT


def _bad_key(details: Iterable[Any]) -> bool:
    """A wrong key is a 400 whose ErrorInfo says API_KEY_INVALID."""
    return any(str(entry.get("reason", "")).startswith("API_KEY_") for entry in _entries(details))
