"""Reports, lists, status, Home, help, problems and blindness, in words a buyer can act on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import errors
from bot.domain.alerts import State
from bot.domain.insights import Figures
from bot.domain.report import Blindness, Sight
from bot.sandbox.slack_message import interactive, texts
from bot.views import actions
from bot.views.alerts import alert_list
from bot.views.blind import blind, sees_again
from bot.views.figures import Notation
from bot.views.help import help_message, unknown
from bot.views.home import home
from bot.views.kit import Message
from bot.views.problem import problem
from bot.views.report import cost_per_purchase, report
from bot.views.status import status
from tests.unit import views_cast as cast
from tests.unit.views_scenes import COMMANDS


def told(shown):
    """Everything there is to read."""
    blocks = list(shown.blocks) if isinstance(shown, Message) else shown["blocks"]
    return "\n".join(texts(blocks))


def rows(message):
    """The cells of the table."""
    table = next(block for block in message.blocks if block["type"] == "table")
    return [[cell["text"] for cell in row] for row in table["rows"]]


def test_the_report_has_a_row_for_each_campaign_and_one_for_all():
    table = rows(report(cast.report(), now=cast.NOW))
    assert table[0] == [
        "Campaign",
        "Spend",
        "Purchases",
        "Cost per purchase",
        "ROAS",
        "CTR (link)",
        "Frequency",
    ]
    # 42,500 / 88 = 482.95; 88 x 900 / 42,500 = 1.864; (42,50,000 // 1,000) / (42,50,000 // 15) = 1.50 %
    assert table[1] == ["IN_Prospecting_Broad", "₹42,500", "88", "₹483", "1.86x", "1.50%", "1.84"]
    assert table[3][:5] == ["IN_Test_Reels", "₹935", "0", "no purchases for ₹935", "–"]
    assert table[4][0] == "All campaigns"


def test_the_report_compares_with_the_like_period():
    shown = told(report(cast.report(), now=cast.NOW))
    assert "₹55,780 spent, 149 purchases at ₹374 each, ROAS 2.40x" in shown
    assert "Against yesterday up to the same time: spend +12%, purchases -1%" in shown
    assert "“IN_Prospecting_Broad”: cost per purchase from ₹400 to ₹483 (+21%)" in shown


def test_the_report_says_what_its_figures_rest_on():
    shown = told(report(cast.report(), now=cast.NOW))
    assert "22 Nov 2026 until 10:30 IST · INR, IST (Asia/Kolkata)" in shown
    assert "attribution: 7-day click, 1-day view" in shown
    assert "data 12 min old" in shown
    assert "Today is a partial day" in shown


def test_a_report_of_whole_days_is_not_called_partial():
    shown = told(report(cast.report(cast.DOLLARS, "7d"), now=cast.NOW))
    assert "15 Nov to 21 Nov 2026 · USD, EST (America/New_York)" in shown
    assert "partial" not in shown
    assert "$55,780 spent" in shown


def test_frequency_is_left_out_with_a_reason_where_it_was_not_read():
    lines = tuple(replace(line, frequency=None) for line in cast.report().lines)
    whole = cast.report()
    without = replace(
        whole,
        lines=lines,
        total=replace(whole.total, frequency=None),
        frequency_note="Frequency over 7 days is read once a day.",
    )
    message = report(without, now=cast.NOW)
    assert "Frequency" not in rows(message)[0]
    assert "Frequency over 7 days is read once a day." in told(message)


def test_campaigns_beyond_the_table_are_summed_up():
    many = tuple(cast.line(f"Campaign {index}", 10_000, 1, 10_000, 1) for index in range(40))
    table = rows(report(cast.report(lines=many), now=cast.NOW))
    assert len(table) == 1 + 15 + 1 + 1
    assert table[16][:3] == ["25 other campaigns", "₹2,500", "25"]
    assert table[16][-1] == "–"


def test_nothing_spent_is_no_table_of_zeros():
    shown = report(cast.report(lines=()), now=cast.NOW)
    assert "Nothing was spent: 22 Nov 2026." in told(shown)
    assert [block["type"] for block in shown.blocks] == ["header", "section", "context"]


def test_an_account_never_read_is_not_called_idle():
    unread = replace(cast.report(lines=()), sight=Sight(None))
    assert "has not read this account yet" in told(report(unread, now=cast.NOW))


def test_a_cost_without_purchases_is_neither_zero_nor_infinite():
    notation = Notation.of(cast.RUPEES)
    assert cost_per_purchase(Figures(spend_minor=93_450), notation) == "no purchases for ₹935"
    assert cost_per_purchase(Figures(), notation) == "–"


def test_alerts_are_listed_by_what_presses_most():
    states = [State.SNOOZED, State.ACKNOWLEDGED, State.OPEN, State.RESOLVED]
    cards = [cast.card(cast.alert(state=state, number=index)) for index, state in enumerate(states, 1)]
    message = alert_list(cards, [cast.account_status()], now=cast.NOW)
    shown = told(message)
    assert message.text == "Alerts: 1 open, 1 acknowledged, 1 snoozed."
    places = [shown.index(f"*{title}*") for title in ("Open", "Acknowledged", "Snoozed")]
    assert places == sorted(places)
    assert shown.count("Open the message") == 1
    assert "<@U0OWNER001> has it" in shown
    assert "Cedar India: data 12 min old (10:30 IST)" in shown


def test_a_long_list_ends_with_what_is_left():
    cards = [cast.card(cast.alert(number=number)) for number in range(22)]
    message = alert_list(cards, [cast.account_status()], now=cast.NOW)
    assert "and 12 more" in told(message)
    assert told(message).count("*Critical: Cost per purchase above target*") == 10


def test_quiet_is_claimed_only_where_spruce_can_see():
    seen = alert_list([], [cast.account_status()], now=cast.NOW)
    assert seen.text == "All quiet: no open alerts."
    assert "data 12 min old" in told(seen)
    for sight in (cast.BLIND, Sight(None)):
        hidden = alert_list([], [cast.account_status(sight=sight)], now=cast.NOW)
        assert "All quiet" not in hidden.text
        assert "cannot be seen" in told(hidden)
    assert alert_list([], [], now=cast.NOW).text.startswith("No ad account is connected")


def test_status_names_what_cannot_be_seen():
    shown = status(cast.status(cast.account_status(), cast.account_status(cast.DOLLARS, cast.BLIND)))
    assert shown.text.startswith("Spruce cannot see 1 of 2 accounts: Willow US.")
    assert "38 active ads · 2 open alerts · alerts go to <#C0ADSALERT>" in told(shown)
    assert "next reading 10:45 IST · 11 Graph calls in the last hour" in told(shown)


def test_status_tells_of_messages_that_wait():
    waiting = replace(
        cast.status(cast.account_status()),
        messages_waiting=3,
        oldest_waiting_at=cast.NOW - timedelta(minutes=4),
    )
    assert "Messages waiting to be posted: 3, the oldest for 4 min." in told(status(waiting))


def test_home_puts_decisions_first_and_shows_each_alert_once():
    urgent, taken = cast.card(), cast.card(cast.alert(cast.silent(), State.ACKNOWLEDGED, 2))
    sleeping = cast.card(cast.alert(state=State.SNOOZED, number=3))
    view = home(cast.home(urgent, taken, snoozed=(sleeping,), deciding=(urgent,)))
    shown = told(view)
    parts = ("1 alert to decide on", "Needs a decision", "Open alerts", "Snoozed", "Accounts", "/spruce help")
    places = [shown.index(part) for part in parts]
    assert places == sorted(places)
    clicked = [actions.decode(e["value"]).id for _, e in interactive(view["blocks"]) if e.get("value")]
    assert [clicked.count(card.alert.id) > 0 for card in (urgent, taken, sleeping)] == [True] * 3
    assert sum(e["action_id"] == actions.ALERT_ACKNOWLEDGE for _, e in interactive(view["blocks"])) == 1
    assert sum(e["action_id"] == actions.HOME_REFRESH for _, e in interactive(view["blocks"])) == 1


def test_home_says_when_there_is_nothing_to_do():
    quiet = replace(cast.home(), accounts=(cast.account_status(),))
    assert "All quiet" in told(home(quiet))
    assert "All quiet" not in told(home(cast.home()))
    assert "No ad account connected yet" in told(home(replace(quiet, accounts=())))


def test_help_lists_every_command_with_its_usage():
    shown = told(help_message(COMMANDS))
    for command in COMMANDS:
        assert f"`/spruce {command.usage}`  {command.summary}" in shown


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("reprot", "report"), ("ALERT", "alerts"), ("statsu", "status"), ("qqq", None), ("", None)],
)
def test_an_unknown_word_gets_the_nearest_known_one(typed, meant):
    text = unknown(typed, COMMANDS).text
    assert (f"Did you mean `/spruce {meant}`?" in text) if meant else ("Did you mean" not in text)


def test_what_was_typed_is_never_obeyed():
    assert unknown("<!channel> `x`", COMMANDS).text == "There is no `/spruce &lt;!channel&gt; ˋxˋ`."


def _classes(base=errors.SpruceError):
    for kind in base.__subclasses__():
        yield kind
        yield from _classes(kind)


def _make(kind):
    extra = {
        errors.Throttled: {"until": cast.NOW},
        errors.SlackThrottled: {"retry_after": 3.0},
        errors.AiThrottled: {"until": cast.NOW, "retry_after": 3.0},
        errors.AiRefused: {"finish": "SAFETY"},
        errors.AiMisconfigured: {"setting": "GEMINI_MODEL"},
    }
    if kind is errors.ConfigurationFault:
        return kind(["SPRUCE_X is missing."])
    return kind("It went wrong.", **extra.get(kind, {}))


@pytest.mark.parametrize("kind", sorted(_classes(), key=lambda kind: kind.__name__))
def test_every_error_says_what_happened_the_way_out_and_its_reason(kind):
    error = _make(kind)
    message = problem(error, now=cast.NOW)
    assert len(message.blocks) == 2
    sentence, way_out = message.blocks[0]["text"]["text"].split("\n", 1)
    assert sentence
    assert way_out.endswith(".")
    assert f"Reason: `{error.reason}`" in told(message)


def test_a_refusal_by_role_names_those_who_may_and_other_errors_name_nobody():
    allowed = problem(errors.NotAllowed("This can be done by <@U0OWNER001> and <!channel>."))
    assert "<@U0OWNER001> and &lt;!channel&gt;" in allowed.text
    assert "<@U0OWNER001>" not in problem(errors.BadInput("'<@U0OWNER001>' is no date.")).text


def test_meta_s_own_numbers_are_given_for_support():
    shown = told(problem(errors.TokenDead(code=190, subcode=463, trace_id="AbC123")))
    assert "Meta code 190 · Meta subcode 463 · Meta trace AbC123" in shown


@pytest.mark.parametrize("kind", list(Blindness))
def test_blindness_says_why_what_it_means_and_what_to_do(kind):
    message = blind(cast.RUPEES, replace(cast.BLIND, blindness=kind), now=cast.NOW)
    shown = told(message)
    assert "Spruce cannot see Cedar India" in message.text
    assert "No alarms and no all-clears meanwhile" in message.text
    assert "since 08:42 IST (2 h)" in shown
    assert "no new alarms for this account and no all-clears" in shown
    assert "*What to do*" in shown
    assert "Data 3 h old (07:42 IST) · Next try at 11:05 IST" in shown


def test_seeing_again_gives_the_length_of_the_gap():
    shown = sees_again(cast.RUPEES, cast.SEES, since=cast.NOW - timedelta(hours=2), now=cast.NOW).text
    assert shown.startswith(
        "Spruce sees Cedar India again. It could not be seen from 08:42 IST to 10:42 IST (2 h)"
    )
