"""The life of an alert: one incident, one row, one message; who may move it and what it says."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.findings import Finding, Severity
from bot.domain.ids import AccountId, AlertId, ChannelId, UserId, WorkspaceId


class State(StrEnum):
    """Where an alert stands. Only RESOLVED ends it."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Ending(StrEnum):
    """Why an incident is over."""

    RECOVERED = "recovered"
    NOT_DELIVERING = "not delivering"
    PAUSED = "paused"  # by a person, here or in Ads Manager
    CLEARED = "cleared"  # Meta no longer reports what the alert was about
    TAKEN_OVER = "taken over"  # by an alert on what the object belongs to
    UNWATCHED = "unwatched"  # its account is not watched any more


class Reason(StrEnum):
    """Why a message is written or edited."""

    FIRST = "first"
    WORSE = "worse"
    CHANGED = "changed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    SNOOZE_OVER = "snooze_over"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Alert:
    """One incident. `version` grows with every change a person could see; buttons carry it."""

    id: AlertId
    workspace_id: WorkspaceId
    account_id: AccountId
    fingerprint: str
    rule_id: str
    state: State
    severity: Severity
    finding: Finding
    opened_at: datetime
    last_seen_at: datetime  # when a rule last found it
    good_polls: int  # polls in a row that did not find it
    version: int
    acted_by: UserId | None = None  # who acknowledged or snoozed
    acted_at: datetime | None = None
    snoozed_until: datetime | None = None
    resolved_at: datetime | None = None
    resolution: Ending | None = None  # once resolved
    channel_id: ChannelId | None = None
    message_ts: str | None = None  # the key Slack gave the message
    permalink: str = ""  # the message's address; empty where Slack did not say


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient alerts are."""

    good_polls_to_resolve: int = 3
    reopen_within: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The alert as it is now, and why to speak; `reason` None means nobody needs to hear."""

    alert: Alert
    reason: Reason | None


def found(alert: Alert, finding: Finding, now: datetime, policy: Policy) -> Outcome | None:
    """A rule found a known incident again. None: the old incident is too long over, open a new one."""
    if alert.state is State.RESOLVED:
        if alert.resolved_at is None or now - alert.resolved_at > policy.reopen_within:
            return None
        return Outcome(_reopened(alert, finding, now), Reason.REOPENED)
    seen = replace(alert, finding=finding, severity=finding.severity, last_seen_at=now, good_polls=0)
    if alert.state is State.SNOOZED and alert.snoozed_until is not None and now >= alert.snoozed_until:
        return Outcome(_bumped(replace(seen, state=State.OPEN, snoozed_until=None)), Reason.SNOOZE_OVER)
    if finding.severity.rank > alert.severity.rank and alert.state is not State.SNOOZED:
        return Outcome(_bumped(replace(seen, state=State.OPEN)), Reason.WORSE)
    # Figures move at every poll; the message follows them without asking for attention.
    return Outcome(seen, Reason.CHANGED if alert.state is not State.SNOOZED else None)


def not_found(alert: Alert, now: datetime, policy: Policy, why: Ending) -> Outcome:
    """A rule looked and did not find an open incident.

    Recovered numbers must hold for several polls in a row; every other ending is final at once.
    """
    good = alert.good_polls + 1
    if why is Ending.RECOVERED and good < policy.good_polls_to_resolve:
        return Outcome(replace(alert, good_polls=good), None)
    resolved = replace(
        alert,
        state=State.RESOLVED,
        resolved_at=now,
        good_polls=good,
        snoozed_until=None,
        resolution=why,
    )
    return Outcome(_bumped(resolved), Reason.RESOLVED)


def acknowledge(alert: Alert, by: UserId, now: datetime) -> Alert:
    """A person has seen it; it stays until the numbers recover."""
    return _bumped(replace(alert, state=State.ACKNOWLEDGED, acted_by=by, acted_at=now, snoozed_until=None))


def snooze(alert: Alert, by: UserId, now: datetime, until: datetime) -> Alert:
    """A person does not want to hear of it until then."""
    return _bumped(replace(alert, state=State.SNOOZED, acted_by=by, acted_at=now, snoozed_until=until))


def unsnooze(alert: Alert, by: UserId, now: datetime) -> Alert:
    """A person wants to hear of it again."""
    return _bumped(replace(alert, state=State.OPEN, acted_by=by, acted_at=now, snoozed_until=None))


def _reopened(alert: Alert, finding: Finding, now: datetime) -> Alert:
    return _bumped(
        replace(
            alert,
            state=State.OPEN,
            finding=finding,
            severity=finding.severity,
            last_seen_at=now,
            good_polls=0,
            acted_by=None,
            acted_at=None,
            resolved_at=None,
            resolution=None,
        )
    )


def _bumped(alert: Alert) -> Alert:
    return replace(alert, version=alert.version + 1)
