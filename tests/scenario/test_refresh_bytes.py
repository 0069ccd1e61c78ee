"""What people approved is what Meta received: words, digest, link and tracking, byte for byte."""

import json

import pytest

from bot.meta.features import FEATURES
from tests.scenario.refresh_stage import (
    CHIEF,
    TIRED,
    approves,
    live,
    proposal,
    replacement,
    sent,
    suggested,
    tired,
)
from tests.scenario.stage import CEDAR, WILLOW, Place
from tests.talk import Bot

TEXTS = {
    "Hindi": "हर सुबह थोड़ी चमक।\nआज ही ऑर्डर करें: tulsilane.example",
    "emoji of several characters": "A little shine 👩🏽‍🔬✨ each morning 🏳️‍🌈 e\u0301",
    "quotes": 'She said "order today" – it\'s ‘simple’, “really” `so`',
    "newlines": "One line.\n\nAnother line.\n- and a third\ttabbed",
    "what Slack and JSON escape": 'Order & see > today \\ *bold* _so_ ~no~ \\n :tada: < so "',
    "combining and wide": "ﷺ 漢字 ｆｕｌｌ \u00a0 no-break, z\u0335a\u0335",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_words_that_a_person_typed_arrive_byte_for_byte(offered: Bot, text: str):
    bot, warning = offered, offered.alert(TIRED)
    card = bot.card(warning)
    typed = {
        "primary_text": text,
        "headline": text.splitlines()[0][:60].strip(),
        "description": "Ships & arrives",
    }
    bot.submits(bot.opens("Edit 2", card), typed)
    bot.settles()
    assert approves(bot, card, 2) == ""
    bot.settles()
    assert proposal(bot).variation(2).copy.primary_text.encode() == text.encode()
    the_same_arrived(bot, CEDAR, list(typed.values()), bot.now(card).words())


@pytest.mark.parametrize(
    ("place", "n"),
    [(CEDAR, 1), (CEDAR, 2), (CEDAR, 3), (WILLOW, 1)],
    ids=["video 1", "video 2", "video 3", "picture"],
)
def test_every_variation_arrives_as_it_was_shown(bot: Bot, place: Place, n: int):
    warning, card = suggested(bot, place)
    n = min(n, len(proposal(bot, place).variations))
    copy = proposal(bot, place).variation(n).copy
    shown = card.words()
    for words in (copy.primary_text, copy.headline, copy.description):
        assert words in shown
    assert approves(bot, card, n, CHIEF[place]) == ""
    bot.settles()
    the_same_arrived(bot, place, [copy.primary_text, copy.headline, copy.description], shown)
    assert bot.notes(warning)


def the_same_arrived(bot: Bot, place: Place, words: list[str], shown: str) -> None:
    """The words, everything around them, and the digest that was shown and approved."""
    found, change = sent(bot, place), replacement(bot, place)
    assert [one.encode() for one in found.words] == [one.encode() for one in words]
    digest = found.digest(bot, place)
    assert change.digest == digest
    assert digest[:8] in shown
    assert found.kept == found.original_kept
    assert found.creative.params["url_tags"] == found.original.url_tags != ""
    for name in ("link", "call_to_action", "page_id", "image_hash"):
        assert getattr(found.original, name) in json.dumps(found.spec)
    assert found.ad.params["status"] == "PAUSED"
    assert found.ad.params["adset_id"] == tired(bot, place).adset.id
    features = json.loads(found.creative.params["degrees_of_freedom_spec"])["creative_features_spec"]
    assert features == {name: {"enroll_status": "OPT_OUT"} for name in FEATURES}
    assert len(features) > 60


def test_what_meta_was_asked_to_try_is_what_it_then_got(offered: Bot):
    bot = offered
    bot.world.reviews.minutes = 4
    approves(bot, bot.card(bot.alert(TIRED)))
    live(bot)
    tried, made = bot.graph.calls("POST", "/adcreatives")
    assert '"validate_only"' in tried.params["execution_options"]
    assert tried.made == ""
    for name in ("name", "object_story_spec", "url_tags", "degrees_of_freedom_spec"):
        assert tried.params[name] == made.params[name]
    assert made.made == replacement(bot).new_creative_id
