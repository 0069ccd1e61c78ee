"""A workspace removes the bot: its work stops, its tokens are forgotten, the other one's goes on."""

import pytest
from sqlalchemy import inspect

from bot.app import build
from bot.config import Settings
from bot.errors import TokenDead
from bot.sandbox.slack_state import ApiCall
from tests.scenario.stage import CEDAR, WILLOW, Place, install
from tests.talk import OUTSIDER, OWNER, TEAMMATE, Bot


@pytest.fixture
def left(bot: Bot) -> Bot:
    """The owner has removed the bot from the first workspace."""
    assert all(outcome.ok for outcome in bot.slack.uninstall(CEDAR.id))
    bot.settles()
    return bot


def test_nothing_is_asked_of_slack_or_meta_in_its_name_any_more(left: Bot):
    before = len(calls(left, CEDAR)), len(graph_calls(left, CEDAR))
    left.passes(hours=3, step=15)
    assert (len(calls(left, CEDAR)), len(graph_calls(left, CEDAR))) == before
    assert len(graph_calls(left, WILLOW)) > 10
    assert left.services.reports.status(CEDAR.id).messages_waiting == 0, "nothing is prepared for it either"


def test_its_tokens_are_gone_from_the_database(left: Bot):
    with left.application.db.system_read() as tx:
        assert tx.workspaces.bot_token(CEDAR.id) is None
        assert tx.workspaces.meta_token(CEDAR.id, "main") is None
        assert tx.workspaces.bot_token(WILLOW.id) == WILLOW.bot_token
        assert tx.workspaces.meta_token(WILLOW.id, "main") == WILLOW.meta_token
    with left.application.db.engine.connect() as connection:
        sealed = connection.exec_driver_sql("SELECT workspace_id FROM connections").all()
    assert [owner for (owner,) in sealed] == [WILLOW.id]
    assert {"workspaces", "connections"} <= set(inspect(left.application.db.engine).get_table_names())


def test_the_other_workspace_notices_nothing(left: Bot):
    alert = left.alert("Ad rejected", WILLOW)
    left.click("Acknowledge", alert, OUTSIDER)
    assert "<@U0OUTSIDER> acknowledged" in left.now(alert).words()
    assert "Harbor Roast US" in left.says("/spruce status", OUTSIDER)


def test_a_click_that_was_on_its_way_is_told_that_the_bot_is_gone(left: Bot):
    alert = left.alert("Ad rejected")
    left.click("Pause ad", alert, OWNER, confirmed=True)
    left.settles()
    assert "not installed in this workspace, or no longer" in left.told(OWNER)[-1]
    assert left.graph.calls("POST") == []


def test_a_wish_that_was_waiting_is_not_carried_out(bot: Bot):
    bot.click("Pause ad", bot.alert("CTR (link) below"), OWNER, confirmed=True)
    bot.slack.uninstall(CEDAR.id)
    assert bot.services.inbox.drain()  # Spruce has heard of it before it gets to the wish
    bot.settles()
    bot.passes(minutes=5, step=1)
    assert bot.graph.calls("POST") == []


def test_the_bot_can_be_installed_again_and_takes_up_where_it_was(left: Bot):
    alert = left.alert("Ad rejected")
    left.passes(hours=3)
    left.slack.workspace(CEDAR.id).token_error = None
    install(left.application, left.stand_ins, CEDAR)
    left.passes(minutes=15)
    assert ["sees" in notice.text for notice in left.notices()] == [True]
    left.click("Acknowledge", alert, TEAMMATE)
    assert "<@U0TEAMMATE> acknowledged" in left.now(alert).words()
    assert len(left.alerts()) == 5


def test_a_forgotten_connection_does_not_take_the_token_in_the_settings(left: Bot):
    environment = left.stand_ins.environment(left.database_url)
    settings = Settings.from_env({**environment, "META_ACCESS_TOKEN": WILLOW.meta_token})
    operators = build(settings, left.clock)
    with pytest.raises(TokenDead, match="connect it again"):
        operators.services.connections.client(CEDAR.id, "main")
    operators.close()


def test_an_old_goodbye_does_not_end_a_new_installation(left: Bot):
    goodbye = [one for one in left.slack.deliveries if one.kind == "events_api"]
    left.passes(hours=1)
    left.slack.workspace(CEDAR.id).token_error = None
    install(left.application, left.stand_ins, CEDAR)
    for delivery in goodbye:
        event = {**delivery.payload, "event_id": delivery.payload["event_id"] + "again"}
        left.sends("events_api", event)
    assert left.services.workspaces.known(CEDAR.id)


def test_somebodys_own_token_that_is_revoked_ends_nothing(bot: Bot):
    bot.slack.send_event({"type": "tokens_revoked", "tokens": {"oauth": ["U0OWNER001"], "bot": []}}, CEDAR.id)
    bot.settles()
    assert bot.services.workspaces.known(CEDAR.id)
    assert "Tulsi Lane India" in bot.says("/spruce status")


def test_a_revoked_bot_token_alone_is_enough(bot: Bot):
    bot.slack.send_event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0SPRUCE01"]}}, CEDAR.id)
    bot.settles()
    assert not bot.services.workspaces.known(CEDAR.id)
    assert bot.services.workspaces.known(WILLOW.id)


def calls(bot: Bot, place: Place) -> list[ApiCall]:
    """What Slack was asked for with a workspace's token."""
    return [call for call in bot.slack.calls if call.workspace == place.id]


def graph_calls(bot: Bot, place: Place) -> list[object]:
    """What Meta was asked for with a workspace's token."""
    return [call for call in bot.graph.calls() if call.token == place.channel]
