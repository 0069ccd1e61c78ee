"""Breakdowns: a row's figures divided by who saw it, where, or at which hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.sandbox.graph_errors import GraphError, bad_param
from bot.sandbox.world_objects import Figures

HOURLY = "hourly_stats_aggregated_by_advertiser_time_zone"

# Shares of an Indian account; Meta names the values as written here.
_SHARES: dict[str, dict[str, float]] = {
    "age": {"18-24": 0.24, "25-34": 0.38, "35-44": 0.21, "45-54": 0.10, "55-64": 0.05, "65+": 0.02},
    "gender": {"female": 0.66, "male": 0.33, "unknown": 0.01},
    "country": {"IN": 1.0},
    "publisher_platform": {
        "facebook": 0.37,
        "instagram": 0.58,
        "audience_network": 0.04,
        "messenger": 0.01,
    },
    "device_platform": {"mobile_app": 0.96, "mobile_web": 0.02, "desktop": 0.02},
    "impression_device": {"android_smartphone": 0.86, "iphone": 0.12, "desktop": 0.02},
}


class Part(NamedTuple):
    """One value of each breakdown and the share of the figures that falls on it."""

    labels: tuple[tuple[str, str], ...]
    share: float


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of a day as Meta names it."""

    number: int

    @property
    def label(self) -> str:
        """`08:00:00 - 08:59:59`."""
        return f"{self.number:02d}:00:00 - {self.number:02d}:59:59"

    def bounds(self, midnight: datetime) -> tuple[datetime, datetime]:
        """The moments between which this hour lies."""
        begins = midnight + timedelta(hours=self.number)
        return begins, begins + timedelta(hours=1)


def check_breakdowns(names: tuple[str, ...]) -> None:
    """Refuse what the stand-in has no shares for, openly; the SDK's enum was checked before."""
    if HOURLY in names and len(names) > 1:
        message = f"Current combination of data breakdown columns ({', '.join(names)}) is invalid"
        raise GraphError(2, message, subcode=1504041)
    unknown = [name for name in names if name not in _SHARES and name != HOURLY]
    if unknown:
        raise bad_param(f"breakdowns {', '.join(unknown)}: not modelled by the stand-in")


def parts(names: tuple[str, ...]) -> tuple[Part, ...]:
    """Every combination of the breakdowns' values; without any, the whole as one part."""
    combined = [Part((), 1.0)]
    for name in names:
        combined = [
            Part((*part.labels, (name, label)), part.share * share)
            for part in combined
            for label, share in _SHARES[name].items()
        ]
    return tuple(combined)


def hours() -> tuple[Hour, ...]:
    """The hours of a day."""
    return tuple(Hour(number) for number in range(24))


def without_purchases(later: Figures, earlier: Figures) -> Figures:
    """What came between two readings; off-Meta conversions are not returned by the hour."""
    counts = [have - had for have, had in zip(later, earlier, strict=True)]
    first_purchase = Figures._fields.index("buy_click_1d")
    return Figures(*counts[:first_purchase])
