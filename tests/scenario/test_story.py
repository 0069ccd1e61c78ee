"""One working day from the first reading to the last word: over both doors, on both databases."""

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import MetaData, select

from bot import log
from bot.sandbox.graph_faults import throttled
from bot.sandbox.slack_faults import eof, token_revoked
from storage.base import Base
from tests.scenario.stage import CEDAR, PLACES, SECRETS, WILLOW
from tests.talk import OBSERVER, OUTSIDER, OWNER, TEAMMATE, Bot

REJECTED, TIRED = "Ad rejected by Meta's review", "CTR (link) below threshold"


@dataclass
class Logged:
    """Everything that was logged, as an operator finds it and as it was before it was written out."""

    written: io.StringIO
    before: pytest.LogCaptureFixture


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Logged]:
    """The product's own log, with everything in it that can be."""
    root = logging.getLogger()
    level, stream = root.level, io.StringIO()
    handler = log.configure("debug", stream)
    yield Logged(stream, caplog)
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_working_day(everywhere: Bot, logged: Logged):
    bot = everywhere
    first_alerts(bot)
    somebody_takes_one(bot)
    one_is_put_off_over_a_restart(bot)
    one_ad_is_paused_and_resumed(bot)
    people_ask(bot)
    slack_and_meta_have_a_bad_moment(bot)
    one_recovers(bot)
    no_secret_is_anywhere(bot, logged)


def first_alerts(bot: Bot) -> None:
    """Each is posted once, whoever looks how often."""
    bot.settles()
    posts = {place: [post.ts for post in bot.posts(place)] for place in PLACES}
    assert [len(posts[place]) for place in PLACES] == [5, 2]
    bot.passes(minutes=45)
    assert {place: [post.ts for post in bot.posts(place)] for place in PLACES} == posts


def somebody_takes_one(bot: Bot) -> None:
    """In place, with a name and a time; whoever comes later is told."""
    alert = bot.alert(REJECTED)
    bot.click("Acknowledge", alert, TEAMMATE)
    assert "<@U0TEAMMATE> acknowledged · 12:15 IST" in bot.now(alert).words()
    assert "Already acknowledged by <@U0TEAMMATE>" in bot.click("Acknowledge", alert, OWNER, stale=True)
    bot.click("Acknowledge", bot.alert(REJECTED, WILLOW), OBSERVER)
    assert "<@U0OBSERVER> acknowledged · " in bot.alert(REJECTED, WILLOW).words()


def one_is_put_off_over_a_restart(bot: Bot) -> None:
    """It comes back when its time is over, in a process that did not put it off."""
    alert = bot.alert("Spend without purchases")
    bot.choose("Snooze", "1 hour", alert, TEAMMATE)
    assert "snoozed this until 13:15 IST" in bot.now(alert).words()
    bot.restarts()
    bot.passes(minutes=75, step=25)
    assert "The snooze by <@U0TEAMMATE> is over" in bot.thread(alert)[0].words()
    assert "Acknowledge" in bot.now(alert).buttons()


def one_ad_is_paused_and_resumed(bot: Bot) -> None:
    """Once at Meta for each click."""
    alert, ad = bot.alert(TIRED), bot.world.by_key("in.serum.broad.glow")
    bot.click("Pause ad", alert, OWNER, confirmed=True)
    bot.settles()
    assert bot.world.log.configured(ad, bot.clock.now().timestamp()) == "PAUSED"
    assert "<@U0OWNER001> paused this ad · 13:30 IST" in bot.now(alert).words()
    bot.click("Resume ad", alert, OWNER, confirmed=True)
    bot.settles()
    assert bot.world.log.configured(ad, bot.clock.now().timestamp()) == "ACTIVE"
    assert [call.params["status"] for call in bot.graph.calls("POST")] == ["PAUSED", "ACTIVE"]


def people_ask(bot: Bot) -> None:
    """Each is answered about their own workspace."""
    assert "Tulsi Lane India" in bot.says("/spruce report 7d", TEAMMATE)
    assert "Harbor Roast US" in bot.says("/spruce report today", OUTSIDER)
    assert "2026-13-45” is not understood" in bot.says("/spruce report 2026-13-45", TEAMMATE)
    assert "/spruce alerts" in bot.says("/spruce alrets", OBSERVER)
    assert "Tulsi Lane India" in bot.opens_home(OWNER)


def slack_and_meta_have_a_bad_moment(bot: Bot) -> None:
    """Faults have words of their own, and those must not tell secrets either."""
    posts = len(bot.posts())
    bot.slack.faults.add("chat.update", eof(applied=False))
    bot.slack.faults.add("*", token_revoked())
    bot.graph.faults.add(bot.stand_ins.account(CEDAR), throttled(80000, regain_minutes=60))
    bot.click("Acknowledge", bot.alert(TIRED), TEAMMATE)
    bot.passes(minutes=15)
    bot.graph.gate.revoke(WILLOW.meta_token, 463)
    bot.passes(minutes=90, step=30)
    assert ["cannot see" in notice.text for notice in bot.notices(WILLOW)] == [True]
    bot.graph.gate.restore(WILLOW.meta_token)
    bot.passes(minutes=75, step=25)
    assert len(bot.posts()) == posts + 2
    assert ["again" in notice.text for notice in bot.notices()] == [False, True]
    assert ["again" in notice.text for notice in bot.notices(WILLOW)] == [False, True]
    assert "<@U0TEAMMATE> acknowledged" in bot.alert(TIRED).words()


def one_recovers(bot: Bot) -> None:
    """By itself, after three good readings, with how long it lasted."""
    alert = bot.alert(REJECTED)
    bot.stand_ins.reviews(bot.stand_ins.rejected[CEDAR], "ACTIVE")
    bot.passes(minutes=45)
    assert re.search(r"Resolved at \d\d:\d\d IST after \d+ h", bot.now(alert).words())
    assert "Resolved" not in bot.alert(REJECTED, WILLOW).words()


def no_secret_is_anywhere(bot: Bot, logged: Logged) -> None:
    """Not in what was posted, not in a log, not in a row."""
    records = [f"{record.getMessage()} {vars(record)}" for record in logged.before.records]
    places = {
        "slack": bot.everything_said(),
        "log": logged.written.getvalue(),
        "records": "\n".join(records),
        "rows": "\n".join(rows(bot)),
        "metrics": bot.services.metrics.text(),
    }
    assert all(places.values())
    for name, text in places.items():
        assert [secret for secret in SECRETS if secret in text] == [], name


def rows(bot: Bot) -> Iterator[str]:
    """Every row of every table, and the file itself where there is one."""
    metadata: MetaData = Base.metadata
    with bot.application.db.engine.connect() as connection:
        for table in metadata.sorted_tables:
            yield from (str(tuple(row)) for row in connection.execute(select(table)))
    if bot.database_url.startswith("sqlite:///"):
        for suffix in ("", "-wal"):
            with open(bot.database_url.removeprefix("sqlite:///") + suffix, "rb") as file:
                yield file.read().decode("latin-1")
