"""Whether a draft may be shown: one change, lengths, duplicates, copied winners, language."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.copy_check import Against, check, check_edited
from bot.domain.creatives import Copy, CreativeContent, Format, Part
from bot.domain.ids import ObjectId
from bot.domain.likeness import main_script, same_words, shared_run, similarity
from bot.domain.placements import COMMON
from bot.domain.variations import Brand, Draft, Gravity, Winner

WORDS = Copy(
    "Glow you can see in 14 days. Free shipping on every order.", "Glow in 14 days", "Vitamin C serum"
)
ORIGINAL = CreativeContent(
    ObjectId("1"), Format.IMAGE, WORDS, "2", "https://tulsilane.example/serum", "SHOP_NOW", "", "{}"
)
FRESH = "Mornings feel softer when vitamin C comes first"
WINNER = Winner(
    ObjectId("120210000000000001"),
    "Static | Sunday ritual",
    Copy("The Sunday ritual your shelf was waiting for, bottled with care", "The Sunday ritual, bottled"),
    0.021,
    3.2,
)


def draft(changed=Part.PRIMARY_TEXT, **parts):
    """A draft that changes the given parts of the original."""
    return Draft("Result first", changed, replace(WORDS, **parts))


def codes(notes):
    """What was found, as code and gravity."""
    return {(one.code, one.gravity.value) for one in notes}


def only(notes, code):
    """The notes of one code."""
    return [one for one in notes if one.code == code]


def test_a_good_draft_has_nothing_to_be_said_about():
    assert check(draft(primary_text=FRESH), ORIGINAL, Against()) == ()
    assert check(draft(Part.HEADLINE, headline="Softer mornings"), ORIGINAL, Against()) == ()


def test_a_second_change_is_blocked_to_the_byte():
    both = draft(primary_text=FRESH, headline="Glow in 14 days ")
    (note,) = only(check(both, ORIGINAL, Against()), "more_than_one_change")
    assert (note.gravity, note.part) == (Gravity.BLOCK, Part.HEADLINE)
    wrong = draft(Part.DESCRIPTION, primary_text=FRESH)
    assert {("more_than_one_change", "block"), ("unchanged", "block")} <= codes(
        check(wrong, ORIGINAL, Against())
    )


@pytest.mark.parametrize(
    "text", [WORDS.primary_text, f"  {WORDS.primary_text}\n", WORDS.primary_text.replace(" ", "  ")]
)
def test_the_same_words_are_no_change(text):
    assert ("unchanged", "block") in codes(check(draft(primary_text=text), ORIGINAL, Against()))
    copy = replace(WORDS, primary_text=text)
    assert ("unchanged", "block") in codes(check_edited(copy, ORIGINAL, Against()))


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_part_that_had_words_must_keep_some(text):
    notes = check(draft(Part.HEADLINE, headline=text), ORIGINAL, Against())
    assert ("empty", "block") in codes(notes)


def test_an_ad_may_do_without_a_description():
    assert check_edited(replace(WORDS, description=""), ORIGINAL, Against()) == ()


def test_a_picture_alone_may_change_and_must_be_there():
    made = Draft("New scene", Part.PICTURE, WORDS, picture=b"png")
    assert codes(check(made, ORIGINAL, Against())) == {("ai_label", "warn")}
    labelled = check(made, ORIGINAL, Against(brand=Brand(ai_label=True)))
    assert codes(labelled) == {("ai_label", "info")}
    assert ("unchanged", "block") in codes(check(replace(made, picture=b""), ORIGINAL, Against()))


def test_a_person_may_change_every_part_or_keep_the_words_beside_a_new_picture():
    free = Copy(FRESH, "Softer mornings", "A serum")
    assert check_edited(free, ORIGINAL, Against(placements=COMMON[:1])) == ()
    assert codes(check_edited(WORDS, ORIGINAL, Against(), picture_made=True)) == {("ai_label", "warn")}


def test_a_person_is_held_to_the_same_policy():
    notes = check_edited(replace(WORDS, headline="No. 1, 50% off"), ORIGINAL, Against())
    assert {("superlative", "block"), ("new_percentage", "block")} <= codes(notes)


def test_hard_limits_are_counted_as_people_see_characters():
    fits = "क्षत्रिय" * 733  # 2,199 characters, 5,864 code points
    assert ("too_long", "block") in codes(check(draft(primary_text=fits), ORIGINAL, Against()))
    fits = "क्षि " * 1_000
    assert "too_long" not in {code for code, _ in codes(check(draft(primary_text=fits), ORIGINAL, Against()))}
    for part, limit in (("primary_text", 2_200), ("headline", 255), ("description", 255)):
        long = draft(Part(part), **{part: "w" * (limit + 1)})
        (note,) = only(check(long, ORIGINAL, Against()), "too_long")
        assert (note.gravity, note.part) == (Gravity.BLOCK, Part(part))
        assert f"{limit:,}" in note.sentence
        assert only(check(draft(Part(part), **{part: "w" * limit}), ORIGINAL, Against()), "too_long") == []


def test_a_text_longer_than_a_placement_shows_names_the_placement_and_the_length():
    text = FRESH + " and the light through your window does the rest of it all"
    notes = check(
        draft(primary_text=text), ORIGINAL, Against(placements=("facebook_feed", "instagram_reels"))
    )
    (note,) = only(notes, "cut")
    assert note.gravity is Gravity.WARN
    assert note.sentence.startswith(f"Instagram Reels shows the first 72 of {len(text)} characters")
    both = only(check(draft(primary_text=text), ORIGINAL, Against(placements=COMMON)), "cut")
    assert both[0].sentence.startswith("Facebook Reels and Instagram Reels show the first 72 of")


def test_hidden_parts_and_unchanged_parts_are_not_said_to_be_cut():
    notes = check(draft(primary_text=FRESH), ORIGINAL, Against(placements=COMMON))
    assert only(notes, "cut") == []
    long = draft(Part.DESCRIPTION, description="A serum for mornings and for evenings too")
    (note,) = only(check(long, ORIGINAL, Against(placements=COMMON)), "cut")
    assert "Facebook feed, Marketplace and Facebook search show the first 25 of" in note.sentence


@pytest.mark.parametrize(
    ("text", "gravity"),
    [
        ("Glow you can see in 14 days! Free shipping on every order", "block"),
        ("GLOW you can see in 14 days... free shipping on every order.", "block"),
        ("Glow you can see in 14 days. Free shipping on your order.", "warn"),
        (FRESH, None),
    ],
)
def test_a_text_near_to_the_present_one_is_told(text, gravity):
    notes = only(check(draft(primary_text=text), ORIGINAL, Against()), "near_duplicate")
    assert [one.gravity.value for one in notes] == ([gravity] if gravity else [])


def test_variations_near_to_each_other_are_told():
    near = replace(WORDS, primary_text="Mornings feel softer when vitamin C comes along")
    for field, whom in (
        ("others", "another variation"),
        ("running", "an ad that runs"),
        ("earlier", "not wanted"),
    ):
        (note,) = only(
            check(draft(primary_text=FRESH), ORIGINAL, Against(**{field: (near,)})), "near_duplicate"
        )
        assert note.gravity is Gravity.WARN
        assert whom in note.sentence
        same = Against(**{field: (replace(WORDS, primary_text=FRESH + "!"),)})
        (note,) = only(check(draft(primary_text=FRESH), ORIGINAL, same), "near_duplicate")
        assert note.gravity is Gravity.BLOCK


def test_variations_of_different_parts_are_not_compared():
    other = replace(WORDS, headline="Softer mornings")
    assert check(draft(primary_text=FRESH), ORIGINAL, Against(others=(other,))) == ()


def test_words_copied_from_a_winner_are_told_with_which():
    copied = draft(Part.HEADLINE, headline="The Sunday ritual your shelf was waiting for")
    (note,) = only(check(copied, ORIGINAL, Against(winners=(WINNER,))), "copied")
    assert (note.gravity, note.part) == (Gravity.BLOCK, Part.HEADLINE)
    assert WINNER.ad_id in note.sentence
    assert WINNER.name not in note.sentence
    assert note.quote == "the sunday ritual your shelf was waiting for"
    partly = draft(
        primary_text="For slow people: the Sunday ritual your shelf was waiting for, and so much more of it"
    )
    assert [one.gravity for one in only(check(partly, ORIGINAL, Against(winners=(WINNER,))), "copied")] == [
        Gravity.WARN
    ]
    own_way = draft(Part.HEADLINE, headline="A ritual for Sundays")
    assert only(check(own_way, ORIGINAL, Against(winners=(WINNER,))), "copied") == []


def test_what_the_present_ad_shares_with_a_winner_is_not_copied():
    shared = replace(ORIGINAL, copy=replace(WORDS, primary_text=WINNER.copy.primary_text))
    new = Draft(
        "x", Part.HEADLINE, replace(shared.copy, headline="The Sunday ritual your shelf was waiting for")
    )
    assert only(check(new, shared, Against(winners=(WINNER,))), "copied") == []


def test_another_script_is_told():
    hindi = draft(primary_text="विटामिन सी के साथ सुबह की नई चमक")
    (note,) = only(check(hindi, ORIGINAL, Against()), "language_changed")
    assert note.gravity is Gravity.WARN
    assert "Devanagari" in note.sentence
    mixed = draft(primary_text="Vitamin C की मुलायम morning routine for soft skin")
    assert only(check(mixed, ORIGINAL, Against()), "language_changed") == []


def test_everything_is_passed_on_to_the_policy():
    against = Against(brand=Brand(banned_words=("softer",)), categories=("HOUSING",))
    assert codes(check(draft(primary_text=FRESH), ORIGINAL, against)) == {("banned_word", "block")}
    notes = check_edited(replace(WORDS, primary_text="Flats for sale"), ORIGINAL, against)
    assert codes(notes) == {("special_category_limits", "warn")}


def test_endless_texts_are_blocked_without_being_read():
    notes = check(draft(primary_text="no. 1 " * 100_000), ORIGINAL, Against(winners=(WINNER,) * 5))
    assert ("too_long", "block") in codes(notes)


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_a_share_and_goes_both_ways(one, other):
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one) == 1
    assert same_words(one, one)
    run = shared_run(one, other)
    assert 0 <= run.share <= 1
    assert len(run.words) == len(shared_run(other, one).words)


@given(st.text(max_size=300), st.text(max_size=100), st.text(max_size=100))
def test_any_text_at_all_is_checked_and_every_note_is_bounded(primary, headline, description):
    copy = Copy(primary, headline, description)
    for note in check_edited(copy, ORIGINAL, Against(Brand(banned_words=(headline,)), COMMON, (WORDS,))):
        assert len(note.quote) <= 80
        assert len(note.sentence) < 400


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Glow", "Latin"),
        ("नमस्ते glow", "Devanagari"),
        ("தமிழ்", "Tamil"),
        ("12 ✨", ""),
        ("Привет", "Cyrillic"),
        ("", ""),
    ],
)
def test_the_main_script_is_that_of_most_letters(text, script):
    assert main_script(text) == script


def test_the_same_sentences_in_another_order_are_another_text():
    first, second = "Order today on tulsilane.example.", "Glow you can see in 14 days."
    assert similarity(f"{first} {second}", f"{second} {first}") < 0.7
    assert similarity(f"{first} {second}", f"{first} {second}!") == 1
