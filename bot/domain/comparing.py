"""How a verdict is reached: difference in differences of log click rates, with an interval.

Each arm's rate is y = ln((c + .5) / (n + 1)) of its link clicks c and impressions n. Its variance has
two parts:

- counting: 1 / (c + .5), the delta method on a Poisson count;
- the days: a day's log rate wanders around the ad's own level with sd 0.12 and a correlation of 0.5
  from one day to the next (measured on daily display data). The mean of D days of such a series
  (AR(1), correlation r^k at k days' distance) has the variance
  sd^2 / D * [ (1 + r) / (1 - r)  -  2 r (1 - r^D) / (D (1 - r)^2) ],  which is sd^2 for one day.

The lift is new - old_before - (control_after - control_before) in logs, the variances add up, and the
interval is 1.96 standard errors to each side. Arms are taken as independent: days of one arm's end and
the next one's beginning are in truth a little alike, which makes the interval rather too wide.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.domain.insights import Figures
from bot.domain.verdicts import Arm, Call, Comparison, Verdict

DAY_SD: Final = 0.12
DAY_CORRELATION: Final = 0.5
MIN_CLICKS: Final = 20
MIN_IMPRESSIONS: Final = 1_000
MIN_PURCHASES: Final = 8
TEST_CLICKS: Final = 100  # an arm
TEST_DAYS: Final = 7
_Z: Final = 1.959964  # 95 %, two-sided


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ratio minus 1, with its 95 % interval."""

    lift: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Stop:
    """Whether a split test ends, and on which side. `new_won` is None where it ends undecided."""

    stop: bool
    new_won: bool | None
    estimate: Estimate | None
    reason: str


def compare(comparison: Comparison, after_days: int, first_day: date, last_day: date) -> Verdict:
    """The verdict `after_days` complete days after the new creative went live, on first_day..last_day.

    Where the old ad ran on all of the new one's days with enough volume (a split test), the two are
    compared side by side. Otherwise the old one's past is the comparison, and the control ads' change
    is taken out where they have the volume to show one.
    """
    reason = _too_early(comparison)
    cost = _cost(comparison)
    made = None if reason else _lift(comparison)
    return Verdict(
        after_days=after_days,
        first_day=first_day,
        last_day=last_day,
        call=_call(made),
        lift=made.lift if made else None,
        low=made.low if made else None,
        high=made.high if made else None,
        comparison=comparison,
        cost_lift=cost.lift if cost else None,
        cost_low=cost.low if cost else None,
        cost_high=cost.high if cost else None,
        reason=reason or _remark(comparison, made),
    )


def stop_rule(new: Arm, old: Arm) -> Stop:
    """The stop rule of a split test, fixed beforehand: a difference is known, or a week is over.

    It needs 100 link clicks in each arm before it looks at the difference at all. Asked after every day
    of a week, it ends a test of two equal creatives with a winner in 8 to 12 of 100 cases (simulated
    under the noise above, 30 to 500 link clicks a day and arm), where a single look would in 5.
    """
    enough = min(new.figures.link_clicks, old.figures.link_clicks) >= TEST_CLICKS
    made = _estimate([(new, 1), (old, -1)]) if enough else None
    call = _call(made)
    if call in (Call.WON, Call.LOST):
        return Stop(True, call is Call.WON, made, "The difference is known.")
    if min(new.days, old.days) >= TEST_DAYS:
        why = "without a difference" if made else f"with fewer than {TEST_CLICKS} link clicks on a side"
        return Stop(True, None, made, f"{TEST_DAYS} days are over {why}.")
    return Stop(False, None, made, f"It runs until the difference is known, {TEST_DAYS} days at most.")


def day_variance(days: int) -> float:
    """The variance of the mean of so many days' log rates, beyond counting."""
    if not days:
        return 0.0
    r = DAY_CORRELATION
    ends = 2 * r * (1 - r**days) / (days * (1 - r) ** 2)
    return DAY_SD**2 / days * ((1 + r) / (1 - r) - ends)


