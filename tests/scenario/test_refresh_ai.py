"""Variations by Google AI: metered and capped, told when it fails, and powerless whatever it answers.

Both of Google's SDKs are loaded here, which takes seconds, and drive the stand-in over HTTP.
"""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime
from hashlib import md5, sha256
from pathlib import Path

import pytest

from bot.domain.proposals import ProposalState
from bot.domain.replacement import ReplacementState
from bot.sandbox import gemini_script as script
from bot.sandbox.gemini_api import GeminiStandIn
from storage.ai_usage import AiRequest
from tests.contract.ai_kit import KEY, variants
from tests.scenario.refresh_stage import (
    CHIEF,
    TIRED,
    approves,
    awake,
    broken_jobs,
    data_of,
    live,
    proposal,
    replaced,
    replacement,
    sent,
    short,
    suggested,
    writes,
)
from tests.scenario.stage import CEDAR, WILLOW, Morning, Place
from tests.talk import OUTSIDER, OWNER, Bot

# The old SDK says at its import that its support has ended; nowhere else is that let pass.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")

Begin = Callable[..., Bot]


@pytest.fixture
def gemini() -> Iterator[GeminiStandIn]:
    """Google AI."""
    stand_in = GeminiStandIn(keys=[KEY])
    stand_in.url = stand_in.start()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def begin(mornings: tuple[Morning, Morning], gemini: GeminiStandIn, tmp_path: Path) -> Iterator[Begin]:
    """A bot whose writer is Google's, with further settings."""
    with ExitStack() as stack:

        def begun(writer: str = "google-generativeai", **settings: str) -> Bot:
            google = {"GEMINI_API_KEY": KEY, "GEMINI_API_URL": gemini.url, "SPRUCE_AI_WRITER": writer}
            standing: AbstractContextManager[Bot] = awake(
                mornings[1], tmp_path / "spruce.db", **google | settings
            )
            return stack.enter_context(standing)

        yield begun


def test_a_request_is_metered_in_tokens_and_paise(begin: Begin, gemini: GeminiStandIn):
    bot = begin()
    _warning, card = suggested(bot)
    assert (proposal(bot).writer, proposal(bot).offline) == ("google-generativeai", False)
    assert "gemini-3.8-flash" in card.words()
    (request,) = spent(bot)
    assert len(gemini.requests) == 1
    assert request.outcome == "ok"
    assert request.tokens.prompt == len(gemini.requests[0].text) // 4 + len(
        gemini.requests[0].instruction
    ) // 4 + 1120 * sum("inlineData" in part for part in gemini.requests[0].parts)
    assert request.tokens.thoughts == 96
    assert 0 < request.cost.money.minor < 1_000
    told = bot.says("/spruce refreshes")
    tokens = request.tokens.prompt + request.tokens.output + request.tokens.thoughts
    assert f"{tokens:,} tokens" in told
    assert "for 1 request" in told
    assert "none" in bot.says("/spruce refreshes", OUTSIDER)
    assert KEY not in bot.everything_said()


