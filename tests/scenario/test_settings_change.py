"""What the settings no longer name is not watched any more, and nobody is left with its alerts."""

from bot.domain.alerts import State
from tests.scenario.stage import CEDAR, WILLOW
from tests.talk import Bot


def test_the_alerts_of_a_dropped_account_end_and_its_readings_stop(bot: Bot):
    first = bot.alerts()[0]
    watched = bot.services.watching.due
    bot.services.connections.keep_only(CEDAR.id, "main", [])
    bot.settles()
    assert all("its ad account is not watched any more" in post.words() for post in bot.alerts())
    assert "Pause" not in " ".join(bot.now(first).buttons())
    before = len(bot.graph.calls())
    bot.passes(minutes=30)
    asked = {call.token for call in bot.graph.ledger.calls()[before:]}
    assert len(asked) == 1  # only the other workspace's account is read
    assert {one.workspace_id for one in watched(10)} <= {WILLOW.id}
    assert "No ad account" in bot.says("/spruce alerts")


def test_the_other_workspace_goes_on(bot: Bot):
    bot.services.connections.keep_only(CEDAR.id, "main", [])
    bot.passes(minutes=30)
    assert {card.alert.state for card in bot.services.alerts.list(WILLOW.id)} == {State.OPEN}
    assert len(bot.services.alerts.list(WILLOW.id)) == len(bot.alerts(WILLOW)) == 2
