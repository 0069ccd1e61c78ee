"""The Home tab shows what waits for a decision, to the workspace it belongs to and to no other."""

from tests.scenario.refresh_stage import approves, suggested
from tests.talk import OUTSIDER, OWNER, Bot


def test_home_lists_variations_that_wait_and_then_the_replacement(bot: Bot):
    assert "Variations to decide on" not in bot.opens_home(OWNER)
    _warning, card = suggested(bot)
    assert "Variations to decide on" in bot.opens_home(OWNER)
    assert "Variations to decide on" not in bot.opens_home(OUTSIDER)
    approves(bot, card)
    bot.settles()
    shown = bot.opens_home(OWNER)
    assert "Replacements under way" in shown
    assert "Variations to decide on" not in shown
    assert "Replacements" not in bot.opens_home(OUTSIDER)
