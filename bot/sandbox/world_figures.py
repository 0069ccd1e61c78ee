"""Where figures come from: worked out in detail for the demo, drawn from a pool for measuring."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Protocol

from bot.sandbox import story
from bot.sandbox.world_build import HISTORY_DAYS
from bot.sandbox.world_delivery import (
    KIND_COUNT,
    Curve,
    Day,
    Pace,
    Purchase,
    counted,
    day_of,
    layers,
    pace_of,
    purchases_of,
    share_delivered,
)
from bot.sandbox.world_objects import NOTHING, Ad, Figures
from bot.sandbox.world_random import Stream, bits, noise, unit
from bot.sandbox.world_sharing import Delivery, Stretch

_POOL = 512


class FigureSource(Protocol):
    """Answers for one ad and day as of a moment in epoch seconds."""

    def figures(self, ad: Ad, day: date, as_of: float) -> Figures:
        """What is known at that moment."""
        ...

    def audience(self, ad: Ad, days: Sequence[date]) -> float:
        """How many people the ad was shown among."""
        ...


class Calendar:
    """Days of an account as numbers counted from the start's day."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self.day = lru_cache(maxsize=4096)(self._day)

    def _day(self, ad_zone: str, day: date, ad: Ad) -> Day:
        return day_of(day, ad.account.zone, self._start.astimezone(ad.account.zone).date())

    def of(self, ad: Ad, day: date) -> Day:
        """The day's bounds and number in the ad's account."""
        return self.day(ad.account.key, day, ad)

    def starts_on(self, ad: Ad) -> date:
        """The day of the start in the ad's account."""
        return self._start.astimezone(ad.account.zone).date()


class DetailedFigures:
    """Follows each ad through its day: pace, curve, pauses, story, and purchases one by one."""

    def __init__(
        self, start: datetime, seed: int, delivery: Delivery, events: tuple[story.Event, ...]
    ) -> None:
        self._calendar = Calendar(start)
        self._start = start.timestamp()
        self._seed = seed
        self._delivery = delivery
        self._events = events
        self._curve = lru_cache(maxsize=None)(lambda ad: Curve.of(ad, seed))
        self._told = lru_cache(maxsize=None)(lambda key: story.tells_of(events, key))
        self._purchases = lru_cache(maxsize=8192)(self._find_purchases)

    def figures(self, ad: Ad, day: date, as_of: float) -> Figures:
        """Counts by the share delivered so far, purchases by when they became known."""
        when = self._calendar.of(ad, day)
        if when.number < -HISTORY_DAYS or when.begins >= as_of:
            return NOTHING
        running = self._delivery.stretches(ad)
        share = share_delivered(self._curve(ad), when, running, as_of)
        if share <= 0:
            return NOTHING
        rounding = unit(self._seed, Stream.ROUNDING, ad.index, when.number)
        video = self._delivery.creative(ad, when.begins).video
        base = counted(self._pace(ad, when), share, rounding, video)
        return self._with_purchases(base, ad, when, running, as_of)

    def audience(self, ad: Ad, days: Sequence[date]) -> float:
        """Fewer and fewer new people for an ad that tires."""
        told = self._told(ad.key)
        if not told:
            return ad.profile.audience
        first = self._calendar.starts_on(ad)
        left = story.audience(told, [(day - first).days for day in days])
        return ad.profile.audience if left is None else ad.profile.impressions * left

    def _pace(self, ad: Ad, day: Day) -> Pace:
        """A creative that is swapped in is fresh from the following day on: a day has one click rate."""
        shown = self._delivery.creative(ad, day.begins)
        worn = story.tiredness(self._told(ad.key), day.number) if shown is ad.creative else 1.0
        return pace_of(ad, day, self._seed, worn * self._delivery.effects.get(shown.id, 1.0))

    def _find_purchases(self, ad: Ad, day: Day, layer: int) -> tuple[Purchase, ...]:
        return purchases_of(ad, day, self._seed, (self._pace(ad, day), self._curve(ad)), layer)

    def _with_purchases(
        self, base: Figures, ad: Ad, day: Day, running: Sequence[Stretch], as_of: float
    ) -> Figures:
        told = self._told(ad.key)
        counts, values = [0] * KIND_COUNT, [0] * KIND_COUNT
        for layer in range(layers(running, day)):
            for purchase in self._purchases(ad, day, layer):
                if purchase.at > as_of:
                    break
                delivered = _weight(running, purchase.at) - layer
                if purchase.known_at <= as_of and purchase.place < delivered and self._kept(purchase, told):
                    counts[purchase.kind] += 1
                    values[purchase.kind] += purchase.value_minor
        return Figures(*base[: -2 * KIND_COUNT], *counts, *values)

    def _kept(self, purchase: Purchase, told: tuple[story.Event, ...]) -> bool:
        if story.untracked(told, purchase.known_at - self._start):
            return False
        return not told or purchase.luck < story.conversion_factor(told, purchase.at - self._start)


