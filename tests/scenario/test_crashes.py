"""The process dies between any two steps; the next one ends with one message, one change, one answer."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bot.sandbox.graph_faults import slow
from bot.sandbox.graph_ledger import Entry
from tests.scenario.dying import STATUS
from tests.scenario.refresh_stage import TIRED
from tests.scenario.stage import CEDAR, PLACES, WILLOW
from tests.talk import OWNER, TEAMMATE, Bot


@pytest.mark.parametrize("point", ["post claimed", "post sent", "recorded"])
def test_a_process_that_dies_while_posting_leaves_exactly_one_message_each(unsaid: Bot, point: str):
    dies(unsaid, point)
    said = len(unsaid.posts()) + len(unsaid.posts(WILLOW))
    assert said == (0 if point == "post claimed" else 1)
    unsaid.restarts()
    unsaid.settles()
    unsaid.passes(minutes=4, step=1)
    assert (len(unsaid.alerts()), len(unsaid.alerts(WILLOW))) == (5, 2)
    assert len({post.text for post in unsaid.alerts()}) == 5
    assert len(unsaid.slack.calls_of("chat.postMessage")) == 7
    for alert in unsaid.alerts():  # and each message is the one that its alert is edited in
        unsaid.choose("Snooze", "1 hour", alert, TEAMMATE)
        assert "<@U0TEAMMATE> snoozed this until" in unsaid.now(alert).words()


def test_a_process_that_dies_after_uploading_a_picture_posts_the_warning_once_with_a_picture(unsaid: Bot):
    dies(unsaid, "picture sent")
    unsaid.restarts()
    unsaid.settles()
    unsaid.passes(minutes=4, step=1)
    assert (len(unsaid.alerts()), len(unsaid.alerts(WILLOW))) == (5, 2)
    assert len(unsaid.slack.calls_of("chat.postMessage")) == 7
    for place in PLACES:
        shown = [one for one in unsaid.alert(TIRED, place).all_blocks() if one["type"] == "image"]
        assert len({one["slack_file"]["id"] for one in shown}) == len(shown) >= 1


@pytest.mark.parametrize("point", ["edit claimed", "edit sent", "recorded"])
def test_a_process_that_dies_while_editing_leaves_the_newest_state(bot: Bot, point: str):
    alert = bot.alert("Ad rejected")
    assert bot.slack.as_user(CEDAR.id, TEAMMATE.id).click(alert, "Acknowledge").ok
    assert bot.services.inbox.drain(10)  # dealt with, and the edit waits in the outbox
    dies(bot, point)
    bot.restarts()
    bot.passes(minutes=4, step=1)
    assert "<@U0TEAMMATE> acknowledged" in bot.now(alert).words()
    assert len(bot.posts()) == 5


@pytest.mark.parametrize("point", ["change claimed", "change made", "change recorded"])
def test_a_process_that_dies_while_pausing_leaves_one_pause_that_is_told(bot: Bot, point: str):
    alert = bot.alert("CTR (link) below")
    bot.click("Pause ad", alert, OWNER, confirmed=True)
    dies(bot, point)
    assert len(writes(bot)) == (0 if point == "change claimed" else 1)
    bot.restarts()
    bot.settles()
    bot.passes(minutes=4, step=1)
    assert [call.applied for call in writes(bot)] == [True]
    assert "<@U0OWNER001> paused this ad" in bot.now(alert).words()
    assert "Resume ad" in bot.now(alert).buttons()


@pytest.mark.parametrize("point", ["request kept", "request begun"])
def test_a_click_that_was_acknowledged_is_dealt_with_after_the_process_died(bot: Bot, point: str):
    alert = bot.alert("Ad rejected")
    person = bot.slack.as_user(CEDAR.id, TEAMMATE.id)
    with living(bot, point) as process:
        port = int(process.stdout.readline())
        bot.slack.deliver_to(f"http://127.0.0.1:{port}/slack/events", CEDAR.id)
        assert person.click(alert, "Acknowledge").ok
        assert person.command(CEDAR.channel, "status").ok
        if point == "request begun":
            goes_until(lambda: begun(bot) >= 2, process)
        process.send_signal(signal.SIGKILL)
    assert "acknowledged" not in bot.now(alert).words()
    bot.restarts()
    bot.passes(minutes=4, step=1)
    assert "<@U0TEAMMATE> acknowledged" in bot.now(alert).words()
    assert ["Tulsi Lane India" in words for words in bot.told(TEAMMATE)] == [True]
    for delivery in bot.slack.deliveries[-2:]:
        bot.slack.sender.again(delivery, url=bot.slack.sender.urls[CEDAR.id])
    bot.settles()
    assert len(bot.told(TEAMMATE)) == 1


def test_an_account_whose_reader_died_is_read_once_its_claim_has_run_out(bot: Bot):
    bot.stands_still(minutes=15)
    bot.graph.faults.add("GET /insights", slow(0.5))
    with living(bot, "reading") as process:
        goes_until(lambda: bool(bot.graph.calls("GET", "/insights")), process)
        process.send_signal(signal.SIGKILL)
    bot.restarts()
    bot.settles()
    assert readings(bot) == ["ok", ""]  # the morning's, and the one that died
    bot.passes(minutes=25, step=5)
    assert readings(bot)[2:] == ["ok"]
    assert bot.notices() == []
    assert len(bot.posts()) == 5


def dies(bot: Bot, point: str) -> None:
    """Another process on the same database goes as far as this and no further."""
    with living(bot, point) as process:
        process.wait(30)
    assert process.returncode == STATUS


@contextmanager
def living(bot: Bot, point: str) -> Iterator[subprocess.Popen[str]]:
    """That process, while it lives."""
    asked = {
        "settings": {**bot.stand_ins.environment(bot.database_url), "PORT": "0"},
        "now": bot.clock.now().isoformat(),
        "point": point,
        "workspace": CEDAR.id,
        "account": bot.stand_ins.account(CEDAR),
    }
    command = [sys.executable, "-m", "tests.scenario.dying"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        # Whatever a test waits for from it, it waits no longer than this.
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        process.stdin.write(json.dumps(asked))
        process.stdin.close()
        try:
            yield process
        finally:
            watchdog.cancel()
            watchdog.join()
            process.kill()


def goes_until(reached: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait for something that the process does, as long as it lives."""
    while not reached():
        assert process.poll() is None, "it ended before that"
        threading.Event().wait(0.01)


def writes(bot: Bot) -> list[Entry]:
    """What Meta was asked to change."""
    return [call for call in bot.graph.calls("POST") if "status" in call.params]


def begun(bot: Bot) -> int:
    """How many requests somebody is dealing with."""
    with bot.application.db.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM inbox WHERE state = 'handling'").all()
    return int(rows[0][0])


def readings(bot: Bot) -> list[str]:
    """How the first account's readings ended, in order."""
    with bot.application.db.read(CEDAR.id) as tx:
        return [poll.outcome for poll in tx.polls.of(bot.stand_ins.account(CEDAR))]
