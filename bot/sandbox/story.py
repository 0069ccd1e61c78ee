"""What happens in the demo account, as data: dated events relative to the world's first moment.

A target is the key of a campaign, an ad set or an ad; an event touches every ad under it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import exp

# What the demo's owner asks for; the figures are made so that ordinary campaigns stay below it.
TARGET_COST_PER_PURCHASE_MINOR = 45_000


class Kind(StrEnum):
    """What an event does."""

    TIRES = "tires"  # click rate falls and the same people see the ad again
    CONVERTS = "converts"  # purchases are multiplied by `strength`
    UNTRACKED = "untracked"  # people buy, but Meta is not told of it
    REVIEW = "review"  # Meta's review changes the ad's effective status


@dataclass(frozen=True, slots=True)
class Wear:
    """How an ad tires: its click rate falls by the share `a_day`, because the same people are met again.

    The audience is `crowd` days of the ad's own impressions while it is fresh, and shrinks as the power
    `crowding` of the click rate.
    """

    a_day: float
    crowding: float
    crowd: float


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens; `ends` is None for what lasts."""

    slug: str
    kind: Kind
    target: str
    begins: timedelta
    ends: timedelta | None = None
    strength: float = 1.0
    status: str = ""
    wear: Wear | None = None
    feedback: tuple[tuple[str, str], ...] = ()

    def touches(self, key: str) -> bool:
        """Whether the ad with this key is meant."""
        return key == self.target or key.startswith(self.target + ".")

    def runs_at(self, since_start: float) -> bool:
        """Whether it is going on so many seconds after the start (negative: before)."""
        ended = self.ends is not None and since_start >= self.ends.total_seconds()
        return self.begins.total_seconds() <= since_start and not ended


_APPEARANCE = (
    "Personal Health and Appearance",
    "Ads must not show close-up 'before and after' images or promise unlikely results.",
)

DEMO: tuple[Event, ...] = (
    Event(
        "tiring-ad",
        Kind.TIRES,
        "in.serum.broad.glow",
        timedelta(days=-16),
        strength=0.2,
        wear=Wear(a_day=0.08, crowding=2.6, crowd=13.0),
    ),
    Event(
        "tiring-image",
        Kind.TIRES,
        "us.coldbrew.broad.pack",
        timedelta(days=-14),
        strength=0.12,
        wear=Wear(a_day=0.075, crowding=2.6, crowd=14.0),
    ),
    Event(
        "cost-jump",
        Kind.CONVERTS,
        "in.hairoil",
        timedelta(hours=-34),
        timedelta(days=2),
        strength=0.42,
    ),
    Event(
        "tracking-break",
        Kind.UNTRACKED,
        "in.gifting",
        timedelta(hours=3),
        timedelta(hours=27),
    ),
    Event("no-purchases", Kind.CONVERTS, "in.bestsellers.students", timedelta(days=-6), strength=0.0),
    Event(
        "rejected-ad",
        Kind.REVIEW,
        "in.nightoil.lookalike.before",
        timedelta(hours=-6),
        status="DISAPPROVED",
        feedback=(_APPEARANCE,),
    ),
    Event(
        "broken-link",
        Kind.REVIEW,
        "in.retarget.viewers.bundle",
        timedelta(days=1),
        status="WITH_ISSUES",
        feedback=(("Landing page not reachable", "The ad's website link leads to an error page."),),
    ),
)


def conversion_factor(events: tuple[Event, ...], since_start: float) -> float:
    """How much of the usual share of clicks ends in a purchase at that moment."""
    factor = 1.0
    for event in events:
        if event.kind is Kind.CONVERTS and event.runs_at(since_start):
            factor *= event.strength
    return factor


def untracked(events: tuple[Event, ...], since_start: float) -> bool:
    """Whether a purchase that Meta would hear of at that moment is lost to it for good."""
    return any(event.kind is Kind.UNTRACKED and event.runs_at(since_start) for event in events)


def tiredness(events: tuple[Event, ...], day: int) -> float:
    """From 1 (fresh) down to the event's strength (worn out), for a day counted from the start's day."""
    return min((_left(event, event.wear, day) for event in events if event.wear), default=1.0)


def _left(event: Event, wear: Wear, day: int) -> float:
    return max(event.strength, exp(-wear.a_day * max(0, day - event.begins.days)))


def audience(events: tuple[Event, ...], days: Sequence[int]) -> float | None:
    """The people left for a tiring ad in days of its own impressions; None where nothing tires.

    Several days share the widest audience among them, so that a longer time never reaches fewer people.
    """
    for event in events:
        if event.wear and days:
            return event.wear.crowd * float(_left(event, event.wear, min(days)) ** event.wear.crowding)
    return None


def tells_of(events: tuple[Event, ...], key: str) -> tuple[Event, ...]:
    """The events that touch the ad with this key."""
    return tuple(event for event in events if event.touches(key))
