"""A channel that Spruce may not write to: nothing is lost, and the way out is said where people look."""

from bot.sandbox import slack_faults
from tests.scenario.stage import CEDAR, WILLOW
from tests.talk import OWNER, Bot

_MANY = 99


def test_alerts_wait_for_an_invitation_and_status_asks_for_it(fresh: Bot):
    faults = fresh.stand_ins.slack.faults
    faults.add(
        "chat.postMessage", slack_faults.refused("not_in_channel"), channel=CEDAR.channel_id, times=_MANY
    )
    fresh.settles()
    assert fresh.posts(CEDAR) == []
    assert len(fresh.posts(WILLOW)) == 2
    told = fresh.says("/spruce status", OWNER)
    assert "could not be posted (slack_not_in_channel). Invite Spruce to the channel" in told
    faults.clear()
    fresh.passes(minutes=30)
    posted = fresh.alerts(CEDAR)
    assert len(posted) >= 3
    assert len(posted) == len({post.text for post in posted})
    assert "could not be posted" not in fresh.says("/spruce status", OWNER)


def test_the_other_workspace_hears_nothing_of_it(fresh: Bot):
    fault = slack_faults.refused("is_archived")
    fresh.stand_ins.slack.faults.add("chat.postMessage", fault, channel=CEDAR.channel_id, times=_MANY)
    fresh.settles()
    status = fresh.services.reports.status(WILLOW.id)
    assert (status.messages_failed, status.messages_waiting) == (0, 0)
