"""What happens to one ad: the plan of its delivery, audience, creative and unrelated troubles, by day.

A story's name never becomes a label. It only moves what a buyer or the auction would move.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

Random = np.random.Generator


@dataclass
class Plan:
    """One ad over all days, before noise. Factors are 1 where nothing happens."""

    days: int
    weekly: float  # impressions per person and week at the start
    volume: np.ndarray = field(init=False)  # factor on impressions
    size: np.ndarray = field(init=False)  # factor on the audience
    ctr: np.ndarray = field(init=False)  # factor on CTR that has nothing to do with exposure
    creative: np.ndarray = field(init=False)
    born: int = 0  # first day of delivery
    harmless: bool = False
    reach_noise: float = 1.0  # factor on the noise of reach
    clicks: float = 1.0  # factor on the ad's click volume

    def __post_init__(self) -> None:
        self.volume, self.size, self.ctr = (np.ones(self.days) for _ in range(3))
        self.creative = np.zeros(self.days, dtype=np.int64)


def _when(random: Random, plan: Plan, first: int) -> int:
    return int(random.integers(first + 8, plan.days - 12))


def _ramp(days: int, begin: int, length: int, to: float) -> np.ndarray:
    """1 before `begin`, `to` after `begin + length`, geometric between."""
    part = np.clip((np.arange(days) - begin) / max(length, 1), 0.0, 1.0)
    return np.asarray(to**part)


def stable(_random: Random, _plan: Plan, _first: int) -> None:
    """Nothing."""


def retargeting(random: Random, plan: Plan, _first: int) -> None:
    """A small audience that has long seen the ad often, and goes on so."""
    plan.weekly = random.uniform(1.0, 3.0)


def unharmed(random: Random, plan: Plan, first: int) -> None:
    """The audience is exhausted and does not mind."""
    saturation(random, plan, first)
    plan.harmless = True


def saturation(random: Random, plan: Plan, first: int) -> None:
    """The audience shrinks to a part, within days or weeks: the same people are met again."""
    begin = _when(random, plan, first)
    plan.size *= _ramp(plan.days, begin, int(random.integers(1, 10)), random.uniform(0.03, 0.15))


def tiny_launch(random: Random, plan: Plan, first: int) -> None:
    """A new ad for very few people."""
    plan.born = int(random.integers(first, plan.days - 25))
    plan.weekly = random.uniform(1.0, 4.0)


def scale_up(random: Random, plan: Plan, first: int) -> None:
    """The budget goes up to a multiple and stays there."""
    begin = _when(random, plan, first)
    plan.volume *= _ramp(plan.days, begin, int(random.integers(1, 12)), random.uniform(2.5, 8.0))
    plan.weekly *= random.uniform(1.0, 4.0)


def broadening(random: Random, plan: Plan, first: int) -> None:
    """A wider audience clicks less and is met less often."""
    begin, length = _when(random, plan, first), int(random.integers(1, 8))
    plan.size *= _ramp(plan.days, begin, length, random.uniform(1.5, 4.0))
    plan.ctr *= _ramp(plan.days, begin, length, random.uniform(0.6, 0.85))


def mix_shift(random: Random, plan: Plan, first: int) -> None:
    """Another placement takes over, where people click less; frequency moves a little either way."""
    begin, length = _when(random, plan, first), int(random.integers(1, 6))
    plan.ctr *= _ramp(plan.days, begin, length, random.uniform(0.55, 0.85))
    plan.size *= _ramp(plan.days, begin, length, random.uniform(0.75, 1.3))


def budget_moves(random: Random, plan: Plan, first: int) -> None:
    """The budget goes up and down again, twice."""
    for _ in range(2):
        begin, length = _when(random, plan, first), int(random.integers(4, 15))
        plan.volume[begin : begin + length] *= random.choice([0.4, 0.6, 1.6, 2.5])


def wandering(random: Random, plan: Plan, _first: int) -> None:
    """The ad set shifts its spend between its ads from week to week."""
    steps = random.normal(0.0, 0.10, plan.days).cumsum()
    plan.volume *= np.exp(np.clip(steps - steps.mean(), -1.2, 1.2))


def swap(random: Random, plan: Plan, first: int) -> None:
    """A new creative under the same ad, better or worse; often in an audience that was full."""
    begin = _when(random, plan, first)
    plan.weekly *= random.uniform(1.0, 4.0)
    plan.creative[begin:] = 1
    plan.ctr[begin:] *= np.exp(random.normal(0.0, 0.25))


def learning(random: Random, plan: Plan, first: int) -> None:
    """A new ad that settles: better or worse first days while delivery finds its people."""
    plan.born = int(random.integers(first, plan.days - 25))
    since = np.maximum(np.arange(plan.days) - plan.born, 0)
    plan.ctr *= np.exp(random.normal(0.05, 0.22) * np.exp(-since / 3.0))
    plan.volume *= 1.0 - 0.5 * np.exp(-since / 4.0)


def paused(random: Random, plan: Plan, first: int) -> None:
    """Two pauses of days or weeks."""
    plan.weekly *= random.uniform(1.0, 3.0)
    for _ in range(2):
        begin = _when(random, plan, first)
        plan.volume[begin : begin + int(random.integers(2, 15))] = 0.0


def tiny_volume(random: Random, plan: Plan, first: int) -> None:
    """A handful of clicks a day, whatever happens; sometimes the audience is exhausted as well."""
    plan.clicks = random.uniform(0.04, 0.2)
    if random.random() < 0.3:
        saturation(random, plan, first)


def noisy_reach(random: Random, plan: Plan, first: int) -> None:
    """Reach is estimated badly; sometimes the audience is exhausted as well."""
    plan.reach_noise = 4.0
    if random.random() < 0.3:
        saturation(random, plan, first)


Story = Callable[[Random, Plan, int], None]
SHARES: dict[Story, float] = {
    stable: 0.28,
    retargeting: 0.06,
    unharmed: 0.04,
    saturation: 0.11,
    tiny_launch: 0.04,
    scale_up: 0.07,
    broadening: 0.05,
    mix_shift: 0.07,
    budget_moves: 0.06,
    wandering: 0.06,
    swap: 0.04,
    learning: 0.04,
    paused: 0.04,
    tiny_volume: 0.02,
    noisy_reach: 0.02,
}


def draw(random: Random, days: int, first: int, weekly: float) -> tuple[str, Plan]:
    """One ad's story and plan; every tenth ad also meets a mix shift that has nothing to do with it."""
    stories, shares = list(SHARES), np.array(list(SHARES.values()))
    story = stories[int(random.choice(len(stories), p=shares / shares.sum()))]
    plan = Plan(days, weekly)
    story(random, plan, first)
    if random.random() < 0.1:
        mix_shift(random, plan, first)
    return story.__name__, plan
