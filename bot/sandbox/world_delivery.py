"""How an ad delivers over a day: the day's curve, its counts so far, and its purchases one by one."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from math import ceil, exp, log
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.sandbox.world_objects import Ad, Figures
from bot.sandbox.world_random import Stream, between, noise, unit
from bot.sandbox.world_sharing import Stretch

# Share of a day's delivery per hour; the first peaks at 21:00 as Indian accounts do, the second at 19:00.
_EVENINGS = (2, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 5, 6, 6, 5, 5, 5, 5, 6, 7, 8, 8, 6, 4)
_STEADY = (2, 1, 1, 1, 1, 2, 4, 5, 5, 5, 5, 6, 6, 5, 5, 5, 5, 6, 7, 7, 6, 5, 4, 3)
_WEEKDAY = (0.97, 0.98, 1.0, 1.0, 1.02, 1.05, 1.03)

# Attribution of a purchase, as shares in the order of Figures' five kinds.
_KINDS = tuple(accumulate((0.66, 0.17, 0.04, 0.10, 0.03)))
KIND_COUNT = len(_KINDS)
_CALM = 5
_LAYER = 1_000_000


class Day(NamedTuple):
    """A calendar day in an account's zone: its bounds in epoch seconds and its distance from the start."""

    number: int
    begins: float
    ends: float
    weekday: int


class Purchase(NamedTuple):
    """One purchase: when it happened, when Meta knows of it, how it is attributed, what it was worth."""

    at: float
    known_at: float
    kind: int
    value_minor: int
    luck: float  # kept when below the conversion factor of the moment
    place: float = 0.0  # kept when below the share of the ad's own pace that it delivers


def day_of(day: date, zone: ZoneInfo, first: date) -> Day:
    """The bounds of a calendar day; 23 or 25 hours long when clocks change."""
    begins = datetime.combine(day, time(), zone).timestamp()
    ends = datetime.combine(day + timedelta(days=1), time(), zone).timestamp()
    return Day((day - first).days, begins, ends, day.weekday())


@dataclass(frozen=True, slots=True)
class Curve:
    """Which share of a day's delivery has happened at which share of the day."""

    points: tuple[float, ...]

    @classmethod
    def of(cls, ad: Ad, seed: int) -> "Curve":
        """The account's curve, somewhat flatter for some ads than for others."""
        hours = _EVENINGS if ad.account.evenings else _STEADY
        flat = between(0.0, 0.3, seed, Stream.CURVE, ad.index)
        total = sum(hours)
        shares = [hour / total * (1 - flat) + flat / len(hours) for hour in hours]
        return cls((0.0, *accumulate(shares)))

    def done(self, day: Day, at: float) -> float:
        """The share delivered by that moment."""
        position = min(max((at - day.begins) / (day.ends - day.begins), 0.0), 1.0) * 24
        hour = min(int(position), 23)
        low, high = self.points[hour], self.points[hour + 1]
        return low + (high - low) * (position - hour)

    def when(self, day: Day, share: float) -> float:
        """The moment by which that share is delivered."""
        hour = min(max(bisect_right(self.points, share) - 1, 0), 23)
        low, high = self.points[hour], self.points[hour + 1]
        position = hour + (share - low) / (high - low)
        return day.begins + (day.ends - day.begins) * position / 24


class Pace(NamedTuple):
    """What a whole day of an ad would come to if it ran throughout."""

    impressions: float
    cpm_minor: float
    link_ctr: float
    fresh: float = 1.0


def pace_of(ad: Ad, day: Day, seed: int, fresh: float) -> Pace:
    """The day's totals; `fresh` falls from 1 as the ad tires, and is above it for a better creative."""
    profile = ad.profile
    volume = noise(0.11, seed, Stream.VOLUME, ad.index, day.number) * _WEEKDAY[day.weekday]
    return Pace(
        profile.impressions * volume,
        profile.cpm_minor * noise(0.06, seed, Stream.PRICE, ad.index, day.number),
        profile.link_ctr * noise(0.06, seed, Stream.CLICK_RATE, ad.index, day.number) * fresh,
        fresh,
    )


