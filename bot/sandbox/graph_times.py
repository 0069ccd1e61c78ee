"""Moments as the Graph API writes and reads them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.sandbox.graph_errors import bad_param


def stamp(moment: float, zone: ZoneInfo) -> str:
    """ISO with the account's offset and no colon in it: `2026-11-22T10:00:00+0530`."""
    return datetime.fromtimestamp(moment, zone).strftime("%Y-%m-%dT%H:%M:%S%z")


def read_moment(name: str, text: str) -> float:
    """A `datetime` parameter: epoch seconds or an ISO date or time."""
    if text.lstrip("-").isdigit():
        return float(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise bad_param(f"Param {name} must be a date, a time or a unix timestamp") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
