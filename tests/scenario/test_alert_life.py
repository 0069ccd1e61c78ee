"""An alert from its first word to its end: one message, edited in place, whatever happens in between."""

import re
from datetime import timedelta

import pytest

from tests.scenario.stage import CEDAR, PLACES, START, WILLOW
from tests.talk import OUTSIDER, OWNER, TEAMMATE, Bot

REJECTED = "Ad rejected by Meta's review"
TIRED = "CTR (link) below threshold"
COSTLY = "Cost per purchase above target"


def test_what_is_wrong_is_posted_once_each_and_never_again(fresh: Bot):
    fresh.settles()
    first = {place: [post.ts for post in fresh.posts(place)] for place in PLACES}
    wrong = (REJECTED, TIRED, COSTLY, "Creative is tired", "Spend without purchases")
    words = [fresh.alert(about).words() for about in wrong]
    assert len(first[CEDAR]) == len(words)
    assert all("Open in Ads Manager" in post.buttons() for post in fresh.posts())
    theirs = [post.words() for post in fresh.posts(WILLOW)]
    assert [sum(about in one for one in theirs) for about in (REJECTED, "Creative is tired")] == [1, 1]
    assert len(theirs) == 2
    fresh.passes(minutes=45)
    assert {place: [post.ts for post in fresh.posts(place)] for place in PLACES} == first


def test_an_acknowledged_alert_says_in_place_who_has_it_since_when(bot: Bot):
    alert = bot.alert(REJECTED)
    assert bot.click("Acknowledge", alert, TEAMMATE) == ""
    now = bot.now(alert)
    assert "<@U0TEAMMATE> acknowledged · 11:31 IST" in now.words()
    assert "Acknowledge" not in now.buttons()
    assert len(bot.posts()) == len({post.ts for post in bot.posts()})
    assert "<@U0TEAMMATE> acknowledged" not in bot.alert(REJECTED, WILLOW).words()


def test_the_slower_of_two_is_told_who_was_faster(bot: Bot):
    alert = bot.alert(REJECTED)
    bot.click("Acknowledge", alert, TEAMMATE)
    told = bot.click("Acknowledge", alert, OWNER, stale=True)
    assert "Already acknowledged by <@U0TEAMMATE> at 22 Nov, 11:31 IST." in told
    assert "Nothing was changed" in told
    assert "<@U0TEAMMATE> acknowledged" in bot.now(alert).words()


def test_who_comes_after_a_snooze_is_told_its_day_and_hour(bot: Bot):
    alert = bot.alert(REJECTED)
    bot.choose("Snooze", "Until tomorrow 09:00 IST", alert, TEAMMATE)
    told = bot.click("Acknowledge", alert, OWNER, stale=True)
    assert "Already snoozed by <@U0TEAMMATE> until 23 Nov, 09:00 IST." in told


@pytest.mark.parametrize(
    ("option", "until"),
    [
        ("30 minutes", "12:01 IST"),
        ("1 hour", "12:31 IST"),
        ("4 hours", "15:31 IST"),
        ("24 hours", "23 Nov, 11:31 IST"),
        ("Until tomorrow 09:00 IST", "23 Nov, 09:00 IST"),
    ],
)
def test_a_snooze_lasts_until_what_was_chosen(bot: Bot, option: str, until: str):
    alert = bot.alert(TIRED)
    assert bot.choose("Snooze", option, alert, TEAMMATE) == ""
    assert f"<@U0TEAMMATE> snoozed this until {until}" in bot.now(alert).words()


def test_a_snoozed_alert_wakes_also_where_the_bot_was_restarted_meanwhile(bot: Bot):
    alert = bot.alert(REJECTED)
    bot.choose("Snooze", "1 hour", alert, TEAMMATE)
    bot.passes(minutes=30)
    assert bot.thread(alert) == []
    bot.restarts()
    bot.passes(minutes=45)
    assert "Acknowledge" in bot.now(alert).buttons()
    bot.passes(minutes=45)
    assert [note.words().count("snooze by <@U0TEAMMATE> is over") for note in bot.thread(alert)] == [2]


def test_a_snooze_can_be_taken_back(bot: Bot):
    alert = bot.alert(REJECTED, WILLOW)
    bot.choose("Snooze", "24 hours", alert, OUTSIDER)
    assert bot.click("Unsnooze", alert, OUTSIDER) == ""
    now = bot.now(alert)
    assert "Open. Last handled by <@U0OUTSIDER>" in now.words()
    assert "Acknowledge" in now.buttons()


def test_an_alert_resolves_by_itself_and_comes_back_in_the_same_message(bot: Bot):
    alert = bot.alert(REJECTED)
    ad = bot.stand_ins.rejected[CEDAR]
    bot.stand_ins.reviews(ad, "ACTIVE")
    bot.passes(minutes=60)
    resolved = bot.now(alert).words()
    assert re.search(r"Resolved at 11:46 IST after \d+ h.*: Meta no longer reports it", resolved)
    assert "Acknowledge" not in bot.now(alert).buttons()

    bot.passes(hours=2, step=60)
    bot.stand_ins.reviews(ad, "DISAPPROVED")
    bot.passes(minutes=15)
    assert "Resolved" not in bot.now(alert).words()
    assert "Acknowledge" in bot.now(alert).buttons()
    assert ["It is back." in note.words() for note in bot.thread(alert)] == [True]
    assert "Open." in bot.alert(REJECTED, WILLOW).words()


def test_what_comes_back_after_a_day_is_a_new_alert(bot: Bot):
    alert = bot.alert(REJECTED)
    ad = bot.stand_ins.rejected[CEDAR]
    bot.stand_ins.reviews(ad, "ACTIVE")
    bot.passes(minutes=60)
    bot.passes(hours=25, step=750)
    bot.stand_ins.reviews(ad, "DISAPPROVED")
    bot.passes(minutes=15)
    both = [post for post in bot.alerts() if REJECTED in post.words() and ad.name in post.words()]
    assert [post.ts == alert.ts for post in both] == [True, False]


def test_a_button_on_a_message_from_before_a_change_does_nothing(bot: Bot):
    alert = bot.alert(REJECTED)
    bot.choose("Snooze", "1 hour", alert, TEAMMATE)
    bot.click("Unsnooze", alert, TEAMMATE)
    told = bot.click("Pause ad", alert, OWNER, confirmed=True, stale=True)
    assert "Nothing was changed" in told
    bot.settles()
    assert bot.graph.calls("POST") == []


def test_a_cost_that_comes_down_again_ends_its_alert_with_how_long_it_lasted(bot: Bot):
    alert = bot.alert(COSTLY)
    bot.passes(hours=96, step=1440)
    bot.passes(minutes=30)
    resolved = bot.now(alert)
    assert re.search(r"Resolved at \d\d Nov, \d\d:\d\d IST after \d d \d+ h", resolved.words())
    assert bot.clock.now() - START > timedelta(days=4)
