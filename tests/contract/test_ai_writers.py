"""Every writer keeps to one contract; both of Google's SDKs are driven over HTTP against the stand-in.

The only tests that import the SDKs: both take seconds to load.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.ai.base import choose
from bot.ai.prompts import INSTRUCTION, message
from bot.clock import SettableClock, stopwatch
from bot.domain.creatives import Copy, Format, Part, revised_spec
from bot.domain.variations import Tokens
from bot.errors import AiMisconfigured, AiRefused, AiThrottled, AiUnavailable, AiUnreadable
from bot.sandbox import gemini_script as script
from bot.sandbox.gemini_api import GeminiStandIn
from tests.contract.ai_kit import GOOD, KEY, OTHER_KEY, brief, png, settings, variants

GOOGLE = ["google-generativeai", "google-genai"]
EVERY = [*GOOGLE, "offline"]
NOW = datetime(2026, 10, 20, 9, tzinfo=UTC)
google = pytest.mark.parametrize("writer", GOOGLE, indirect=True)
every = pytest.mark.parametrize("writer", EVERY, indirect=True)


@pytest.fixture
def gemini():
    stand_in = GeminiStandIn(keys=[KEY], blocked_keys=["AIza-blocked"])
    stand_in.url = stand_in.start()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def writer(request, gemini):
    return choose(settings(gemini.url, request.param), SettableClock(NOW))


@every
def test_a_writer_gives_variations_that_each_change_one_part(writer):
    asked = brief()
    written = writer.write(asked, timeout=20)
    assert written.writer == writer.name
    assert written.model == writer.model
    assert 1 <= len(written.drafts) <= 3
    for draft in written.drafts:
        differing = [part for part in Part if draft.copy.text_of(part) != asked.original.copy.text_of(part)]
        assert differing == [draft.changed]
        assert 0 < len(draft.angle) <= 40
    assert len({draft.copy for draft in written.drafts}) == len(written.drafts)
    assert written.offline is (writer.name == "offline")


@every
def test_what_was_shown_before_does_not_come_again(writer):
    first = writer.write(brief(), timeout=20)
    earlier = tuple(draft.copy for draft in first.drafts)
    again = writer.write(brief(earlier=earlier), timeout=20)
    assert {draft.copy for draft in again.drafts}.isdisjoint(earlier)


@every
def test_fewer_are_written_where_fewer_are_wanted(writer):
    assert len(writer.write(brief(count=1), timeout=20).drafts) == 1


@every
def test_nothing_but_the_words_of_the_ad_changes(writer):
    asked = brief()
    before = json.loads(asked.original.story_spec)
    for draft in writer.write(asked, timeout=20).drafts:
        after = revised_spec(asked.original, draft.copy)
        names = {"message", "name", "description"}
        assert {k: v for k, v in after["link_data"].items() if k not in names} == {
            k: v for k, v in before["link_data"].items() if k not in names
        }
        assert after["page_id"] == before["page_id"]


@every
def test_no_more_is_used_than_was_foreseen(writer):
    asked = brief(picture=png(), pictures_wanted=True)
    bound, used = writer.most(asked), writer.write(asked, timeout=20).tokens
    assert used.prompt <= bound.prompt
    assert used.output + used.thoughts <= bound.output
    assert used.pictures <= bound.pictures
    assert (used == Tokens()) is (writer.name == "offline")


@google
def test_the_request_holds_the_instruction_the_data_the_picture_and_nothing_else(writer, gemini):
    asked = brief(picture=png())
    writer.write(asked, timeout=20)
    (request,) = gemini.requests
    assert request.model == "gemini-3.8-flash"
    assert request.instruction == INSTRUCTION
    assert request.text == message(asked)
    assert [set(part) for part in request.parts] == [{"text"}, {"inlineData"}]
    assert request.deprecated == []
    assert not set(request.body) - {"contents", "systemInstruction", "generationConfig"}
    assert request.config["responseMimeType"] == "application/json"
    assert KEY not in json.dumps(request.body)


@google
def test_tokens_are_counted_as_google_does(writer, gemini):
    usage = {"promptTokenCount": 900, "candidatesTokenCount": 210, "thoughtsTokenCount": 400}
    step = replace(script.answers(GOOD), usage={**usage, "totalTokenCount": 1510})
    gemini.script(step)
    assert writer.write(brief(), timeout=20).tokens == Tokens(900, 210, 400)


@google
def test_an_answer_that_cannot_be_used_is_asked_for_once_more_with_what_was_wrong(writer, gemini):
    gemini.script(script.says("Sure! Here are three ideas."), script.answers(GOOD))
    written = writer.write(brief(), timeout=20)
    assert [draft.angle for draft in written.drafts] == [
        "Result first",
        "Shorter headline",
        "What it costs to ship",
    ]
    assert ["The answer was not JSON." in one.text for one in gemini.requests] == [False, True]
    assert written.tokens.thoughts == 2 * 96


@google
def test_a_second_useless_answer_is_the_last(writer, gemini):
    gemini.script(script.says("{"), script.answers(variants(("A", "headline", "See <b>it</b>"))))
    with pytest.raises(AiUnreadable, match="twice") as caught:
        writer.write(brief(count=1), timeout=20)
    assert len(gemini.requests) == 2
    assert caught.value.tokens.thoughts == 2 * 96
    assert "<b>" not in caught.value.sentence


@google
def test_an_answer_cut_off_at_its_limit_gets_more_room_once(writer, gemini):
    gemini.script(script.says('{"variants": [', finish="MAX_TOKENS"), script.answers(GOOD))
    assert len(writer.write(brief(), timeout=20).drafts) == 3
    assert [one.config["maxOutputTokens"] for one in gemini.requests] == [8192, 16384]
    gemini.script(script.finishes("MAX_TOKENS"), script.finishes("MAX_TOKENS"))
    with pytest.raises(AiRefused) as caught:
        writer.write(brief(), timeout=20)
    assert caught.value.finish == "MAX_TOKENS"
    assert len(gemini.requests) == 4


@google
@pytest.mark.parametrize(
    "reason", ["SAFETY", "RECITATION", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "BLOCKLIST"]
)
def test_a_refusal_says_why_and_is_not_repeated(writer, gemini, reason):
    gemini.script(script.finishes(reason))
    with pytest.raises(AiRefused) as caught:
        writer.write(brief(), timeout=20)
    assert caught.value.finish == reason
    assert reason in caught.value.sentence
    assert not caught.value.retryable
    assert caught.value.tokens.prompt > 0
    assert len(gemini.requests) == 1


@google
@pytest.mark.filterwarnings("ignore:Unrecognized FinishReason:UserWarning")  # google-generativeai says so
def test_a_reason_that_is_younger_than_the_sdk_is_a_refusal_too(writer, gemini):
    gemini.script(script.finishes("UNEXPECTED_TOOL_CALL"))
    with pytest.raises(AiRefused) as caught:
        writer.write(brief(), timeout=20)
    assert caught.value.finish in ("UNEXPECTED_TOOL_CALL", "UNKNOWN")


@google
@pytest.mark.parametrize("reason", ["SAFETY", "OTHER", "PROHIBITED_CONTENT"])
def test_a_blocked_prompt_is_a_refusal_of_the_ad(writer, gemini, reason):
    gemini.script(script.blocks(reason))
    with pytest.raises(AiRefused, match="does not accept this ad") as caught:
        writer.write(brief(), timeout=20)
    assert caught.value.finish == reason


@google
@pytest.mark.parametrize(
    ("delay", "seconds"), [("13.5s", 13.5), (None, 60.0), ("soon", 60.0), ("99999999s", 86_400.0)]
)
def test_a_limit_says_until_when(writer, gemini, delay, seconds):
    gemini.script(script.throttles(delay))
    with pytest.raises(AiThrottled) as caught:
        writer.write(brief(), timeout=20)
    assert caught.value.retry_after == seconds
    assert caught.value.until == NOW + timedelta(seconds=seconds)
    assert caught.value.retryable
    assert len(gemini.requests) == 1


@google
@pytest.mark.parametrize(
    "step",
    [
        script.fails(500),
        script.fails(503),
        script.fails(504),
        script.raw(b"<html>Bad gateway</html>", 502),
        script.raw(b"[]", 503),
        script.raw(b"<html>Welcome to the hotel's network</html>"),
        script.hangs_up(),
    ],
    ids=["500", "503", "504", "page", "list", "portal", "cut"],
)
def test_a_passing_fault_is_left_to_whoever_tries_later(writer, gemini, step):
    gemini.script(step)
    with pytest.raises(AiUnavailable) as caught:
        writer.write(brief(), timeout=20)
    assert caught.value.retryable
    assert len(gemini.requests) == 1


@google
@pytest.mark.parametrize("step", [script.slow(30), script.trickles(0.25)], ids=["late", "trickling"])
def test_the_deadline_holds_for_the_whole_answer(writer, gemini, step):
    writer.write(brief(), timeout=20)  # the SDK is loaded
    gemini.script(step)
    began = stopwatch()
    with pytest.raises(AiUnavailable, match="in time"):
        writer.write(brief(), timeout=1.2)
    assert stopwatch() - began < 4


@google
def test_what_was_used_before_a_failure_is_told(writer, gemini):
    gemini.script(script.says("no"), script.fails(503))
    with pytest.raises(AiUnavailable) as caught:
        writer.write(brief(), timeout=20)
    assert caught.value.tokens.prompt > 500


@pytest.mark.parametrize("name", GOOGLE)
def test_a_setting_that_is_wrong_is_named(gemini, name):
    wrong = {
        "GEMINI_MODEL": {"GEMINI_MODEL": "gemini-2.0-flash"},
        "GEMINI_API_KEY": {"GEMINI_API_KEY": "AIza-wrong"},
    }
    for setting, change in wrong.items():
        with pytest.raises(AiMisconfigured, match=setting) as caught:
            choose(settings(gemini.url, name, **change), SettableClock(NOW)).write(brief(), timeout=20)
        assert caught.value.setting == setting
        assert "AIza" not in caught.value.sentence
    blocked = settings(gemini.url, name, GEMINI_API_KEY="AIza-blocked")
    with pytest.raises(AiMisconfigured, match="GEMINI_API_KEY"):
        choose(blocked, SettableClock(NOW)).write(brief(), timeout=20)
    assert gemini.requests == []


@pytest.mark.parametrize("name", GOOGLE)
def test_two_writers_keep_their_keys_and_endpoints_apart(gemini, name):
    other = GeminiStandIn(keys=[OTHER_KEY])
    try:
        theirs = settings(other.start(), name, GEMINI_API_KEY=OTHER_KEY)
        clock = SettableClock(NOW)
        mine, yours = choose(settings(gemini.url, name), clock), choose(theirs, clock)
        for one in (mine, yours, mine):
            one.write(brief(count=1), timeout=20)
        assert (len(gemini.requests), len(other.requests)) == (2, 1)
    finally:
        other.stop()


def pictured(gemini, **changes):
    """A writer that makes pictures, and a brief that wants one."""
    writer = choose(settings(gemini.url, "google-genai"), SettableClock(NOW))
    return writer, brief(picture=png(), pictures_wanted=True, **changes)


def test_one_variation_gets_a_new_picture(gemini):
    writer, asked = pictured(gemini)
    written = writer.write(asked, timeout=20)
    (draft,) = [one for one in written.drafts if one.changed is Part.PICTURE]
    assert draft.copy == asked.original.copy
    assert draft.picture.startswith(b"\x89PNG")
    assert draft.picture != asked.picture
    assert [one.picture for one in written.drafts if one is not draft] == [b"", b""]
    assert written.tokens.pictures == 1
    words, picture = gemini.requests
    assert (words.model, picture.model) == ("gemini-3.8-flash", "gemini-3.1-flash-image")
    assert picture.config["responseModalities"] == ["IMAGE"]
    assert [set(part) for part in picture.parts] == [{"text"}, {"inlineData"}]


def test_a_picture_that_google_refuses_leaves_the_other_variations(gemini):
    writer, asked = pictured(gemini)
    gemini.script(script.Step(), script.finishes("IMAGE_SAFETY"))
    written = writer.write(asked, timeout=20)
    assert [one.changed for one in written.drafts] == [Part.PRIMARY_TEXT, Part.HEADLINE]
    assert written.tokens.pictures == 0
    alone = script.answers(variants(("Another setting", "picture", "On a table by a window.")))
    gemini.script(alone, script.finishes("IMAGE_SAFETY"))
    with pytest.raises(AiRefused) as caught:
        writer.write(replace(asked, count=1), timeout=20)
    assert caught.value.tokens.thoughts == 2 * 96


def test_a_picture_model_that_is_unknown_is_named_with_its_own_setting(gemini):
    _writer, asked = pictured(gemini)
    wrong = settings(gemini.url, "google-genai", GEMINI_IMAGE_MODEL="imagen-4.0")
    with pytest.raises(AiMisconfigured, match="GEMINI_IMAGE_MODEL") as caught:
        choose(wrong, SettableClock(NOW)).write(asked, timeout=20)
    assert caught.value.tokens.prompt > 0


def test_what_is_no_picture_is_not_taken_for_one(gemini):
    writer, asked = pictured(gemini)
    gemini.script(script.Step(), script.says("I cannot draw that, but here is a poem."))
    assert Part.PICTURE not in {one.changed for one in writer.write(asked, timeout=20).drafts}


@google
def test_no_picture_is_asked_for_where_none_can_be_used(writer, gemini):
    video = replace(brief().original, format=Format.VIDEO)
    for asked in (
        brief(original=video, picture=png(), pictures_wanted=True),
        brief(picture=b"GIF89a...", pictures_wanted=True),
        brief(pictures_wanted=True),
    ):
        writer.write(asked, timeout=20)
    assert [one for one in gemini.requests if "picture" in json.dumps(one.config)] == []


@google
def test_an_ad_in_another_script_arrives_as_it_is(writer, gemini):
    hindi = Copy("14 दिनों में दिखने वाली चमक। आज ही ऑर्डर करें।", "14 दिनों में चमक")
    answer = variants(("Order first", "primary_text", "आज ही ऑर्डर करें। 14 दिनों में दिखने वाली चमक।"))
    gemini.script(script.answers(answer))
    (draft,) = writer.write(brief(hindi, count=1), timeout=20).drafts
    assert draft.copy.primary_text == "आज ही ऑर्डर करें। 14 दिनों में दिखने वाली चमक।"
    assert hindi.primary_text in gemini.requests[0].text
