"""Alerts against truth: precision, recall, false alarms and delay, as every fatigue rule here is scored."""

from dataclasses import dataclass, field

import numpy as np

from tests.sim.accounts import HEALTHY, TIRED

QUIET = 7  # unflagged days before a flag is a new alert
LATE = 10  # days after the first tired day on which an alert still counts
FROM = 21  # first day that is scored


@dataclass
class Score:
    """Sums over ads; scores of several accounts are added up."""

    episodes: list[tuple[float, int | None]] = field(default_factory=list)  # weekly clicks, delay or None
    false: list[str] = field(default_factory=list)  # the stories that gave a false alarm
    missed: list[str] = field(default_factory=list)
    healthy_days: int = 0
    flagged_healthy: int = 0

    def add(self, other: "Score") -> None:
        """Takes in another account's sums."""
        self.episodes += other.episodes
        self.false += other.false
        self.missed += other.missed
        self.healthy_days += other.healthy_days
        self.flagged_healthy += other.flagged_healthy

    @property
    def found(self) -> list[int]:
        """Delays in days of the episodes that were found."""
        return [delay for _, delay in self.episodes if delay is not None]

    @property
    def precision(self) -> float:
        """Found episodes among found episodes and false alarms."""
        return len(self.found) / max(1, len(self.found) + len(self.false))

    @property
    def recall(self) -> float:
        """Found episodes among all."""
        return len(self.found) / max(1, len(self.episodes))

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)

    @property
    def per_thousand(self) -> float:
        """False alarms per 1,000 healthy ad-days."""
        return 1000 * len(self.false) / max(1, self.healthy_days)

    @property
    def delay(self) -> float:
        """Mean days between the first tired day and the alert; negative is before."""
        return float(np.mean(self.found)) if self.found else float("nan")

    def recall_between(self, least: float, most: float) -> tuple[float, int]:
        """Recall and number of the episodes with so many clicks in the week before the tired day."""
        delays = [delay for clicks, delay in self.episodes if least <= clicks < most]
        return sum(delay is not None for delay in delays) / max(1, len(delays)), len(delays)


def score(flags: np.ndarray, kept: np.ndarray, clicks: np.ndarray, stories: tuple[str, ...]) -> Score:
    """`flags`, `kept` (share of the best CTR left, NaN without delivery) and `clicks`: ads x days."""
    total = Score()
    for ad in range(len(stories)):
        total.add(_ad(flags[ad], kept[ad], clicks[ad], stories[ad]))
    return total


def _ad(flags: np.ndarray, kept: np.ndarray, clicks: np.ndarray, story: str) -> Score:
    alerts = [
        day
        for day in np.flatnonzero(flags).tolist()
        if day >= FROM and not flags[max(0, day - QUIET) : day].any()
    ]
    spells = _spells(kept)
    result = Score(healthy_days=int((kept[FROM:] > HEALTHY).sum()))
    result.flagged_healthy = int((flags & (kept > HEALTHY))[FROM:].sum())
    result.false = [story for day in alerts if kept[day] > HEALTHY]
    for begin, tired in spells:
        if begin < FROM or tired + LATE >= len(kept):
            continue
        hits = [day for day in alerts if begin <= day <= tired + LATE and not kept[day] > HEALTHY]
        week = float(clicks[max(0, tired - 6) : tired + 1].sum())
        result.episodes.append((week, hits[0] - tired if hits else None))
        result.missed += [] if hits else [story]
    return result


def _spells(kept: np.ndarray) -> list[tuple[int, int]]:
    """(first day at or below the healthy level, first tired day) of each spell that becomes tired."""
    spells, begin, tired = [], None, False
    for day, share in enumerate(kept.tolist()):
        if share > HEALTHY:
            begin, tired = None, False
        elif share <= HEALTHY:  # neither on a day without delivery
            begin = day if begin is None else begin
            if share <= TIRED and not tired:
                spells.append((begin, day))
                tired = True
    return spells
