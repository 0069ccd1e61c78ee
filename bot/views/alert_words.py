"""An alert in words: what, how much against what, since when, at what cost, and who did what."""

from datetime import datetime, timedelta

from bot.domain.actions import ActionKind, ActionState, ObjectAction
from bot.domain.alerts import Ending, State
from bot.domain.findings import Finding, Severity, Unit
from bot.domain.ids import Level
from bot.domain.report import AlertCard
from bot.domain.structure import EntityRef, Issue
from bot.views.figures import Notation, above_or_below, attribution, duration
from bot.views.markup import Mrkdwn, join, mrk, name, person, plain_name, said

SEVERITY_WORDS = {Severity.INFO: "Info", Severity.WARNING: "Warning", Severity.CRITICAL: "Critical"}
LEVEL_WORDS = {
    Level.ACCOUNT: "account",
    Level.CAMPAIGN: "campaign",
    Level.ADSET: "ad set",
    Level.AD: "ad",
}
_AT_ONCE = "now"  # the window of a finding that looks at a status and not at figures
# What a count counts, where "3" alone would leave the reader to guess.
_COUNTED = {"spend_without_purchases": "purchase", "ad_rejected": "ad"}
_MOST_REMARKS = 6
_FRESH = timedelta(minutes=2)
_MOST_ISSUES = 3
_MOST_ACTIONS = 3
_DOING = {ActionKind.PAUSE: "Pausing…", ActionKind.RESUME: "Resuming…"}
_DID = {ActionKind.PAUSE: "paused", ActionKind.RESUME: "resumed"}
_RESOLUTIONS = {
    Ending.RECOVERED: "the numbers recovered",
    Ending.NOT_DELIVERING: "it no longer delivers, so there is nothing left to judge",
    Ending.PAUSED: "it is paused, so there is nothing left to judge",
    Ending.CLEARED: "Meta no longer reports it",
    Ending.UNWATCHED: "its ad account is not watched any more",
    Ending.TAKEN_OVER: "it is now part of the alert on what it belongs to",
}


def notation(card: AlertCard) -> Notation:
    """How this card's account writes numbers."""
    return Notation.of(card.account)


def moment(card: AlertCard, at: datetime) -> str:
    """A moment as a reader needs it, on the message as in a list.

    A message stands under the day it was posted on, however often it is edited, and a list under
    today; a bare time is clear only where both are the same day, so any other time names its day.
    """
    written, opened = notation(card), card.alert.opened_at
    return written.moment(at, seen_on=card.now, named=not written.same_day(opened, card.now))


def headline(card: AlertCard) -> str:
    """State, severity and what is wrong, for a header."""
    alert = card.alert
    severity, what = SEVERITY_WORDS[alert.severity], plain_name(alert.finding.what, 100)
    match alert.state:
        case State.OPEN:
            return f"{severity}: {what}"
        case State.ACKNOWLEDGED:
            return f"Acknowledged ({severity.lower()}): {what}"
        case State.SNOOZED:
            return f"Snoozed until {_snooze_end(card)} ({severity.lower()}): {what}"
        case State.RESOLVED:
            return f"Resolved: {what}"


def _snooze_end(card: AlertCard) -> str:
    until = card.alert.snoozed_until
    return moment(card, until) if until else "somebody ends it"


def subject(entity: EntityRef) -> Mrkdwn:
    """The object with its level and where it belongs."""
    level = LEVEL_WORDS[entity.level].capitalize()
    return mrk("{} *“{}”*{}", level, name(entity.name), _parents(entity))


def _parents(entity: EntityRef) -> Mrkdwn:
    own = entity.level
    parents = []
    if entity.adset_name and own is Level.AD:
        parents.append(mrk("ad set “{}”", name(entity.adset_name)))
    if entity.campaign_name and own in (Level.AD, Level.ADSET):
        parents.append(mrk("campaign “{}”", name(entity.campaign_name)))
    return mrk(" in {}", join(parents, ", ")) if parents else Mrkdwn("")


def how_much(card: AlertCard, value_as: str = "*{}*") -> Mrkdwn:
    """The value against its threshold, both absolute and relative, and over which window."""
    finding, written = card.alert.finding, notation(card)
    if finding.value is None:
        return Mrkdwn("")
    window = "" if finding.window == _AT_ONCE else finding.window
    value, threshold = written.pair(finding.value, finding.threshold or finding.value)
    if finding.threshold is not None and finding.threshold.unit is Unit.COUNT:
        threshold = f"about {written.count(round(finding.threshold.amount))}"  # what was due is an estimate
    told = mrk(value_as, _counted(finding) or value)
    if finding.threshold is None:
        return join([told, window], " · ")
    origin = f" ({finding.threshold_from})" if finding.threshold_from else ""
    against = mrk("{} against {}{}", told, threshold, origin)
    nothing = finding.value.amount == 0
    distance = None if nothing else above_or_below(finding.value.amount, finding.threshold.amount)
    return join([mrk("{}, {}", against, distance) if distance else against, window], " · ")


def _counted(finding: Finding) -> str | None:
    noun = _COUNTED.get(finding.rule_id)
    if finding.value is None or finding.value.unit is not Unit.COUNT or noun is None:
        return None
    number = round(finding.value.amount)
    return f"{number or 'No'} {plural(number, noun)}"


def since(card: AlertCard) -> str:
    """Since when, and for how long by now."""
    began, alert = card.alert.finding.since, card.alert
    end = alert.resolved_at if alert.state is State.RESOLVED and alert.resolved_at else card.now
    return f"Since {moment(card, began)} ({duration(end - began)})"


