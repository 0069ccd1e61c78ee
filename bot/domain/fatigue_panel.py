"""The daily figures of one account's ads as arrays: what both fatigue rules read."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One account. Arrays are ads x days; day `j` is `first_day + j`, a day of the account's time zone.

    `impressions`, `reach`, `clicks` (one click type for the whole product), `engagement` and `spend` (minor
    units) are of the day; `impressions_7d` and `reach_7d` of the seven days that end with it, 0 where they
    were not read. `creative` is any code that differs between the creatives of one ad. `delivered` marks the
    days that count: a row was read and it has impressions. `age_days` is the ad's age on the day; negative is
    not known, and taken as old. `hooks` are three-second plays, None where none were read.
    """

    ad_ids: tuple[str, ...]
    first_day: date
    impressions: Floats
    reach: Floats
    impressions_7d: Floats
    reach_7d: Floats
    clicks: Floats
    engagement: Floats
    spend: Floats
    creative: Ints
    delivered: Bools
    age_days: Ints
    hooks: Floats | None = None

    @property
    def ads(self) -> int:
        """How many ads there are."""
        return len(self.ad_ids)

    @property
    def days(self) -> int:
        """How many days there are."""
        return int(self.impressions.shape[1])

    def day(self, index: int) -> date:
        """The date of a day's column."""
        return self.first_day + timedelta(days=index)

    def window(self, last: int, days: int) -> "Panel":
        """The `days` days that end with `last`; fewer where the panel begins later. Views, no copies."""
        begin = max(0, last - days + 1)
        return self._cut(self.ad_ids, self.day(begin), (slice(None), slice(begin, last + 1)))

    def of(self, rows: slice) -> "Panel":
        """Some of the ads, all days. Views, no copies."""
        return self._cut(self.ad_ids[rows], self.first_day, (rows, slice(None)))

    def _cut(self, ad_ids: tuple[str, ...], first_day: date, where: tuple[slice, slice]) -> "Panel":
        return Panel(
            ad_ids=ad_ids,
            first_day=first_day,
            impressions=self.impressions[where],
            reach=self.reach[where],
            impressions_7d=self.impressions_7d[where],
            reach_7d=self.reach_7d[where],
            clicks=self.clicks[where],
            engagement=self.engagement[where],
            spend=self.spend[where],
            creative=self.creative[where],
            delivered=self.delivered[where],
            age_days=self.age_days[where],
            hooks=None if self.hooks is None else self.hooks[where],
        )
