"""A day belongs to an ad account's time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import BadInput


def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadInput(
            f"{name!r} is not a time zone that this machine knows.", field="timezone_name"
        ) from None


def local_day(moment: datetime, timezone_name: str) -> date:
    """The account's calendar day at that moment."""
    return moment.astimezone(zone(timezone_name)).date()


def day_start(day: date, timezone_name: str) -> datetime:
    """When that account-local day begins, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone(timezone_name)).astimezone(UTC)


def day_range(last: date, days: int) -> list[date]:
    """So many consecutive days, oldest first, ending with `last`."""
    return [last - timedelta(days=back) for back in range(days - 1, -1, -1)]


def slot(moment: datetime, period: timedelta, phase: timedelta = timedelta()) -> datetime:
    """The start of the period that a moment falls into; periods are counted from the epoch plus a phase."""
    epoch = datetime.fromtimestamp(0, UTC) + phase
    return moment - (moment - epoch) % period
