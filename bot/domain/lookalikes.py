"""What looks like a tired creative and is not: each is ruled out or named, never left open in silence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import expm1

from bot.domain.findings import Quantity, Remark, Unit
from bot.domain.insights import DayFigures, Figures, total

_WEEK = 7
_MOVED = 0.15  # CTR of the account's other ads on that day
_TOGETHER = 0.10  # a sibling that lost this much CTR falls as well
_CPM_MOVED = 0.20
_BUDGET_MOVED = 0.20
_ROUNDING = 1e-9  # 120 is a fifth more than 100, whatever binary fractions say
_RECENT = 3  # days on which tracking is looked at; what is late is allowed for
_LATE = 0.92  # the share of three complete days' purchases that is taken to be reported
_COLLAPSED = 0.5
_CLICKS_NORMAL = 0.7
_ENOUGH_PURCHASES = 8.0
_YOUNG_DAYS = 7


class LookalikeKind(StrEnum):
    """Other reasons why an ad's figures fall; in the order in which they are told."""

    ACCOUNT_MOVED = "account_moved"  # CTR of all the account's ads
    SATURATION = "saturation"  # all ads of the ad set fall together
    TRACKING = "tracking"  # purchases per click collapsed while clicks are normal
    CONVERSION_LAG = "conversion_lag"  # purchases of the last days are not all reported yet
    CPM_MOVED = "cpm_moved"  # the auction became dearer or cheaper for the whole account
    EDITED = "edited"  # a creative, a setting or a budget changed in the window
    LEARNING = "learning"  # the ad is new, or its ad set still learns
    TOO_LITTLE_DATA = "too_little_data"


class LookalikeState(StrEnum):
    """What was found when it was looked for."""

    RULED_OUT = "ruled_out"
    PRESENT = "present"
    UNKNOWN = "unknown"  # what it would take to tell was not read


@dataclass(frozen=True, slots=True)
class Lookalike:
    """One other explanation and what is known of it, as a sentence with its numbers."""

    kind: LookalikeKind
    state: LookalikeState
    remark: Remark


