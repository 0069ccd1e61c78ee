"""How an account wants its tired ads judged and refreshed; set by its people, defaults until then."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.proposals import Mode
from bot.domain.variations import Brand


class FatigueRule(StrEnum):
    """Which of the two methods raises the warning; the message always shows both verdicts."""

    CLASSIC = "classic"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class RefreshPolicy:
    """One account's choices."""

    rule: FatigueRule = FatigueRule.CLASSIC
    ctr_fall: float = 0.20  # classic: fitted fall of CTR (link) that must be exceeded
    frequency_rise: float = 0.15  # classic: fitted rise of frequency that must be exceeded
    mode: Mode | None = None  # None: as SPRUCE_REPLACE_MODE says
    brand: Brand = field(default_factory=Brand)
