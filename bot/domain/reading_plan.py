"""Which parts of an account to read in this cycle: what changed, in the fewest calls.

Meta refreshes Insights every 15 minutes and restates days for up to 28, so today is read every
cycle, the last 7 days every hour and the last 28 once a day, early in the account's morning
(Marketing API, Insights: best practices). Counting people is slow at Meta's side, so what ads reached is read
once for each day, after its morning reading, and further back a few days in each cycle.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.days import day_range, local_day, zone

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_MONTH_AT = time(4, 0)
_FIRST_MONTH_AFTER = timedelta(hours=2)
# 28 days of so few ads fit into a handful of pages, so a new account need not wait for its morning.
_SMALL_ACCOUNT_ADS = 120
# Figures of a day are nearly all in three hours after its end; this is when the month is read anew.
_SETTLED_AFTER = timedelta(hours=4)
_PEOPLE_DAYS = 28
_PEOPLE_PAGES = 10  # of windows in one cycle, beside what else it reads
_PAGE = 500
# The note in an account's progress of the days whose people were read, apart by spaces.
PEOPLE_READ = "people_days"


class Part(StrEnum):
    """One kind of reading; the names are the keys of an account's progress."""

    ACCOUNT = "account"
    CAMPAIGNS = "campaigns"
    ADSETS = "adsets"
    ADS = "ads"  # what changed since the last reading
    ALL_ADS = "all_ads"
    TODAY = "today"
    WEEK = "week"  # the last 7 days, today included
    MONTH = "month"  # the last 28 days, today included
    REACH = "reach"
    PEOPLE = "people"  # whom each ad reached: by day, and over the 7 days that end with it
    WORDS = "words"  # what Meta recommends, and which ad sets still learn


# Without these a cycle cannot judge anything; the others may fail and be tried again.
ESSENTIAL = frozenset({Part.ADS, Part.ALL_ADS, Part.TODAY, Part.WEEK, Part.MONTH, Part.ACCOUNT})


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts to read, in order; `first` marks an account that was never read whole."""

    parts: tuple[Part, ...]
    first: bool


def plan(progress: Mapping[str, str], now: datetime, timezone_name: str) -> Plan:
    """Decide what a cycle reads, from when each part was last read whole (ISO moments)."""
    read = {Part(name): datetime.fromisoformat(at) for name, at in progress.items() if name in set(Part)}
    if not {Part.ALL_ADS, Part.WEEK} <= read.keys():
        whole = (Part.CAMPAIGNS, Part.ADSETS, Part.ALL_ADS, Part.WEEK, Part.REACH)
        return Plan(whole if Part.ACCOUNT in read else (Part.ACCOUNT, *whole), first=True)
    parts = [Part.ALL_ADS if _older(read, Part.ALL_ADS, now, _DAY) else Part.ADS]
    if _month_due(read, now, timezone_name):
        parts += [Part.ACCOUNT, Part.MONTH, Part.REACH]
    elif _older(read, Part.WEEK, now, _HOUR):
        parts += [Part.WEEK, Part.REACH]
    else:
        parts.append(Part.TODAY)
    # Names and budgets change seldom: the one that was read longer ago is read in this cycle.
    parts.append(
        min(
            (Part.CAMPAIGNS, Part.ADSETS),
            key=lambda part: read.get(part, datetime.min.replace(tzinfo=now.tzinfo)),
        )
    )
    # People are written beside the month's figures, so they wait until it was read.
    if Part.MONTH in read and Part.MONTH not in parts:
        parts += _rarer(read, progress, now, timezone_name)
    return Plan(tuple(parts), first=False)


def _rarer(
    read: Mapping[Part, datetime], progress: Mapping[str, str], now: datetime, timezone_name: str
) -> tuple[Part, ...]:
    """One of the two that can wait."""
    if people_wanted(progress, now, timezone_name):
        return (Part.PEOPLE,)
    return (Part.WORDS,) if _older(read, Part.WORDS, now, _DAY) else ()


def complete_day(now: datetime, timezone_name: str) -> date:
    """The account's last day whose figures are in."""
    return local_day(now - _SETTLED_AFTER, timezone_name) - _DAY


def people_read(progress: Mapping[str, str]) -> frozenset[date]:
    """The days whose people were read whole."""
    return frozenset(date.fromisoformat(day) for day in progress.get(PEOPLE_READ, "").split())


def people_wanted(progress: Mapping[str, str], now: datetime, timezone_name: str) -> list[date]:
    """The complete days of four weeks whose people were not read yet, newest first."""
    known = people_read(progress)
    days = day_range(complete_day(now, timezone_name), _PEOPLE_DAYS)
    return [day for day in reversed(days) if day not in known]


def people_note(progress: Mapping[str, str], more: Iterable[date]) -> str:
    """The note with those days as well; what is older than is ever asked for drops out."""
    days = people_read(progress) | frozenset(more)
    first = max(days) - timedelta(days=2 * _PEOPLE_DAYS) if days else None
    return " ".join(day.isoformat() for day in sorted(days) if first is None or day >= first)


def people_at_once(ads: int) -> int:
    """For how many days an account of that size reads people in one cycle."""
    if fill_at_once(ads):
        return _PEOPLE_DAYS
    pages = -(-ads // _PAGE)
    return max(2, _PEOPLE_PAGES // pages)


def fill_at_once(ads: int) -> bool:
    """Whether a new account is small enough to read its 28 days in its first cycle."""
    return ads <= _SMALL_ACCOUNT_ADS


def _older(read: Mapping[Part, datetime], part: Part, now: datetime, than: timedelta) -> bool:
    return part not in read or now - read[part] >= than


def _month_due(read: Mapping[Part, datetime], now: datetime, timezone_name: str) -> bool:
    last = read.get(Part.MONTH)
    if last is None:  # a large new account: once the rush of its first reading is over
        return now - read[Part.ALL_ADS] >= _FIRST_MONTH_AFTER
    local = now.astimezone(zone(timezone_name))
    morning = local.replace(hour=_MONTH_AT.hour, minute=_MONTH_AT.minute, second=0, microsecond=0)
    if local < morning:
        morning -= _DAY
    return last < morning
