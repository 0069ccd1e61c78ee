"""Variations show what an approval covers, what it does and costs, and follow what was decided."""

from dataclasses import replace

import pytest

from bot.domain.creatives import Copy
from bot.domain.policy import RefreshPolicy
from bot.domain.proposals import Mode, ProposalState
from bot.domain.replacement import ReplacementState, plan
from bot.domain.variations import Brand
from bot.errors import BadInput
from bot.sandbox.slack_message import interactive, label, texts
from bot.views import actions, proposal_modals
from bot.views.actions import decode
from bot.views.brand import CATEGORY_WORDS
from bot.views.proposal import proposal, taken_down
from bot.views.refresh_words import todo
from tests.unit import views_cast as cast
from tests.unit import views_refresh_cast as made

META = "1:proposal:p-1:2|||"


def words(card):
    """Everything there is to read, in order."""
    return "\n".join(texts(list(proposal(card).blocks)))


def buttons(card):
    """The labels in order."""
    return [label(found) for _, found in interactive(list(proposal(card).blocks))]


def element(card, name):
    """The button with that label."""
    return next(
        found for _, found in interactive(list(proposal(card).blocks)) if label(found).startswith(name)
    )


def field(view, block_id):
    """A question of a dialog."""
    return next(block for block in view["blocks"] if block.get("block_id") == block_id)


def test_what_is_blocked_can_be_edited_and_not_approved():
    assert buttons(made.proposal_card()) == [
        *["Approve 1", "Edit 1", "Approve 2", "Edit 2", "Edit 3"],
        *["Regenerate (3 left)", "Reject"],
    ]
    told = words(made.proposal_card())
    assert "*blocked*" in told
    assert "*Blocked:* The present ad does not claim this" in told
    assert "(“guaranteed”)" in told


def test_buttons_carry_the_proposal_its_version_and_the_variation():
    card = made.proposal_card()
    approve = decode(element(card, "Approve 2")["value"])
    assert (approve.kind, approve.id, approve.version, approve.choice) == (
        "proposal",
        made.PROPOSAL_ID,
        2,
        "2",
    )
    assert decode(element(card, "Edit 3")["value"]).choice == "3"
    assert decode(element(card, "Regenerate")["value"]).choice == ""
    assert element(card, "Reject")["action_id"] == actions.PROPOSAL_REJECT


def test_an_approval_names_the_digest_of_exactly_what_it_covers():
    card = made.proposal_card()
    for digest in card.digests.values():
        assert f"digest `{digest[:8]}`" in words(card)
    assert len(set(card.digests.values())) == 3


@pytest.mark.parametrize("mode", list(Mode))
def test_the_card_says_what_will_be_done_step_by_step_and_what_undoes_it(mode):
    told = words(made.proposal_card(made.proposal(mode=mode)))
    for step in plan(mode, picture=False):
        assert f"{step.n}. {todo(step.kind)[0].upper()}{todo(step.kind)[1:]}" in told
    assert "Undo at any time" in told
    assert "Meta's review takes up to 24 hours" in told
    assert "learning" in told
    assert "reactions and comments" in told
    assert ("figures of both creatives mix" in told) == (mode is Mode.IN_PLACE)
    assert ("read once" in told) == (mode is Mode.TEST)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("needed", [1, 3])
def test_the_question_before_an_approval_is_whole(mode, needed):
    card = made.proposal_card(made.proposal(mode=mode, approvals_needed=needed))
    text = element(card, "Approve 1")["confirm"]["text"]["text"]
    assert "exactly these words" in text
    assert "Learning may restart" in text
    assert not text.endswith("…")
    assert ("2 more approvals by others needed" in text) == (needed == 3)


def test_the_words_are_shown_as_the_feed_cuts_them_and_then_whole():
    told = words(made.proposal_card())
    assert "whatever the weather *… See more*\n>does outside.\n>10 ml, for every day." in told
    assert "Headline: *Sinks in within seconds, leaves no shine* (now: Light care for wet months)" in told
    assert "Instagram feed: primary text 125 of 149, headline 27 of 40, no description" in told


def test_a_short_text_is_not_cut():
    short = replace(made.variations()[0], copy=Copy("Light care.", "Rain", ""))
    told = words(made.proposal_card(made.proposal(variations=(short,))))
    assert ">Light care.\n" in told
    assert "See more" not in told
    assert "Description: *none* (now: 10 ml for ₹349)" in told


def test_who_may_approve_how_many_until_when_and_what_for():
    card = made.proposal_card(made.proposal(approvals_needed=2, approvals=(made.approval(),)))
    told = words(card)
    assert "May approve: <@U0OWNER001>, <@U0TEAMMATE>" in told
    assert "2 people must approve the same variation, because the ad spent ₹15,066 in 7 days" in told
    assert "<@U0TEAMMATE> approved 2" in told
    assert "Expires 24 Nov, 08:42 IST · id `1f4e6a90` · written by gemini-2.5-flash" in told
    assert "writing cost ₹0.42 (1 USD = ₹85.00)" in told


def test_rounds_are_counted_and_end():
    assert "Regenerate (1 left)" in buttons(made.proposal_card(made.proposal(round=2)))
    last = made.proposal_card(made.proposal(round=3, direction="Price first"))
    assert "Regenerate" not in "".join(buttons(last))
    assert "round 3 of 3" in words(last)
    assert "Wish: “Price first”" in words(last)


