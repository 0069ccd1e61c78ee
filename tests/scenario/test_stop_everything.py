"""/spruce stop in the middle of replacements: nothing more is written until it is lifted; then it goes on."""

from pathlib import Path

from bot.domain.replacement import ReplacementState
from tests.scenario.refresh_stage import (
    TIRED,
    approves,
    awake,
    live,
    new_ad,
    replacement,
    short,
    status,
    suggested,
    tired,
    writes,
)
from tests.scenario.stage import CEDAR, WILLOW, Morning
from tests.talk import OBSERVER, OUTSIDER, OWNER, TEAMMATE, Bot


def test_a_stop_during_review_leaves_both_ads_as_they_are_until_it_is_lifted(offered: Bot):
    bot, warning = offered, offered.alert(TIRED)
    bot.world.reviews.minutes = 4
    approves(bot, bot.card(warning))
    bot.settles()
    bot.says("/spruce stop Wrong page", TEAMMATE)
    written = len(writes(bot))
    bot.passes(minutes=40, step=20)
    assert len(writes(bot)) == written
    assert (status(bot, new_ad(bot)), status(bot, tired(bot))) == ("PAUSED", "ACTIVE")
    assert "stopped" in bot.now(warning).words()
    assert "stopped" in bot.card(warning).words()
    assert "<@U0TEAMMATE>" in bot.notices()[-1].words()
    bot.says("/spruce resume")
    assert live(bot).state is ReplacementState.LIVE
    assert (status(bot, new_ad(bot)), status(bot, tired(bot))) == ("ACTIVE", "PAUSED")
    assert len(bot.graph.ledger.created("ads")) == 1


def test_an_undo_waits_for_the_end_of_a_stop_as_well(offered: Bot):
    bot, warning = offered, offered.alert(TIRED)
    bot.world.reviews.minutes = 4
    approves(bot, bot.card(warning))
    live(bot)
    bot.says("/spruce stop Let nobody touch it")
    assert "Its thread shows how it goes" in bot.says(f"/spruce undo {short(bot)}")
    bot.passes(minutes=10, step=5)
    assert replacement(bot).state is ReplacementState.UNDOING
    assert (status(bot, new_ad(bot)), status(bot, tired(bot))) == ("ACTIVE", "PAUSED")
    bot.says("/spruce resume")
    bot.passes(minutes=3, step=1)
    assert replacement(bot).state is ReplacementState.UNDONE
    assert (status(bot, new_ad(bot)), status(bot, tired(bot))) == ("PAUSED", "ACTIVE")


def test_what_is_queued_can_be_cancelled_while_stopped(offered: Bot):
    bot, warning = offered, offered.alert(TIRED)
    approves(bot, bot.card(warning))
    bot.says("/spruce stop")
    bot.settles()
    assert "Cancel replacement" in bot.now(warning).buttons()
    assert bot.click("Cancel replacement", bot.now(warning), confirmed=True) == ""
    bot.says("/spruce resume")
    bot.passes(minutes=5, step=5)
    assert replacement(bot).state is ReplacementState.UNDONE
    assert writes(bot) == []


def test_every_member_may_stop_and_only_who_may_change_ads_lets_it_go_on(bot: Bot):
    assert "stopped" in bot.says("/spruce stop Something is odd", TEAMMATE).lower()
    assert "This can be done by <@U0OWNER001>" in bot.says("/spruce resume", TEAMMATE)
    assert "stopped already by <@U0TEAMMATE>" in bot.says("/spruce stop")
    assert "not stopped" in bot.says("/spruce resume", OUTSIDER)  # over there
    bot.says("/spruce stop", OBSERVER)
    bot.says("/spruce resume")
    with bot.application.db.read(CEDAR.id) as tx:
        assert tx.stops.current() is None
    with bot.application.db.read(WILLOW.id) as tx:
        assert tx.stops.current().by == OBSERVER.id


def test_three_failures_in_a_row_stop_everything_in_spruces_own_name(
    mornings: tuple[Morning, Morning], tmp_path: Path
):
    with awake(mornings[1], tmp_path / "spruce.db", SPRUCE_COOLDOWN_HOURS="0") as bot:
        for _ in range(3):
            bot.world.reject_next("Unrealistic outcomes", "Ads must not promise results.")
            _warning, card = suggested(bot)
            assert approves(bot, card) == ""
            assert live(bot).state is ReplacementState.FAILED
        assert status(bot, tired(bot)) == "ACTIVE"
        assert "3 replacements failed in a row" in bot.notices()[-1].words()
        warning, card = suggested(bot, WILLOW)
        assert approves(bot, card, by=OUTSIDER) == ""  # the other workspace goes on
        bot.settles()
        assert len([one for one in bot.graph.ledger.created("ads") if one.token == WILLOW.channel]) == 1
        told = bot.click("Pause ad", bot.alert("CTR (link) below threshold"), OWNER, confirmed=True)
        assert "by Spruce itself" in told
        assert warning.channel == WILLOW.channel_id
