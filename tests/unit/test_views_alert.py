"""An alert's message says what matters in order, and offers only what can be done now."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.actions import ActionKind, ActionState
from bot.domain.alerts import Reason, State
from bot.domain.findings import Quantity, Unit
from bot.domain.ids import Level
from bot.domain.report import Sight
from bot.sandbox.slack_message import interactive, texts
from bot.views import actions
from bot.views.alert import alert, reply
from bot.views.alert_buttons import configured_status
from tests.unit import views_cast as cast


def words(card):
    """Everything there is to read, in order."""
    return "\n".join(texts(list(alert(card).blocks)))


def buttons(card):
    """The action ids in order."""
    return [element["action_id"] for _, element in interactive(list(alert(card).blocks))]


def element(card, action_id):
    """The element that would be clicked."""
    return next(
        found for _, found in interactive(list(alert(card).blocks)) if found["action_id"] == action_id
    )


LINK = actions.ALERT_OPEN_ADS_MANAGER
PAUSE, RESUME = actions.ALERT_PAUSE, actions.ALERT_RESUME


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (State.OPEN, [actions.ALERT_ACKNOWLEDGE, actions.ALERT_SNOOZE, PAUSE, LINK]),
        (State.ACKNOWLEDGED, [actions.ALERT_SNOOZE, PAUSE, LINK]),
        (State.SNOOZED, [actions.ALERT_UNSNOOZE, PAUSE, LINK]),
        (State.RESOLVED, [LINK]),
    ],
)
def test_the_state_decides_what_is_offered(state, offered):
    assert buttons(cast.card(cast.alert(state=state))) == offered


def test_the_message_follows_the_order_a_buyer_reads_in():
    told = words(cast.card())
    order = [
        "Critical: Cost per purchase above target",
        "“Monsoon video 3”",
        "*₹486* against ₹300 (your target), 62% above · today",
        "Since 09:15 IST (1 h 27 min)",
        "₹5,766 above target so far",
        "Based on 31 purchases for ₹15,066, 1,148 link clicks, 1,23,400 impressions",
        "Link CTR 0.93% against 1.40%: 85% of the rise.",
        "What to do",
        "Acknowledge",
        "Open in Ads Manager",
        "Nobody has taken it yet",
        "Data 12 min old at 10:42 IST",
        "Attribution: 7-day click, 1-day view",
        "IST (Asia/Kolkata)",
    ]
    places = [told.index(part) for part in order]
    assert places == sorted(places)


def test_the_notification_says_it_all_in_a_sentence():
    assert alert(cast.card()).text == (
        "Critical: Cost per purchase above target, ad “Monsoon video 3” in Cedar India. ₹486 against ₹300 "
        "(your target), 62% above · today. Since 09:15 IST (1 h 27 min). ₹5,766 above target so far."
    )


def test_an_account_in_dollars_reads_in_dollars_and_its_own_hours():
    told = words(cast.card(account=cast.DOLLARS))
    assert "*$486* against $300" in told
    assert "123,400 impressions" in told
    # Opened at 23:12 on the 21st there, read at 00:12 on the 22nd: bare times would mislead.
    assert "Since 21 Nov, 22:45 EST" in told


def test_no_purchases_is_said_in_words():
    told = words(cast.card(cast.alert(cast.silent())))
    assert "*No purchases* against about 4 (expected for this spend) · since the last purchase" in told
    assert "No purchases for ₹935, 377 link clicks, 41,000 impressions" in told
    assert "inf" not in told
    assert "0 purchases" not in told


def test_what_meta_says_of_a_rejected_ad_is_quoted():
    told = words(cast.card(cast.alert(cast.rejected())))
    assert "*Personal attributes* – The ad implies something about health." in told
    assert "*₹2,400 a day, its average over its last delivering days*" in told
    assert "impressions" not in told


def test_several_rejected_ads_are_counted():
    several = replace(cast.rejected(), entity=cast.campaign(), value=Quantity(Unit.COUNT, 3))
    told = words(cast.card(cast.alert(replace(several, contributors=cast.spread(1).contributors))))
    assert "*3 ads*\n" in told
    assert "• “Ad 0”, 40%: ₹500 over its last delivering days" in told


def test_a_campaign_names_its_five_largest_parts_and_can_be_paused():
    card = cast.card(cast.alert(cast.spread(7)))
    told = words(card)
    assert "• “Ad 0”, 40%: no purchases for ₹500" in told
    assert "• “Ad 1”, 25%: ₹500 per purchase, ₹500 spent" in told
    assert "“Ad 5”" not in told
    assert "• and 2 more" in told
    assert PAUSE in buttons(card)
    assert "Pause this campaign?" in str(alert(card).blocks)


def test_a_whole_account_offers_no_pause():
    finding = cast.costly()
    whole = replace(finding, entity=replace(finding.entity, level=Level.ACCOUNT))
    assert PAUSE not in buttons(cast.card(cast.alert(whole)))


@pytest.mark.parametrize(
    ("rule_id", "said"),
    [
        ("cost_per_purchase_above", "• “Ad 1”, 25%: ₹500 per purchase, ₹500 spent"),
        ("ctr_below", "• “Ad 1”, 25%: CTR (link) 0.89% of 9,000 impressions"),
        ("cpc_above", "• “Ad 1”, 25%: ₹6.25 per link click, ₹500 spent"),
        ("roas_below", "• “Ad 1”, 25%: ROAS 1.80x, ₹500 spent"),
    ],
)
def test_parts_are_told_by_what_the_rule_judges(rule_id, said):
    assert said in words(cast.card(cast.alert(cast.weak(rule_id))))


@pytest.mark.parametrize(
    ("kind", "state", "error", "said"),
    [
        (ActionKind.PAUSE, ActionState.REQUESTED, "", "Pausing… <@U0TEAMMATE> asked for it · 10:40 IST"),
        (ActionKind.PAUSE, ActionState.DOING, "", "Pausing… <@U0TEAMMATE> asked for it · 10:40 IST"),
        (ActionKind.PAUSE, ActionState.DONE, "", "<@U0TEAMMATE> paused this ad · 10:41 IST"),
        (ActionKind.PAUSE, ActionState.FAILED, "No access", "Could not pause: No access. Asked for by"),
        (
            ActionKind.PAUSE,
            ActionState.CONFLICT,
            "",
            "Did not pause: It was changed at Meta in the meantime.",
        ),
        (ActionKind.RESUME, ActionState.DOING, "", "Resuming… <@U0TEAMMATE> asked for it"),
        (ActionKind.RESUME, ActionState.DONE, "", "<@U0TEAMMATE> resumed this ad · 10:41 IST"),
    ],
)
def test_what_was_asked_of_meta_is_told_with_its_outcome(kind, state, error, said):
    assert said in words(cast.card(cast.alert(), cast.RUPEES, cast.action(kind, state, error)))


@pytest.mark.parametrize(
    ("kind", "state", "status", "offered"),
    [
        (ActionKind.PAUSE, ActionState.REQUESTED, "ACTIVE", set()),
        (ActionKind.PAUSE, ActionState.DOING, "ACTIVE", set()),
        (ActionKind.PAUSE, ActionState.DONE, "ACTIVE", {RESUME}),  # the reading is older than the pause
        (ActionKind.PAUSE, ActionState.DONE, "PAUSED", {RESUME}),
        (ActionKind.PAUSE, ActionState.FAILED, "ACTIVE", {PAUSE}),
        (ActionKind.PAUSE, ActionState.CONFLICT, "PAUSED", set()),
        (ActionKind.RESUME, ActionState.DOING, "PAUSED", set()),
        (ActionKind.RESUME, ActionState.DONE, "PAUSED", {PAUSE}),
    ],
)
def test_pause_and_resume_are_offered_only_where_they_make_sense(kind, state, status, offered):
    card = replace(cast.card(cast.alert(), cast.RUPEES, cast.action(kind, state)), entity_status=status)
    assert {PAUSE, RESUME} & set(buttons(card)) == offered


def test_a_later_reading_wins_over_what_spruce_did():
    done = cast.card(cast.alert(), cast.RUPEES, cast.action())
    assert configured_status(done) == "PAUSED"
    assert configured_status(replace(done, sight=Sight(cast.NOW))) == "ACTIVE"
    assert RESUME not in buttons(replace(done, sight=Sight(cast.NOW)))


def test_an_ad_paused_elsewhere_offers_neither():
    assert {PAUSE, RESUME}.isdisjoint(buttons(replace(cast.card(), entity_status="PAUSED")))


def test_a_resolved_alert_keeps_resume_where_spruce_paused():
    card = cast.card(cast.alert(state=State.RESOLVED), cast.RUPEES, cast.action())
    assert buttons(card) == [RESUME, LINK]


def test_pausing_asks_first_and_names_the_ad():
    pause = element(cast.card(), PAUSE)
    assert pause["style"] == "danger"
    assert pause["confirm"]["style"] == "danger"
    assert "“Monsoon video 3” stops spending" in pause["confirm"]["text"]["text"]
    assert "Resume ad" in pause["confirm"]["text"]["text"]


def test_resuming_asks_first_and_speaks_of_money():
    card = cast.card(cast.alert(), cast.RUPEES, cast.action())
    assert "spend again" in element(card, RESUME)["confirm"]["text"]["text"]


def test_buttons_carry_the_alert_and_the_version_shown():
    value = element(cast.card(), actions.ALERT_ACKNOWLEDGE)["value"]
    assert actions.decode(value) == actions.ButtonValue("alert", "alert-001", 3)


def test_each_snooze_carries_its_choice():
    options = element(cast.card(), actions.ALERT_SNOOZE)["options"]
    chosen = [actions.decode(option["value"]) for option in options]
    assert [value.choice for value in chosen] == ["30m", "1h", "4h", "24h", "tomorrow"]
    assert {(value.id, value.version) for value in chosen} == {("alert-001", 3)}
    assert options[-1]["text"]["text"] == "Until tomorrow 09:00 IST"


def test_a_new_version_has_a_new_block_so_that_slack_forgets_what_was_selected():
    newer = replace(cast.alert(), version=4)
    ids = [
        [block["block_id"] for block in alert(cast.card(of)).blocks if block["type"] == "actions"]
        for of in (cast.alert(), newer)
    ]
    assert ids[0] != ids[1]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://scontent.example.com/a.jpg?x=1", True),
        ("http://scontent.example.com/a.jpg", False),
        ("https://localhost/a.jpg", False),
        ("https://[half", False),
        ("https://a.example.com/" + "x" * 3_000, False),
        ("javascript:alert(1)", False),
        ("", False),
        (None, False),
    ],
)
def test_a_picture_is_shown_only_where_slack_can_fetch_it(url, shown):
    message = alert(replace(cast.card(), thumbnail_url=url))
    assert ("accessory" in message.blocks[1]) is shown
    assert "accessory" not in message.without_images().blocks[1]


def test_a_resolved_alert_says_when_after_how_long_and_how():
    of = replace(cast.alert(state=State.RESOLVED), resolved_at=cast.NOW + timedelta(minutes=103))
    told = words(replace(cast.card(of), now=cast.NOW + timedelta(minutes=103)))
    assert "Resolved at 12:25 IST after 3 h 10 min: the numbers recovered." in told
    assert "At the last count: *₹486* against ₹300 (your target), 62% above · today" in told


def test_times_of_another_day_than_the_message_s_are_named():
    card = replace(cast.card(cast.alert(state=State.SNOOZED)), now=cast.NOW + cast.DAY)
    assert "snoozed this until 22 Nov, 14:42 IST · 22 Nov, 10:37 IST" in words(card)


def test_an_alert_of_an_account_that_cannot_be_seen_says_so():
    told = words(cast.card(sight=cast.BLIND))
    assert "Spruce has not been able to see this account since 08:42 IST" in told


def test_an_open_alert_that_somebody_handled_before_says_who():
    of = replace(cast.alert(), acted_by=cast.TEAMMATE, acted_at=cast.NOW)
    assert "Open. Last handled by <@U0TEAMMATE> · 10:42 IST" in words(cast.card(of))


@pytest.mark.parametrize(
    ("reason", "begins"),
    [
        (Reason.WORSE, "It got worse and is now critical. *₹486* against"),
        (Reason.REOPENED, "It is back. *₹486* against"),
        (Reason.SNOOZE_OVER, "The snooze by <@U0OWNER001> is over and this is still there. *₹486*"),
        (Reason.RESOLVED, "Resolved at 10:42 IST after 1 h 27 min"),
    ],
)
def test_the_thread_gets_a_short_note(reason, begins):
    state = State.RESOLVED if reason is Reason.RESOLVED else State.OPEN
    note = reply(cast.card(replace(cast.alert(state=state), acted_by=cast.OWNER)), reason)
    assert note is not None
    assert note.text.startswith(begins)


@pytest.mark.parametrize("reason", [Reason.FIRST, Reason.CHANGED, Reason.PERSON])
def test_what_the_message_itself_says_needs_no_note(reason):
    assert reply(cast.card(), reason) is None


def test_the_parts_of_a_silence_are_told_by_what_they_spent():
    silent = replace(cast.silent(), contributors=cast.spread(2).contributors)
    told = words(cast.card(cast.alert(silent)))
    assert "spent on these days" in told
    assert "per purchase," not in told  # bought before the silence began, so no cost of it
