"""People decide on variations: approve, edit, ask again, reject; alone, by two, at once, too late."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.proposals import ProposalState
from bot.domain.replacement import ReplacementState
from bot.sandbox.slack_people import ConfirmIgnoredError
from tests.scenario.refresh_stage import (
    TIRED,
    approves,
    audited,
    awake,
    broken_jobs,
    names_approvers,
    proposal,
    replaced,
    replacement,
    short,
    status,
    suggested,
    tired,
    writes,
)
from tests.scenario.stage import CEDAR, WILLOW, Morning
from tests.scenario.test_pause import at_once
from tests.talk import OBSERVER, OUTSIDER, OWNER, TEAMMATE, Bot

FRESH = "A little shine each morning. Order today on tulsilane.example."


@pytest.fixture
def strict(mornings: tuple[Morning, Morning], tmp_path: Path) -> Iterator[Bot]:
    """A bot for which two people have to approve what the tired ad spends."""
    threshold = {"SPRUCE_TWO_APPROVERS_ABOVE": "INR:20000"}
    with awake(mornings[1], tmp_path / "spruce.db", **threshold) as bot:
        yield bot


def test_an_approval_asks_first_and_a_double_click_approves_once(offered: Bot):
    bot, card = offered, offered.card(offered.alert(TIRED))
    with pytest.raises(ConfirmIgnoredError):
        bot.click("Approve 1", card)
    assert approves(bot, card) == ""
    assert "approved by <@U0OWNER001> already" in approves(bot, card, stale=True)
    assert "approved by <@U0OWNER001> already" in approves(bot, card, 2, stale=True)
    bot.settles()
    assert len(bot.graph.ledger.created("ads")) == 1
    assert replacement(bot).copy == proposal(bot).variation(1).copy
    assert [what for _, what in audited(bot, proposal(bot).id)].count("proposal.approved") == 1


def test_of_two_people_at_once_one_wins_and_the_other_is_told(offered: Bot):
    bot, card = offered, offered.card(offered.alert(TIRED))
    names_approvers(bot, TEAMMATE)
    people = [bot.slack.as_user(CEDAR.id, one.id) for one in (OWNER, TEAMMATE)]
    wishes = zip(people, ("Approve 1", "Approve 2"), strict=True)
    at_once(*(lambda one=one, name=name: one.click(card, name, confirmed=True) for one, name in wishes))
    assert bot.services.inbox.drain(10)
    bot.settles()
    told = [*bot.told(OWNER), *bot.told(TEAMMATE)]
    winner = proposal(bot).decided_by
    assert len(told) == 1
    assert f"approved by <@{winner}> already" in told[0]
    assert bot.told(OWNER if winner == OWNER.id else TEAMMATE) == []
    assert len(bot.graph.ledger.created("ads")) == 1


def test_a_member_who_may_not_approve_is_told_who_may(offered: Bot):
    bot, card = offered, offered.card(offered.alert(TIRED))
    assert "This can be done by <@U0OWNER001>" in approves(bot, card, by=TEAMMATE)
    assert "This can be done by <@U0OWNER001>" in bot.click("Reject", card, TEAMMATE)
    for words in (f"approve {short(bot)} 1", f"reject {short(bot)} no", f"undo {short(bot)}"):
        assert "This can be done by <@U0OWNER001>" in bot.says(f"/spruce {words}", TEAMMATE)
    assert not replaced(bot)
    assert proposal(bot).state is ProposalState.WAITING


def test_nobody_of_another_workspace_can_decide_see_or_name_them(offered: Bot):
    bot, card = offered, offered.card(offered.alert(TIRED))
    suggested(bot, WILLOW)
    ours, before = short(bot), proposal(bot)
    assert ours not in bot.says("/spruce approvals", OUTSIDER) + bot.says("/spruce refreshes", OUTSIDER)
    for words in (f"approve {ours} 1", f"reject {ours} ugly", f"undo {ours}"):
        told = bot.says(f"/spruce {words}", OUTSIDER)
        assert f"“{ours}” are here" in told
        assert "glow" not in told
    for button in ("Approve 1", "Edit 1", "Reject"):
        foreign = bot.click_payload(button, card, OUTSIDER)
        bot.sends("interactive", foreign)
        theirs = bot.card(bot.alert(TIRED, WILLOW))
        forged = bot.click_payload(button, theirs, OUTSIDER, WILLOW)
        forged["actions"][0]["value"] = foreign["actions"][0]["value"]
        bot.sends("interactive", forged, WILLOW)
    told = "".join([*bot.told(OUTSIDER), *bot.told(OUTSIDER, CEDAR)])
    assert told.count("There are no such variations in this workspace.") >= 3
    assert told.count("Only members of the workspace that installed Spruce may do that.") >= 3
    assert bot.slack.open_views(OUTSIDER.id, WILLOW.id) == []
    assert proposal(bot) == before
    assert writes(bot) == []


def test_two_people_approve_what_spends_much(strict: Bot):
    bot = strict
    names_approvers(bot, TEAMMATE)
    warning, card = suggested(bot)
    assert approves(bot, card) == ""
    assert proposal(bot).state is ProposalState.WAITING
    assert "1 more approval" in bot.notes(warning)[0]
    assert "waits for a second person" in approves(bot, card)
    assert "approved 1" in approves(bot, card, by=TEAMMATE, stale=True)  # it changed since: look again
    bot.settles()
    assert not replaced(bot)
    assert approves(bot, card, 2, TEAMMATE) == ""  # another one: nothing has two yet
    assert not replaced(bot)
    assert approves(bot, card, 2) == ""  # the owner changes sides
    assert replacement(bot).approved_by in ((OWNER.id, TEAMMATE.id), (TEAMMATE.id, OWNER.id))
    assert proposal(bot).chosen == 2
    bot.settles()
    assert len(bot.graph.ledger.created("ads")) == 1
    assert "<@U0OWNER001>" in bot.now(card).words()
    assert "<@U0TEAMMATE>" in bot.now(card).words()


def test_one_person_twice_is_no_second_person(strict: Bot):
    bot = strict
    _warning, card = suggested(bot)
    ours = short(bot)
    for n in (1, 2, 3, 1):
        bot.says(f"/spruce approve {ours} {n}")
    assert "waits for a second person" in bot.says(f"/spruce approve {ours} 1")
    bot.passes(hours=50, step=3000)
    assert not replaced(bot)
    assert proposal(bot).state is ProposalState.EXPIRED
    assert [name for name in bot.now(card).buttons() if "Approve" in name] == []


def test_an_edit_is_checked_and_voids_what_was_approved(strict: Bot):
    bot = strict
    names_approvers(bot, TEAMMATE)
    _warning, card = suggested(bot)
    approves(bot, card)
    view = bot.opens("Edit 1", bot.now(card), TEAMMATE)
    answered = bot.submits(view, {"primary_text": "  "}, TEAMMATE)
    assert set(answered.errors) == {"primary_text"}
    answered = bot.submits(view, {"primary_text": FRESH, "headline": "", "description": ""}, TEAMMATE)
    assert (answered.errors, answered.told) == ({}, "")
    bot.settles()
    edited = proposal(bot).variation(1)
    assert (edited.copy.primary_text, edited.copy.headline, edited.edited_by) == (FRESH, "", TEAMMATE.id)
    assert proposal(bot).approvals == ()
    assert FRESH in bot.now(card).words()
    assert "changed since this was shown" in approves(bot, card, by=TEAMMATE, stale=True)
    assert not replaced(bot)


def test_an_edit_that_breaks_a_policy_blocks_the_variation_until_it_is_mended(offered: Bot):
    bot, card = offered, offered.card(offered.alert(TIRED))
    old_value = bot.click_payload("Approve 1", card, OWNER)
    view = bot.opens("Edit 1", card)
    assert bot.submits(view, {"primary_text": "Guaranteed to cure acne in 3 days!"}).errors == {}
    bot.settles()
    now = bot.now(card)
    assert proposal(bot).variation(1).blocked
    assert "Approve 1" not in now.buttons()
    assert {"Edit 1", "Approve 2"} <= set(now.buttons())
    assert "cannot go live as it is" in bot.says(f"/spruce approve {short(bot)} 1")
    bot.sends("interactive", old_value)  # the button as it was before the edit
    assert "changed since this was shown" in bot.told(OWNER)[-1]
    bot.submits(bot.opens("Edit 1", now), {"primary_text": FRESH})
    bot.settles()
    assert approves(bot, card) == ""
    assert replacement(bot).copy.primary_text == FRESH


def test_a_dialog_about_older_variations_changes_nothing(offered: Bot):
    bot, card = offered, offered.card(offered.alert(TIRED))
    late = bot.opens("Edit 1", card, TEAMMATE)
    approves(bot, card, 2)
    answered = bot.submits(late, {"primary_text": FRESH}, TEAMMATE)
    assert "approved by <@U0OWNER001> already" in answered.told
    assert proposal(bot).variation(1).edited_by is None
    assert replacement(bot).copy == proposal(bot).variation(2).copy


def test_others_are_asked_for_three_times_and_not_a_fourth(offered: Bot):
    bot, warning = offered, offered.alert(TIRED)
    first = proposal(bot).variations
    for left in (3, 2, 1):
        card = bot.card(warning)
        view = bot.opens(f"Regenerate ({left} left)", card, TEAMMATE)
        assert bot.submits(view, {"direction": f"Shorter, please, {left}"}, TEAMMATE).told == ""
        assert "being written" in approves(bot, card, stale=True)
        bot.settles()
    # The offline writer has said all it can: what there was stays to be decided on, and people hear why.
    assert (proposal(bot).round, proposal(bot).state) == (3, ProposalState.WAITING)
    assert proposal(bot).variations == first
    assert len([one for one in bot.notes(warning) if one.startswith("No new variations")]) == 3
    last = bot.card(warning)
    assert not [name for name in last.buttons() if name.startswith("Regenerate")]
    late = bot.click_payload("Reject", last, OWNER)
    late["actions"][0]["action_id"] = "proposal.again"
    bot.sends("interactive", late)
    view = bot.slack.open_views(OWNER.id, CEDAR.id)[-1]
    assert "written anew 3 times already" in bot.submits(view, {}).told
    assert approves(bot, last) == ""
    assert broken_jobs(bot) == []


def test_a_rejection_keeps_its_reason_and_lets_people_ask_again(offered: Bot):
    bot, warning = offered, offered.alert(TIRED)
    card = bot.card(warning)
    view = bot.opens("Reject", card)
    assert set(bot.submits(view, {}).errors) == {"reason_words"}
    assert bot.submits(view, {"reason": "brand", "reason_words": "too <!channel> & loud"}).errors == {}
    bot.settles()
    assert proposal(bot).state is ProposalState.REJECTED
    assert proposal(bot).reason == "Not how our brand speaks: too <!channel> & loud"
    for shown in (bot.now(card).words(), bot.now(warning).words(), bot.notes(warning)[0]):
        assert "Not how our brand speaks: too" in shown
        assert "<!channel>" not in shown
    assert "rejected by <@U0OWNER001> already" in approves(bot, card, stale=True)
    assert not replaced(bot)
    assert "Suggest variations" in bot.now(warning).buttons()


def test_a_rejection_by_command_is_told_with_its_reason(offered: Bot):
    bot, warning = offered, offered.alert(TIRED)
    told = bot.says(f"/spruce reject {short(bot)} still not <@U0TEAMMATE>")
    bot.settles()
    assert (proposal(bot).state, proposal(bot).decided_by) == (ProposalState.REJECTED, OWNER.id)
    for shown in (told, bot.card(warning).words(), bot.now(warning).words()):
        assert "still not" in shown
        assert "<@U0TEAMMATE>" not in shown
    summed = bot.says("/spruce refreshes")
    assert "1 proposed, 0 approved" in summed
    assert "*Rejected*\n1" in summed
    assert "decided already" in bot.says(f"/spruce approve {short(bot)} 1")


def test_time_ends_variations_and_never_approves_them(offered: Bot):
    bot, warning = offered, offered.alert(TIRED)
    card = bot.card(warning)
    bot.stands_still(hours=48)
    assert "time to decide is over" in approves(bot, card)
    bot.settles()
    assert proposal(bot).state is ProposalState.EXPIRED
    assert not replaced(bot)
    assert writes(bot) == []
    assert [name for name in bot.now(card).buttons() if "Approve" in name] == []
    assert [one for one in bot.notes(warning) if "in time" in one]
    assert (OWNER.id, "proposal.approved") not in audited(bot, proposal(bot).id)
    assert bot.click("Suggest variations", bot.now(warning)) == ""
    bot.settles()
    assert proposal(bot).state is ProposalState.WAITING  # and the same words are offered again
    assert bot.card(warning).ts != card.ts


def test_what_is_typed_must_say_which_and_must_be_there(offered: Bot):
    bot, ours = offered, short(offered)
    for words, told in (
        ("approve", "Say which"),
        (f"approve {ours}", "Say which variation"),
        (f"approve {ours} 9", "There is no variation 9"),
        (f"approve {ours} ²", "Say which variation"),
        (f"approve {ours} -1", "Say which variation"),
        (f"approve {ours[:4]} 1", "are here"),
        ("approve %%%%%%%% 1", "are here"),
        ("approve <!channel> 1", "are here"),
        (f"reject {ours}", "Say which and why"),
        (f"undo {ours}", "Nothing was replaced"),
        ("undo", "Say which"),
    ):
        answer = bot.says(f"/spruce {words}")
        assert told in answer, words
        assert "<!channel>" not in answer
    assert proposal(bot).state is ProposalState.WAITING
    assert status(bot, tired(bot)) == "ACTIVE"
    assert OBSERVER.id not in str(audited(bot, proposal(bot).id))


def test_while_changes_are_stopped_nothing_is_approved_and_what_was_waits(offered: Bot):
    bot, card = offered, offered.card(offered.alert(TIRED))
    bot.says("/spruce stop Wrong page", TEAMMATE)
    assert "stopped in this workspace by <@U0TEAMMATE>" in approves(bot, card, stale=True)
    bot.settles()
    assert "Approve 1" not in bot.now(card).buttons()
    assert "Wrong page" in bot.now(card).words()
    assert "stopped in this workspace by <@U0TEAMMATE>" in bot.says(f"/spruce approve {short(bot)} 1")
    assert proposal(bot).state is ProposalState.WAITING
    bot.says("/spruce resume")
    bot.settles()
    assert approves(bot, card) == ""
    bot.says("/spruce stop Again", TEAMMATE)
    bot.passes(minutes=10, step=5)
    assert replacement(bot).state is ReplacementState.QUEUED
    assert writes(bot) == []
    bot.says("/spruce resume")
    bot.passes(minutes=2, step=1)
    assert len(bot.graph.ledger.created("ads")) == 1
