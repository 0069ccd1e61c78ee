"""Figures of delivery and results, and the ratios buyers read from them.

Counts are integers, money is integer minor units of the account's currency, a day is the ad
account's. Ratios are None when their denominator is zero: "no purchases" is not a cost of 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bot.domain.ids import Level, ObjectId


@dataclass(frozen=True, slots=True)
class Figures:
    """Additive figures of one object over one stretch of time."""

    impressions: int = 0
    clicks: int = 0
    link_clicks: int = 0
    spend_minor: int = 0
    purchases: int = 0
    purchase_value_minor: int = 0

    @property
    def ctr(self) -> float | None:
        """CTR (link): link clicks per impression, as a fraction."""
        return _ratio(self.link_clicks, self.impressions)

    @property
    def cpc_minor(self) -> float | None:
        """CPC (link): spend per link click, in minor units."""
        return _ratio(self.spend_minor, self.link_clicks)

    @property
    def cpm_minor(self) -> float | None:
        """Cost of 1,000 impressions, in minor units."""
        ratio = _ratio(self.spend_minor, self.impressions)
        return None if ratio is None else ratio * 1000

    @property
    def conversion_rate(self) -> float | None:
        """Purchases per link click."""
        return _ratio(self.purchases, self.link_clicks)

    @property
    def cost_per_purchase_minor(self) -> float | None:
        """Spend per purchase, in minor units."""
        return _ratio(self.spend_minor, self.purchases)

    @property
    def purchase_roas(self) -> float | None:
        """Purchase value per unit of spend."""
        return _ratio(self.purchase_value_minor, self.spend_minor)


class AdDay(NamedTuple):
    """One row of Insights at `level=ad` with `time_increment=1`: an ad's figures of one day.

    A named tuple, because tens of thousands are made in a poll and it is the cheapest frozen thing.
    """

    ad_id: ObjectId
    adset_id: ObjectId
    campaign_id: ObjectId
    day: date
    impressions: int
    clicks: int
    link_clicks: int
    spend_minor: int
    purchases: int
    purchase_value_minor: int
    reach: int | None  # people, not additive; None where it was not asked for
    attribution_setting: str | None
    engagement: int = 0  # Meta's `inline_post_engagement`
    video_plays: int = 0  # of three seconds


class AdReach(NamedTuple):
    """How many people an ad reached on one day."""

    ad_id: ObjectId
    day: date
    reach: int


class AdWindow(NamedTuple):
    """An ad over the days that end with `last_day`, and how Meta ranks it; people do not add up over days.

    Rankings are of quality, engagement rate and conversion rate, in Meta's own words, empty where not given.
    """

    ad_id: ObjectId
    last_day: date
    impressions: int
    reach: int
    rankings: tuple[str, str, str]


class ReachWindow(NamedTuple):
    """How many people an object reached over a window of days; nothing here adds up over days or objects."""

    level: Level
    object_id: ObjectId
    since: date
    until: date  # inclusive
    impressions: int
    reach: int
    frequency: float


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One object's figures of one account-local day."""

    day: date
    figures: Figures


@dataclass(frozen=True, slots=True)
class Reading:
    """A day's cumulative figures as they looked when they were read."""

    level: Level
    object_id: ObjectId
    day: date
    read_at: datetime
    figures: Figures


@dataclass(frozen=True, slots=True)
class QuietSpell:
    """What an object spent since Meta last reported another purchase for it."""

    since: datetime
    spend_minor: int
    link_clicks: int


def total(parts: Iterable[Figures]) -> Figures:
    """The sum of figures, field by field."""
    impressions = clicks = link_clicks = spend = purchases = value = 0
    for part in parts:  # field by field: rules sum the days of thousands of objects in every cycle
        impressions += part.impressions
        clicks += part.clicks
        link_clicks += part.link_clicks
        spend += part.spend_minor
        purchases += part.purchases
        value += part.purchase_value_minor
    return Figures(impressions, clicks, link_clicks, spend, purchases, value)


def _ratio(numerator: int, denominator: int) -> float | None:
    return numerator / denominator if denominator else None
