"""What buttons are called and what they carry: ids and a version, never content."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from bot.domain.days import zone
from bot.errors import BadInput

ALERT_ACKNOWLEDGE: Final = "alert.acknowledge"
ALERT_SNOOZE: Final = "alert.snooze"
ALERT_UNSNOOZE: Final = "alert.unsnooze"
ALERT_PAUSE: Final = "alert.pause"
ALERT_RESUME: Final = "alert.resume"
ALERT_OPEN_ADS_MANAGER: Final = "alert.open_ads_manager"
HOME_REFRESH: Final = "home.refresh"
FATIGUE_SUGGEST: Final = "fatigue.suggest"  # carries the alert
FATIGUE_NOT_TIRED: Final = "fatigue.not_tired"
PROPOSAL_APPROVE: Final = "proposal.approve"  # these carry the proposal, with the variation as choice
PROPOSAL_EDIT: Final = "proposal.edit"
PROPOSAL_AGAIN: Final = "proposal.again"
PROPOSAL_REJECT: Final = "proposal.reject"
REPLACEMENT_UNDO: Final = "replacement.undo"  # these carry the replacement
REPLACEMENT_UNDO_ANYWAY: Final = "replacement.undo_anyway"
BRAND_EDIT: Final = "brand.edit"  # carries the account

# What modals are called.
EDIT_VARIATION: Final = "variation.edit"
DIRECT_WRITING: Final = "writing.direct"
REJECT_PROPOSAL: Final = "proposal.reject"
SET_BRAND: Final = "brand.set"

# Links: Slack reports the click all the same and wants it acknowledged; nothing else is to be done.
LINKS: Final = frozenset({ALERT_OPEN_ADS_MANAGER})
ALL: Final = frozenset(
    {
        ALERT_ACKNOWLEDGE,
        ALERT_SNOOZE,
        ALERT_UNSNOOZE,
        ALERT_PAUSE,
        ALERT_RESUME,
        ALERT_OPEN_ADS_MANAGER,
        HOME_REFRESH,
        FATIGUE_SUGGEST,
        FATIGUE_NOT_TIRED,
        PROPOSAL_APPROVE,
        PROPOSAL_EDIT,
        PROPOSAL_AGAIN,
        PROPOSAL_REJECT,
        REPLACEMENT_UNDO,
        REPLACEMENT_UNDO_ANYWAY,
        BRAND_EDIT,
    }
)

# An option's value may have 75 characters on every surface, so nothing encoded is ever longer.
_LONGEST = 75
_FORMAT = re.compile(r"1:([a-z]{1,10}):([A-Za-z0-9_-]{1,40}):(0|[1-9][0-9]{0,8})(?::([a-z0-9]{1,10}))?")
_DAMAGED = "This button was not made by this version of Spruce. Use the newest message about it."


@dataclass(frozen=True, slots=True)
class ButtonValue:
    """What was clicked: a kind of thing, its id, the version shown, and a menu's choice."""

    kind: str
    id: str
    version: int
    choice: str = ""


def encode(kind: str, object_id: str, version: int, *, choice: str = "") -> str:
    """A button's value; ids that do not fit are a fault of the caller."""
    value = f"1:{kind}:{object_id}:{version}" + (f":{choice}" if choice else "")
    if len(value) > _LONGEST or not _FORMAT.fullmatch(value):
        raise ValueError(f"{value!r} does not fit a button.")
    return value


def decode(value: object) -> ButtonValue:
    """What a button carried; anything else than what `encode` gives is refused."""
    match = _FORMAT.fullmatch(value) if isinstance(value, str) and len(value) <= _LONGEST else None
    if match is None:
        raise BadInput(_DAMAGED, field="value")
    kind, object_id, version, choice = match.groups()
    return ButtonValue(kind, object_id, int(version), choice or "")


@dataclass(frozen=True, slots=True)
class SnoozeChoice:
    """One way to be left alone: for so long, or until a time of tomorrow where `lasts` is None."""

    key: str
    label: str
    lasts: timedelta | None


TOMORROW_AT: Final = time(9)
SNOOZE_CHOICES: Final = (
    SnoozeChoice("30m", "30 minutes", timedelta(minutes=30)),
    SnoozeChoice("1h", "1 hour", timedelta(hours=1)),
    SnoozeChoice("4h", "4 hours", timedelta(hours=4)),
    SnoozeChoice("24h", "24 hours", timedelta(hours=24)),
    SnoozeChoice("tomorrow", "Until tomorrow 09:00", None),
)
_BY_KEY: Final = {choice.key: choice for choice in SNOOZE_CHOICES}


def snooze_until(key: str, now: datetime, timezone_name: str) -> datetime:
    """When a snooze chosen now ends; "tomorrow" is the account's."""
    choice = _BY_KEY.get(key)
    if choice is None:
        offered = ", ".join(_BY_KEY)
        raise BadInput(f"There is no such snooze. Choose one of: {offered}.", field="choice")
    if choice.lasts is not None:
        return now + choice.lasts
    there = zone(timezone_name)
    tomorrow = now.astimezone(there).date() + timedelta(days=1)
    return datetime.combine(tomorrow, TOMORROW_AT, tzinfo=there).astimezone(now.tzinfo)
