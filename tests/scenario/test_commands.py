"""What people type after /spruce, and what the Home tab shows them."""

import re

import pytest

from bot.registry import discover
from bot.sandbox.slack_message import texts
from tests.scenario.stage import CEDAR, WILLOW
from tests.talk import EVERYBODY, OBSERVER, OUTSIDER, OWNER, TEAMMATE, Bot, Somebody

INDIA, AMERICA = "Tulsi Lane India", "Harbor Roast US"


def test_help_lists_every_subcommand(bot: Bot):
    told = bot.says("/spruce help", TEAMMATE)
    for command in discover("handlers.commands", "COMMAND"):
        assert f"/spruce {command.usage}" in told
    assert bot.says("/spruce", TEAMMATE) == told


@pytest.mark.parametrize(
    ("typed", "meant"), [("alrets", "alerts"), ("reprot 7d", "report"), ("STATSU", "status")]
)
def test_a_slip_of_the_finger_is_answered_with_what_was_meant(bot: Bot, typed: str, meant: str):
    assert f"/spruce {meant}" in bot.says(f"/spruce {typed}")


def test_alerts_lists_what_is_open_and_who_has_what(bot: Bot):
    bot.click("Acknowledge", bot.alert("Ad rejected"), TEAMMATE)
    told = bot.says("/spruce alerts")
    assert all(about in told for about in ("Ad rejected", "CTR (link)", "Cost per purchase", "Spend without"))
    assert "<@U0TEAMMATE> has it" in told
    assert told.index("Cost per purchase") < told.index("<@U0TEAMMATE> has it")
    assert "Ad rejected" in bot.says("/spruce alerts", OBSERVER)
    assert "Cost per purchase" not in bot.says("/spruce alerts", OBSERVER)


@pytest.mark.parametrize("period", ["today", "7d"])
def test_a_report_has_each_campaigns_figures_in_the_accounts_money_and_time(bot: Bot, period: str):
    told = bot.says(f"/spruce report {period}", TEAMMATE)
    assert INDIA in told
    assert all(word in told for word in ("₹", "IST", "ROAS", "CTR", "Onion Hair Oil", "Vitamin C Serum"))
    assert re.search(r"[Dd]ata \d+ ?(min|h|s)", told) or "Data" in told
    abroad = bot.says(f"/spruce report {period}", OUTSIDER)
    assert AMERICA in abroad
    assert "$" in abroad
    assert "₹" not in abroad


def test_a_reports_spend_is_what_meta_would_show(bot: Bot):
    account = bot.world.accounts[CEDAR.account]
    day = bot.world.today(account, bot.clock.now())
    spent = sum(bot.world.figures(ad, day, bot.clock.now()).spend_minor for ad in bot.world.ads_of(account))
    assert rupees(spent) in bot.says("/spruce report today")


@pytest.mark.parametrize("period", ["2026-13-45", "14d", "yesterday", "22.11.2026", "tody", "0", "7d 14d"])
def test_a_period_that_is_not_understood_is_answered_with_those_that_are(bot: Bot, period: str):
    told = bot.says(f"/spruce report {period}")
    assert "today" in told
    assert "7d" in told
    assert "Nothing was changed" in told


@pytest.mark.parametrize("text", ["report 7d act_99", "report Harbor Roast US", "alerts act_719602325123750"])
def test_an_account_that_is_not_connected_here_is_answered_with_those_that_are(bot: Bot, text: str):
    told = bot.says(f"/spruce {text}")
    assert "is connected here" in told
    assert INDIA in told
    assert bot.stand_ins.account(WILLOW) not in told.replace(text.split()[-1], "")


def test_status_tells_the_age_of_the_figures_and_what_waits(bot: Bot):
    bot.stands_still(minutes=9)
    told = bot.says("/spruce status", TEAMMATE)
    assert INDIA in told
    assert "10 min" in told
    assert AMERICA not in told


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.name)
def test_home_shows_each_person_their_own_workspace(bot: Bot, person: Somebody):
    home = bot.opens_home(person)
    own, other = (INDIA, AMERICA) if person.home is CEDAR else (AMERICA, INDIA)
    assert own in home
    assert other not in home
    assert "Ad rejected" in home


def test_home_follows_what_happened_since(bot: Bot):
    bot.opens_home(OWNER)
    bot.click("Acknowledge", bot.alert("Ad rejected"), TEAMMATE)
    assert "<@U0TEAMMATE> has it" not in home_of(bot)
    view = bot.slack.home(OWNER.id, CEDAR.id)
    assert view is not None
    bot.slack.as_user(CEDAR.id, OWNER.id).click(view, "home.refresh")
    bot.settles()
    assert "<@U0TEAMMATE> has it" in home_of(bot)


def test_only_who_asked_sees_the_answer(bot: Bot):
    posts = bot.posts()
    bot.says("/spruce report 7d", TEAMMATE)
    assert bot.posts() == posts
    assert bot.told(OWNER) == []


def home_of(bot: Bot) -> str:
    """The owner's Home tab as it was last published."""
    return "\n".join(texts((bot.slack.home(OWNER.id, CEDAR.id) or {})["blocks"]))


def rupees(minor: int) -> str:
    """Whole rupees with Indian grouping."""
    digits = str(round(minor / 100))
    head, tail = digits[:-3], digits[-3:]
    groups = re.findall(r"\d{1,2}", head[::-1])
    return "₹" + ",".join([*(group[::-1] for group in reversed(groups)), tail])