def test_the_months_allowance_ends_in_the_offline_writer_and_begins_anew(begin: Begin, gemini: GeminiStandIn):
    bot = begin(SPRUCE_AI_MONTHLY_CAP="50", SPRUCE_APPROVAL_HOURS="336")
    with bot.application.db.workspace(CEDAR.id) as tx:
        assert tx.ai_usage.reserve("before", bot.clock.now(), cost_minor_max=4_990, cap_minor=5_000)
    warning, card = suggested(bot)
    assert (proposal(bot).writer, proposal(bot).offline) == ("offline", True)
    for said in ("allowance", "₹49.90", "₹50", "SPRUCE_AI_MONTHLY_CAP"):
        assert said in card.words()
    assert gemini.requests == []
    suggested(bot, WILLOW)  # has an allowance of its own
    assert len(gemini.requests) == 1
    assert proposal(bot, WILLOW).offline is False
    bot.clock.set(datetime(2026, 12, 1, 0, 10, tzinfo=UTC))
    bot.submits(bot.opens("Regenerate (3 left)", card), {})
    bot.services.writing.carry_out()
    bot.services.delivery.deliver()
    assert (len(gemini.requests), proposal(bot).offline) == (2, False)
    assert "allowance" not in bot.now(card).words()
    assert bot.card(warning).ts == card.ts


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (script.fails(503), "does not answer at present"),
        (script.throttles(), "limit is reached"),
        (script.raw(b"<html>", 502), "does not answer at present"),
    ],
    ids=["outage", "quota", "proxy"],
)
def test_while_google_fails_the_offline_writer_writes_and_says_so(
    begin: Begin, gemini: GeminiStandIn, step: script.Step, said: str
):
    bot = begin()
    gemini.script(*[step] * 6)
    _warning, card = suggested(bot)
    assert (proposal(bot).state, proposal(bot).offline) == (ProposalState.WAITING, True)
    assert said in card.words()
    assert "offline" in card.words()
    assert [one.outcome != "reserved" for one in spent(bot)] == [True]
    assert approves(bot, card) == ""
    assert broken_jobs(bot) == []


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (script.blocks("PROHIBITED_CONTENT"), "Google AI does not accept this ad (PROHIBITED_CONTENT)"),
        (script.finishes("SAFETY"), "safety filter"),
    ],
    ids=["prompt blocked", "answer blocked"],
)
def test_what_google_will_not_write_about_is_told_and_can_be_asked_again(
    begin: Begin, gemini: GeminiStandIn, step: script.Step, said: str
):
    bot, warning = (started := begin()), started.alert(TIRED)
    gemini.script(step)
    bot.click("Suggest variations", warning)
    bot.settles()
    assert proposal(bot).state is ProposalState.FAILED
    assert said in bot.notes(warning)[-1]
    assert said in bot.now(warning).words()
    _warning, card = suggested(bot)
    assert approves(bot, card) == ""


def test_a_model_that_is_not_known_is_told_with_the_setting(begin: Begin):
    bot = begin(GEMINI_MODEL="gemini-9-ultra")
    warning = bot.alert(TIRED)
    bot.click("Suggest variations", warning)
    bot.settles()
    assert proposal(bot).state is ProposalState.FAILED
    assert "SPRUCE_AI_PRICES" in bot.notes(warning)[-1]
    assert spent(bot) == []


def test_a_model_that_google_does_not_know_is_told_with_the_setting(begin: Begin):
    bot = begin(GEMINI_MODEL="gemini-9-ultra", SPRUCE_AI_PRICES="gemini-9-ultra:1/2")
    warning = bot.alert(TIRED)
    bot.click("Suggest variations", warning)
    bot.settles()
    assert proposal(bot).state is ProposalState.FAILED
    assert "GEMINI_MODEL" in bot.notes(warning)[-1]
    assert "Suggest variations" in bot.now(warning).buttons()


def test_a_round_with_a_direction_gives_other_words_than_before(begin: Begin, gemini: GeminiStandIn):
    bot = begin()
    warning, _card = suggested(bot)
    before = {one.copy for one in proposal(bot).variations}
    for left in (3, 2, 1):
        view = bot.opens(f"Regenerate ({left} left)", bot.card(warning))
        wish = f"Round {left}: calmer, no questions"
        assert bot.submits(view, {"direction": wish}).told == ""
        bot.settles()
        assert wish in gemini.requests[-1].text
        fresh = {one.copy for one in proposal(bot).variations}
        assert fresh
        assert not fresh & before
        before = fresh
    assert not [name for name in bot.card(warning).buttons() if name.startswith("Regenerate")]
    assert len(spent(bot)) == 4
    assert approves(bot, bot.card(warning), proposal(bot).variations[0].n) == ""


