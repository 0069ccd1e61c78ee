"""Ads that Meta's review rejected or that run with issues: judged by status, no figures needed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from bot.domain.findings import Contributor, Finding, Quantity, Severity, Unit
from bot.domain.ids import Level, ObjectId
from bot.domain.insights import DayFigures, Figures, total
from bot.domain.structure import Issue
from bot.rules.base import EntitySeries, Parameter, Rule, Snapshot

_ID = "ad_rejected"
_REJECTED = "DISAPPROVED"
_HAMPERED = "WITH_ISSUES"
_LAST_DAYS = 7
_MOST_ISSUES = 5


def evaluate(snapshot: Snapshot, parameters: Mapping[str, float]) -> Iterator[Finding]:
    """One finding for each hampered ad, or one for a campaign when several of its ads are rejected."""
    grouped: set[ObjectId] = set()
    for campaign, ads in _crowds(snapshot, parameters["group_from"]):
        grouped.update(ad.entity.id for ad in ads)
        yield _campaign_finding(snapshot, campaign, ads, parameters)
    for ad in snapshot.at(Level.AD):
        if ad.entity.id not in grouped and (_rejected(ad) or _hampered(ad)):
            yield _ad_finding(snapshot, ad, parameters)


def _crowds(snapshot: Snapshot, group_from: float) -> Iterator[tuple[EntitySeries, list[EntitySeries]]]:
    for campaign in snapshot.at(Level.CAMPAIGN):
        ads = [ad for ad in snapshot.children(campaign.entity, Level.AD) if _rejected(ad)]
        # A campaign that is already reported as a whole stays so until few of its ads are left.
        enough = group_from / 2 if snapshot.is_open(_ID, campaign.entity) else group_from
        if ads and len(ads) >= enough:
            yield campaign, ads


def _rejected(ad: EntitySeries) -> bool:
    # A person who switched the ad off, or deleted it, has dealt with the rejection.
    return ad.entity.effective_status == _REJECTED and ad.entity.configured_status == "ACTIVE"


def _hampered(ad: EntitySeries) -> bool:
    return ad.entity.effective_status == _HAMPERED and ad.entity.configured_status == "ACTIVE"


def _ad_finding(snapshot: Snapshot, ad: EntitySeries, parameters: Mapping[str, float]) -> Finding:
    lost = _daily(snapshot, [ad])
    rejected = _rejected(ad)
    return Finding(
        rule_id=_ID,
        entity=ad.entity,
        severity=_severity(snapshot, lost, parameters) if rejected else Severity.WARNING,
        what="Ad rejected by Meta's review" if rejected else "Ad runs with issues",
        value=None,
        threshold=None,
        threshold_from="",
        window="now",
        since=_since(snapshot, ad),
        figures=_figures(snapshot, [ad]),
        cost_minor=lost,
        cost_meaning=_meaning(snapshot, lost),
        advice=_advice(rejected),
        issues=ad.issues,
    )


def _campaign_finding(
    snapshot: Snapshot,
    campaign: EntitySeries,
    ads: list[EntitySeries],
    parameters: Mapping[str, float],
) -> Finding:
    lost = _daily(snapshot, ads)
    return Finding(
        rule_id=_ID,
        entity=campaign.entity,
        severity=_severity(snapshot, lost, parameters),
        what="Several ads rejected by Meta's review",
        value=Quantity(Unit.COUNT, len(ads)),
        threshold=None,
        threshold_from="",
        window="now",
        since=min(_since(snapshot, ad) for ad in ads),
        figures=_figures(snapshot, ads),
        cost_minor=lost,
        cost_meaning=_meaning(snapshot, lost),
        advice=_advice(rejected=True),
        issues=_distinct(issue for ad in ads for issue in ad.issues),
        contributors=tuple(_contributor(snapshot, ad, lost) for ad in ads),
    )


def _contributor(snapshot: Snapshot, ad: EntitySeries, lost: int) -> Contributor:
    share = _daily(snapshot, [ad]) / lost if lost else 0.0
    return Contributor(ad.entity.id, ad.entity.name, share, _figures(snapshot, [ad]))


def _last_days(snapshot: Snapshot, one: EntitySeries) -> list[DayFigures]:
    """Its last whole delivering days; today only where there is nothing else."""
    spent = [day for day in one.days if day.figures.spend_minor > 0]
    whole = [day for day in spent if day.day < snapshot.today]
    return (whole or spent)[-_LAST_DAYS:]


def _figures(snapshot: Snapshot, ads: list[EntitySeries]) -> Figures:
    return total(day.figures for ad in ads for day in _last_days(snapshot, ad))


def _daily(snapshot: Snapshot, parts: Iterable[EntitySeries]) -> int:
    """What the objects together spent on an average day of their last delivering days."""
    whole = 0
    for part in parts:
        days = _last_days(snapshot, part)
        if days:
            whole += round(total(day.figures for day in days).spend_minor / len(days))
    return whole


def _severity(snapshot: Snapshot, lost: int, parameters: Mapping[str, float]) -> Severity:
    """Critical only where a good part of the account's delivery stands still."""
    accounts = snapshot.at(Level.ACCOUNT)
    usual = _daily(snapshot, accounts) if accounts else _daily(snapshot, snapshot.at(Level.AD))
    stands_still = lost > 0 and lost >= parameters["critical_share"] * usual
    return Severity.CRITICAL if stands_still else Severity.WARNING


def _since(snapshot: Snapshot, ad: EntitySeries) -> datetime:
    """When Meta last changed the ad; failing that, the last day on which it delivered."""
    if ad.updated_at is not None:
        return ad.updated_at
    days = _last_days(snapshot, ad)
    return snapshot.start_of(max(day.day for day in days)) if days else snapshot.start_of(snapshot.today)


def _meaning(snapshot: Snapshot, lost: int) -> str:
    if not lost:
        return "it has not spent anything yet"
    usual = _daily(snapshot, snapshot.at(Level.ACCOUNT))
    share = f", {min(1.0, lost / usual):.0%} of the account's" if usual else ""
    return f"a day, its average over its last delivering days{share}"


def _advice(rejected: bool) -> str:
    if rejected:
        return "Edit the ad so that it keeps the policy and submit it again, or ask Meta for another review."
    return "Open the ad, mend what the issue names, and check that it delivers."


def _distinct(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    return tuple(dict.fromkeys(issues))[:_MOST_ISSUES]


RULE = Rule(
    id=_ID,
    title="Ad rejected or with issues",
    explanation="Meta's review rejected an ad, or an ad runs with a problem that Meta reports.",
    severity=Severity.WARNING,
    evaluate=evaluate,
    parameters=MappingProxyType(
        {
            "critical_share": Parameter(
                0.2, 0.0, 1.0, "Share of the account's usual daily spend from which a rejection is critical."
            ),
            "group_from": Parameter(
                4, 2, 50, "So many rejected ads in one campaign make one alert for the campaign."
            ),
        }
    ),
    needs_figures=False,
)