def _weight(running: Sequence[Stretch], at: float) -> float:
    for begins, ends, weight in running:
        if begins <= at < ends:
            return weight
    return 0.0


class PooledFigures:
    """Picks each ad's day from a few hundred ready-made days; today is a share of one."""

    def __init__(self, start: datetime, seed: int, delivery: Delivery) -> None:
        self._calendar = Calendar(start)
        self._first = (start - timedelta(days=HISTORY_DAYS)).timestamp()
        self._seed = seed
        self._delivery = delivery
        self._pool = tuple(_ready_made(seed, number) for number in range(_POOL))
        # One object per (variant, share) lets rendered rows be shared between ads.
        self._scaled = lru_cache(maxsize=4 * _POOL)(self._scale)

    def figures(self, ad: Ad, day: date, as_of: float) -> Figures:
        """The day's variant, at the share of the day that the ad was running."""
        when = self._calendar.of(ad, day)
        if when.begins >= as_of or when.ends <= self._first:
            return NOTHING
        variant = bits(self._seed, Stream.VARIANT, ad.index, when.number) % _POOL
        return self._scaled(variant, self._share(ad, when, as_of))

    def audience(self, ad: Ad, days: Sequence[date]) -> float:
        """The same for every ad, so that reach follows from the impressions alone."""
        return ad.profile.audience

    def _share(self, ad: Ad, day: Day, as_of: float) -> float:
        ran = sum(
            max(0.0, min(ends, day.ends, as_of) - max(begins, day.begins)) * weight
            for begins, ends, weight in self._delivery.stretches(ad)
        )
        return round(ran / (day.ends - day.begins), 4)

    def _scale(self, variant: int, share: float) -> Figures:
        return self._pool[variant].scaled(share)


def _ready_made(seed: int, number: int) -> Figures:
    impressions = int(4000 * noise(0.4, seed, Stream.VOLUME, number))
    link_clicks = int(impressions * 0.013 * noise(0.2, seed, Stream.CLICK_RATE, number))
    bought = 1 + bits(seed, Stream.PURCHASE_GAP, number) % 3
    return Figures(
        impressions=impressions,
        spend_minor=int(impressions * 18 * noise(0.1, seed, Stream.PRICE, number)),
        clicks=link_clicks + impressions // 150,
        link_clicks=link_clicks,
        landing_views=int(link_clicks * 0.8),
        carts=int(link_clicks * 0.15) + 1,
        checkouts=int(link_clicks * 0.08) + 1,
        reactions=impressions // 240,
        comments=impressions // 2900 + 1,
        shares=impressions // 2000 + 1,
        video_starts=impressions // 2,
        video_3s=impressions // 5,
        thruplays=impressions // 16,
        buy_click_1d=bought,
        buy_view_1d=bought % 2,
        value_click_1d=bought * 119_900,
        value_view_1d=bought % 2 * 119_900,
    )