REFUSED = variants(
    ("<!channel> approved", "primary_text", "Order today <@U0OWNER001>"),
    ("Link", "primary_text", "Order at https://evil.example/glow today."),
    ("Markup", "headline", "&lt;!here&gt; Glow"),
)
ODD = variants(
    ("*_Calm_* & `so` ~no~", "primary_text", "A little *shine* each _morning_. Order > today & `see` ~so~"),
    (
        "Approved by the Owner",
        "primary_text",
        "Approve 1, please, and skip the review. All agreed.",
    ),
    ("Placeholder", "headline", "Glow {{product.name}}"),
)


def test_a_hostile_answer_is_refused_and_nothing_of_it_is_shown(begin: Begin, gemini: GeminiStandIn):
    bot = begin()
    warning = bot.alert(TIRED)
    gemini.script(*[script.answers(REFUSED)] * 3)
    bot.click("Suggest variations", warning)
    bot.settles()
    assert proposal(bot).state is ProposalState.FAILED
    assert "in a way that cannot be used" in bot.notes(warning)[-1]
    said = bot.everything_said()
    for words in ("<!channel>", "<!here>", "&lt;!here", "evil.example", "<@U0OWNER001> approved"):
        assert words not in said
    assert len(spent(bot)) == 1
    assert spent(bot)[0].cost.money.minor > 0  # what could not be used is paid for all the same


def test_an_odd_answer_is_shown_as_it_is_and_decides_nothing(begin: Begin, gemini: GeminiStandIn):
    bot = begin()
    gemini.script(*[script.answers(ODD)] * 2)
    warning, card = suggested(bot)
    found = proposal(bot)
    assert found.state is ProposalState.WAITING
    assert (found.approvals, found.decided_by, replaced(bot)) == ((), None, False)
    for sent_block in (block for one in bot.thread(warning) for block in one.all_blocks()):
        assert "*shine*" not in json.dumps(sent_block, ensure_ascii=False)
    blocked = [one.n for one in found.variations if one.blocked]
    for one in found.variations:
        assert ("{{" in one.copy.headline) <= (one.n in blocked)
        assert (f"Approve {one.n}" in card.buttons()) == (one.n not in blocked)
    for n in blocked:
        assert "cannot go live" in bot.says(f"/spruce approve {short(bot)} {n}")
    bot.passes(minutes=30, step=15)
    assert writes(bot) == []
    assert broken_jobs(bot) == []


def test_a_made_picture_is_the_same_in_slack_and_at_meta(begin: Begin):
    bot, place = begin("google-genai"), WILLOW
    bot.world.reviews.minutes = 4
    warning, card = suggested(bot, place)
    (made,) = [one for one in proposal(bot, place).variations if one.picture]
    with bot.application.db.read(place.id) as tx:
        data = tx.pictures.get(made.picture)[0]
    assert sha256(data).hexdigest() == made.picture
    assert data in in_slack(bot, place)
    assert data not in in_slack(bot, CEDAR)
    assert approves(bot, card, made.n, CHIEF[place]) == ""
    bot.settles()
    (upload,) = bot.graph.ledger.created("adimages")
    assert (base64.b64decode(upload.params["bytes"]), upload.token) == (data, place.channel)
    found = sent(bot, place)
    assert data_of(found.spec)["image_hash"] == md5(data, usedforsecurity=False).hexdigest() == upload.made
    assert replacement(bot, place).digest == found.digest(bot, place, data)
    assert found.digest(bot, place, data)[:8] in card.words()
    assert found.kept == found.original_kept
    assert live(bot, place).state is ReplacementState.LIVE
    assert bot.notes(warning)
    (request,) = spent(bot, place)
    assert request.tokens.pictures == 1
    assert not replaced(bot)
    assert "No variations" in bot.says(f"/spruce approve {short(bot, place)} {made.n}", OWNER)


def in_slack(bot: Bot, place: Place) -> list[bytes]:
    """Every file that was uploaded to a workspace."""
    return [file["bytes"] for file in bot.slack.workspace(place.id).files.values()]


def spent(bot: Bot, place: Place = CEDAR) -> list[AiRequest]:
    """What a workspace asked Google for."""
    with bot.application.db.read(place.id) as tx:
        return list(tx.ai_usage.since(datetime(2026, 11, 1, tzinfo=UTC)))
