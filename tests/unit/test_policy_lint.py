"""What the policy lint finds in ad copy, what it leaves alone, and how grave it takes each."""

from pathlib import Path
from time import process_time

import pytest

from bot.domain.copy_codes import CODES
from bot.domain.creatives import Copy, Part
from bot.domain.policy_lint import AI_LABEL, lint
from bot.domain.variations import Brand, Gravity
from tests.unit.copy_lint_cases import BLOCKED, FINE, PRESENT, WARNED

NOBODY = Brand()
PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "copy-checks.md").read_text("utf-8")


def cases(table):
    """Each code with each of its texts."""
    return [(code, text) for code, texts in table.items() for text in texts]


def primary(text, original=PRESENT, brand=NOBODY, **more):
    """The notes on a new primary text; the other parts stay."""
    copy = Copy(text, original.headline, original.description)
    return [
        one for one in lint(copy, original, brand, **more) if one.part in (Part.PRIMARY_TEXT, Part.PICTURE)
    ]


def gravities(notes):
    """The gravest gravity by code."""
    found = {}
    for one in notes:
        found.setdefault(one.code, one.gravity)
    return found


@pytest.mark.parametrize(("code", "text"), cases(BLOCKED), ids=ascii)
def test_it_blocks(code, text):
    assert gravities(primary(text)).get(code) is Gravity.BLOCK


@pytest.mark.parametrize(("code", "text"), cases(WARNED), ids=ascii)
def test_it_warns(code, text):
    found = gravities(primary(text))
    assert found.get(code) is Gravity.WARN


@pytest.mark.parametrize("text", FINE, ids=ascii)
def test_it_says_nothing(text):
    assert [(one.code, one.quote) for one in primary(text)] == []


def test_there_are_enough_cases_both_ways():
    assert len(cases(BLOCKED)) + len(cases(WARNED)) >= 150
    assert len(FINE) >= 75


@pytest.mark.parametrize(("code", "text"), [*cases(BLOCKED), *cases(WARNED)], ids=ascii)
def test_every_note_has_a_gravity_of_its_code_and_a_whole_sentence(code, text):
    for one in primary(text):
        assert one.gravity in CODES[one.code].gravities
        assert one.sentence.endswith(".")
        assert "{" not in one.sentence
        assert one.quote.strip()
        assert len(one.quote) <= 80


def test_what_the_present_ad_claims_may_be_said_again_in_any_part():
    present = Copy("India's best serum, 20% off, guaranteed. Hurry! glow.example", "Sale", "")
    copy = Copy("Sale: 20% off India's best serum, guaranteed. Hurry!", "Sale", "")
    assert lint(copy, present, NOBODY) == ()


def test_a_discount_is_new_where_the_number_was_a_price():
    present = Copy("Serum at ₹150", "Serum", "")
    assert "new_offer" in gravities(primary("₹150 off the serum", present))


def test_another_kind_of_what_is_free_is_new():
    assert gravities(primary("Free returns")).get("new_offer") is Gravity.BLOCK


def test_words_that_stay_as_they_are_only_warn():
    present = Copy("Are you diabetic? Try our care plan!!", "Care", "")
    notes = lint(Copy(present.primary_text, "Care plan", ""), present, NOBODY)
    assert gravities(notes) == {"personal_attribute": Gravity.WARN}
    assert notes[0].sentence.startswith("The present ad has this too: ")
    changed = lint(Copy("Are you diabetic? Try our plan.", "Care", ""), present, NOBODY)
    assert gravities(changed)["personal_attribute"] is Gravity.BLOCK


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("cheap", "A cheap thrill", True),
        ("cheap", "CHEAP!", True),
        ("cheap", "ch\u200beap", True),
        ("cheap", "ｃｈｅａｐ", True),
        ("cheap", "cheaper, cheapskate", False),
        ("sasta", "sasta-sundar", True),
        ("सस्ता", "सस्ता सीरम", True),
        ("सस्ता", "सस्\u200dता सीरम", True),
        ("सस्ता", "सस्ताई", False),
        ("மலிவு", "மலிவு விலை", True),
        ("மலிவு", "மலிவுவிலை", False),
        ("安い", "とても安いです", True),
        ("anti ageing", "Anti  Ageing cream", True),
        ("100%", "100% glow", True),
        ("#1", "the #1", True),
        ("C++", "c++ for skin", True),
        ("\u200b ", "anything", False),
        (".*", "anything", False),
    ],
)
def test_banned_words_are_whole_words_in_any_case_and_script(word, text, found):
    notes = primary(text, brand=Brand(banned_words=(word,)))
    assert ("banned_word" in gravities(notes)) is found


