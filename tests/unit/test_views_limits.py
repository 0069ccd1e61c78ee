"""No name, number or amount of things makes a message that Slack refuses or that pings anybody."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot import errors
from bot.domain.actions import ActionState
from bot.domain.alerts import Ending, State
from bot.domain.findings import Contributor, Quantity, Remark, Unit
from bot.domain.ids import ObjectId
from bot.domain.insights import Figures
from bot.domain.report import Blindness, Mover
from bot.domain.structure import Account, Issue
from bot.sandbox.slack_blocks import check_message, check_view, too_long
from bot.views import kit
from bot.views.alert import alert
from bot.views.alerts import alert_list
from bot.views.blind import blind
from bot.views.help import unknown
from bot.views.home import home
from bot.views.markup import mrk
from bot.views.problem import problem
from bot.views.report import report
from bot.views.status import status
from tests.unit import views_cast as cast
from tests.unit.views_scenes import COMMANDS

OURS = re.compile(
    r"(?m:^>)|<@[UW][A-Z0-9]+>|<#[CGD][A-Z0-9]+>|<https://cedar-store\.slack\.com/[^<>|]+\|Open the message>"
)


class Foreign(str):
    """A text that does not fill the screen when a test fails."""

    def __repr__(self):
        return f"{str(self[:40])!r}..{len(self)}"


FOREIGN = st.one_of(
    st.just(cast.ATTACK),
    st.just("&" * 20_000),
    st.just("👨‍👩‍👧🏽" * 3_000),
    st.just("\u202e\u200b"),
    st.text(max_size=400),
    st.text(alphabet="<>&*_~`@!|#\n\u202e\ud83d x", max_size=120),
).map(Foreign)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def strings(node):
    """Every string below a node with the kind of text it stands in."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str):
                yield node.get("type"), key, value
            else:
                yield from strings(value)
    elif isinstance(node, list):
        for item in node:
            yield from strings(item)


def assert_slack_takes(shown):
    """The limits, Slack's syntax, and nothing in it that Spruce did not mean."""
    sent = shown.as_payload() if isinstance(shown, kit.Message) else shown
    home_view = sent.get("type") == "home"
    assert (check_view(sent) if home_view else check_message(sent["blocks"])) == []
    assert len(sent["blocks"]) <= (kit.HOME_BLOCKS if home_view else kit.MESSAGE_BLOCKS)
    if not home_view:
        assert not too_long(sent["blocks"])
        assert kit.weight(sent["blocks"]) <= kit.MESSAGE_TOTAL
        assert 0 < len(sent["text"]) <= kit.FALLBACK
        assert_nothing_obeyed(sent["text"])
    assert "The rest is left out" not in str(sent["blocks"])
    for kind, key, text in strings(sent["blocks"]):
        text.encode("utf-8")
        assert "\u202e" not in text
        assert len(text) <= 3_000
        if kind == "mrkdwn" and key == "text":
            assert_nothing_obeyed(text)
    for block in sent["blocks"]:
        Block.parse(block).validate_json()


def assert_nothing_obeyed(markup):
    """No angle bracket but those of quotes, mentions and links that Spruce made."""
    rest = OURS.sub("", markup)
    assert "<" not in rest
    assert ">" not in rest


@st.composite
def cards(draw, number=1):
    """A card in any state whose every foreign text is hostile."""
    name = draw(FOREIGN)
    entity = replace(
        draw(st.sampled_from([cast.ad(name), cast.campaign(name)])), adset_name=name, campaign_name=name
    )
    amount = draw(st.floats(allow_nan=True, allow_infinity=True))
    finding = replace(
        cast.costly(entity, draw(st.sampled_from(list(cast.Severity)))),
        value=draw(st.none() | st.builds(Quantity, st.sampled_from(list(Unit)), st.just(amount))),
        threshold=draw(st.none() | st.builds(Quantity, st.sampled_from(list(Unit)), st.floats(-1e12, 1e12))),
        issues=tuple(Issue(name, name, name) for _ in range(draw(st.integers(0, 30)))),
        contributors=tuple(
            Contributor(ObjectId("1"), name, 0.1, Figures(spend_minor=100))
            for _ in range(draw(st.integers(0, 60)))
        ),
        remarks=tuple(
            Remark("CPM {0}", (Quantity(Unit.MONEY, 1e13),)) for _ in range(draw(st.integers(0, 40)))
        ),
        cost_minor=draw(st.integers(-(10**15), 10**15)),
        advice=draw(FOREIGN),
    )
    ended = draw(st.sampled_from([None, *Ending]))
    of = replace(cast.alert(finding, draw(st.sampled_from(list(State))), number), resolution=ended)
    acted = replace(cast.action(state=draw(st.sampled_from(list(ActionState))), error=name), entity=entity)
    account = Account(
        cast.RUPEES.id, name, draw(st.sampled_from(["INR", "USD", "JPY", "AED"])), "Asia/Kolkata"
    )
    shown = cast.card(
        of, account, *[acted] * draw(st.integers(0, 6)), sight=draw(st.sampled_from([cast.SEES, cast.BLIND]))
    )
    return replace(
        shown, attribution_setting=draw(st.none() | FOREIGN), thumbnail_url=draw(st.none() | FOREIGN)
    )


@FEW
@given(cards())
def test_an_alert_about_anything_is_taken(card):
    assert_slack_takes(alert(card))


