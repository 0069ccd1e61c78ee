"""A fatigue warning says what fell and why, becomes the story, and offers only what can be done now."""

import re
from dataclasses import replace
from io import BytesIO
from threading import Thread

import pytest
from PIL import Image

from bot.domain.alerts import Reason, State
from bot.domain.fatigue import ClassicVerdict, EvidenceVerdict, Status
from bot.domain.fatigue_reading import Ends
from bot.domain.policy import FatigueRule, RefreshPolicy
from bot.domain.proposals import Mode, ProposalState
from bot.domain.replacement import ReplacementState
from bot.domain.verdicts import Call
from bot.sandbox.slack_message import interactive, texts
from bot.views import actions, charts, fatigue_words
from bot.views.actions import decode
from bot.views.fatigue import fatigue, reply
from bot.views.figures import Notation
from tests.unit import views_cast as cast
from tests.unit import views_fatigue_cast as tired
from tests.unit import views_refresh_cast as made

SUGGEST, NOT_TIRED = actions.FATIGUE_SUGGEST, actions.FATIGUE_NOT_TIRED
SNOOZE, LINK = actions.ALERT_SNOOZE, actions.ALERT_OPEN_ADS_MANAGER
UNDO, ANYWAY = actions.REPLACEMENT_UNDO, actions.REPLACEMENT_UNDO_ANYWAY
NOTATION = Notation.of(cast.RUPEES)


def words(card, policy=None):
    """Everything there is to read, in order."""
    return "\n".join(texts(list(fatigue(card, policy).blocks)))


def elements(card):
    """What can be pressed, by action id."""
    return {found["action_id"]: found for _, found in interactive(list(fatigue(card).blocks))}


def after(change, state=State.OPEN, **changes):
    """The warning once variations were approved."""
    approved = made.proposal(ProposalState.APPROVED)
    return tired.fatigue_card(state=state, proposal=approved, replacement=change, **changes)


