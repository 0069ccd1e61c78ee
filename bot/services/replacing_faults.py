"""What a fault means for a replacement: wait until then, wait for a person, or give the step up."""

from datetime import datetime, timedelta

from bot.errors import (
    MissingPermission,
    OutcomeUnknown,
    Sealed,
    SpruceError,
    Throttled,
    TokenDead,
    TooMuchData,
    Transient,
)
from bot.services.replacing_record import backoff

_PASSING = (Transient, OutcomeUnknown, TooMuchData)
_MENDED_BY_PEOPLE = (TokenDead, MissingPermission, Sealed)
_HOUR = timedelta(hours=1)


def permanent(fault: SpruceError) -> bool:
    """Whether trying again is pointless."""
    return not isinstance(fault, (Throttled, *_PASSING, *_MENDED_BY_PEOPLE))


def again_at(fault: SpruceError, now: datetime, attempts: int) -> datetime:
    """When to try again after a fault that is not permanent."""
    if isinstance(fault, Throttled):
        return max(fault.until, now + timedelta(seconds=1))
    if isinstance(fault, _MENDED_BY_PEOPLE):
        return now + _HOUR
    return now + backoff(attempts)
