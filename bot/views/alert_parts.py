"""What an alert rests on and which parts make it up, each by the figure that its rule judges."""

from collections.abc import Callable

from bot.domain.findings import Contributor, Finding
from bot.domain.insights import Figures
from bot.domain.report import AlertCard
from bot.views.alert_words import more, notation, plural
from bot.views.figures import Notation, multiple, percent, whole_percent
from bot.views.markup import Mrkdwn, join, mrk, name

_MOST = 5


def volumes(finding: Finding, written: Notation) -> str | None:
    """How much the verdict rests on; "no purchases for ₹x" where a cost would be infinite."""
    figures = finding.figures
    if finding.threshold is None or not (figures.impressions or figures.spend_minor):
        return None
    bought = f"Based on {written.count(figures.purchases)} {plural(figures.purchases, 'purchase')}"
    parts = [
        f"{bought if figures.purchases else 'No purchases'} for {written.money(figures.spend_minor)}",
        f"{written.count(figures.link_clicks)} {plural(figures.link_clicks, 'link click')}",
        f"{written.count(figures.impressions)} {plural(figures.impressions, 'impression')}",
    ]
    # A silence is counted in spend and clicks alone.
    return ", ".join(parts if figures.impressions else parts[:-1])


def contributors(card: AlertCard) -> Mrkdwn:
    """The parts with their shares, largest first."""
    finding = card.alert.finding
    parts = sorted(finding.contributors, key=lambda part: -part.share)
    lines = [_part(part, finding.rule_id, notation(card)) for part in parts[:_MOST]]
    return join([*lines, more(len(parts) - _MOST, "more")])


def _part(part: Contributor, rule_id: str, written: Notation) -> Mrkdwn:
    share = f", {whole_percent(part.share)}" if part.share > 0 else ""
    told = _MEASURES.get(rule_id, _cost_per_purchase)(part.figures, written)
    return mrk("• “{}”{}: {}", name(part.name), share, told)


def _cost_per_purchase(figures: Figures, written: Notation) -> str:
    price, spent = figures.cost_per_purchase_minor, written.money(figures.spend_minor)
    return (
        f"no purchases for {spent}"
        if price is None
        else f"{written.money(price)} per purchase, {spent} spent"
    )


def _outlay(figures: Figures, written: Notation) -> str:
    # A silence can begin in the middle of a day; what was bought earlier that day is no part of it.
    spent = written.money(figures.spend_minor)
    return f"{spent} spent on these days" if figures.purchases else f"no purchases for {spent}"


def _click_rate(figures: Figures, written: Notation) -> str:
    if figures.ctr is None:
        return "no impressions"
    return f"CTR (link) {percent(figures.ctr)} of {written.count(figures.impressions)} impressions"


def _click_price(figures: Figures, written: Notation) -> str:
    price, spent = figures.cpc_minor, written.money(figures.spend_minor)
    return (
        f"no link clicks for {spent}"
        if price is None
        else f"{written.money(price)} per link click, {spent} spent"
    )


def _return(figures: Figures, written: Notation) -> str:
    spent = written.money(figures.spend_minor)
    return (
        f"ROAS {multiple(figures.purchase_roas or 0)}, {spent} spent"
        if figures.spend_minor
        else "nothing spent"
    )


def _spend(figures: Figures, written: Notation) -> str:
    return (
        f"{written.money(figures.spend_minor)} over its last delivering days"
        if figures.spend_minor
        else "no spend"
    )


# By rule; any other rule's parts are told by their cost per purchase.
_MEASURES: dict[str, Callable[[Figures, Notation], str]] = {
    "ctr_below": _click_rate,
    "cpc_above": _click_price,
    "roas_below": _return,
    "ad_rejected": _spend,
    "spend_without_purchases": _outlay,
}