def _too_early(comparison: Comparison) -> str:
    """Why nothing can be said yet, or an empty string."""
    new = comparison.new
    if new.days < 1:
        return "The new creative has not had a complete day yet."
    clicks, impressions = new.figures.link_clicks, new.figures.impressions
    if clicks < MIN_CLICKS:
        return f"The new creative has {clicks} link clicks; a verdict needs {MIN_CLICKS}."
    if impressions < MIN_IMPRESSIONS:
        return f"The new creative has {impressions:,} impressions; a verdict needs {MIN_IMPRESSIONS:,}."
    if not (_side_by_side(comparison) or _speaks(comparison.old_before)):
        return "The old creative's days before had too few clicks to compare with."
    return ""


def _speaks(arm: Arm) -> bool:
    figures = arm.figures
    return arm.days >= 1 and figures.link_clicks >= MIN_CLICKS and figures.impressions >= MIN_IMPRESSIONS


def _side_by_side(comparison: Comparison) -> bool:
    return comparison.old_after.days >= comparison.new.days and _speaks(comparison.old_after)


def _controlled(comparison: Comparison) -> bool:
    arms = (comparison.control_before, comparison.control_after)
    return comparison.controls > 0 and all(map(_speaks, arms))


def _lift(comparison: Comparison) -> Estimate:
    if _side_by_side(comparison):
        return _estimate([(comparison.new, 1), (comparison.old_after, -1)])
    arms = [(comparison.new, 1), (comparison.old_before, -1)]
    if _controlled(comparison):
        arms += [(comparison.control_after, -1), (comparison.control_before, 1)]
    return _estimate(arms)


def _estimate(arms: Iterable[tuple[Arm, int]]) -> Estimate:
    """The signed sum of the arms' log rates, as a ratio with its interval."""
    log, variance = 0.0, 0.0
    for arm, sign in arms:
        clicks = arm.figures.link_clicks + 0.5
        log += sign * math.log(clicks / (arm.figures.impressions + 1))
        variance += 1 / clicks + day_variance(arm.days)
    return _ratio(log, variance)


def _ratio(log: float, variance: float) -> Estimate:
    reach = _Z * math.sqrt(variance)
    return Estimate(math.expm1(log), math.expm1(log - reach), math.expm1(log + reach))


def _call(made: Estimate | None) -> Call:
    if made is None:
        return Call.TOO_EARLY
    if made.low > 0:
        return Call.WON
    return Call.LOST if made.high < 0 else Call.NO_DIFFERENCE


def _cost(comparison: Comparison) -> Estimate | None:
    """Cost per purchase, new against old; purchases as Poisson counts, spend as known.

    The latest days' purchases are still being reported, so it is rather too high on the new side.
    """
    new = comparison.new.figures
    old = (comparison.old_after if _side_by_side(comparison) else comparison.old_before).figures
    if min(new.purchases, old.purchases) < MIN_PURCHASES or not (new.spend_minor and old.spend_minor):
        return None
    log = math.log(_cost_per_purchase(new) / _cost_per_purchase(old))
    return _ratio(log, 1 / new.purchases + 1 / old.purchases)


def _cost_per_purchase(figures: Figures) -> float:
    return figures.spend_minor / figures.purchases


def _remark(comparison: Comparison, made: Estimate | None) -> str:
    """What else to know: what could be excluded, and what it was compared with."""
    parts = []
    if made and _call(made) is Call.NO_DIFFERENCE:
        parts.append(
            f"A gain of more than {made.high:.0%} and a loss of more than {-made.low:.0%} can be excluded."
        )
    if _side_by_side(comparison):
        parts.append("Compared with the old ad over the same days.")
    elif not _controlled(comparison):
        parts.append("No other ad of the ad set had enough clicks on both sides to compare with.")
    return " ".join(parts)