@FEW
@given(st.lists(cards(), max_size=4), st.integers(0, 20), st.integers(0, 60))
def test_a_list_of_any_length_is_taken(some, times, accounts):
    repeated = (some * times)[:60]
    numbered = [
        replace(card, alert=replace(card.alert, id=f"a{index}")) for index, card in enumerate(repeated)
    ]
    statuses = [cast.account_status(card.account, card.sight) for card in numbered] * accounts
    assert_slack_takes(alert_list(numbered, statuses[:60], now=cast.NOW))


@FEW
@given(st.lists(cards(), max_size=4), st.integers(0, 20))
def test_a_home_of_any_length_is_taken(some, times):
    repeated = (some * times)[:60]
    numbered = [
        replace(card, alert=replace(card.alert, id=f"a{index}")) for index, card in enumerate(repeated)
    ]
    page = cast.home(*numbered[:20], snoozed=tuple(numbered[20:40]), deciding=tuple(numbered[40:]))
    statuses = tuple(cast.account_status(card.account, card.sight) for card in numbered)
    assert_slack_takes(home(replace(page, accounts=statuses)))


@FEW
@given(
    FOREIGN,
    st.integers(0, 300),
    st.integers(0, 10**15),
    st.integers(0, 10**9),
    st.sampled_from(["today", "7d"]),
)
def test_a_report_of_any_size_is_taken(name, campaigns, spend, purchases, period):
    lines = tuple(cast.line(name, spend, purchases, purchases, spend) for _ in range(campaigns))
    movers = tuple(Mover(cast.campaign(name), "spend", float(spend), 1.0, "money") for _ in range(30))
    shown = replace(
        cast.report(period=period, lines=lines),
        account=replace(cast.RUPEES, name=name),
        movers=movers,
        attribution_settings=(name,) * 9,
        frequency_note=name,
    )
    assert_slack_takes(report(shown, now=cast.NOW))


@FEW
@given(FOREIGN, st.integers(0, 60), st.sampled_from(list(Blindness)))
def test_status_and_notices_of_any_account_are_taken(name, accounts, kind):
    account = replace(cast.DOLLARS, name=name)
    sight = replace(cast.BLIND, blindness=kind, detail=name)
    assert_slack_takes(status(cast.status(*[cast.account_status(account, sight)] * accounts)))
    assert_slack_takes(blind(account, sight, now=cast.NOW))


@FEW
@given(FOREIGN)
def test_problems_and_help_with_any_words_are_taken(typed):
    assert_slack_takes(unknown(typed, COMMANDS))
    for error in (errors.BadInput(typed), errors.NotAllowed(typed), errors.TokenDead(typed, trace_id=typed)):
        assert_slack_takes(problem(error))


@pytest.mark.parametrize("state", list(State))
def test_a_name_of_20000_characters_comes_out_literal_and_clipped(state):
    card = cast.card(cast.alert(cast.costly(cast.ad(cast.ATTACK)), state))
    message = alert(card)
    for text in [message.text, message.blocks[1]["text"]["text"]]:
        assert "&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|Ads&gt; ∗bold∗ ˋcodeˋ" in text
        assert "&amp;amp; gnp.exe AAA" in text
        assert "A…”" in text
        assert "A" * 60 not in text


def test_too_many_blocks_are_cut_with_a_note():
    message = kit.message("x", [kit.divider() for _ in range(60)])
    assert len(message.blocks) == 50
    assert "left out" in message.blocks[-1]["elements"][0]["text"]


def test_too_much_text_is_cut_with_a_note():
    message = kit.message("x", [kit.section("y" * 2_900) for _ in range(10)])
    assert kit.weight(message.blocks) <= kit.MESSAGE_TOTAL
    assert "left out" in message.blocks[-1]["elements"][0]["text"]


def test_builders_escape_what_is_not_marked_up():
    assert kit.section("<!here>")["text"]["text"] == "&lt;!here&gt;"
    assert kit.section(mrk("<{}>", "x"))["text"]["text"] == "<x>"
    assert kit.fields([("Spend & more", "<1>")])["fields"][0]["text"] == "*Spend &amp; more*\n&lt;1&gt;"


def test_every_element_keeps_its_limit():
    long = "n" * 5_000
    options = [kit.option(long, f"v{index}", "https://x.example.com") for index in range(200)]
    plain = [kit.option(long, f"v{index}") for index in range(200)]
    blocks = [
        kit.header(long),
        kit.fields([(long, long)] * 20),
        kit.image_block(long, url="https://x.example.com/a.png", title=long),
        kit.actions([kit.button(long, "a.b", "v", confirm=kit.confirm(long, long, long))] * 1),
        kit.actions([kit.select("a.c", long, plain), kit.overflow("a.d", options)]),
        kit.table([[long] * 30] * 200),
        kit.section(long, accessory=kit.image("https://x.example.com/a.png", long), block_id=long),
    ]
    assert check_message(blocks) == []
    asked = kit.input_block(long, kit.text_input("a.e", long, multiline=True), hint=long, block_id="q")
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [asked]}
    assert check_view({**view, "submit": {"type": "plain_text", "text": "Send"}}) == []


def test_a_row_without_elements_and_small_print_without_words_are_left_out():
    assert kit.actions([None, None]) is None
    assert kit.context(None, "") is None


def test_a_payload_can_be_changed_without_changing_the_message():
    message = kit.message("x", [kit.section("y")])
    message.as_payload()["blocks"][0]["text"]["text"] = "z"
    assert message.blocks[0]["text"]["text"] == "y"
