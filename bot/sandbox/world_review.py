"""Meta's review of ads: how long it takes and what it says, from rules and from scripts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.world_objects import Creative

Feedback = tuple[tuple[str, str], ...]
# Words that decide: the first is found in review, the second also by a synchronous check.
REJECTED_WORD = "miracle"
BANNED_WORD = "guaranteed cure"
CLAIMS = ("Unrealistic outcomes", "Ads must not promise results that nobody can promise.")


@dataclass(frozen=True, slots=True)
class _Script:
    match: str
    feedback: Feedback


@dataclass(slots=True)
class Reviews:
    """Decides on ads as they are submitted; `minutes` is how long a review takes by the world's clock."""

    minutes: float = 20.0
    _scripts: list[_Script] = field(default_factory=list)

    def reject_next(self, reason: str = CLAIMS[0], text: str = CLAIMS[1], *, match: str = "") -> None:
        """Reject the next ad that is submitted, or the next whose name contains `match`."""
        self._scripts.append(_Script(match, ((reason, text),)))

    def verdict(self, name: str, creative: Creative) -> tuple[str, Feedback]:
        """The status that the review will give, with its reasons; a script is used up by asking."""
        for script in self._scripts:
            if script.match in name:
                self._scripts.remove(script)
                return "DISAPPROVED", script.feedback
        shown = " ".join(texts_of(creative)).lower()
        if REJECTED_WORD in shown or BANNED_WORD in shown:
            return "DISAPPROVED", (CLAIMS,)
        return "ACTIVE", ()


def texts_of(creative: Creative) -> Iterator[str]:
    """Every text of a creative, whatever it is called."""
    yield from (creative.title, creative.body, *_strings(creative.content.values()))


def _strings(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _strings(value.values())
        elif isinstance(value, list):
            yield from _strings(value)
