"""The offline writer rearranges the ad's own words and adds none."""

import re
from dataclasses import replace

import pytest

from bot.ai.offline import OfflineWriter
from bot.ai.sentences import sentences
from bot.domain.copy_check import Against, check
from bot.domain.creatives import Copy, Part
from bot.domain.variations import Brand, Gravity
from tests.contract.ai_kit import brief, content

LONG = Copy(
    "Tired of dull skin? Our serum has vitamin C from amla. It sinks in within seconds.\n\n"
    "Made in Jaipur in small batches. Order today.",
    "Vitamin C serum",
    "Free shipping",
)


def write(copy, **changes):
    """The offline drafts for an ad."""
    return OfflineWriter().write(brief(copy, **changes), timeout=1).drafts


def words(text):
    """The words of a text, in no order."""
    return sorted(re.findall(r"[^\W_]+", text.casefold()))


def test_three_kinds_of_variation_come_from_an_ad_with_enough_text():
    drafts = write(LONG)
    assert [(draft.angle, draft.changed) for draft in drafts] == [
        ("A later sentence first", Part.PRIMARY_TEXT),
        ("Own sentence as headline", Part.HEADLINE),
        ("Short, before the fold", Part.PRIMARY_TEXT),
    ]
    leading, headline, short = (draft.copy for draft in drafts)
    assert leading.primary_text.startswith("Our serum has vitamin C from amla.\nTired of dull skin?")
    assert headline == replace(LONG, headline="Our serum has vitamin C from amla")
    assert short.primary_text.startswith("Tired of dull skin? Our serum has vitamin C from amla.")


def test_no_variation_is_so_like_another_that_the_check_of_copy_would_refuse_it():
    earlier = ()
    while drafts := write(LONG, earlier=earlier):
        others = (LONG, *earlier)
        for draft in drafts:
            notes = check(draft, content(LONG), Against(others=others, earlier=earlier))
            assert [one.code for one in notes if one.gravity is Gravity.BLOCK] == []
        earlier += tuple(draft.copy for draft in drafts)


def test_every_word_of_every_round_stood_in_the_ad():
    earlier, rounds = (), 0
    while drafts := write(LONG, earlier=earlier):
        rounds += 1
        for draft in drafts:
            own = words(" ".join(LONG.text_of(part) for part in Part))
            assert set(words(draft.copy.text_of(draft.changed))) <= set(own)
        earlier += tuple(draft.copy for draft in drafts)
    assert rounds >= 2
    assert len(set(earlier)) == len(earlier)
    assert LONG not in earlier


def test_the_same_ad_gets_the_same_variations():
    assert write(LONG) == write(LONG)


@pytest.mark.parametrize(
    "copy",
    [
        Copy("", ""),
        Copy("Glow", ""),
        Copy("Order today.", "Order today"),
        Copy("New. In. Now.", ""),
        Copy("", "Glow now"),
    ],
)
def test_too_little_text_gives_no_variation_rather_than_a_made_up_one(copy):
    assert write(copy) == ()


def test_a_condition_is_neither_cut_off_nor_moved_nor_made_a_headline():
    copy = Copy(
        "Flat ₹150 off your first order.* The serum is made in Jaipur. *Terms apply until 31 May.", "Serum"
    )
    drafts = write(copy)
    assert drafts
    for draft in drafts:
        assert "*Terms apply until 31 May." in draft.copy.primary_text
        assert "off" not in draft.copy.headline
        assert not draft.copy.primary_text.startswith("*")


def test_a_sentence_that_leans_on_another_never_leads():
    copy = Copy("Our serum works at night. It sinks in within seconds. And that is all.", "Serum")
    assert not any(draft.copy.primary_text.startswith(("It ", "And ")) for draft in write(copy))


def test_a_banned_word_is_not_brought_to_a_part_that_had_none():
    copy = Copy("Have a look today. A miracle for dry skin.", "Serum")
    banned = brief(copy, brand=Brand(banned_words=("Miracle",)))
    for draft in OfflineWriter().write(banned, timeout=1).drafts:
        assert "miracle" not in draft.copy.headline.casefold()


def test_a_link_is_never_a_headline():
    copy = Copy("Have a look at it. Order on tulsilane.example now.", "Serum")
    assert [draft.copy.headline for draft in write(copy)].count("Order on tulsilane.example now") == 0


def test_sentences_end_where_people_see_them_end():
    assert sentences("Rs. 499 only! No. 1 in glow. 4.6 stars. Really?\n• Made here\n• Sent today") == [
        "Rs. 499 only!",
        "No. 1 in glow.",
        "4.6 stars.",
        "Really?",
        "• Made here",
        "• Sent today",
    ]
    assert sentences("14 दिनों में चमक। आज ही ऑर्डर करें।") == ["14 दिनों में चमक।", "आज ही ऑर्डर करें।"]
    assert sentences("") == []