def test_a_banned_word_is_blocked_also_where_the_present_ad_has_it():
    present = Copy("Cheap thrills", "Glow", "")
    notes = lint(Copy("Cheap thrills", "Glow more", ""), present, Brand(banned_words=("cheap",)))
    assert gravities(notes) == {"banned_word": Gravity.BLOCK}


def test_a_declared_category_warns_of_its_limits_and_blocks_nothing():
    for brand, more in [
        (Brand(special_category="CREDIT"), {}),
        (NOBODY, {"categories": ("financial products",)}),
    ]:
        notes = primary("Personal loan for your glow", brand=brand, **more)
        assert gravities(notes) == {"special_category_limits": Gravity.WARN}
    other = primary("Personal loan for your glow", brand=Brand(special_category="HOUSING, EMPLOYMENT"))
    assert gravities(other) == {"special_category": Gravity.BLOCK}


def test_a_category_that_the_present_ad_is_in_only_warns():
    present = Copy("Personal loans made simple", "Loans", "")
    notes = primary("Simple personal loans", present)
    assert gravities(notes) == {"special_category": Gravity.WARN}


def test_a_reworded_testimonial_warns_where_the_present_ad_quotes_somebody():
    present = Copy('"So soft and so bright" - Priya', "Glow", "")
    assert gravities(primary('"Bright, soft, and so kind" - Priya', present))["testimonial"] is Gravity.WARN
    assert "testimonial" not in gravities(primary('See why: "So soft and so bright" - Priya', present))


def test_a_made_picture_needs_the_label_or_says_that_it_has_it():
    same = (PRESENT, PRESENT)
    (without,) = [one for one in lint(*same, NOBODY, picture_made=True) if one.code == "ai_label"]
    (labelled,) = [
        one for one in lint(*same, Brand(ai_label=True), picture_made=True) if one.code == "ai_label"
    ]
    assert (without.gravity, labelled.gravity) == (Gravity.WARN, Gravity.INFO)
    assert without.quote == labelled.quote == AI_LABEL
    assert (without.part, labelled.part) == (Part.PICTURE, Part.PICTURE)
    assert "ai_label" not in gravities(lint(*same, NOBODY))


def test_the_graver_notes_come_first_and_none_twice():
    notes = lint(Copy("GLOW MORE!! No. 1, guaranteed, 20% off", "Glow in 14 days", ""), PRESENT, NOBODY)
    order = [one.gravity for one in notes]
    assert order == sorted(order, key=[Gravity.BLOCK, Gravity.WARN, Gravity.INFO].index)
    assert len(set(notes)) == len(notes)


HOSTILE = [
    "are you ",
    "1,1",
    "@",
    "free ",
    "!",
    "a.",
    "maine-",
    "aap-",
    "\n",
    '"a',
    "a",
    "Lose 1 ",
    "- ",
    "\u0430a",
]


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_hostile_lengths_are_read_in_bounded_time(piece):
    began = process_time()
    lint(Copy(piece * 20_000, "Glow", ""), PRESENT, NOBODY)
    assert process_time() - began < 5  # a pattern that goes back over its steps would take hours


def test_the_page_lists_every_code_as_the_code_has_it():
    listed = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.splitlines()
        if line.startswith("| `")
    ]
    assert listed == [
        [f"`{code}`", " or ".join(one.value for one in known.gravities), known.finds]
        for code, known in CODES.items()
    ]
