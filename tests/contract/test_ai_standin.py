"""The stand-in for Gemini refuses what the API refuses, and answers in the API's shapes."""

import base64
import json
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from bot.ai.prompts import INSTRUCTION, message
from bot.ai.schema import read, response_schema
from bot.domain.copy_check import Against, check
from bot.domain.variations import Gravity
from bot.sandbox import gemini_script as script
from bot.sandbox.gemini_api import GeminiStandIn
from tests.contract.ai_kit import KEY, brief, png

WORDS, PICTURES = "gemini-3.8-flash", "gemini-3.1-flash-image"


@pytest.fixture
def gemini():
    stand_in = GeminiStandIn(keys=[KEY], blocked_keys=["AIza-blocked"])
    stand_in.url = stand_in.start()
    yield stand_in
    stand_in.stop()


def post(gemini, body, *, model=WORDS, key=KEY, query="", path=None):
    """Status and JSON of one request."""
    connection = HTTPConnection(urlsplit(gemini.url).netloc, timeout=10)
    headers = {"Content-Type": "application/json"} | ({"x-goog-api-key": key} if key else {})
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    try:
        connection.request("POST", path or f"/v1beta/models/{model}:generateContent{query}", data, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def body(**changes):
    """A request that is fine, with changes."""
    return {"contents": [{"role": "user", "parts": [{"text": "Hello"}]}], **changes}


def asked(whole):
    """The request for the words of a brief."""
    return {
        "contents": [{"role": "user", "parts": [{"text": message(whole)}]}],
        "system_instruction": {"parts": [{"text": INSTRUCTION}]},
        "generation_config": {
            "response_mime_type": "application/json",
            "response_schema": response_schema(whole),
        },
    }


def config(**given):
    """A request with this generationConfig."""
    return body(generationConfig=given)


def schema(value):
    """A request for JSON of this schema."""
    return config(responseMimeType="application/json", responseSchema=value)


def picture(data, mime="image/png"):
    """A request with this inline picture."""
    return body(contents=[{"parts": [{"inlineData": {"mimeType": mime, "data": data}}]}])


BAD = {
    "not JSON": b"{",
    "not an object": b"[]",
    "nothing to do": {},
    "no contents": {"contents": []},
    "no parts": {"contents": [{"role": "user", "parts": []}]},
    "unknown role": {"contents": [{"role": "system", "parts": [{"text": "x"}]}]},
    "two kinds in a part": {"contents": [{"parts": [{"text": "x", "inlineData": {}}]}]},
    "unknown field": body(prompt="x"),
    "unknown field in a part": {"contents": [{"parts": [{"txt": "x"}]}]},
    "unknown setting": config(temprature=1),
    "too much room": config(maxOutputTokens=100_000),
    "pictures from a model of words": config(responseModalities=["IMAGE"]),
    "another kind of text": config(responseMimeType="text/html"),
    "schema without JSON": config(responseSchema={"type": "STRING"}),
    "schema without type": schema({"properties": {"a": {"type": "STRING"}}}),
    "object without properties": schema({"type": "OBJECT"}),
    "required but unknown": schema(
        {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}, "required": ["b"]}
    ),
    "list of nothing": schema({"type": "ARRAY"}),
    "enum of numbers": schema({"type": "INTEGER", "enum": ["1"]}),
    "unknown keyword": schema({"type": "STRING", "pattern": "a+"}),
    "picture that is none": picture("%%%"),
    "empty picture": picture(""),
    "animation": picture(base64.b64encode(b"GIF89a").decode(), "image/gif"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_request_that_is_wrong_is_refused_as_google_does(gemini, name):
    status, answer = post(gemini, BAD[name])
    assert (status, answer["error"]["code"], answer["error"]["status"]) == (400, 400, "INVALID_ARGUMENT")
    assert gemini.requests == []


def test_key_path_and_model_must_be_right(gemini):
    status, answer = post(gemini, body(), key="AIza-wrong")
    assert (status, answer["error"]["details"][0]["reason"]) == (400, "API_KEY_INVALID")
    assert post(gemini, body(), key="")[0] == 403
    assert post(gemini, body(), key="AIza-blocked")[0] == 403
    status, answer = post(gemini, body(), model="gemini-2.0-flash")
    assert (status, answer["error"]["status"]) == (404, "NOT_FOUND")
    assert post(gemini, body(), path=f"/v1/models/{WORDS}:generateContent")[0] == 404
    assert post(gemini, body(), path=f"/v1beta/models/{WORDS}:streamGenerateContent")[0] == 404


def test_both_spellings_of_fields_and_deprecated_parameters_are_taken(gemini):
    assert post(gemini, body(generation_config={"max_output_tokens": 100, "top_p": 0.9}))[0] == 200
    (request,) = gemini.requests
    assert request.config == {"maxOutputTokens": 100, "topP": 0.9}
    assert request.deprecated == ["topP"]


def test_the_key_is_not_kept(gemini):
    post(gemini, body())
    assert KEY not in repr(gemini.requests)


def test_an_answer_has_the_shape_of_the_api(gemini):
    whole = brief()
    status, answer = post(gemini, asked(whole))
    assert status == 200
    (candidate,) = answer["candidates"]
    assert candidate["finishReason"] == "STOP"
    assert len(read(candidate["content"]["parts"][0]["text"], whole)) == 3
    usage = answer["usageMetadata"]
    counted = [usage[f"{kind}TokenCount"] for kind in ("prompt", "candidates", "thoughts")]
    assert usage["totalTokenCount"] == sum(counted)


def test_enumerations_are_numbers_where_they_are_asked_for(gemini):
    gemini.script(script.finishes("SAFETY"), script.blocks("PROHIBITED_CONTENT"), script.finishes("SAFETY"))
    query = "?%24alt=json%3Benum-encoding%3Dint"
    assert post(gemini, body(), query=query)[1]["candidates"][0]["finishReason"] == 3
    assert post(gemini, body(), query=query)[1]["promptFeedback"]["blockReason"] == 4
    assert post(gemini, body())[1]["candidates"][0]["finishReason"] == "SAFETY"


def test_a_picture_is_made_of_the_one_that_was_sent(gemini):
    sent = base64.b64encode(png()).decode()
    parts = [{"text": "By a window"}, {"inlineData": {"mimeType": "image/png", "data": sent}}]
    request = {
        "contents": [{"role": "user", "parts": parts}],
        "generationConfig": {"responseModalities": ["IMAGE"]},
    }
    answers = [post(gemini, request, model=PICTURES)[1] for _ in range(2)]
    data = [one["candidates"][0]["content"]["parts"][0]["inlineData"]["data"] for one in answers]
    assert data[0] == data[1] != sent
    assert base64.b64decode(data[0]).startswith(b"\x89PNG")
    assert post(gemini, asked(brief()), model=PICTURES)[0] == 400  # no JSON from a model of pictures


def test_what_was_scripted_comes_in_order_and_then_the_usual(gemini):
    gemini.script(script.throttles("7s"), script.fails(503), script.says("hello"))
    status, answer = post(gemini, body())
    assert (status, answer["error"]["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7s"} in answer["error"][
        "details"
    ]
    assert post(gemini, body())[0] == 503
    assert post(gemini, body())[1]["candidates"][0]["content"]["parts"] == [{"text": "hello"}]
    assert post(gemini, body())[0] == 200


def test_it_writes_enough_rounds_for_a_story(gemini):
    whole, seen = brief(), set()
    for _ in range(3):
        text = post(gemini, asked(whole))[1]["candidates"][0]["content"]["parts"][0]["text"]
        drafts = read(text, whole)
        assert seen.isdisjoint(draft.copy for draft in drafts)
        against = Against(brand=whole.brand, winners=whole.winners, earlier=whole.earlier)
        for draft in drafts:
            notes = check(draft, whole.original, against)
            assert [one.code for one in notes if one.gravity is Gravity.BLOCK] == []
        seen |= {draft.copy for draft in drafts}
        whole = brief(earlier=tuple(seen))
    assert len(seen) == 9
