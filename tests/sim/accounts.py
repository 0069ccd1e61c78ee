"""Made-up ad accounts with known truth: how much of its best CTR each ad keeps under repetition, every day.

Calibrated on published and measured facts, not on a detector: day-to-day sd of log CTR beyond counting 0.12
(quartiles .085 and .175, lag-1 correlation 0.5), slow wandering on top, counting noise from the clicks.
`test_fatigue_simulator.py` holds the result to the real figure: in healthy ads 20 to 25 % of the
weeks with 30 clicks show a fitted fall of CTR of more than 20 %.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.domain.fatigue_panel import Panel
from tests.sim import stories
from tests.sim.audience import Audience, Temper

BURN_IN, DAYS = 60, 90  # days nobody sees, then days in the panel
FIRST_DAY = date(2026, 3, 2)
HEALTHY, TIRED = 0.90, 0.80


@dataclass(frozen=True)
class Variant:
    """What a stress test changes."""

    name: str = "base"
    beta: float = 0.43
    reach_noise: float = 0.02
    volume: float = 1.0
    shocks: float = 1.0


BASE = Variant()
STRESS = (
    Variant("weak decay", beta=0.30),
    Variant("strong decay", beta=0.60),
    Variant("noisy reach", reach_noise=0.06),
    Variant("small volume", volume=0.3),
    Variant("shocks", shocks=3.0),
)


@dataclass(frozen=True)
class Account:
    """One account's panel, and for each ad and day the share of its best CTR that repetition has left."""

    panel: Panel
    kept: np.ndarray
    stories: tuple[str, ...]
    purchases: np.ndarray
    budget: np.ndarray


def account(seed: int, number: int, variant: Variant = BASE) -> Account:
    """One account of 4 to 40 ads, the same for the same seed and number."""
    random = np.random.default_rng([seed, number])
    ads, days = int(np.exp(random.uniform(np.log(4), np.log(40)))), BURN_IN + DAYS
    drawn = [
        stories.draw(random, days, BURN_IN, np.exp(random.normal(np.log(0.12), 0.7))) for _ in range(ads)
    ]
    return _Maker(random, drawn, variant).make()