def test_the_warning_follows_the_order_a_buyer_reads_in():
    told = words(tired.fatigue_card(), RefreshPolicy())
    order = [
        "Warning: Creative is tired",
        "“Monsoon video 3”",
        "CTR (link) fell from 1.41% to 1.02% (-27.7%)",
        "daily frequency rose from 1.22 to 1.47 (+20.5%), since 15 Nov",
        "₹4,173 at risk: the lost 27.7% of the ₹15,066 that the ad spent in the last 7 days",
        "hook rate 31.0% to 24.0% (-22.6%)",
        "1,23,400 impressions, 1,401 link clicks",
        "The ad set's daily budget was raised by 35%.",
        "CTR (link) -27.7% (limit -20%), frequency +20.5% (limit +15%): *tired*",
        "76.8% sure that repetition costs at least 15% of the clicks; estimate 20.5% [12.9%, 30.4%]: *tired*",
        "Ruled out: Other ads did not move",
        "Could not be checked: Too few purchases",
        "fatigue level: high",
        "recommendation: creative limited",
        "Suggest variations",
        "Open in Ads Manager",
        "Data 12 min old",
    ]
    places = [told.index(part) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize("rule", list(FatigueRule))
def test_both_verdicts_are_shown_and_which_one_the_account_goes_by(rule):
    told = words(tired.fatigue_card(reading=tired.reading(rule)))
    assert f"*{rule.value}* (the rule of this account)" in told
    assert told.count("(the rule of this account)") == 1
    assert "• *classic*" in told
    assert "• *evidence*" in told


def test_the_limits_of_the_classic_rule_are_the_accounts_own():
    assert "(limit" not in words(tired.fatigue_card())
    assert "(limit -22.5%)" in words(tired.fatigue_card(), RefreshPolicy(ctr_fall=0.225))


def test_a_rule_that_cannot_say_gives_its_reason():
    nothing = ClassicVerdict(
        Status.INSUFFICIENT_DATA, None, None, tired.reading().classic.support, 3, 10, 0, "fewer than 5 days"
    )
    reading = tired.reading(
        classic=nothing, evidence=EvidenceVerdict(Status.INSUFFICIENT_DATA, reason="no reach")
    )
    told = words(tired.fatigue_card(reading=reading))
    assert "• *classic* (the rule of this account): fewer than 5 days" in told
    assert "• *evidence*: no reach" in told


def test_other_explanations_are_left_out_where_there_are_none():
    told = words(tired.fatigue_card(reading=tired.reading(lookalikes=(), signals=())))
    for heading in ("Something else", "Ruled out", "Could not be checked", "What Meta itself says"):
        assert heading not in told


@pytest.mark.parametrize(
    ("card", "offered"),
    [
        (tired.fatigue_card(), [SUGGEST, NOT_TIRED, SNOOZE, LINK]),
        (tired.fatigue_card(state=State.SNOOZED), [SUGGEST, NOT_TIRED, actions.ALERT_UNSNOOZE, LINK]),
        (tired.fatigue_card(state=State.RESOLVED), [LINK]),
        (tired.fatigue_card(proposal=made.proposal(ProposalState.WRITING)), [SNOOZE, LINK]),
        (tired.fatigue_card(proposal=made.proposal()), [SNOOZE, LINK]),
        (
            tired.fatigue_card(proposal=made.proposal(ProposalState.REJECTED)),
            [SUGGEST, NOT_TIRED, SNOOZE, LINK],
        ),
        (after(made.change(ReplacementState.QUEUED, done=0)), [UNDO, SNOOZE, LINK]),
        (after(made.change()), [UNDO, SNOOZE, LINK]),
        (after(made.change(ReplacementState.TESTING, Mode.TEST, 9)), [UNDO, SNOOZE, LINK]),
        (after(made.live()), [UNDO, SNOOZE, LINK]),
        (after(made.live(), State.RESOLVED), [UNDO, LINK]),
        (after(replace(made.live(), state=ReplacementState.UNDOING)), [SNOOZE, LINK]),
        (after(replace(made.live(), state=ReplacementState.UNDO_ASKS)), [ANYWAY, SNOOZE, LINK]),
        (after(made.undone()), [SUGGEST, NOT_TIRED, SNOOZE, LINK]),
        (
            after(made.change(ReplacementState.CONFLICT, reason="Changed.")),
            [UNDO, SUGGEST, NOT_TIRED, SNOOZE, LINK],
        ),
        (
            after(made.change(ReplacementState.FAILED, reason="Refused.")),
            [SUGGEST, NOT_TIRED, SNOOZE, LINK],
        ),
    ],
)
def test_only_what_can_be_done_now_is_offered(card, offered):
    assert list(elements(card)) == offered


def test_buttons_carry_what_they_are_about_and_the_version_that_was_shown():
    card = after(made.change(ReplacementState.CONFLICT, reason="Changed."))
    found = elements(card)
    alert = decode(found[SUGGEST]["value"])
    assert (alert.kind, alert.id, alert.version) == ("alert", "alert-001", 3)
    assert found[NOT_TIRED]["value"] == found[SUGGEST]["value"]
    change = decode(found[UNDO]["value"])
    assert (change.kind, change.id, change.version) == ("change", made.CHANGE_ID, 5)


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        (made.change(ReplacementState.QUEUED, done=0), "Nothing was changed at Meta yet"),
        (made.change(done=2), "Nothing was changed at Meta yet"),
        (made.live(), "Spruce will turn the old ad on again, pause the new ad and delete the new creative"),
        (made.live(Mode.IN_PLACE), "Spruce will show the old creative again and delete the new creative"),
        (made.change(done=7), "Spruce will pause the new ad and delete the new creative"),
        (made.change(done=5), "Spruce will leave the new ad paused and delete the new creative"),
    ],
)
def test_the_question_before_an_undo_says_exactly_what_will_happen(change, asked):
    text = elements(after(change))[UNDO]["confirm"]["text"]["text"]
    assert asked in text
    assert not text.endswith("…")


def test_an_undo_that_asks_shows_the_difference():
    asking = replace(
        made.live(),
        state=ReplacementState.UNDO_ASKS,
        reason="The old ad was set to ACTIVE.",
        undo_by=cast.OWNER,
    )
    told = words(after(asking))
    assert "Not undone yet, asked for by <@U0OWNER001>" in told
    assert "The old ad was set to ACTIVE." in told


