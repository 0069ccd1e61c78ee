"""When a replacement may begin: cool-downs, daily limits, the circuit breaker and the stop switch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may happen by itself after approvals."""

    per_day: int = 5  # replacements begun per account within 24 h
    cooldown: timedelta = timedelta(hours=24)  # between edits of one ad set: each restarts learning
    batch: timedelta = timedelta(minutes=30)  # edits of one ad set this close together count as one
    breaker_errors: int = 3  # failures in a row ...
    breaker_within: timedelta = timedelta(hours=24)  # ... within this time stop everything


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody, or the circuit breaker, halted every change at Meta in a workspace."""

    since: datetime
    by: UserId | None  # None: the circuit breaker
    reason: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A replacement of this account that began writing lately."""

    adset_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a replacement has to wait, and until when (None: until a person acts)."""

    reason: str
    until: datetime | None


def may_begin(
    adset_id: str, now: datetime, begun: Sequence[Begun], limits: Limits, stop: Stop | None
) -> Wait | None:
    """None when it may begin now."""
    if stop is not None:
        return Wait("Changes are stopped in this workspace; /spruce resume lets them go on.", None)
    lately = [one for one in begun if now - one.at < timedelta(hours=24)]
    if len(lately) >= limits.per_day:
        free = min(one.at for one in lately) + timedelta(hours=24)
        return Wait(f"{limits.per_day} replacements a day are allowed in this account.", free)
    same = [one.at for one in begun if one.adset_id == adset_id]
    first = _batch_start(same, limits)
    if first is None or now - first <= limits.batch or now - max(same) >= limits.cooldown:
        return None
    return Wait("Its ad set was edited lately, and each edit restarts learning.", max(same) + limits.cooldown)


def _batch_start(edits: Sequence[datetime], limits: Limits) -> datetime | None:
    """When the latest group of edits began."""
    start: datetime | None = None
    for at in sorted(edits):
        if start is None or at - start > limits.batch:
            start = at
    return start


def breaker_trips(
    failed_at: Sequence[datetime], succeeded_at: Sequence[datetime], now: datetime, limits: Limits
) -> bool:
    """Whether so many replacements failed in a row that nothing more should be tried."""
    last_good = max(succeeded_at, default=None)
    lately = [
        at for at in failed_at if now - at <= limits.breaker_within and (last_good is None or at > last_good)
    ]
    return len(lately) >= limits.breaker_errors
