"""Notes in the thread, verdicts, lists and the stop switch say what happened and what follows."""

from dataclasses import replace

import pytest

from bot.domain.insights import Figures
from bot.domain.policy import FatigueRule, RefreshPolicy
from bot.domain.proposals import Mode, ProposalState
from bot.domain.refreshes import Event, StoryNote, TiredAd, Waiting
from bot.domain.replacement import ReplacementState
from bot.domain.verdicts import Arm, Call
from bot.sandbox.slack_message import texts
from bot.views import actions, fatigue_list, refresh_story, stop, verdict
from bot.views.approvals import approvals
from bot.views.brand import brand
from bot.views.refreshes import refreshes
from tests.unit import views_cast as cast
from tests.unit import views_fatigue_cast as tired
from tests.unit import views_refresh_cast as made

SILENT = {
    Event.REQUESTED,
    Event.PROPOSED,
    Event.EDITED,
    Event.NOT_TIRED,
    Event.BEGUN,
    Event.CREATED,
    Event.IN_REVIEW,
    Event.ACTIVATED,
    Event.UNDOING,
}


def note(event, change=None, proposal=None, found=None):
    """The note of an event."""
    card = made.proposal_card(proposal or made.proposal(ProposalState.APPROVED), replacement=change)
    return refresh_story.note(StoryNote(event, card, cast.NOW, found))


def words(message):
    """Everything there is to read."""
    return "\n".join(texts(list(message.blocks)))


@pytest.mark.parametrize("event", list(Event))
def test_the_thread_speaks_of_every_event_that_the_card_does_not_show(event):
    half = made.proposal(approvals_needed=2, approvals=(made.approval(),))
    said = note(
        event,
        made.live(reason="A reason."),
        half if event is Event.HALF_APPROVED else None,
        made.verdict(),
    )
    assert (said is None) == (event in SILENT)


def test_a_refusal_by_meta_says_why_and_that_the_old_ad_runs():
    refused = "Meta's review refused the new creative. Meta says: Personal attributes."
    told = note(Event.REJECTED, made.change(done=6, failed=refused, reason=refused)).text
    assert told == f"{refused} The old ad keeps running as before."
    in_place = note(Event.REJECTED, made.change(mode=Mode.IN_PLACE, done=6, reason=refused)).text
    assert in_place.endswith("Spruce lets the ad show its old creative again.")


def test_a_live_ad_is_told_with_when_its_verdicts_come():
    told = note(Event.LIVE, made.live()).text
    assert told.startswith("Live since 18 Nov, 16:42 IST: the new ad delivers and the old one is paused.")
    assert told.endswith("after 1, 3 and 7 complete days.")
    otherwise = note(Event.LIVE, made.live(reason="Both ads are on; nothing was paused.")).text
    assert "Both ads are on; nothing was paused." in otherwise
    assert "the old one is paused" not in otherwise
    assert note(Event.LIVE, made.change()) is None


def test_an_undo_is_told_with_what_is_so_now():
    told = note(Event.UNDONE, made.undone()).text
    assert told == (
        "The replacement is undone by <@U0TEAMMATE>. The old ad is on again, the new ad is paused, "
        "the new creative is deleted if no ad uses it."
    )
    early = made.change(ReplacementState.UNDONE, done=2)
    assert "Nothing had been changed at Meta." in note(Event.UNDONE, early).text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ReplacementState.UNDOING, "is being undone. Spruce will turn the old ad on again"),
        (ReplacementState.UNDONE, "is undone."),
        (ReplacementState.UNDO_ASKS, "was changed since: It changed. Nothing is undone yet"),
    ],
)
def test_who_asks_for_an_undo_by_command_is_told_how_it_stands(state, said):
    assert said in refresh_story.undo_begun(replace(made.live(), state=state, reason="It changed")).text


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            made.verdict(),
            "*Day 3: +12% CTR (link)* [-1%, +27%] against the old creative, other ads of the ad set taken "
            "into account: *no clear difference yet*.",
        ),
        (made.verdict(7), "*no clear difference*."),
        (made.verdict(7, Call.WON), "*Day 7: +21% CTR (link)* [+6%, +38%]"),
        (made.verdict(3, Call.LOST), "*worse than the old one*."),
        (
            made.verdict(1, Call.TOO_EARLY),
            "*Day 1: too early to say.* The new creative has 14 link clicks; a verdict needs 20.",
        ),
        (made.verdict(comparison=made.comparison(controls=0)), "against the old creative's days before"),
        (
            made.verdict(cost_lift=-0.09, cost_low=-0.31, cost_high=0.2),
            "Cost per purchase -9% [-31%, +20%].",
        ),
        (made.verdict(lift=0.001, low=-0.1, high=0.1), "*Day 3: 0% CTR (link)*"),
    ],
)
def test_a_verdict_says_how_much_how_sure_and_against_what(found, said):
    assert said in verdict.line(found)