def cost(card: AlertCard) -> str | None:
    """The money at stake in the rule's own words."""
    finding = card.alert.finding
    if not finding.cost_minor:
        return None
    return f"{notation(card).money(finding.cost_minor)} {finding.cost_meaning or 'at stake'}"


def plural(number: int, noun: str) -> str:
    """The noun with an s unless there is exactly one."""
    return noun if number == 1 else f"{noun}s"


def why(card: AlertCard) -> Mrkdwn:
    """What likely lies behind it and what was ruled out, one line each."""
    written, lines = notation(card), []
    for remark in card.alert.finding.remarks[:_MOST_REMARKS]:
        quantities = [written.quantity(quantity) for quantity in remark.quantities]
        lines.append(mrk("• {}", said(remark.template.format(*quantities))))
    return join(lines)


def issues(found: tuple[Issue, ...]) -> Mrkdwn:
    """What Meta says is wrong, in Meta's words."""
    lines = [_issue(issue) for issue in found[:_MOST_ISSUES]]
    return join([*lines, more(len(found) - _MOST_ISSUES, "more of Meta's remarks")])


def _issue(issue: Issue) -> Mrkdwn:
    summary, text = said(issue.summary, 120), said(issue.message, 300)
    told = join([mrk("*{}*", summary) if summary else None, text if text != summary else None], " – ")
    return mrk("• {}", told or said(issue.code, 80))


def more(left: int, noun: str) -> Mrkdwn | None:
    """The last line of a list that was cut; None where nothing was."""
    return mrk("• and {} {}", left, noun) if left > 0 else None


def standing(card: AlertCard) -> Mrkdwn:
    """Where the alert stands and who put it there."""
    alert = card.alert
    who, when = _who(card)
    match alert.state:
        case State.OPEN if alert.acted_by:
            return mrk("Open. Last handled by {} · {}", who, when)
        case State.OPEN:
            return mrk("Open. Nobody has taken it yet.")
        case State.ACKNOWLEDGED:
            return mrk("{} acknowledged · {}", who, when)
        case State.SNOOZED:
            return mrk("{} snoozed this until {} · {}", who, _snooze_end(card), when)
        case State.RESOLVED:
            return mrk("{}.", resolved(card))


def _who(card: AlertCard) -> tuple[Mrkdwn, str]:
    alert = card.alert
    who = person(alert.acted_by) if alert.acted_by else Mrkdwn("Somebody")
    return who, moment(card, alert.acted_at or alert.last_seen_at)


def resolved(card: AlertCard) -> str:
    """When it ended, after how long and how."""
    alert = card.alert
    ended = alert.resolved_at or card.now
    how = _RESOLUTIONS[alert.resolution] if alert.resolution else ""
    lasted = duration(ended - alert.finding.since)
    return f"Resolved at {moment(card, ended)} after {lasted}" + (f": {how}" if how else "")


def deeds(card: AlertCard) -> list[Mrkdwn]:
    """What was asked of Meta from this message, newest first."""
    return [_deed(card, action) for action in card.actions[:_MOST_ACTIONS]]


def _deed(card: AlertCard, action: ObjectAction) -> Mrkdwn:
    who, asked, verb = person(action.requested_by), moment(card, action.requested_at), action.kind.value
    match action.state:
        case ActionState.REQUESTED | ActionState.DOING:
            return mrk("{} {} asked for it · {}", _DOING[action.kind], who, asked)
        case ActionState.DONE:
            done = moment(card, action.finished_at or action.requested_at)
            return mrk("{} {} this {} · {}", who, _DID[action.kind], LEVEL_WORDS[action.entity.level], done)
        case ActionState.FAILED:
            reason = _sentence(action.error or "Meta gave no reason.")
            return mrk("Could not {}: {} Asked for by {} · {}", verb, reason, who, asked)
        case ActionState.CONFLICT:
            reason = _sentence(action.error or "It was changed at Meta in the meantime.")
            return mrk("Did not {}: {} Asked for by {} · {}", verb, reason, who, asked)


def _sentence(text: str) -> Mrkdwn:
    told = said(text)
    return told if told.endswith((".", "!", "?", "…")) else mrk("{}.", told)


def provenance(card: AlertCard) -> Mrkdwn:
    """What the figures rest on: their age, attribution, time zone and account."""
    parts = [
        data_age(card.sight.read_at, card.now, card),
        mrk("Attribution: {}", said(attribution(card.attribution_setting), 120)),
        f"Times in {notation(card).zone_label(card.now)}",
        mrk("Account: {}", name(card.account.name, 60)),
    ]
    return join(parts, " · ")


def data_age(read_at: datetime | None, now: datetime, card: AlertCard) -> str:
    """How old the figures were when this was written."""
    if read_at is None:
        return "No figures read yet"
    if now - read_at < _FRESH:  # the message stays as it is; "less than 1 min old" would not
        return f"Data read at {moment(card, read_at)}"
    return f"Data {duration(now - read_at)} old at {moment(card, now)}"


def blind_warning(card: AlertCard) -> str | None:
    """That what is shown may no longer hold, where the account cannot be seen."""
    sight = card.sight
    if sight.blindness is None:
        return None
    from_when = f" since {moment(card, sight.blind_since)}" if sight.blind_since else ""
    return f"Spruce has not been able to see this account{from_when}: what is written here may have changed."