class _Maker:
    def __init__(
        self, random: np.random.Generator, drawn: list[tuple[str, stories.Plan]], variant: Variant
    ) -> None:
        self.random, self.variant = random, variant
        self.names = tuple(name for name, _ in drawn)
        self.plans = [plan for _, plan in drawn]
        self.ads, self.days = len(drawn), BURN_IN + DAYS
        self.clicks = np.exp(random.normal(np.log(35), 1.0, self.ads)) * self._of("clicks") * variant.volume
        self.rate = np.exp(random.normal(np.log(0.012), 0.5, self.ads))

    def _of(self, name: str) -> np.ndarray:
        return np.array([getattr(plan, name) for plan in self.plans])

    def make(self) -> Account:
        """Everything, in the order of cause and effect."""
        common_ctr, common_volume, counted = self._account_days()
        impressions = self._impressions(common_volume)
        reach, reach_7d, multiplier, creative = self._exposures(impressions)
        kept = self._kept(multiplier, impressions, creative)
        clicks, engagement = self._responses(impressions, multiplier, common_ctr, counted)
        return self._account(impressions, (reach, reach_7d), (clicks, engagement), creative, kept)

    def _account_days(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What all ads share: log CTR, log volume, and the share of clicks that is counted."""
        random, days = self.random, self.days
        ctr = noise(random, 1, days, 0.04, 0.5)[0]
        week = np.arange(days) % 7
        ctr = ctr + np.where(week >= 5, random.normal(-0.05, 0.05), 0.0)
        volume = np.where(week >= 5, random.normal(-0.05, 0.12), 0.0)
        counted = np.ones(days)
        for _ in range(random.poisson(0.6 * self.variant.shocks)):
            begin = int(random.integers(BURN_IN, days - 3))
            kind, length = random.choice(["ctr", "cpm", "slide", "outage"]), int(random.integers(3, 25))
            if kind == "ctr":
                ctr[begin : begin + length] += random.uniform(-0.4, 0.2)
            elif kind == "cpm":
                volume[begin : begin + length] -= random.uniform(0.2, 0.6)
            elif kind == "slide":
                part = np.clip((np.arange(days) - begin) / 21.0, 0.0, 1.0)
                ctr = ctr - part * random.uniform(0.15, 0.4)
            else:
                counted[begin : begin + min(length, 4)] = random.uniform(0.1, 0.7)
        return ctr, volume, counted

    def _impressions(self, common: np.ndarray) -> np.ndarray:
        base = self.clicks / self.rate
        wobble = noise(self.random, self.ads, self.days, 0.15, 0.5)
        planned = np.stack([plan.volume for plan in self.plans]) * np.exp(wobble + common)
        running = np.arange(self.days) >= self._of("born")[:, None]
        shown = self.random.poisson(base[:, None] * planned * running)
        return np.where(shown < 20, 0, shown).astype(float)

    def _exposures(self, impressions: np.ndarray) -> tuple[np.ndarray, ...]:
        random, ads = self.random, self.ads
        harmless = self._of("harmless") | (random.random(ads) < 0.10)
        beta = np.clip(random.normal(self.variant.beta, 0.14, ads), 0.1, 0.95) * ~harmless
        patience = np.where(random.random(ads) < 0.15, random.uniform(0.3, 1.5, ads), 0.0)
        temper = Temper(beta, patience, random.uniform(0.91, 0.97, ads), random.uniform(0.003, 0.02, ads))
        people = Audience(temper)
        size = (7.0 * self.clicks / self.rate / self._of("weekly"))[:, None]
        size = size * np.stack([plan.size for plan in self.plans])
        creative = np.stack([plan.creative for plan in self.plans])
        fresh = np.diff(creative, axis=1, prepend=creative[:, :1]) != 0
        shown = [people.show(impressions[:, day], size[:, day], fresh[:, day]) for day in range(self.days)]
        reach, reach_7d, multiplier = (np.stack(part, axis=1) for part in zip(*shown, strict=True))
        sd = self.variant.reach_noise * self._of("reach_noise")[:, None]
        most, most_7d = np.maximum(impressions, 1), np.maximum(_last_week(impressions), 1)
        reach = np.clip(reach * np.exp(sd * random.normal(size=reach.shape)), 1.0, most)
        reach_7d = np.clip(reach_7d * np.exp(sd * random.normal(size=reach.shape)), reach, most_7d)
        return np.round(reach), np.round(reach_7d), multiplier, creative

    def _kept(self, multiplier: np.ndarray, impressions: np.ndarray, creative: np.ndarray) -> np.ndarray:
        """The multiplier against its best since the creative began; NaN on days without delivery."""
        kept = np.full(multiplier.shape, np.nan)
        for ad in range(self.ads):
            for code in np.unique(creative[ad]):
                on = (creative[ad] == code) & (impressions[ad] > 0) & (np.arange(self.days) >= BURN_IN)
                kept[ad, on] = multiplier[ad, on] / np.maximum.accumulate(multiplier[ad, on])
        return kept

    def _responses(
        self, impressions: np.ndarray, multiplier: np.ndarray, common: np.ndarray, counted: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        random, ads, days = self.random, self.ads, self.days
        fast = noise(random, ads, days, np.exp(random.normal(np.log(0.07), 0.5, ads)), 0.3)
        slow = noise(random, ads, days, np.exp(random.normal(np.log(0.02), 0.5, ads)), 0.97)
        other = np.log(np.stack([plan.ctr for plan in self.plans]))
        rate = self.rate[:, None] * np.exp(fast + slow + other + common) * multiplier
        clicks = random.poisson(impressions * np.minimum(rate, 0.5) * counted)
        share = random.uniform(0.4, 1.1, ads)[:, None]
        own = noise(random, ads, days, 0.12, 0.5) + noise(random, ads, days, 0.10, 0.97)
        liked = self.rate * np.exp(random.normal(np.log(1.5), 0.6, ads))
        shared = 0.3 * fast + 0.5 * slow + random.uniform(0, 1, ads)[:, None] * other + 0.6 * common
        rate = liked[:, None] * np.exp(own + shared) * multiplier**share
        return clicks, random.poisson(impressions * np.minimum(rate, 0.8))

    def _account(
        self,
        impressions: np.ndarray,
        reach: tuple[np.ndarray, np.ndarray],
        responses: tuple[np.ndarray, np.ndarray],
        creative: np.ndarray,
        kept: np.ndarray,
    ) -> Account:
        random, seen = self.random, (slice(None), slice(BURN_IN, None))
        cpm = np.exp(random.normal(np.log(25_000), 0.4, self.ads))[:, None]
        spend = np.round(impressions * cpm / 1000.0 * np.exp(noise(random, self.ads, self.days, 0.1, 0.5)))
        born = np.where(self._of("born") > 0, self._of("born"), BURN_IN - 400)
        age = np.maximum(np.arange(BURN_IN, self.days) - born[:, None], 0)
        delivered = impressions[seen] > 0
        panel = Panel(
            ad_ids=tuple(f"{number:03d}-{name}" for number, name in enumerate(self.names)),
            first_day=FIRST_DAY,
            impressions=impressions[seen],
            reach=np.where(delivered, reach[0][seen], 0.0),
            impressions_7d=_last_week(impressions)[seen],
            reach_7d=reach[1][seen],
            clicks=responses[0][seen].astype(float),
            engagement=responses[1][seen].astype(float),
            spend=spend[seen],
            creative=creative[seen],
            delivered=delivered,
            age_days=age.astype(np.int64),
        )
        purchases = random.binomial(responses[0][seen], 0.03)
        budget = np.round(np.stack([plan.volume for plan in self.plans])[seen] * 100_000)
        return Account(panel, kept[seen], self.names, purchases, budget)


def noise(random: np.random.Generator, rows: int, days: int, sd: object, kept: float) -> np.ndarray:
    """AR(1) series with standard deviation `sd` (one, or one per row) and correlation `kept` a day apart."""
    steps = random.normal(size=(rows, days))
    made = np.empty_like(steps)
    made[:, 0] = steps[:, 0]
    for day in range(1, days):
        made[:, day] = kept * made[:, day - 1] + np.sqrt(1.0 - kept**2) * steps[:, day]
    return made * np.reshape(np.asarray(sd, dtype=float), (-1, 1))


def _last_week(values: np.ndarray) -> np.ndarray:
    sums = np.cumsum(np.pad(values, ((0, 0), (7, 0))), axis=1)
    return np.asarray(sums[:, 7:] - sums[:, :-7])