class WhatChanged(StrEnum):
    """Changes that are noticed by comparing two readings."""

    CREATIVE = "creative"
    ADSET_BUDGET = "adset_budget"
    CAMPAIGN_BUDGET = "campaign_budget"


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """A change of one object; budgets are minor units a day, empty where there is none."""

    what: WhatChanged
    at: datetime
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around one ad on one complete day.

    `account` and `own` are days of the window, oldest first, the last included. `control` is the other ads'
    movement of log CTR on the day, by `others` of them. `siblings` are the CTR changes over a week of the ad
    set's other ads that can be judged. `age_days` is None where it is not known. `changed_on` is the day
    of the last change of the ad or its ad set by Meta's record.
    """

    last_day: date
    account: Sequence[DayFigures]
    own: Sequence[DayFigures]
    control: float
    others: int
    siblings: Sequence[float]
    changes: Sequence[ObjectChange]
    changed_on: date | None
    age_days: int | None
    learning: bool
    too_little: str  # why the day cannot be judged, or empty


def check(around: Around) -> tuple[Lookalike, ...]:
    """Every other explanation with what is known of it."""
    return tuple(Lookalike(kind, *_CHECKS[kind](around)) for kind in LookalikeKind)


_Found = tuple[LookalikeState, Remark]


def _said(state: LookalikeState, template: str, *quantities: Quantity) -> _Found:
    return state, Remark(template, quantities)


def _share(amount: float) -> Quantity:
    return Quantity(Unit.SHARE, abs(amount))


def _count(number: int) -> Quantity:
    return Quantity(Unit.COUNT, number)


def _account_moved(around: Around) -> _Found:
    if around.others < 1:
        return _said(LookalikeState.UNKNOWN, "No other ad of the account delivered, to compare with")
    moved = expm1(around.control)
    way = "rose" if moved > 0 else "fell"
    if abs(moved) >= _MOVED:
        return _said(
            LookalikeState.PRESENT,
            f"CTR (link) of the account's other ads {way} by {{0}} on the same day: the account moved",
            _share(moved),
        )
    return _said(
        LookalikeState.RULED_OUT,
        f"The account's other ads did not move with it: their CTR (link) {way} by {{0}}",
        _share(moved),
    )


def _saturation(around: Around) -> _Found:
    falling = sum(change <= -_TOGETHER for change in around.siblings)
    of = len(around.siblings)
    if not of:
        return _said(
            LookalikeState.UNKNOWN,
            "No other ad of its ad set has enough data: the audience cannot be told from the creative",
        )
    if falling == of:
        return _said(
            LookalikeState.PRESENT,
            "All {0} ads of the ad set lose CTR (link) together: the audience may be used up, "
            "and a new creative alone may not help",
            _count(of + 1),
        )
    return _said(
        LookalikeState.RULED_OUT,
        "{0} of the {1} other ads of its ad set hold their CTR (link): the audience is not used up",
        _count(of - falling),
        _count(of),
    )


def _tracking(around: Around) -> _Found:
    now, before = _split(around.account, _RECENT)
    rate = before.conversion_rate
    due = (rate or 0.0) * now.link_clicks * _LATE
    days_before = len(around.account) - _RECENT
    if rate is None or due < _ENOUGH_PURCHASES or days_before < _WEEK:
        return _said(
            LookalikeState.UNKNOWN, "Too few purchases in the account to tell whether tracking works"
        )
    usual_clicks = before.link_clicks / days_before * _RECENT
    share = now.purchases / due
    if share < _COLLAPSED and now.link_clicks >= _CLICKS_NORMAL * usual_clicks:
        return _said(
            LookalikeState.PRESENT,
            "The account reports {0} of the purchases that its clicks usually bring: tracking may be broken",
            _share(share),
        )
    return _said(
        LookalikeState.RULED_OUT,
        "Tracking works: the account reports {0} of the purchases that its clicks usually bring",
        _share(share),
    )


def _conversion_lag(_around: Around) -> _Found:
    return _said(
        LookalikeState.RULED_OUT, "Late purchases play no part: the verdict rests on link clicks alone"
    )


def _cpm_moved(around: Around) -> _Found:
    now, before = _split(around.account, _WEEK)
    if not now.cpm_minor or not before.cpm_minor:
        return _said(LookalikeState.UNKNOWN, "There is no earlier CPM of the account to compare with")
    moved = now.cpm_minor / before.cpm_minor - 1
    way = "rose" if moved > 0 else "fell"
    if abs(moved) >= _CPM_MOVED:
        return _said(
            LookalikeState.PRESENT,
            f"CPM of the whole account {way} by {{0}} over the last 7 days: the auction changed",
            _share(moved),
        )
    return _said(
        LookalikeState.RULED_OUT,
        f"The auction is as before: CPM of the account {way} by {{0}}",
        _share(moved),
    )


def _edited(around: Around) -> _Found:
    first = around.last_day - timedelta(days=_WEEK - 1)
    for change in around.changes:
        if change.what is WhatChanged.CREATIVE:
            return _said(LookalikeState.PRESENT, "The ad's creative was changed within the last 7 days")
        moved = _budget_change(change)
        if moved is None:
            return _said(
                LookalikeState.PRESENT, "A daily budget was set or taken away within the last 7 days"
            )
        if abs(moved) >= _BUDGET_MOVED - _ROUNDING:
            way = "raised" if moved > 0 else "cut"
            whose = "ad set's" if change.what is WhatChanged.ADSET_BUDGET else "campaign's"
            return _said(
                LookalikeState.PRESENT,
                f"The {whose} daily budget was {way} by {{0}} within the last 7 days",
                _share(moved),
            )
    if around.changed_on is not None and around.changed_on >= first:
        days = max(0, (around.last_day - around.changed_on).days)
        return _said(
            LookalikeState.UNKNOWN,
            "Something about the ad or its ad set was changed {0} days before the last complete day; "
            "not its creative, nor the budget by a fifth",
            _count(days),
        )
    return _said(LookalikeState.RULED_OUT, "No change of creative, settings or budget within the last 7 days")


def _learning(around: Around) -> _Found:
    if around.learning:
        return _said(LookalikeState.PRESENT, "Its ad set is in Meta's learning phase")
    age = around.age_days
    if age is None:
        return _said(LookalikeState.UNKNOWN, "How old the ad is could not be read")
    if age < _YOUNG_DAYS:
        return _said(
            LookalikeState.PRESENT, "The ad is {0} days old: its delivery still settles", _count(age)
        )
    return _said(LookalikeState.RULED_OUT, "The ad is out of its first week: {0} days old", _count(age))


def _too_little(around: Around) -> _Found:
    week = around.own[-_WEEK:]
    volume = total(day.figures for day in week)
    days = sum(day.figures.impressions > 0 for day in week)
    state = LookalikeState.PRESENT if around.too_little else LookalikeState.RULED_OUT
    told = "Too little data on the last complete day" if around.too_little else "There is enough data"
    return _said(
        state,
        f"{told}: {{0}} link clicks of {{1}} impressions on {{2}} days of the last 7",
        _count(volume.link_clicks),
        _count(volume.impressions),
        _count(days),
    )


_CHECKS: dict[LookalikeKind, Callable[[Around], _Found]] = {
    LookalikeKind.ACCOUNT_MOVED: _account_moved,
    LookalikeKind.SATURATION: _saturation,
    LookalikeKind.TRACKING: _tracking,
    LookalikeKind.CONVERSION_LAG: _conversion_lag,
    LookalikeKind.CPM_MOVED: _cpm_moved,
    LookalikeKind.EDITED: _edited,
    LookalikeKind.LEARNING: _learning,
    LookalikeKind.TOO_LITTLE_DATA: _too_little,
}


def _split(days: Sequence[DayFigures], last: int) -> tuple[Figures, Figures]:
    return total(day.figures for day in days[-last:]), total(day.figures for day in days[:-last])


def _budget_change(change: ObjectChange) -> float | None:
    if not change.before.isdigit() or not change.after.isdigit() or not int(change.before):
        return None
    return int(change.after) / int(change.before) - 1