def test_two_ads_side_by_side_are_compared_directly():
    beside = replace(made.comparison(), old_after=Arm(Figures(50_000, 700, 600, 6_00_000, 12, 9), 3))
    found = made.verdict(comparison=beside, reason="Compared with the old ad over the same days.")
    assert "against the old ad over the same days" in verdict.line(found)
    assert "Old, the same days (3 days)" in words(note(Event.VERDICT, made.live(), found=found))


def test_a_verdict_comes_with_its_numbers():
    shown = note(Event.VERDICT, made.live(), found=made.verdict(1, Call.TOO_EARLY))
    table = next(block for block in shown.blocks if block["type"] == "table")
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert rows[1][:4] == ["New creative (1 day)", "1,106", "14", "1.27%"]
    assert rows[2][0] == "Old, the days before (7 days)"
    assert "*" not in shown.text
    assert "interval" not in words(shown)
    assert note(Event.VERDICT, made.live()) is None


def test_a_half_approval_says_who_is_missing():
    half = made.proposal(approvals_needed=3, approvals=(made.approval(),))
    told = note(Event.HALF_APPROVED, proposal=half).text
    assert told == (
        "Variation 2 is approved by <@U0TEAMMATE>. 2 more approvals of the same variation needed, by "
        "<@U0OWNER001>, <@U0TEAMMATE>."
    )


def test_what_waits_is_listed_with_the_ids_that_commands_take():
    waiting = Waiting((made.proposal_card(),), (), None, cast.NOW)
    told = words(approvals(waiting))
    assert f"`{made.PROPOSAL_ID[:8]}`" in told
    assert "0 of 1 approvals · until 24 Nov, 08:42 IST" in told
    assert "variation 1 “Texture first”" in told
    many = approvals(Waiting((made.proposal_card(),) * 9, (), made.stop(), cast.NOW))
    assert "and 3 more" in words(many)
    assert "Changes are stopped" in words(many)


def test_refreshes_are_summed_up_with_what_the_ai_cost():
    shown = refreshes(made.summary())
    assert shown.text == (
        "Refreshes, 23 Oct to 22 Nov 2026: 9 proposed, 5 approved, 4 live, 2 won, 1 lost, 1 undone, "
        "AI cost ₹5.12 (1 USD = ₹85.00)."
    )
    told = words(shown)
    assert "The cap is ₹5,000 a calendar month." in told
    assert "“Not tired” by rule: classic 3" in told
    assert f"`{made.PROPOSAL_ID[:8]}` ad “Monsoon video 3” · Cedar India: live" in told
    assert "`/spruce fatigue` lists tired ads" in words(refreshes(made.nothing()))


def test_a_stop_says_who_why_and_the_way_on():
    told = words(stop.stopped(made.stop(), cast.NOW))
    assert "by <@U0OWNER001>, 25 min ago" in told
    assert "Reason: Checking the budget of the sale." in told
    assert "`/spruce resume`" in told
    assert "lifted a stop of 25 min" in stop.resumed(made.stop(), cast.OWNER, cast.NOW).text
    assert "were not stopped" in stop.resumed(None, cast.OWNER, cast.NOW).text
    breaker = stop.notice("stopped", None, "3 in a row.", at=cast.NOW, account=cast.DOLLARS).text
    assert "by Spruce itself, because replacements failed · 22 Nov, 00:12 EST" in breaker


def test_tired_ads_are_listed_worst_first_with_the_way_to_switch_the_rule():
    policy = RefreshPolicy(FatigueRule.EVIDENCE, ctr_fall=0.25)
    told = words(fatigue_list.tired([], cast.RUPEES, policy, cast.NOW))
    assert "This account goes by the *evidence* rule." in told
    assert "CTR (link) falls by more than 25%" in told
    assert "`/spruce fatigue rule classic`" in told
    listed = [TiredAd(cast.ad(f"Ad {n}"), tired.reading()) for n in range(11)]
    assert "and 3 more" in words(fatigue_list.tired(listed, cast.RUPEES, policy, cast.NOW))


def test_a_brand_can_be_edited_from_where_it_is_shown():
    shown = brand(cast.RUPEES, RefreshPolicy())
    button = next(block for block in shown.blocks if block["type"] == "actions")["elements"][0]
    assert (button["action_id"], button["value"]) == (actions.BRAND_EDIT, "1:account:act_1001:0")
    assert "No banned words." in words(shown)
