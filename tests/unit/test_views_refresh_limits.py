"""Whatever advertisers, writers and people typed, messages about tired ads are taken and ping nobody."""

from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.domain.alerts import State
from bot.domain.creatives import Copy, Part
from bot.domain.guardrails import Stop
from bot.domain.policy import RefreshPolicy
from bot.domain.proposals import Mode, ProposalState
from bot.domain.refreshes import Event, StoryNote, TiredAd, Waiting
from bot.domain.replacement import ReplacementState
from bot.domain.signals import MetaSignal, SignalSource
from bot.domain.structure import Account
from bot.domain.variations import Brand, Gravity, Note, Variation
from bot.domain.verdicts import Call
from bot.errors import BadInput
from bot.sandbox.slack_blocks import check_view, view_too_large
from bot.views import actions, fatigue_list, proposal_modals, refresh_story, stop
from bot.views.approvals import approvals
from bot.views.brand import brand
from bot.views.fatigue import fatigue
from bot.views.proposal import proposal, taken_down
from bot.views.refreshes import refreshes
from tests.unit import views_cast as cast
from tests.unit import views_fatigue_cast as tired
from tests.unit import views_refresh_cast as made
from tests.unit.test_views_limits import FEW, FOREIGN, Foreign, assert_slack_takes, strings

SOME = settings(FEW, max_examples=15, phases=(Phase.generate,))
META = "1:proposal:p-1:2|||"


@st.composite
def proposals(draw):
    """Variations in any state whose every foreign text is hostile or as long as can be."""
    words = draw(FOREIGN)
    notes = tuple(
        Note(draw(st.sampled_from(list(Gravity))), "mention", words, Part.HEADLINE, words)
        for _ in range(draw(st.integers(0, 12)))
    )
    copy = Copy(Foreign(words[:2_200]), Foreign(words[:255]), Foreign(words[:255]))
    found = tuple(
        Variation(n, words, draw(st.none() | st.sampled_from(list(Part))), copy, notes=notes)
        for n in range(1, draw(st.integers(1, 3)) + 1)
    )
    state = draw(st.sampled_from(list(ProposalState)))
    return made.proposal(
        state,
        variations=found,
        chosen=1 if state is ProposalState.APPROVED else None,
        original=replace(made.original(Copy(words, words, words)), story_spec="{}"),
        entity=cast.ad(words),
        mode=draw(st.sampled_from(list(Mode))),
        direction=words,
        reason=words,
        model=words,
        writer=words,
        placements=draw(st.sampled_from([(), ("instagram_reels",), ("unknown",)])),
        round=draw(st.integers(0, 3)),
    )


@st.composite
def cards(draw):
    """Their card, with a replacement in any state."""
    of = draw(proposals())
    words = draw(FOREIGN)
    change = made.change(
        draw(st.sampled_from(list(ReplacementState))),
        of.mode,
        draw(st.integers(0, 8)),
        failed=words,
        reason=words,
        angle=words,
        copy=Copy(words, words, words),
        entity=cast.ad(words),
        next_at=cast.NOW,
        live_at=draw(st.none() | st.just(cast.NOW)),
        undo_by=cast.OWNER,
    )
    account = Account(cast.RUPEES.id, words, "INR", "Asia/Kolkata")
    verdicts = tuple(made.verdict(day, draw(st.sampled_from(list(Call))), reason=words) for day in (1, 3, 7))
    halted = draw(st.none() | st.just(Stop(cast.NOW, None, words)))
    digests = dict.fromkeys((1, 2, 3), "ab" * 32)
    return made.proposal_card(
        of, account, digests=digests, replacement=change, verdicts=verdicts, stop=halted
    )


@SOME
@given(cards())
def test_a_card_of_anything_is_taken_and_never_loses_its_buttons(card):
    shown = proposal(card)
    assert_slack_takes(shown)
    assert_slack_takes(taken_down(card))
    if card.proposal.state is ProposalState.WAITING:
        named = [value for _, key, value in strings(list(shown.blocks)) if key == "action_id"]
        assert named.count(actions.PROPOSAL_EDIT) == len(card.proposal.variations)
        assert actions.PROPOSAL_REJECT in named


