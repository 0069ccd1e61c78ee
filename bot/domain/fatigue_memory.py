"""How an ad stands by both rules after all days so far: what one day alone neither raises nor ends."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import isclose

from bot.domain import evidence
from bot.domain.fatigue import ClassicSettings, ClassicVerdict, EvidenceVerdict, Standing, Status

_CALM_DAYS = 2
_SWAPPED = "since the creative changed"
_FORGOTTEN = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Memory:
    """An ad at the end of `day`. A `since` is the first day of the fall, or of the present calm.

    `ctr_then` is the CTR (link) from which the fall that raised the classic warning began.
    """

    day: date
    classic: Standing
    classic_since: date
    evidence: Standing
    evidence_since: date
    ctr_then: float = 0.0

    @property
    def raised(self) -> bool:
        """Whether either rule has something to tell."""
        return self.classic.status.raised or self.evidence.status.raised


@dataclass(frozen=True, slots=True)
class Day:
    """One ad's verdicts of one day, its CTR over the last 7 days, and when it was last fresh."""

    day: date
    classic: ClassicVerdict
    evidence: EvidenceVerdict
    ctr: float | None  # None: nothing delivered in 7 days
    fresh_until: date


def advance(before: Memory | None, day: Day, settings: ClassicSettings) -> Memory:
    """Both rules' standings after one more day; a memory that is too old counts for nothing."""
    if before is not None and day.day - before.day > _FORGOTTEN:
        before = None
    if day.ctr is None:  # it has rested for a week, and what it was is over
        before = None
    old_classic = before.classic if before else Standing()
    old_evidence = before.evidence if before else Standing()
    ctr_then = before.ctr_then if before else 0.0
    classic = settle(old_classic, day.classic, _back(day, ctr_then, settings))
    later = evidence.settle(old_evidence, day.evidence)
    if classic.status.raised and not old_classic.status.raised and day.classic.ctr:
        ctr_then = day.classic.ctr.start
    week_ago = day.day - timedelta(days=settings.days - 1)
    return Memory(
        day.day,
        classic,
        _since(old_classic, classic, week_ago, day.day, before.classic_since if before else None),
        later,
        _since(old_evidence, later, day.fresh_until, day.day, before.evidence_since if before else None),
        ctr_then if classic.status.raised else 0.0,
    )


def settle(previous: Standing, verdict: ClassicVerdict, recovered: bool) -> Standing:
    """The classic rule with a memory: raised at once, over after two judged days on which CTR is back.

    A trend ends where the ad has arrived at the bottom, and an ad that stays there is as tired as before; so
    the end of the trend alone ends nothing. A day that cannot be judged changes nothing, unless what the ad
    shows is new.
    """
    if verdict.status is Status.INSUFFICIENT_DATA:
        kept = previous.status.raised and _SWAPPED not in verdict.reason
        return previous if kept else Standing(verdict.status)
    if verdict.status.raised or not previous.status.raised:
        return Standing(verdict.status)
    if not recovered:
        return Standing(previous.status)
    if previous.calm + 1 < _CALM_DAYS:
        return Standing(previous.status, previous.calm + 1)
    return Standing(verdict.status)


def _back(day: Day, ctr_then: float, settings: ClassicSettings) -> bool:
    """Whether at least half of the fall that the rule asks for has been made good."""
    level = ctr_then * (1.0 - settings.ctr_fall / 2)
    return day.ctr is not None and (day.ctr >= level or isclose(day.ctr, level))


def _since(old: Standing, new: Standing, began: date, day: date, before: date | None) -> date:
    if before is not None and old.status.raised == new.status.raised:
        return before
    return began if new.status.raised else day