def test_the_story_says_who_did_what_and_how_it_went():
    told = words(after(made.live(), verdicts=(made.verdict(1, Call.TOO_EARLY), made.verdict(3, Call.WON))))
    order = [
        "Replaced: Creative is tired",
        "<@U0TEAMMATE> asked for variations · 22 Nov, 08:42 IST",
        "<@U0TEAMMATE> and <@U0OWNER001> approved “Place of origin” · 18 Nov, 10:42 IST",
        "The new creative is live since 18 Nov, 16:42 IST; the old ad is paused",
        "*Day 1: too early to say.*",
        "*better than the old one*",
    ]
    places = [told.index(part) for part in order]
    assert places == sorted(places)
    assert "Nobody has taken it" not in told


def test_a_replacement_under_way_shows_its_steps_and_what_it_waits_for():
    told = words(after(made.change(done=6, reason="Meta reviews the new creative.", next_at=cast.NOW)))
    assert (
        "Done: checked, accepted by Meta, labelled, creative made, read back, new ad made (paused)." in told
    )
    assert "Now: wait for Meta's review. Meta reviews the new creative. Next look: 22 Nov, 10:42 IST" in told


def test_the_picture_is_slacks_file_else_an_address_that_slack_can_fetch():
    section = fatigue(tired.fatigue_card()).blocks[1]
    assert section["accessory"]["slack_file"] == {"id": "F0PICTURE1"}
    without = fatigue(tired.fatigue_card(picture_file=None)).blocks[1]
    assert without["accessory"]["image_url"] == "https://scontent.example.com/monsoon.jpg"
    shown = replace(cast.card(), thumbnail_url="http://10.0.0.1/x.jpg")
    card = replace(tired.fatigue_card(picture_file=None), card=shown)
    assert "accessory" not in fatigue(card).blocks[1]


def test_the_chart_says_the_finding_to_who_cannot_see_it():
    block = next(block for block in fatigue(tired.fatigue_card()).blocks if block["type"] == "image")
    assert block["slack_file"] == {"id": "F0CHART001"}
    assert block["alt_text"] == charts.alt(tired.reading(), NOTATION)
    assert "25 Oct to 21 Nov 2026. CTR (link) fell from 1.41% to 1.02%" in block["alt_text"]
    assert "image" not in [block["type"] for block in fatigue(tired.fatigue_card(chart_file=None)).blocks]


@pytest.mark.parametrize("reason", [Reason.WORSE, Reason.REOPENED])
def test_a_note_in_the_thread_says_what_fell_and_both_verdicts(reason):
    found = reply(tired.fatigue_card(), reason)
    assert "CTR (link) fell from 1.41% to 1.02%" in found.text
    assert "classic" in str(found.blocks)
    assert "evidence" in str(found.blocks)
    assert reply(tired.fatigue_card(reading=None), reason) is not None


def test_an_edit_says_enough_where_nothing_needs_attention():
    assert reply(tired.fatigue_card(), Reason.PERSON) is None


def test_without_its_figures_the_warning_says_what_the_finding_kept():
    told = words(tired.fatigue_card(reading=None))
    assert "*1.02%* against 1.41% (where the fall began), 28% below" in told


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (Ends(None, 0.01), "CTR (link) and frequency cannot be told"),
        (Ends(0.012, 0.01), "CTR (link) rose from 1.00% to 1.20% (+20.0%)"),
    ],
)
def test_what_cannot_be_told_is_not_told(ends, said):
    reading = tired.reading(ctr=ends, frequency=Ends(None, None))
    assert fatigue_words.fall(reading).startswith(said)


def test_the_chart_is_a_small_png_that_is_the_same_every_time():
    drawn = charts.chart(tired.reading())
    assert len(drawn) < 200_000
    with Image.open(BytesIO(drawn)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1_000, 500))
        assert not re.search("time|date|software", " ".join(picture.info).lower())
    assert charts.chart(tired.reading()) == drawn
    assert charts.chart(tired.reading(series=tired.series(gap=None))) != drawn


def test_several_threads_may_draw_at_once():
    expected, drawn = charts.chart(tired.reading()), []
    threads = [Thread(target=lambda: drawn.append(charts.chart(tired.reading()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == [expected] * 3


@pytest.mark.parametrize(
    "series",
    [
        (),
        tired.series()[-1:],
        tuple(day._replace(frequency=None) for day in tired.series()),
        tuple(day._replace(impressions=0, clicks=0) for day in tired.series()),
    ],
)
def test_a_chart_of_hardly_anything_is_a_chart(series):
    assert charts.chart(tired.reading(series=series)).startswith(b"\x89PNG")
    assert "since 15 Nov" in charts.alt(tired.reading(series=series), NOTATION)
