"""Did it work, in words: how sure, against what, and the numbers behind it."""

from bot.domain.comparing import MIN_CLICKS, MIN_IMPRESSIONS
from bot.domain.verdicts import CHECK_DAYS, Arm, Call, Comparison, Verdict
from bot.views import kit
from bot.views.alert_words import plural
from bot.views.figures import NONE, Notation, days, percent
from bot.views.markup import Mrkdwn, join, mrk, said

_CALLS = {
    Call.WON: "better than the old one",
    Call.LOST: "worse than the old one",
    Call.NO_DIFFERENCE: "no clear difference",
}
_COLUMNS = ("", "Impressions", "Link clicks", "CTR (link)", "Purchases", "Cost per purchase")


def line(verdict: Verdict) -> Mrkdwn:
    """The verdict in a line: the change with its 95 % interval, what it was compared with, what it means."""
    day = f"Day {verdict.after_days}"
    lift = _lift(verdict)
    if verdict.call is Call.TOO_EARLY or lift is None:
        return mrk("*{}: too early to say.*{}", day, _reason(verdict))
    yet = " yet" if verdict.call is Call.NO_DIFFERENCE and verdict.after_days < CHECK_DAYS[-1] else ""
    told = mrk("*{}: {} CTR (link)* {} {}", day, *lift, _against(verdict.comparison))
    return join([mrk("{}: *{}{}*.", told, _CALLS[verdict.call], yet), _cost(verdict)], " ")


def message_blocks(verdict: Verdict, written: Notation) -> list[kit.Block | None]:
    """The verdict with its numbers, for a note of its own."""
    reason = None if verdict.call is Call.TOO_EARLY else _reason(verdict).strip()
    return [
        kit.section(line(verdict)),
        table(verdict.comparison, written),
        kit.context(reason, _span(verdict), _LATE if verdict.comparison.new.figures.purchases else None),
    ]


def _span(verdict: Verdict) -> str:
    interval = " · in brackets: the 95% interval" if _lift(verdict) else ""
    return f"{days(verdict.first_day, verdict.last_day)}{interval}"


_LATE = "Purchases of the last days are not all reported yet: the new cost per purchase is rather too high."


def table(comparison: Comparison, written: Notation) -> kit.Block:
    """New, old and control ads over the days compared."""
    rows = [("New creative", comparison.new), ("Old, the days before", comparison.old_before)]
    if comparison.old_after.figures.impressions:
        rows.append(("Old, the same days", comparison.old_after))
    if comparison.controls:
        others = f"{comparison.controls} other {plural(comparison.controls, 'ad')}"
        rows += [
            (f"{others}, before", comparison.control_before),
            (f"{others}, since", comparison.control_after),
        ]
    return kit.table([list(_COLUMNS), *[_row(name, arm, written) for name, arm in rows]])


def _row(name: str, arm: Arm, written: Notation) -> list[str]:
    figures, price = arm.figures, arm.figures.cost_per_purchase_minor
    return [
        f"{name} ({arm.days} {plural(arm.days, 'day')})",
        written.count(figures.impressions),
        written.count(figures.link_clicks),
        NONE if figures.ctr is None else percent(figures.ctr),
        written.count(figures.purchases),
        NONE if price is None else written.money(price),
    ]


def _lift(verdict: Verdict) -> tuple[str, str] | None:
    if verdict.lift is None or verdict.low is None or verdict.high is None:
        return None
    return whole(verdict.lift), f"[{whole(verdict.low)}, {whole(verdict.high)}]"


def whole(fraction: float) -> str:
    """A signed change in whole percent."""
    told = f"{fraction * 100:+.0f}%"
    return "0%" if told in ("+0%", "-0%") else told


def _cost(verdict: Verdict) -> str | None:
    if verdict.cost_lift is None or verdict.cost_low is None or verdict.cost_high is None:
        return None
    between = f"[{whole(verdict.cost_low)}, {whole(verdict.cost_high)}]"
    return f"Cost per purchase {whole(verdict.cost_lift)} {between}."


def _against(comparison: Comparison) -> str:
    if side_by_side(comparison):
        return "against the old ad over the same days"
    if _controlled(comparison):
        return "against the old creative, other ads of the ad set taken into account"
    return "against the old creative's days before"


def side_by_side(comparison: Comparison) -> bool:
    """Whether the old ad ran beside the new one long enough to be compared directly."""
    return comparison.old_after.days >= comparison.new.days and _speaks(comparison.old_after)


def _controlled(comparison: Comparison) -> bool:
    return comparison.controls > 0 and all(
        map(_speaks, (comparison.control_before, comparison.control_after))
    )


def _speaks(arm: Arm) -> bool:
    # The volumes below which the comparison itself leaves an arm out (bot.domain.comparing).
    enough = arm.figures.link_clicks >= MIN_CLICKS and arm.figures.impressions >= MIN_IMPRESSIONS
    return arm.days >= 1 and enough


def _reason(verdict: Verdict) -> Mrkdwn:
    return mrk(" {}", said(verdict.reason)) if verdict.reason else Mrkdwn("")