def test_being_offline_is_said_with_the_reason():
    offline = made.proposal(offline=True, model="offline", reason="Google AI could not be reached.")
    told = words(made.proposal_card(offline))
    assert "written offline from the ad's own words" in told
    assert "Why not by AI: Google AI could not be reached." in told
    assert "New ones could not be written: Timed out." in words(
        made.proposal_card(made.proposal(reason="Timed out."))
    )


def test_a_stop_is_said_and_nothing_can_be_approved():
    card = made.proposal_card(stop=made.stop())
    assert "*Changes are stopped* by <@U0OWNER001> (Checking the budget of the sale)" in words(card)
    assert "Approve" not in "".join(buttons(card))


def test_a_new_picture_that_slack_does_not_have_is_not_replaced_by_the_old_one():
    pictured = replace(made.variations()[0], picture="ab" * 32)
    card = made.proposal_card(made.proposal(variations=(pictured,)))
    assert "accessory" not in proposal(card).blocks[2]
    assert "*New picture*" in words(card)
    shown = proposal(replace(card, variation_files={1: "F0NEW"})).blocks[2]["accessory"]
    assert shown["slack_file"] == {"id": "F0NEW"}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ProposalState.REJECTED, "Rejected by <@U0OWNER001> · 22 Nov, 09:42 IST: Too loud for our brand."),
        (ProposalState.EXPIRED, "Nothing goes live"),
        (ProposalState.APPROVED, "Variation 2 “Place of origin” is approved by"),
        (ProposalState.WRITING, "are being written"),
    ],
)
def test_what_is_decided_is_short_and_has_no_buttons(state, said):
    card = made.proposal_card(made.proposal(state))
    assert said in words(card)
    assert buttons(card) == []
    assert len(proposal(card).blocks) <= 8


def test_after_an_approval_every_step_is_followed():
    approved = made.proposal(ProposalState.APPROVED)
    failed = made.change(
        ReplacementState.FAILED, done=6, failed="Meta refused it.", reason="Meta refused it."
    )
    told = words(made.proposal_card(approved, replacement=failed))
    assert "6. Make the new ad, paused, in the same ad set · done 22 Nov, 10:04 IST" in told
    assert "7. Wait for Meta's review · *failed* – Meta refused it." in told
    assert "8. Turn the new ad on · to do" in told
    assert "It failed, and everything is as before: Meta refused it." in told
    assert buttons(made.proposal_card(approved, replacement=made.change(done=8))) == ["Undo"]


def test_a_slash_command_is_told_what_was_decided_and_where_to_watch():
    shown = taken_down(made.proposal_card(made.proposal(ProposalState.REJECTED)))
    assert shown.text.startswith("Rejected by <@U0OWNER001>")
    assert shown.text.endswith("The card in the warning's thread shows how it goes on.")


def test_the_edit_dialog_starts_with_the_words_as_they_are():
    card = made.proposal_card()
    view = proposal_modals.edit_modal(card, 2, META)
    copy = card.proposal.variation(2).copy
    for block_id, text in (
        (proposal_modals.PRIMARY_TEXT, copy.primary_text),
        (proposal_modals.HEADLINE, copy.headline),
        (proposal_modals.DESCRIPTION, copy.description),
    ):
        assert field(view, block_id)["element"]["initial_value"] == text
    hint = field(view, proposal_modals.PRIMARY_TEXT)["hint"]["text"]
    assert hint.startswith("Shown: first 125 in Facebook feed and Instagram feed; first 72 in")
    assert (view["callback_id"], view["private_metadata"]) == (actions.EDIT_VARIATION, META)
    with pytest.raises(BadInput):
        proposal_modals.edit_modal(card, 4, META)


def test_a_text_that_no_dialog_takes_is_refused_with_a_sentence():
    long = replace(made.variations()[0], copy=Copy("न" * 3_100, "x"))
    with pytest.raises(BadInput, match="too long"):
        proposal_modals.edit_modal(made.proposal_card(made.proposal(variations=(long,))), 1, META)


def test_the_other_dialogs_ask_under_their_names():
    card = made.proposal_card()
    again = proposal_modals.direction_modal(card, META)
    assert again["callback_id"] == actions.DIRECT_WRITING
    assert field(again, proposal_modals.DIRECTION)["element"]["max_length"] == 300
    reject = proposal_modals.reject_modal(card, META)
    assert reject["callback_id"] == actions.REJECT_PROPOSAL
    offered = field(reject, proposal_modals.REASON)["element"]["options"]
    assert [one["value"] for one in offered] == list(proposal_modals.REASONS)
    assert field(reject, proposal_modals.REASON_WORDS)["optional"]


def test_the_brand_dialog_starts_with_what_is_set():
    kept = Brand("Warm.", ("cheap", "anti-ageing"), "HOUSING", True)
    view = proposal_modals.brand_modal(cast.RUPEES, RefreshPolicy(brand=kept), "1:account:act_1001:0|||")
    assert field(view, proposal_modals.VOICE)["element"]["initial_value"] == "Warm."
    assert field(view, proposal_modals.BANNED)["element"]["initial_value"] == "cheap, anti-ageing"
    chosen = field(view, proposal_modals.CATEGORY)["element"]
    assert chosen["initial_option"]["value"] == "HOUSING"
    values = [one["value"] for one in chosen["options"]]
    assert values == [proposal_modals.NO_CATEGORY, *CATEGORY_WORDS]
    assert field(view, proposal_modals.AI_LABEL)["element"]["initial_option"]["value"] == "yes"
    empty = proposal_modals.brand_modal(cast.RUPEES, RefreshPolicy(), "1:account:act_1001:0|||")
    none = field(empty, proposal_modals.CATEGORY)["element"]["initial_option"]["value"]
    assert none == proposal_modals.NO_CATEGORY
