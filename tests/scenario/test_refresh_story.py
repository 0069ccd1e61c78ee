"""From the warning to the verdict and back: every door, both databases, by click and by command."""

import pytest

from bot.domain.replacement import ReplacementState
from bot.sandbox.slack_message import Message
from tests.scenario.refresh_stage import (
    approves,
    audited,
    broken_jobs,
    jumps,
    live,
    new_ad,
    proposal,
    replacement,
    short,
    status,
    suggested,
    tired,
    writes,
)
from tests.scenario.stage import CEDAR, WILLOW, StandIns
from tests.talk import OUTSIDER, OWNER, TEAMMATE, Bot


@pytest.fixture
def stand_ins() -> StandIns:
    """The usual ones, whose review takes minutes."""
    standing = StandIns()
    standing.world.reviews.minutes = 4
    yield standing
    standing.stop()


def test_a_tired_ad_is_warned_of_replaced_judged_and_put_back(everywhere: Bot):
    bot = everywhere
    bot.settles()
    warning, card = suggested(bot, by=TEAMMATE)
    the_card_says_what_there_is_to_decide(bot, warning, card)
    approving_makes_a_new_ad_beside_the_old_one(bot, warning, card)
    the_old_ad_stops_once_the_new_one_delivers(bot, warning, card)
    three_verdicts_follow(bot, warning)
    an_undo_puts_everything_back(bot, warning, card)
    assert writes(bot, WILLOW) == []
    assert "U0OWNER001" not in "".join(one.words() for one in bot.posts(WILLOW))
    assert "none" in bot.says("/spruce refreshes", OUTSIDER)
    assert broken_jobs(bot) == []


def the_card_says_what_there_is_to_decide(bot: Bot, warning: Message, card: Message) -> None:
    """Who may approve, until when, what it costs, step by step; and the warning says who asked."""
    words = card.words()
    assert {"Approve 1", "Approve 2", "Approve 3", "Edit 1", "Reject"} <= set(card.buttons())
    for said in ("<@U0OWNER001>", short(bot), "24 Nov, 11:30 IST", "learning", "review", "Undo"):
        assert said in words, said
    assert "<@U0TEAMMATE> asked for variations" in bot.now(warning).words()
    assert "Suggest variations" not in bot.now(warning).buttons()
    assert writes(bot) == []


def approving_makes_a_new_ad_beside_the_old_one(bot: Bot, warning: Message, card: Message) -> None:
    """PAUSED and in review at first, and the old one runs on."""
    assert approves(bot, card) == ""
    bot.settles()
    made = new_ad(bot)
    assert (status(bot, made), status(bot, tired(bot))) == ("PAUSED", "ACTIVE")
    assert made.adset is tired(bot).adset
    assert len(bot.graph.ledger.created("adcreatives")) == 1
    assert "pproved by <@U0OWNER001>" in bot.now(card).words()
    assert "Meta reviews the new creative; the old ad keeps running" in bot.now(warning).words()
    assert "pproved by <@U0OWNER001>" in bot.notes(warning)[0]


def the_old_ad_stops_once_the_new_one_delivers(bot: Bot, warning: Message, card: Message) -> None:
    """Activated after the review, confirmed by what people saw, and only then is the old one paused."""
    found = live(bot)
    assert found.state is ReplacementState.LIVE
    assert (status(bot, new_ad(bot)), status(bot, tired(bot))) == ("ACTIVE", "PAUSED")
    order = [(one.path.rsplit("/", 1)[-1], one.params.get("status")) for one in writes(bot)]
    assert order == [
        ("adcreatives", None),
        ("adlabels", None),
        ("adcreatives", None),
        ("ads", "PAUSED"),
        (new_ad(bot).id, "ACTIVE"),
        (tired(bot).id, "PAUSED"),
    ]
    assert "Live since 22 Nov" in bot.notes(warning)[1]
    for shown in (warning, card):
        assert "live since 22 Nov" in bot.now(shown).words()


def three_verdicts_follow(bot: Bot, warning: Message) -> None:
    """After 1, 3 and 7 complete days, each in the thread with an interval, each once."""
    for days, told in ((2, 3), (6, 5)):
        jumps(bot, days=days)
        assert len(bot.notes(warning)) == told
    told = bot.notes(warning)[2:]
    assert [one.lstrip("*").split(":")[0] for one in told] == ["Day 1", "Day 3", "Day 7"]
    assert all("[" in one for one in told)
    assert "better than the old one" in told[-1]
    assert "Day 7" in bot.now(warning).words()
    bot.passes(minutes=10)
    assert len(bot.notes(warning)) == 5


def an_undo_puts_everything_back(bot: Bot, warning: Message, card: Message) -> None:
    """The old ad runs, the new one is paused, and the card, the warning and the sum say so."""
    summed = bot.says("/spruce refreshes")
    assert "1 proposed, 1 approved, 1 live, 1 won, 0 lost, 0 undone" in summed
    assert bot.click("Undo", bot.now(warning), confirmed=True) == ""
    bot.settles()
    assert replacement(bot).state is ReplacementState.UNDONE
    assert (status(bot, new_ad(bot)), status(bot, tired(bot))) == ("PAUSED", "ACTIVE")
    last = [(one.path.rsplit("/", 1)[-1], one.params.get("status")) for one in writes(bot)][-2:]
    assert last == [(tired(bot).id, "ACTIVE"), (new_ad(bot).id, "PAUSED")]
    assert "undone by <@U0OWNER001>" in bot.notes(warning)[-1]
    assert "Undone" in bot.now(card).words()
    assert "1 undone" in bot.says("/spruce refreshes")
    did = [what for who, what in audited(bot, proposal(bot).id) if who == OWNER.id]
    assert did == ["proposal.approved"]
    assert (OWNER.id, "replacement.undo_wanted") in audited(bot, replacement(bot).id)


def test_the_same_by_slash_commands(bot: Bot):
    bot.world.reviews.minutes = 4
    warning, card = suggested(bot, by=TEAMMATE)
    ours = short(bot)
    listed = bot.says("/spruce approvals")
    assert ours in listed
    assert bot.says("/spruce approvals", OUTSIDER).startswith("Nothing waits")
    assert "approved by <@U0OWNER001>" in bot.says(f"/spruce approve {ours} 2")
    bot.settles()
    assert "pproved by <@U0OWNER001>" in bot.notes(warning)[0]
    assert "under way" in bot.says("/spruce approvals")
    assert live(bot).state is ReplacementState.LIVE
    assert replacement(bot).copy == proposal(bot).variation(2).copy
    assert "Its thread shows how it goes" in bot.says(f"/spruce undo {ours}")
    bot.settles()
    assert (status(bot, new_ad(bot)), status(bot, tired(bot))) == ("PAUSED", "ACTIVE")
    assert "there is nothing to undo" in bot.says(f"/spruce undo {ours}")
    assert "Undone" in bot.now(card).words()
    assert "1 undone" in bot.says("/spruce refreshes")
    assert "1 undone" not in bot.says("/spruce refreshes", OUTSIDER)
    jumps(bot, days=2)
    assert [one for one in bot.notes(warning) if "Day 1" in one] == []  # nothing is judged any more
    assert broken_jobs(bot) == []
    assert {one.token for one in writes(bot)} == {CEDAR.channel}
