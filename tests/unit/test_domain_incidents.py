"""Alerts, actions, roles and findings: who may move what, and what follows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.access import Permission, Person, Role, Roles, demand
from bot.domain.actions import ActionKind, ActionState, ObjectAction, Step, next_step
from bot.domain.alerts import (
    Alert,
    Ending,
    Policy,
    Reason,
    State,
    acknowledge,
    found,
    not_found,
    snooze,
    unsnooze,
)
from bot.domain.findings import Finding, Severity, fingerprint
from bot.domain.ids import AccountId, AlertId, Level, ObjectId, UserId, WorkspaceId, account_digits
from bot.domain.insights import Figures
from bot.domain.structure import EntityRef
from bot.errors import NotAllowed

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
POLICY = Policy()
OWNER, APPROVER, MEMBER = UserId("UOWNER"), UserId("UAPPROVER"), UserId("UMEMBER")
TEAM, OTHER_TEAM = WorkspaceId("T1"), WorkspaceId("T2")
ENTITY = EntityRef(Level.CAMPAIGN, ObjectId("c1"), "Campaign 1")


def finding(severity=Severity.WARNING):
    return Finding(
        rule_id="cpc_above",
        entity=ENTITY,
        severity=severity,
        what="CPC (link) above threshold",
        value=None,
        threshold=None,
        threshold_from="",
        window="yesterday and today",
        since=NOW,
        figures=Figures(),
        cost_minor=0,
        cost_meaning="",
    )


def alert(state=State.OPEN, **more):
    return Alert(
        id=AlertId("A1"),
        workspace_id=TEAM,
        account_id=AccountId("act_1"),
        fingerprint="act_1|cpc_above|campaign:c1",
        rule_id="cpc_above",
        state=state,
        severity=Severity.WARNING,
        finding=finding(),
        opened_at=NOW,
        last_seen_at=NOW,
        good_polls=0,
        version=1,
        **more,
    )


LATER = NOW + timedelta(minutes=15)


def test_figures_move_without_asking_for_attention():
    outcome = found(alert(), finding(), LATER, POLICY)
    assert outcome.reason is Reason.CHANGED
    assert outcome.alert.version == 1
    assert outcome.alert.last_seen_at == LATER


def test_an_acknowledged_alert_that_gets_worse_opens_again():
    outcome = found(alert(State.ACKNOWLEDGED), finding(Severity.CRITICAL), LATER, POLICY)
    assert outcome.reason is Reason.WORSE
    assert outcome.alert.state is State.OPEN


def test_a_milder_finding_is_no_news():
    critical = replace(alert(State.ACKNOWLEDGED), severity=Severity.CRITICAL)
    outcome = found(critical, finding(Severity.INFO), LATER, POLICY)
    assert outcome.reason is Reason.CHANGED
    assert outcome.alert.state is State.ACKNOWLEDGED


def test_a_snoozed_alert_is_quiet_until_its_time_even_when_it_gets_worse():
    asleep = snooze(alert(), MEMBER, NOW, NOW + timedelta(hours=2))
    outcome = found(asleep, finding(Severity.CRITICAL), LATER, POLICY)
    assert outcome.reason is None
    assert outcome.alert.state is State.SNOOZED


def test_a_snooze_that_is_over_opens_the_alert_again():
    asleep = snooze(alert(), MEMBER, NOW, LATER)
    outcome = found(asleep, finding(), LATER, POLICY)
    assert outcome.reason is Reason.SNOOZE_OVER
    assert outcome.alert.state is State.OPEN
    assert outcome.alert.snoozed_until is None


def test_three_good_polls_in_a_row_end_it_and_a_bad_one_starts_over():
    one = not_found(alert(), LATER, POLICY, Ending.RECOVERED).alert
    two = not_found(one, LATER, POLICY, Ending.RECOVERED)
    assert two.reason is None
    assert found(two.alert, finding(), LATER, POLICY).alert.good_polls == 0
    three = not_found(two.alert, LATER, POLICY, Ending.RECOVERED)
    assert three.reason is Reason.RESOLVED
    assert (three.alert.state, three.alert.resolution) == (State.RESOLVED, "recovered")


def test_an_object_that_stopped_delivering_ends_it_at_once():
    outcome = not_found(alert(), LATER, POLICY, Ending.NOT_DELIVERING)
    assert outcome.alert.resolution == "not delivering"


def test_a_recurrence_within_a_day_reopens_the_same_incident_and_forgets_who_took_it():
    over = not_found(acknowledge(alert(), MEMBER, NOW), LATER, POLICY, Ending.NOT_DELIVERING).alert
    outcome = found(over, finding(), LATER + timedelta(hours=24), POLICY)
    assert outcome.reason is Reason.REOPENED
    assert outcome.alert.state is State.OPEN
    assert (outcome.alert.acted_by, outcome.alert.resolved_at) == (None, None)
    assert outcome.alert.opened_at == NOW


def test_a_recurrence_after_a_day_is_a_new_incident():
    over = not_found(alert(), LATER, POLICY, Ending.NOT_DELIVERING).alert
    assert found(over, finding(), LATER + timedelta(hours=24, seconds=1), POLICY) is None


def test_every_change_a_person_can_see_counts_the_version_up():
    taken = acknowledge(alert(), MEMBER, NOW)
    asleep = snooze(taken, OWNER, NOW, LATER)
    awake = unsnooze(asleep, OWNER, NOW)
    assert [taken.version, asleep.version, awake.version] == [2, 3, 4]
    assert (awake.state, awake.snoozed_until, awake.acted_by) == (State.OPEN, None, OWNER)


steps = st.lists(st.sampled_from(["found", "worse", "gone", "paused", "ack", "snooze", "wake"]), max_size=25)


@given(steps)
def test_whatever_happens_the_version_never_falls_and_the_dates_fit_the_state(happenings):
    current, now = alert(), NOW
    for step in happenings:
        now += timedelta(minutes=15)
        before = current.version
        current = _after(current, step, now)
        assert current.version >= before
        assert (current.state is State.RESOLVED) == (current.resolved_at is not None)
        assert (current.state is State.SNOOZED) == (current.snoozed_until is not None)


def _after(current, step, now):
    if step in ("found", "worse"):
        severity = Severity.CRITICAL if step == "worse" else Severity.WARNING
        outcome = found(current, finding(severity), now, POLICY)
        return outcome.alert if outcome else current
    if current.state is State.RESOLVED:
        return current  # a person's click on it is refused, a rule that is silent has nothing to end
    if step in ("gone", "paused"):
        return not_found(
            current, now, POLICY, Ending.RECOVERED if step == "gone" else Ending.NOT_DELIVERING
        ).alert
    if step == "snooze":
        return snooze(current, MEMBER, now, now + timedelta(hours=1))
    return acknowledge(current, MEMBER, now) if step == "ack" else unsnooze(current, MEMBER, now)


def action(kind=ActionKind.PAUSE, seen="ACTIVE"):
    return ObjectAction(
        id="1",
        workspace_id=TEAM,
        account_id=AccountId("act_1"),
        alert_id=AlertId("A1"),
        entity=ENTITY,
        kind=kind,
        state=ActionState.REQUESTED,
        seen_status=seen,
        requested_by=APPROVER,
        requested_at=NOW,
    )


def test_an_object_as_the_person_saw_it_is_changed():
    assert next_step(action(), "ACTIVE") is Step.WRITE
    assert next_step(action(ActionKind.RESUME, "PAUSED"), "PAUSED") is Step.WRITE


def test_an_object_that_is_as_wished_already_is_left_alone():
    assert next_step(action(), "PAUSED") is Step.ALREADY


def test_what_somebody_else_did_meanwhile_is_not_overwritten():
    assert next_step(action(), "ARCHIVED") is Step.CONFLICT
    assert next_step(action(ActionKind.RESUME, "PAUSED"), "DELETED") is Step.CONFLICT


def test_only_what_has_an_outcome_is_final():
    final = {state for state in ActionState if state.final}
    assert final == {ActionState.DONE, ActionState.FAILED, ActionState.CONFLICT}


ROLES = Roles(owners=frozenset({OWNER}), approvers=frozenset({APPROVER}))


def test_people_without_a_role_of_their_own_have_everybodys():
    assert ROLES.of(OWNER) is Role.OWNER
    assert ROLES.of(APPROVER) is Role.APPROVER
    assert ROLES.of(MEMBER) is Role.MEMBER
    assert Roles(everyone=Role.VIEWER).of(MEMBER) is Role.VIEWER


def test_owner_beats_approver_where_a_person_is_both():
    both = Roles(owners=frozenset({OWNER}), approvers=frozenset({OWNER}))
    assert both.of(OWNER) is Role.OWNER


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_a_role_may_what_the_one_before_may(role, permission):
    allowed = _may(role, permission)
    higher = [other for other in Role if other.rank > role.rank]
    assert not allowed or all(_may(other, permission) for other in higher)


def _may(role, permission):
    try:
        demand(Person(TEAM, MEMBER, role), permission, ROLES)
    except NotAllowed:
        return False
    return True


def test_members_read_and_triage_approvers_change_ads_owners_administer():
    allowed = {role: [permission for permission in Permission if _may(role, permission)] for role in Role}
    assert allowed[Role.OUTSIDER] == []
    assert allowed[Role.VIEWER] == [Permission.READ]
    assert allowed[Role.MEMBER] == [Permission.READ, Permission.TRIAGE]
    assert allowed[Role.APPROVER] == [Permission.READ, Permission.TRIAGE, Permission.CHANGE_ADS]
    assert allowed[Role.OWNER] == list(Permission)


def test_a_refusal_names_those_who_may():
    with pytest.raises(NotAllowed, match="<@UAPPROVER>, <@UOWNER>"):
        demand(Person(TEAM, MEMBER, Role.MEMBER), Permission.CHANGE_ADS, ROLES)


def test_somebody_from_another_organisation_is_told_nothing_about_people():
    with pytest.raises(NotAllowed) as refused:
        demand(Person(OTHER_TEAM, UserId("UOUT"), Role.OUTSIDER), Permission.READ, ROLES)
    assert "<@" not in refused.value.sentence


def test_the_same_object_and_rule_are_the_same_incident():
    renamed = replace(ENTITY, name="Another name", effective_status="PAUSED")
    assert fingerprint("act_1", "cpc_above", ENTITY) == fingerprint("act_1", "cpc_above", renamed)


def test_other_account_rule_level_or_object_are_other_incidents():
    marks = {
        fingerprint("act_1", "cpc_above", ENTITY),
        fingerprint("act_2", "cpc_above", ENTITY),
        fingerprint("act_1", "ctr_below", ENTITY),
        fingerprint("act_1", "cpc_above", replace(ENTITY, level=Level.AD)),
        fingerprint("act_1", "cpc_above", replace(ENTITY, id=ObjectId("c2"))),
    }
    assert len(marks) == 5


def test_severities_are_ordered_from_the_mildest():
    assert [one.rank for one in (Severity.INFO, Severity.WARNING, Severity.CRITICAL)] == [0, 1, 2]


def test_ads_manager_wants_digits():
    assert account_digits(AccountId("act_123")) == "123"
