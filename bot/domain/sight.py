"""Can the account be seen? UNKNOWN is never an alarm and never an all-clear; it is said once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.report import Blindness, Sight

# A dead token will not come back by itself; everything else gets time to pass.
_PATIENCE = {
    Blindness.TOKEN_DEAD: timedelta(),
    Blindness.PERMISSION: timedelta(),
    Blindness.THROTTLED: timedelta(minutes=45),
    Blindness.FAILING: timedelta(minutes=45),
    Blindness.STALE: timedelta(),
    Blindness.NEVER_READ: timedelta(minutes=45),
}
_GAP_WORTH_TELLING = timedelta(hours=2)


class Word(StrEnum):
    """What the channel is told about sight."""

    BLIND = "blind"
    SEES_AGAIN = "sees_again"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Telling:
    """The sight as it is now, and what to say of it; `told_at` is when blindness was announced."""

    sight: Sight
    word: Word | None
    told_at: datetime | None


def seen(before: Sight, now: datetime, told_at: datetime | None) -> Telling:
    """A whole reading succeeded."""
    sight = Sight(read_at=now)
    if told_at is not None:
        return Telling(replace(sight, blind_since=before.blind_since, detail=""), Word.SEES_AGAIN, None)
    if before.read_at is not None and now - before.read_at > _GAP_WORTH_TELLING:
        return Telling(replace(sight, blind_since=before.read_at), Word.GAP, None)
    return Telling(sight, None, None)


def blinded(
    before: Sight,
    now: datetime,
    told_at: datetime | None,
    *,
    why: Blindness,
    detail: str,
    until: datetime | None,
) -> Telling:
    """A reading failed; `until` is when the next one may succeed."""
    since = before.blind_since or before.read_at or now
    sight = Sight(read_at=before.read_at, blind_since=since, blindness=why, detail=detail, next_try_at=until)
    long_wait = until is not None and until - now >= _PATIENCE[why]
    patient = now - since < _PATIENCE[why] and not (long_wait and why is Blindness.THROTTLED)
    changed = before.blindness is not why and why in (Blindness.TOKEN_DEAD, Blindness.PERMISSION)
    if patient or (told_at is not None and not changed):
        return Telling(sight, None, told_at)
    return Telling(sight, Word.BLIND, now)


def stale(
    before: Sight, now: datetime, told_at: datetime | None, *, limit: timedelta, awake_since: datetime
) -> Telling | None:
    """Nobody has read the account for too long and nobody said so: say it.

    Whoever has just woken up reads first: then one word about the gap is enough.
    """
    if told_at is not None or before.read_at is None or now - max(before.read_at, awake_since) < limit:
        return None
    detail = "No reading was finished in time; Spruce itself may have been stopped or slow."
    return blinded(before, now, told_at, why=Blindness.STALE, detail=detail, until=None)
