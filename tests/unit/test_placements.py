"""How long ad copy is, what placements show of it, and which placements an ad set uses."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.creatives import Copy, Part
from bot.domain.placements import (
    COMMON,
    HARD_LIMITS,
    PLACEMENTS,
    WRITE_TO,
    Shown,
    cut,
    from_targeting,
    graphemes,
    previews,
)

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇮🇳"
WAVE = "👋🏽"
HEART = "❤️‍🔥"
KSHATRIYA = "क्षत्रिय"  # three as people see them
NAMASTE = "नमस्ते"
ANYTHING = st.text(
    st.sampled_from(
        [*"ab é", "क", "्", "ष", "ि", "த", "ொ", "👩", "\u200d", "👧", "🇮", "🇳", "🏽", "\u0301", "\r", "\n"]
    )
)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Glow", 4),
        ("é", 1),
        ("e\u0301", 1),
        (NAMASTE, 3),
        (KSHATRIYA, 3),
        ("हिंदी", 2),
        ("தமிழ்", 3),
        ("கோ", 1),
        ("వేగం", 2),
        ("한글", 2),
        (FAMILY, 1),
        (FLAG, 1),
        (FLAG * 3, 3),
        (WAVE, 1),
        (HEART, 1),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1),
        ("1️⃣", 1),
        ("a\r\nb", 3),
    ],
)
def test_a_character_is_what_a_person_takes_for_one(text, count):
    assert graphemes(text) == count


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("Glow in 14 days", 15, Shown("Glow in 14 days", cut=False)),
        ("Glow in 14 days", 12, Shown("Glow in 14", cut=True)),
        ("Glow in 14 days", 10, Shown("Glow in 14", cut=True)),
        ("Glow in 14 days", 9, Shown("Glow in", cut=True)),
        ("Incomprehensibilities", 10, Shown("Incomprehe", cut=True)),
        ("A incomprehensibilities", 10, Shown("A incompre", cut=True)),
        ("Glow", 0, Shown("", cut=True)),
        ("", 0, Shown("", cut=False)),
        ("  Glow  ", 8, Shown("  Glow  ", cut=False)),
        (f"{NAMASTE} {NAMASTE}", 5, Shown(NAMASTE, cut=True)),
        ("தமிழ் மொழி", 4, Shown("தமிழ்", cut=True)),
        (FAMILY * 3, 2, Shown(FAMILY * 2, cut=True)),
        (FLAG * 3, 2, Shown(FLAG * 2, cut=True)),
        (f"Hi {WAVE}{WAVE}", 4, Shown(f"Hi {WAVE}", cut=True)),
        ("line\nnext one", 6, Shown("line", cut=True)),
    ],
)
def test_a_text_is_cut_between_words_or_at_least_between_characters(text, limit, shown):
    assert cut(text, limit) == shown


@given(ANYTHING, st.integers(0, 12))
def test_no_cut_splits_a_character_or_shows_too_much(text, limit):
    shown = cut(text, limit)
    clusters = regex.findall(r"\X", text)
    assert shown.cut is (len(clusters) > limit)
    assert text.startswith(shown.text)
    assert graphemes(shown.text) <= limit
    whole = regex.findall(r"\X", shown.text)
    kept = clusters[: len(whole)]
    assert whole[:-1] == kept[:-1]
    assert not whole or kept[-1].startswith(whole[-1])
    assert not whole or kept[-1].strip() in (whole[-1], whole[-1].strip())


def test_each_placement_shows_its_own_part_of_an_ad():
    copy = Copy("w" * 71 + " and more of it " + "x" * 60, "A headline of thirty characters", "Free shipping")
    by_key = {one.key: one for one in previews(copy, COMMON)}
    feed, reels, column = by_key["facebook_feed"], by_key["instagram_reels"], by_key["right_column"]
    assert graphemes(feed.primary_text) <= 125
    assert (feed.headline, feed.description) == (copy.headline, copy.description)
    assert (feed.cut, feed.hidden) == ((Part.PRIMARY_TEXT,), ())
    assert reels.primary_text == "w" * 71
    assert reels.headline == "A headline"
    assert (reels.cut, reels.hidden) == ((Part.PRIMARY_TEXT, Part.HEADLINE), (Part.DESCRIPTION,))
    assert (column.primary_text, column.headline) == ("", "A headline of thirty")
    assert column.hidden == (Part.PRIMARY_TEXT, Part.DESCRIPTION)
    assert by_key["instagram_feed"].headline == "A headline of thirty"


def test_previews_come_in_the_order_asked_for_and_pass_over_what_is_not_known():
    copy = Copy("Glow", "Now")
    keys = [one.key for one in previews(copy, ("instagram_reels", "hologram", "facebook_feed"))]
    assert keys == ["instagram_reels", "facebook_feed"]
    assert all(one.cut == one.hidden == () for one in previews(copy, ("facebook_feed", "instagram_reels")))


@pytest.mark.parametrize(
    ("platforms", "positions", "keys"),
    [
        ([], {}, COMMON),
        ([], None, COMMON),
        (["instagram"], {}, ("instagram_feed", "instagram_stories", "instagram_reels", "instagram_explore")),
        (["facebook"], {"facebook_positions": ["feed"]}, ("facebook_feed",)),
        (
            ["facebook", "instagram"],
            {"facebook_positions": ["feed", "right_hand_column"], "instagram_positions": ["reels"]},
            ("facebook_feed", "instagram_reels", "right_column"),
        ),
        (
            ["facebook"],
            {"instagram_positions": ["reels"], "facebook_positions": ["story"]},
            ("facebook_stories",),
        ),
        (["audience_network"], {"audience_network_positions": ["classic"]}, ()),
        (["facebook"], {"facebook_positions": ["instream_video"]}, ()),
    ],
)
def test_an_ad_sets_targeting_names_its_placements(platforms, positions, keys):
    assert from_targeting(platforms, positions) == keys


def test_every_placement_shows_something_and_less_than_meta_takes():
    for key, place in PLACEMENTS.items():
        assert place.key == key
        assert place.headline or place.primary_text
        assert place.ratios
        assert all(place.shown(part) <= limit for part, limit in HARD_LIMITS.items())
        assert place.shown(Part.PICTURE) == 0
    assert all(WRITE_TO[part] < limit for part, limit in HARD_LIMITS.items())
