"""Which days a query means, in the ad account's own calendar."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from bot.sandbox.graph_errors import bad_param, too_old

# Insights: totals are kept for 37 months.
_KEPT_MONTHS = 37
_DEFAULT_PRESET = "last_30d"


class Period(NamedTuple):
    """Days from `since` to `until`, both included."""

    since: date
    until: date

    def days(self) -> list[date]:
        """Each day."""
        return [self.since + timedelta(days=n) for n in range((self.until - self.since).days + 1)]


def periods(params: Mapping[str, Any], today: date, first: date) -> tuple[Period, ...]:
    """The rows' periods; `time_ranges` and `time_range` win over `date_preset`."""
    if "time_ranges" in params:
        ranges = [_range(value, today) for value in params["time_ranges"]]
    elif "time_range" in params:
        ranges = [_range(params["time_range"], today)]
    else:
        ranges = [preset(params.get("date_preset", _DEFAULT_PRESET), today, first)]
    step = _increment(params.get("time_increment", "all_days"))
    return tuple(part for whole in ranges for part in step(whole))


def _range(value: Mapping[str, Any], today: date) -> Period:
    if set(value) != {"since", "until"}:
        raise bad_param("param time_range must contain since and until.")
    try:
        since, until = (date.fromisoformat(str(value[end])) for end in ("since", "until"))
    except ValueError:
        raise bad_param("time_range: dates must be formatted as YYYY-MM-DD") from None
    if since > until:
        raise bad_param("time_range: since must not be later than until", subcode=1487089)
    if since < _months_before(today, _KEPT_MONTHS):
        raise too_old()
    return Period(since, until)


def _months_before(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, min(day.day, 28))


def preset(name: str, today: date, first: date) -> Period:
    """A named range; `last_Nd` ends yesterday, `this_…` ends today."""
    yesterday = today - timedelta(days=1)
    if name.startswith("last_") and name.endswith("d"):
        return Period(today - timedelta(days=int(name[5:-1])), yesterday)
    return _PRESETS[name](today, first)


def _week(today: date, *, begins: int, ago: int) -> date:
    """The first day of a week that begins on this weekday (Monday is 0), so many weeks ago."""
    return today - timedelta(days=(today.weekday() - begins) % 7 + 7 * ago)


def _quarter(today: date) -> date:
    return date(today.year, today.month - (today.month - 1) % 3, 1)


def _until(day: date) -> date:
    return day - timedelta(days=1)


_PRESETS: dict[str, Callable[[date, date], Period]] = {
    "today": lambda today, _: Period(today, today),
    "yesterday": lambda today, _: Period(_until(today), _until(today)),
    "this_month": lambda today, _: Period(today.replace(day=1), today),
    "last_month": lambda today, _: Period(
        _months_before(today.replace(day=1), 1), _until(today.replace(day=1))
    ),
    "this_quarter": lambda today, _: Period(_quarter(today), today),
    "last_quarter": lambda today, _: Period(_months_before(_quarter(today), 3), _until(_quarter(today))),
    "this_year": lambda today, _: Period(date(today.year, 1, 1), today),
    "last_year": lambda today, _: Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    "this_week_mon_today": lambda today, _: Period(_week(today, begins=0, ago=0), today),
    "this_week_sun_today": lambda today, _: Period(_week(today, begins=6, ago=0), today),
    "last_week_mon_sun": lambda today, _: Period(
        _week(today, begins=0, ago=1), _until(_week(today, begins=0, ago=0))
    ),
    "last_week_sun_sat": lambda today, _: Period(
        _week(today, begins=6, ago=1), _until(_week(today, begins=6, ago=0))
    ),
    "maximum": lambda today, first: Period(first, today),
    "data_maximum": lambda today, first: Period(first, today),
}


def _increment(text: str) -> Callable[[Period], list[Period]]:
    if text == "all_days":
        return lambda whole: [whole]
    if text == "monthly":
        return _by_month
    if text.isdigit() and 1 <= int(text) <= 90:
        return lambda whole: _by_days(whole, int(text))
    raise bad_param("time_increment must be an integer between 1 and 90, monthly or all_days")


def _by_days(whole: Period, days: int) -> list[Period]:
    count = (whole.until - whole.since).days + 1
    begins = [whole.since + timedelta(days=n) for n in range(0, count, days)]
    return [Period(begin, min(begin + timedelta(days=days - 1), whole.until)) for begin in begins]


def _by_month(whole: Period) -> list[Period]:
    parts, begin = [], whole.since
    while begin <= whole.until:
        following = _months_before(begin.replace(day=1), -1)
        parts.append(Period(begin, min(_until(following), whole.until)))
        begin = following
    return parts