def share_delivered(curve: Curve, day: Day, running: Sequence[Stretch], until: float) -> float:
    """How much of the day's pace was delivered while the ad was running, up to that moment."""
    total = 0.0
    for begins, ends, weight in running:
        low, high = max(begins, day.begins), min(ends, day.ends, until)
        if high > low:
            total += (curve.done(day, high) - curve.done(day, low)) * weight
    return total


def layers(running: Sequence[Stretch], day: Day) -> int:
    """How many times over a day's purchases are needed for the most the ad delivers on it."""
    weights = (weight for begins, ends, weight in running if begins < day.ends and ends > day.begins)
    return max(1, ceil(max(weights, default=1.0)))


def purchases_of(
    ad: Ad, day: Day, seed: int, sold: tuple[Pace, Curve], layer: int = 0
) -> tuple[Purchase, ...]:
    """Every purchase an uninterrupted day would bring, at random places along the day's curve.

    Further layers hold as many again, for an ad that delivers more than its own pace.

    A gap is the mean of four exponential ones: purchases still come irregularly, but an ordinary
    campaign does not look broken by bad luck alone, which a demo could not explain.
    """
    pace, curve = sold
    expected = pace.impressions * pace.link_ctr * ad.profile.conversion_rate
    found: list[Purchase] = []
    number = layer * _LAYER
    # The day begins in the middle of a gap; otherwise mornings would look poorer than they are.
    position = -unit(Stream.PURCHASE_GAP, seed, ad.index, day.number, *([layer] if layer else []))
    while expected > 0:
        keys = (seed, ad.index, day.number, number)
        gaps = (1.0 - unit(Stream.PURCHASE_GAP, *keys, part) for part in range(_CALM))
        position -= sum(map(log, gaps)) / _CALM
        number += 1
        if position >= expected:
            break
        if position < 0:
            continue
        found.append(_purchase(ad, keys, curve.when(day, position / expected)))
    return tuple(found)


def _purchase(ad: Ad, keys: tuple[int, int, int, int], at: float) -> Purchase:
    kind = bisect_right(_KINDS, unit(Stream.PURCHASE_KIND, *keys))
    value = ad.profile.order_minor * noise(0.35, Stream.PURCHASE_VALUE, *keys)
    return Purchase(
        at,
        at + _delay(unit(Stream.PURCHASE_DELAY, *keys)),
        min(kind, KIND_COUNT - 1),
        # Prices end in whole units, as a shop's do.
        round(value / 100) * 100,
        unit(Stream.PURCHASE_KEPT, *keys),
        unit(Stream.PURCHASE_SHARE, *keys),
    )


def _delay(luck: float) -> float:
    """Seconds until a purchase is reported: mostly minutes, some hours, a few up to four days."""
    if luck < 0.88:
        return 120 + 3000 * luck
    if luck < 0.97:
        return 7200 + 64_800 * (luck - 0.88) / 0.09
    return 86_400 + 259_200 * (luck - 0.97) / 0.03


def counted(pace: Pace, share: float, rounding: float, video: bool) -> Figures:
    """The counts at this share of the day; none of them ever falls as the share grows."""
    shown = pace.impressions * share
    linked = shown * pace.link_ctr
    link_clicks = int(linked + rounding)
    # People who have seen it before react and stop to watch less, though not as much less as they click.
    liked = shown * pace.fresh**0.8
    watched = shown * 0.23 * min(1.0, pace.fresh**0.5) if video else 0.0
    return Figures(
        impressions=int(shown),
        spend_minor=int(shown * pace.cpm_minor / 1000),
        clicks=link_clicks + int(shown * 0.0065),
        link_clicks=link_clicks,
        landing_views=int(linked * 0.81 + rounding),
        carts=int(linked * 0.15 + rounding),
        checkouts=int(linked * 0.085 + rounding),
        reactions=int(liked * 0.0042),
        comments=int(liked * 0.00035),
        shares=int(liked * 0.0005),
        video_starts=int(watched * 3.1),
        video_3s=int(watched),
        thruplays=int(watched * 0.27),
    )


def reach_of(impressions: int, audience: float) -> int:
    """How many people that many impressions reach: fewer and fewer new ones, never more than there are."""
    if impressions <= 0:
        return 0
    return max(1, min(impressions, round(audience * (1.0 - exp(-impressions / audience)))))