@SOME
@given(cards(), FOREIGN, st.sampled_from(list(State)))
def test_a_warning_with_any_story_is_taken(card, words, state):
    signals = tuple(MetaSignal(source, "HIGH", words, cast.NOW) for source in SignalSource)
    shown = tired.fatigue_card(
        card.account,
        state,
        name=words,
        reading=tired.reading(signals=signals),
        proposal=card.proposal,
        replacement=card.replacement,
        verdicts=card.verdicts,
    )
    assert_slack_takes(fatigue(shown, RefreshPolicy()))


@SOME
@given(cards(), st.sampled_from(list(Event)), st.sampled_from(list(Call)))
def test_a_note_of_any_event_is_taken_or_not_needed(card, event, call):
    found = refresh_story.note(StoryNote(event, card, cast.NOW, made.verdict(3, call)))
    if found is not None:
        assert_slack_takes(found)
    if card.replacement is not None:
        assert_slack_takes(refresh_story.undo_begun(card.replacement))


@SOME
@given(cards(), st.integers(0, 40), FOREIGN)
def test_lists_of_any_length_are_taken(card, times, words):
    waiting = Waiting((card,) * times, (card,) * times, card.stop, cast.NOW)
    assert_slack_takes(approvals(waiting))
    assert_slack_takes(refreshes(made.summary(latest=(card,) * 5, stop=card.stop)))
    found = [TiredAd(cast.ad(words), tired.reading())] * times
    assert_slack_takes(fatigue_list.tired(found, card.account, RefreshPolicy(), cast.NOW))


@SOME
@given(FOREIGN)
def test_what_people_type_into_settings_and_stops_is_taken(words):
    account = replace(cast.DOLLARS, name=words)
    policy = RefreshPolicy(brand=Brand(words, (words,) * 50, words, True))
    assert_slack_takes(brand(account, policy))
    assert_slack_takes(fatigue_list.rule_set(account, policy))
    assert_slack_takes(stop.stopped(Stop(cast.NOW, cast.OWNER, words), cast.NOW))
    for word in ("stopped", "resumed"):
        assert_slack_takes(stop.notice(word, cast.OWNER, words, at=cast.NOW, account=account))


@SOME
@given(proposals())
def test_dialogs_about_anything_are_taken_or_say_that_it_is_too_long(of):
    card = made.proposal_card(of, digests={})
    for dialog in (
        proposal_modals.direction_modal(card, META),
        proposal_modals.reject_modal(card, META),
    ):
        assert check_view(dialog) == []
    try:
        dialog = proposal_modals.edit_modal(card, 1, META)
    except BadInput:
        return
    assert check_view(dialog) == []
    assert not view_too_large(dialog)


def test_words_that_look_like_markup_are_shown_and_not_obeyed():
    shown = proposal(made.proposal_card(made.attack()))
    preview = shown.blocks[2]["text"]["text"]
    assert "&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|Ads&gt; ∗bold∗ ˋcodeˋ" in preview
    assert "\u202e" not in str(shown.blocks)


def test_words_as_long_as_meta_takes_leave_every_variation_its_buttons():
    shown = proposal(made.proposal_card(made.longest()))
    assert_slack_takes(shown)
    assert "2200 characters in all: Edit 3 shows the rest" in str(shown.blocks)


@pytest.mark.parametrize("length", [400, 900, 1_500])
def test_words_of_usual_length_are_shown_whole(length):
    text = ("Light as rain, made for wet months. " * 62)[: length - 1] + "!"
    found = tuple(replace(one, copy=replace(one.copy, primary_text=text)) for one in made.variations())
    shown = proposal(made.proposal_card(made.proposal(variations=found)))
    previews = [block["text"]["text"] for block in shown.blocks if "See more" in str(block.get("text"))]
    assert len(previews) == 3
    for preview in previews:
        told = preview.replace(" *… See more*\n>", " ")
        assert text.split(".")[-1] in told
        assert "characters in all" not in told
