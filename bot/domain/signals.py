"""What Meta itself says of an ad's creative, kept beside our own verdict and never in place of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import ObjectId

_MOST_LEVEL = 48
_MOST_MESSAGE = 500
_LEVEL = re.compile(r"[^A-Z0-9_]+")


class SignalSource(StrEnum):
    """Where Meta said it."""

    WEBHOOK = "creative_fatigue"
    RECOMMENDATION = "recommendation"
    QUALITY = "quality_ranking"
    ENGAGEMENT = "engagement_rate_ranking"
    CONVERSION = "conversion_rate_ranking"
    LEARNING = "learning_stage"  # of the ad's ad set


# Meta's words that mean the creative is worn, or the ad does worse than others that seek the same people.
_AGAINST: Mapping[SignalSource, tuple[str, ...]] = {
    SignalSource.WEBHOOK: ("MEDIUM", "HIGH"),
    SignalSource.RECOMMENDATION: ("CREATIVE_FATIGUE", "CREATIVE_LIMITED", "PREDICTIVE_CREATIVE_LIMITED"),
    SignalSource.QUALITY: ("BELOW_AVERAGE",),
    SignalSource.ENGAGEMENT: ("BELOW_AVERAGE",),
    SignalSource.CONVERSION: ("BELOW_AVERAGE",),
    SignalSource.LEARNING: (),
}


@dataclass(frozen=True, slots=True)
class MetaSignal:
    """One thing Meta said of an ad; a later one from the same source replaces it.

    `level` is Meta's own word (`HIGH`, `BELOW_AVERAGE_20`, `CREATIVE_LIMITED`, `LEARNING`), `message` Meta's
    own sentence or empty. Both come from outside: bounded here, escaped where they are shown.
    """

    source: SignalSource
    level: str
    message: str
    at: datetime

    @property
    def against(self) -> bool:
        """Whether it speaks of a worn creative or of an ad that does worse than others."""
        return self.level.startswith(_AGAINST[self.source]) if _AGAINST[self.source] else False


def signal(source: SignalSource, level: str, message: str, at: datetime) -> MetaSignal:
    """A signal within its bounds."""
    word = _LEVEL.sub("_", level.upper())[:_MOST_LEVEL]
    return MetaSignal(source, word, " ".join(message.split())[:_MOST_MESSAGE], at)


def told(signals: Iterable[tuple[ObjectId, MetaSignal]]) -> dict[ObjectId, tuple[MetaSignal, ...]]:
    """Signals by ad, in the order of their sources."""
    found: dict[ObjectId, dict[SignalSource, MetaSignal]] = {}
    for ad_id, one in signals:
        found.setdefault(ad_id, {})[one.source] = one
    return {ad_id: tuple(own[s] for s in SignalSource if s in own) for ad_id, own in found.items()}
