"""Pausing an ad from a message: done once at Meta, compared before it is set, and told as it ended."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.ids import UserId
from bot.sandbox.graph_faults import eof, permission, throttled, transient
from bot.sandbox.graph_ledger import Entry
from bot.sandbox.slack_people import ConfirmIgnoredError
from tests.scenario.stage import CEDAR, WILLOW, application_on
from tests.talk import OUTSIDER, OWNER, TEAMMATE, Bot

TIRED = "CTR (link) below threshold"


def test_a_pause_asks_first_then_happens_once_and_can_be_taken_back(bot: Bot):
    alert = bot.alert(TIRED)
    with pytest.raises(ConfirmIgnoredError, match="Pause this ad"):
        bot.click("Pause ad", alert)
    assert bot.click("Pause ad", alert, confirmed=True) == ""
    assert "Pausing" in bot.now(alert).words()
    assert "Pause ad" not in bot.now(alert).buttons()
    bot.settles()
    assert [call.params["status"] for call in writes(bot)] == ["PAUSED"]
    assert status(bot) == "PAUSED"
    assert "<@U0OWNER001> paused this ad · 11:31 IST" in bot.now(alert).words()

    bot.click("Resume ad", alert, confirmed=True)
    bot.settles()
    assert [call.params["status"] for call in writes(bot)] == ["PAUSED", "ACTIVE"]
    assert status(bot) == "ACTIVE"
    assert "<@U0OWNER001> resumed this ad" in bot.now(alert).words()


def test_a_paused_ad_ends_its_alert_without_a_word_of_recovery(bot: Bot):
    alert = bot.alert(TIRED)
    bot.click("Pause ad", alert, confirmed=True)
    bot.passes(hours=30, step=900)
    assert "it is paused, so there is nothing left to judge" in bot.now(alert).words()
    assert len(writes(bot)) == 1


def test_what_somebody_changed_at_meta_meanwhile_is_not_overwritten(bot: Bot):
    alert = bot.alert(TIRED)
    bot.world.set_status(tired(bot), "ARCHIVED", bot.clock.now(), "Somebody at Meta")
    bot.click("Pause ad", alert, confirmed=True)
    bot.settles()
    assert writes(bot) == []
    assert status(bot) == "ARCHIVED"
    assert "Did not pause: Somebody set it to ARCHIVED meanwhile" in bot.now(alert).words()


def test_what_somebody_paused_at_meta_meanwhile_is_left_as_it_is(bot: Bot):
    alert = bot.alert(TIRED)
    bot.world.set_status(tired(bot), "PAUSED", bot.clock.now(), "Somebody at Meta")
    bot.click("Pause ad", alert, confirmed=True)
    bot.settles()
    assert writes(bot) == []
    assert status(bot) == "PAUSED"


def test_a_double_click_pauses_once(bot: Bot):
    alert = bot.alert(TIRED)
    bot.click("Pause ad", alert, confirmed=True)
    told = bot.click("Pause ad", alert, confirmed=True, stale=True)
    assert "already under way" in told
    bot.settles()
    told = bot.click("Pause ad", alert, confirmed=True, stale=True)
    assert "already paused" in told
    bot.settles()
    assert len(writes(bot)) == 1


def test_two_people_at_once_pause_once_and_one_is_told_so(bot: Bot):
    lets_pause(bot, TEAMMATE.id)
    alert = bot.alert(TIRED)
    people = [bot.slack.as_user(CEDAR.id, one.id) for one in (OWNER, TEAMMATE)]
    at_once(*(lambda one=one: one.click(alert, "Pause ad", confirmed=True) for one in people))
    bot.settles()
    assert len(writes(bot)) == 1
    assert status(bot) == "PAUSED"
    told = [*bot.told(OWNER), *bot.told(TEAMMATE)]
    assert ["already" in words for words in told] == [True]


def test_two_processes_carry_one_wish_out_once(bot: Bot):
    other = application_on(bot.stand_ins, bot.database_url)
    bot.click("Pause ad", bot.alert(TIRED), confirmed=True)
    at_once(bot.services.actions.carry_out, other.services.actions.carry_out)
    other.close()
    assert len(writes(bot)) == 1


def test_a_pause_whose_answer_was_lost_is_looked_up_and_not_made_again(bot: Bot):
    alert = bot.alert(TIRED)
    bot.graph.faults.add("POST", eof(applied=True))
    bot.click("Pause ad", alert, confirmed=True)
    bot.settles()
    assert "Pausing" in bot.now(alert).words()
    bot.passes(minutes=2, step=1)
    assert len(writes(bot)) == 1
    assert "<@U0OWNER001> paused this ad" in bot.now(alert).words()


def test_a_pause_that_never_arrived_is_made_once_it_is_known(bot: Bot):
    alert = bot.alert(TIRED)
    bot.graph.faults.add("POST", eof(applied=False))
    bot.click("Pause ad", alert, confirmed=True)
    bot.passes(minutes=4, step=1)
    assert [call.applied for call in writes(bot)] == [False, True]
    assert "<@U0OWNER001> paused this ad" in bot.now(alert).words()


def test_a_pause_waits_as_long_as_meta_asks(bot: Bot):
    alert = bot.alert(TIRED)
    bot.graph.faults.add("POST", throttled(80004, regain_minutes=10))
    bot.click("Pause ad", alert, confirmed=True)
    bot.settles()
    bot.passes(minutes=9, step=3)
    assert len(writes(bot)) == 1
    assert status(bot) == "ACTIVE"
    bot.passes(minutes=3, step=3)
    assert [call.applied for call in writes(bot)] == [False, True]
    assert "<@U0OWNER001> paused this ad" in bot.now(alert).words()


def test_a_passing_fault_of_meta_is_waited_out(bot: Bot):
    alert = bot.alert(TIRED)
    bot.graph.faults.add("POST", transient())
    bot.click("Pause ad", alert, confirmed=True)
    bot.passes(minutes=3, step=1)
    assert status(bot) == "PAUSED"
    assert sum(call.applied for call in writes(bot)) == 1


def test_a_dead_token_is_told_and_the_pause_can_be_asked_for_again(bot: Bot):
    alert = bot.alert(TIRED)
    bot.graph.gate.revoke(CEDAR.meta_token)
    bot.click("Pause ad", alert, confirmed=True)
    bot.settles()
    now = bot.now(alert)
    assert "Could not pause: Meta no longer accepts the access token" in now.words()
    assert "Pause ad" in now.buttons()
    bot.graph.gate.restore(CEDAR.meta_token)
    bot.click("Pause ad", now, confirmed=True)
    bot.settles()
    assert status(bot) == "PAUSED"


def test_a_token_that_may_only_read_is_told_with_what_is_missing(bot: Bot):
    alert = bot.alert(TIRED)
    bot.graph.faults.add("POST", permission(294))
    bot.click("Pause ad", alert, confirmed=True)
    bot.settles()
    assert "Could not pause" in bot.now(alert).words()
    assert status(bot) == "ACTIVE"
    assert len(writes(bot)) == 1


def test_each_workspace_pauses_with_its_own_token(bot: Bot):
    alert = bot.alert("Ad rejected", WILLOW)
    bot.click("Pause ad", alert, OUTSIDER, confirmed=True)
    bot.settles()
    assert [call.token for call in writes(bot)] == [WILLOW.channel]
    assert "<@U0OUTSIDER> paused this ad" in bot.now(alert).words()


def tired(bot: Bot):
    """The ad of the alert."""
    return bot.world.by_key("in.serum.broad.glow")


def status(bot: Bot) -> str:
    """What it is set to at Meta."""
    return bot.world.log.configured(tired(bot), bot.clock.now().timestamp())


def writes(bot: Bot) -> list[Entry]:
    """What Meta was asked to change."""
    return [call for call in bot.graph.calls("POST") if "status" in call.params]


def lets_pause(bot: Bot, *people: str) -> None:
    """The owner names people who may change ads."""
    known = bot.services.workspaces.get(CEDAR.id)
    roles = replace(known.roles, approvers=frozenset(UserId(one) for one in people))
    bot.services.workspaces.install(
        CEDAR.id, known.name, known.bot_user_id, bot_token=CEDAR.bot_token, roles=roles
    )


def at_once(*calls: Callable[[], object]) -> None:
    """Start all of them at the same moment and wait for their ends."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        start.wait(5)
        call()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
