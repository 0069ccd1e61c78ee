"""How often people see an ad, and what that does to their clicking: the mechanism truth is labelled from.

Nothing here knows how a detector measures exposure. People fall into four classes by how much they are
online; each class has its own count of remembered exposures, which fades and is diluted by newcomers.
"""

from dataclasses import dataclass

import numpy as np

ACTIVITY = np.array([0.35, 0.8, 1.5, 3.2])  # relative time online
PEOPLE = np.array([0.40, 0.30, 0.20, 0.10])  # share of people in each class
SHARE = ACTIVITY * PEOPLE / (ACTIVITY * PEOPLE).sum()  # share of impressions that go to each class
DAY_SPREAD, WEEK_SPREAD = 1.0, 4.0  # negative-binomial size: who is online today, who this week


@dataclass
class Temper:
    """What repetition does to one ad's CTR: `(1 + N)^-beta`, beginning at `patience` exposures."""

    beta: np.ndarray
    patience: np.ndarray
    kept: np.ndarray  # share of an exposure remembered a day later
    churn: np.ndarray  # share of the audience that is new each day


class Audience:
    """The people behind every ad of an account; one call of `show` is one day."""

    def __init__(self, temper: Temper) -> None:
        ads = len(temper.beta)
        self._temper = temper
        self._remembered = np.zeros((ads, 4))
        self._week: list[np.ndarray] = []

    def show(self, impressions: np.ndarray, size: np.ndarray, fresh: np.ndarray) -> tuple[np.ndarray, ...]:
        """One day: (reach of the day, reach of seven days, CTR multiplier); `fresh`: a new creative begins.

        The multiplier is the mean over impressions, hence over people weighted by how often they look.
        """
        fades = (self._temper.kept * (1.0 - self._temper.churn))[:, None]
        self._remembered = np.where(fresh[:, None], 0.0, self._remembered * fades)
        mean = impressions[:, None] * SHARE / np.maximum(size[:, None] * PEOPLE, 1.0)
        seen = self._remembered + mean / 2.0
        self._remembered = self._remembered + mean
        self._week = [*self._week[-6:], mean]
        patience, beta = self._temper.patience[:, None], self._temper.beta[:, None]
        wear = np.maximum(1.0, (1.0 + seen) / (1.0 + patience)) ** -beta
        people = size[:, None] * PEOPLE
        day = (people * _reached(mean, DAY_SPREAD)).sum(axis=1)
        week = (people * _reached(np.sum(self._week, axis=0), WEEK_SPREAD)).sum(axis=1)
        return day, np.maximum(day, week), (SHARE * wear).sum(axis=1)


def _reached(mean: np.ndarray, spread: float) -> np.ndarray:
    return 1.0 - (1.0 + mean / spread) ** -spread
