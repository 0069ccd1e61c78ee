"""Alerts come back as they were kept, one live alert per incident, and nobody writes over what has moved."""

from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.alerts import Ending, Policy, State, acknowledge, found, not_found, snooze
from bot.domain.findings import Contributor, Quantity, Remark, Severity, Unit
from bot.domain.ids import AccountId, ChannelId, ObjectId
from bot.domain.insights import Figures
from bot.domain.structure import Issue
from tests.storage.samples import (
    ACCOUNT,
    CHANNEL,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    OURS,
    PERSON,
    THEIRS,
    alert,
    finding,
    together,
)


@pytest.fixture
def tx(database):
    with database.workspace(OURS) as opened:
        yield opened


def test_an_alert_comes_back_with_everything_its_rule_found(tx):
    rich = replace(
        finding(Severity.CRITICAL),
        value=None,
        remarks=(Remark("CPM {0} against {1}", (Quantity(Unit.MONEY, 12.5), Quantity(Unit.COUNT, 3))),),
        advice="Look at the landing page.",
        issues=(Issue("1", "Rejected <!channel>", "\u202emirrored \U0001f600"),),
        contributors=(Contributor(ObjectId("3001"), "Monsoon", 0.7, Figures(1, 2, 3, 4, 5, 6)),),
    )
    kept = alert(
        finding=rich,
        severity=Severity.CRITICAL,
        state=State.SNOOZED,
        acted_by=PERSON,
        acted_at=NOW,
        snoozed_until=NOW + DAY,
        channel_id=CHANNEL,
        message_ts="1700000000.000100",
    )
    tx.alerts.add(kept)
    assert tx.alerts.get(kept.id) == kept


def test_there_is_one_live_alert_for_an_incident_however_many_judge_at_once(database):
    def judge(number):
        with suppress(IntegrityError), database.workspace(OURS) as tx:
            tx.alerts.add(alert(number, fingerprint="same"))
            return True
        return False

    assert sorted(together(5, judge)) == [False] * 4 + [True]
    with database.workspace(THEIRS) as tx:
        tx.alerts.add(alert(1, THEIRS, fingerprint="same"))


@pytest.mark.parametrize("state", [State.OPEN, State.ACKNOWLEDGED, State.SNOOZED])
def test_an_alert_lives_until_it_is_resolved(database, state):
    with database.workspace(OURS) as tx:
        tx.alerts.add(alert(1, fingerprint="same", state=state))
    with pytest.raises(IntegrityError), database.workspace(OURS) as tx:
        tx.alerts.add(alert(2, fingerprint="same"))
    with database.workspace(OURS) as tx:
        over = alert(1, fingerprint="same", state=State.RESOLVED, resolved_at=NOW, version=2)
        assert tx.alerts.save(over, seen_version=1)
        tx.alerts.add(alert(2, fingerprint="same"))
        tx.alerts.add(alert(3, fingerprint="same", state=State.RESOLVED, resolved_at=NOW + MINUTE))
        assert {key: one.id for key, one in tx.alerts.live(ACCOUNT).items()} == {"same": "alert2"}
        newest = tx.alerts.resolved_since(ACCOUNT, NOW)
        assert {key: one.id for key, one in newest.items()} == {"same": "alert3"}
        assert tx.alerts.resolved_since(ACCOUNT, NOW + HOUR) == {}


def test_what_was_decided_on_an_older_version_is_not_written(tx):
    tx.alerts.add(alert())
    mine, other = acknowledge(alert(), PERSON, NOW), snooze(alert(), PERSON, NOW, NOW + DAY)
    assert tx.alerts.save(mine, seen_version=1)
    assert not tx.alerts.save(other, seen_version=1)
    assert not tx.alerts.save(replace(mine, id="alert9"), seen_version=2)
    assert tx.alerts.get(alert().id) == mine


def test_of_many_who_decide_at_once_one_does(database):
    with database.workspace(OURS) as tx:
        tx.alerts.add(alert())

    def decide(_thread):
        with database.workspace(OURS) as tx:
            seen = tx.alerts.get(alert().id)
            return tx.alerts.save(acknowledge(seen, PERSON, NOW), seen_version=1)

    assert sorted(together(5, decide)) == [False] * 4 + [True]


def test_saving_keeps_the_message_that_shows_the_alert(tx):
    tx.alerts.add(alert())
    tx.alerts.note_message(alert().id, ChannelId("C0OTHER"), "1.1")
    assert tx.alerts.save(alert(good_polls=1), seen_version=1)
    kept = tx.alerts.get(alert().id)
    assert (kept.good_polls, kept.channel_id, kept.message_ts) == (1, "C0OTHER", "1.1")


def test_a_life_is_kept_step_by_step(tx):
    policy = Policy()
    now = alert()
    tx.alerts.add(now)
    for step in (
        lambda one: found(one, finding(Severity.CRITICAL), NOW + MINUTE, policy).alert,
        lambda one: acknowledge(one, PERSON, NOW + MINUTE),
        lambda one: not_found(one, NOW + HOUR, policy, Ending.RECOVERED).alert,
        lambda one: not_found(one, NOW + HOUR, policy, Ending.NOT_DELIVERING).alert,
        lambda one: found(one, finding(), NOW + 2 * HOUR, policy).alert,
    ):
        after = step(now)
        assert tx.alerts.save(after, seen_version=now.version)
        assert tx.alerts.get(now.id) == after
        now = after
    assert now.state is State.OPEN


def test_lists_hold_what_is_not_resolved_newest_first(tx):
    tx.alerts.add(alert(1, opened_at=NOW))
    tx.alerts.add(alert(2, opened_at=NOW + HOUR, account_id=AccountId("act_2002")))
    tx.alerts.add(alert(3, state=State.RESOLVED, resolved_at=NOW))
    tx.alerts.add(alert(4, state=State.SNOOZED, snoozed_until=NOW + HOUR))
    assert [one.id for one in tx.alerts.unresolved()] == ["alert2", "alert1", "alert4"]
    assert tx.alerts.count_unresolved(ACCOUNT) == 2
    assert {one.id for one in tx.alerts.live(ACCOUNT).values()} == {"alert1", "alert4"}
    assert tx.alerts.snoozes_over(NOW) == []
    assert [one.id for one in tx.alerts.snoozes_over(NOW + HOUR)] == ["alert4"]


def test_the_record_keeps_the_order_in_which_things_were_done(tx):
    for what in ("alert.opened", "ad.pause.requested", "ad.pause.done"):
        tx.audit.add(OURS, NOW, PERSON, what, object_id="3001", details={"alert": "alert1", "at": NOW})
    tx.audit.add(OURS, NOW, "spruce", "other", object_id="3002")
    assert tx.audit.of(OURS, "3001") == [
        (NOW, PERSON, "alert.opened"),
        (NOW, PERSON, "ad.pause.requested"),
        (NOW, PERSON, "ad.pause.done"),
    ]
