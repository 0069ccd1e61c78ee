"""A writer's answer becomes variations: numbered, checked, without useless ones, pictures made safe."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from bot.domain.creatives import Copy, Part
from bot.domain.insights import Figures
from bot.domain.proposals import AdSeen
from bot.domain.variations import Brand, Draft, Gravity, Tokens, Winner, Written
from bot.images import inspect
from bot.services.drafting import brief_of, checked
from bot.services.subjects import Subject
from tests.contract.ai_kit import content, png
from tests.storage.refresh_samples import asked

ORIGINAL = Copy("Tea for slow mornings. Order at our shop.", "Tea for slow mornings", "Ships in two days")
CALM = replace(ORIGINAL, primary_text="Slow mornings, and a tea for them. Order at our shop.")
SHORT = replace(ORIGINAL, headline="A slow cup")
PROPOSAL = asked(direction="calmer")


def subject(**changes):
    """What was read of an ad."""
    whole = Subject(
        original=content(ORIGINAL),
        seen=AdSeen("3001", "2001", "4001", "ACTIVE", "ACTIVE", "ACTIVE", "Tea"),
        placements=("facebook_feed",),
        categories=(),
        picture=b"now",
        reading=None,
        figures_7d=Figures(spend_minor=12_345),
        currency="INR",
        brand=Brand(banned_words=("cheap",)),
        winners=(Winner("77", "Cup", Copy("Poured, not rushed.", "Poured"), 0.02, None),),
        running=(),
        earlier=(),
    )
    return replace(whole, **changes)


def draft(copy, changed=Part.PRIMARY_TEXT, picture=b"", angle="Calm"):
    """One of a writer's."""
    return Draft(angle, changed, copy, picture)


def made(*drafts, **changes):
    """What comes of them."""
    return checked(Written(drafts, "offline", "offline", Tokens()), subject(**changes), PROPOSAL)


def test_a_brief_holds_what_was_read_and_nothing_else():
    asked_of = subject(earlier=(CALM,))
    brief = brief_of(asked_of, PROPOSAL, pictures=True)
    assert brief.original == asked_of.original
    assert brief.performance == ""
    assert (brief.direction, brief.earlier, brief.picture) == ("calmer", (CALM,), b"now")
    assert (brief.winners, brief.brand) == (asked_of.winners, asked_of.brand)
    assert brief.pictures_wanted
    assert not brief_of(asked_of, PROPOSAL).pictures_wanted


def test_what_is_worth_showing_is_numbered_in_order():
    found, pictures = made(draft(CALM), draft(SHORT, Part.HEADLINE, angle="Short"))
    assert [(one.n, one.angle, one.changed, one.copy) for one in found] == [
        (1, "Calm", Part.PRIMARY_TEXT, CALM),
        (2, "Short", Part.HEADLINE, SHORT),
    ]
    assert pictures == ()
    assert all(one.edited_by is None and one.picture == "" for one in found)


def test_what_says_nothing_new_is_left_out_and_leaves_no_gap_in_the_numbers():
    same = replace(ORIGINAL, primary_text=ORIGINAL.primary_text.upper())
    empty = replace(ORIGINAL, headline="")
    found, _ = made(
        draft(same), draft(empty, Part.HEADLINE), draft(CALM), draft(CALM), draft(SHORT, Part.HEADLINE)
    )
    assert [(one.n, one.copy) for one in found] == [(1, CALM), (2, SHORT)]
    assert made(draft(same))[0] == ()


def test_what_breaks_a_rule_is_shown_with_the_reason_and_blocked():
    cheap = replace(ORIGINAL, primary_text="A cheap cup before anybody is up. Order at our shop.")
    (found,), _ = made(draft(cheap))
    assert found.blocked
    assert "banned_word" in {note.code for note in found.notes if note.gravity is Gravity.BLOCK}


def test_a_picture_is_kept_by_its_own_digest_without_what_was_hidden_in_it():
    out = BytesIO()
    Image.new("RGB", (400, 300), "red").save(out, "JPEG", comment=b"find me")
    (one,), (kept,) = made(draft(ORIGINAL, Part.PICTURE, out.getvalue()))
    assert one.picture == kept.sha256 == inspect(kept.data).sha256
    assert (kept.mime, kept.width, kept.height) == ("image/jpeg", 400, 300)
    assert b"find me" not in kept.data
    assert one.copy == ORIGINAL


def test_the_label_is_drawn_only_where_the_account_wants_it():
    plain = made(draft(ORIGINAL, Part.PICTURE, png(side=400)))[1][0]
    labelled = made(draft(ORIGINAL, Part.PICTURE, png(side=400)), brand=Brand(ai_label=True))[1][0]
    assert plain.data != labelled.data
    assert (plain.width, plain.height) == (labelled.width, labelled.height)


@pytest.mark.parametrize("data", [b"no picture", png()[:60], b"<svg/>"], ids=["words", "cut", "SVG"])
def test_bytes_that_are_no_picture_block_the_variation_instead_of_all_of_them(data):
    found, pictures = made(draft(ORIGINAL, Part.PICTURE, data), draft(CALM))
    assert pictures == ()
    assert [(one.copy, one.blocked) for one in found] == [(ORIGINAL, True), (CALM, False)]
    assert "bad_picture" in [note.code for note in found[0].notes]
