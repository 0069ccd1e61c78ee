"""Accounts in a few words for the tests of rules: ordinary days, then something happens."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.findings import Finding
from bot.domain.ids import AccountId, Level, ObjectId
from bot.domain.insights import DayFigures, Figures, QuietSpell, total
from bot.domain.structure import Account, EntityRef, Issue
from bot.domain.targets import Targets, thresholds
from bot.rules.base import EntitySeries, Rule, Snapshot

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)  # 18:00 in Kolkata: recent days count as far as they can
YESTERDAY = TODAY - timedelta(days=1)
ACCOUNT = Account(AccountId("act_1"), "Account", "INR", "Asia/Kolkata")

# An ordinary day: CPM 175.00, CTR (link) 1.5 %, CPC 11.67, 5 % of clicks buy, 233.33 a purchase, ROAS 5.
ORDINARY = Figures(
    impressions=40_000,
    clicks=900,
    link_clicks=600,
    spend_minor=700_000,
    purchases=30,
    purchase_value_minor=3_500_000,
)


def history(daily: Figures = ORDINARY, recent: Mapping[int, Figures] | None = None, *, days: int = 28):
    """So many ordinary days and today; `recent` replaces days by their age (0 is today), zero removes one."""
    by_age = dict.fromkeys(range(days + 1), daily) | dict(recent or {})
    found = [DayFigures(TODAY - timedelta(days=age), figures) for age, figures in by_age.items()]
    return tuple(sorted((day for day in found if day.figures != Figures()), key=lambda day: day.day))


def campaign(number: int, *days: DayFigures, **more) -> EntitySeries:
    """A campaign; its id is `c<number>`."""
    entity = EntityRef(Level.CAMPAIGN, ObjectId(f"c{number}"), f"Campaign {number}")
    return _series(entity, days, more)


def adset(number: int, parent: int, *days: DayFigures, **more) -> EntitySeries:
    """An ad set `s<number>` of campaign `c<parent>`."""
    entity = EntityRef(
        Level.ADSET, ObjectId(f"s{number}"), f"Ad set {number}", campaign_id=ObjectId(f"c{parent}")
    )
    return _series(entity, days, more)


def ad(number: int, parent: int, *days: DayFigures, adset_number: int | None = None, **more) -> EntitySeries:
    """An ad `a<number>` of campaign `c<parent>`."""
    entity = EntityRef(
        Level.AD,
        ObjectId(f"a{number}"),
        f"Ad {number}",
        campaign_id=ObjectId(f"c{parent}"),
        adset_id=ObjectId(f"s{adset_number or parent}"),
    )
    return _series(entity, days, more)


def account(*days: DayFigures, **more) -> EntitySeries:
    """The account itself."""
    return _series(EntityRef(Level.ACCOUNT, ObjectId("act_1"), "Account"), days, more)


def together(*parts: EntitySeries) -> tuple[DayFigures, ...]:
    """The days of several objects added up."""
    days = sorted({day.day for part in parts for day in part.days})
    return tuple(DayFigures(day, total(part.over([day]) for part in parts)) for day in days)


def snapshot(*series: EntitySeries, targets: Targets | None = None, **more) -> Snapshot:
    """A snapshot at 18:00 on TODAY; the account's days are its campaigns' unless it is given."""
    if not any(one.entity.level is Level.ACCOUNT for one in series):
        campaigns = [one for one in series if one.entity.level is Level.CAMPAIGN]
        series = (account(*together(*campaigns)), *series)
    whole = next(one for one in series if one.entity.level is Level.ACCOUNT)
    past = total(day.figures for day in whole.days if day.day < TODAY)
    more = {"now": NOW, "data_as_of": NOW, "today": TODAY} | more
    return Snapshot(
        account=ACCOUNT, thresholds=thresholds(targets or Targets(), past), series=tuple(series), **more
    )


def found(rule: Rule, seen: Snapshot, **parameters: float) -> list[Finding]:
    """What the rule finds with its defaults and these changes."""
    return list(rule.evaluate(seen, rule.defaults() | parameters))


def where(findings: list[Finding]) -> list[str]:
    """The ids of the objects at fault."""
    return sorted(finding.entity.id for finding in findings)


def opened(seen: Snapshot, *alerts: tuple[str, str]) -> Snapshot:
    """The same snapshot with these alerts open."""
    return replace(seen, open_alerts=frozenset((rule, ObjectId(one)) for rule, one in alerts))


def times(figures: Figures, by: float = 1.0, **changed: float) -> Figures:
    """The figures scaled as a whole, then single fields scaled by name."""
    names = ("impressions", "clicks", "link_clicks", "spend_minor", "purchases", "purchase_value_minor")
    return Figures(*(round(getattr(figures, name) * by * changed.get(name, 1.0)) for name in names))


def in_other_money(seen: Snapshot, factor: int) -> Snapshot:
    """The same account counted in another currency's minor units."""
    series = tuple(_converted(one, factor) for one in seen.series)
    levels = seen.thresholds
    return replace(
        seen,
        series=series,
        thresholds=replace(
            levels,
            cost_per_purchase_minor=_by(levels.cost_per_purchase_minor, factor),
            cpc_minor=_by(levels.cpc_minor, factor),
        ),
    )


def spell(since: datetime, spend_minor: int, link_clicks: int) -> QuietSpell:
    """Spend since the last purchase."""
    return QuietSpell(since=since, spend_minor=spend_minor, link_clicks=link_clicks)


POLICY = Issue("POLICY", "Personal attributes", "Ads must not assert or imply personal attributes.")


def _series(entity: EntityRef, days: tuple[DayFigures, ...], more: dict) -> EntitySeries:
    statuses = {name: more.pop(name) for name in ("effective_status", "configured_status") if name in more}
    return EntitySeries(replace(entity, **statuses), tuple(days), **more)


def _converted(one: EntitySeries, factor: int) -> EntitySeries:
    days = tuple(
        replace(day, figures=times(day.figures, spend_minor=factor, purchase_value_minor=factor))
        for day in one.days
    )
    quiet = one.quiet and replace(one.quiet, spend_minor=one.quiet.spend_minor * factor)
    return replace(one, days=days, quiet=quiet)


def _by(value: float | None, factor: int) -> float | None:
    return None if value is None else value * factor
