"""How surprising a count is, and how much of a recent day has been reported yet."""

from collections.abc import Iterable
from datetime import date
from math import exp, lgamma, log, log1p

from bot.domain.insights import DayFigures

# Beyond this volume the day-to-day spread decides, not the counting error. Larger counts are scaled
# down to it, which is cautious and keeps the sums short.
_MOST = 4_000.0
_NEGLIGIBLE = 1e-17

# Meta credits a purchase hours or days after the click, to the day of the click or of the purchase.
# These shares of a day's final purchases are taken to be reported by age in days: today, yesterday...
_SETTLED = (0.65, 0.90, 0.95, 0.97, 0.98)
_FIRST_HOURS = 6.0
_SECOND_HOURS = 12.0


def shortfall_chance(count: int, expected: float, spread: float = 0.0) -> float:
    """The probability of seeing `count` events or fewer where `expected` are due.

    `spread` is the relative standard deviation of the true rate from day to day: counts are then
    Poisson around a gamma-distributed rate (negative binomial). 0 is plain Poisson.
    """
    if expected <= 0:
        return 1.0
    scale = min(1.0, _MOST / max(expected, float(count)))
    k, mean = int(count * scale), expected * scale
    if k >= mean:
        return max(0.0, 1.0 - _sum_up(k + 1, mean, spread))
    return min(1.0, _sum_down(k, mean, spread))


def silence_chance(expected: float, spread: float = 0.0) -> float:
    """The probability of seeing no event at all where `expected` are due."""
    return shortfall_chance(0, expected, spread)


def settled_share(age_days: int, *, hours_today: float = 24.0) -> float:
    """The share of a day's final purchases taken to be reported when it began so many midnights ago.

    Midnight itself reports nothing: today's share builds up over its first hours, yesterday's goes on from
    where today's ended.
    """
    if age_days <= 0:
        return _SETTLED[0] * min(1.0, hours_today / _FIRST_HOURS)
    if age_days == 1:
        return _SETTLED[0] + (_SETTLED[1] - _SETTLED[0]) * min(1.0, hours_today / _SECOND_HOURS)
    return _SETTLED[age_days] if age_days < len(_SETTLED) else 1.0


def settled_spend(days: Iterable[DayFigures], today: date, *, hours_today: float) -> float:
    """The spend whose purchases are taken to be reported."""
    return sum(
        day.figures.spend_minor * settled_share((today - day.day).days, hours_today=hours_today)
        for day in days
    )


def _log_chance(k: int, mean: float, spread: float) -> float:
    if not spread:
        return k * log(mean) - mean - lgamma(k + 1)
    size = 1 / spread**2
    # p = size / (size + mean); log(1 - p) and log(p) without losing digits for small spreads.
    return (
        lgamma(k + size)
        - lgamma(size)
        - lgamma(k + 1)
        - size * log1p(mean / size)
        + k * (log(mean) - log(size + mean))
    )


def _step(k: int, mean: float, spread: float) -> float:
    """How many times as likely k + 1 events are as k."""
    if not spread:
        return mean / (k + 1)
    size = 1 / spread**2
    return (k + size) / (k + 1) * mean / (size + mean)


def _sum_down(k: int, mean: float, spread: float) -> float:
    term = exp(_log_chance(k, mean, spread))
    whole = term
    for below in range(k - 1, -1, -1):
        term /= _step(below, mean, spread)
        whole += term
        if term < whole * _NEGLIGIBLE:
            break
    return whole


def _sum_up(k: int, mean: float, spread: float) -> float:
    term = exp(_log_chance(k, mean, spread))
    whole = term
    while term > whole * _NEGLIGIBLE:
        term *= _step(k, mean, spread)
        k += 1
        whole += term
    return whole
