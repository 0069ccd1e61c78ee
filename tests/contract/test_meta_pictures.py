"""Fetching an ad's picture: from Meta's hosts only, without the token, no redirects, nothing too large."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from bot.clock import SettableClock
from bot.domain.ids import AccountId
from bot.errors import BadInput, OutcomeUnknown, Transient
from bot.meta import pictures
from bot.meta.client import GraphClient
from tests.contract.meta_script import Asked, Script, Told, serving, told

CLOCK = SettableClock(datetime(2026, 11, 22, 9, tzinfo=UTC))
TOKEN = "EAAsecrettoken"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@contextmanager
def scripted(*answers: "Told | Callable[[Asked], Told]") -> Iterator[tuple[Script, GraphClient]]:
    with (
        serving(*answers) as script,
        GraphClient(
            TOKEN, graph_url=script.url, app_id="1", app_secret="s", clock=CLOCK, sleep=lambda _: None
        ) as client,
    ):
        yield script, client


@pytest.mark.parametrize(
    "data",
    [PNG, b"\xff\xd8\xff\xe0" + b"\0" * 9, b"GIF89a" + b"\0" * 9, b"RIFF\0\0\0\0WEBPVP8 "],
    ids=["png", "jpeg", "gif", "webp"],
)
def test_a_picture_on_the_configured_host_is_read_without_the_token(data: bytes) -> None:
    with scripted(Told(data, kind="image/png")) as (script, client):
        assert pictures.picture(client, f"{script.url}/pictures/1") == data
    (asked,) = script.asked
    assert asked.params == {}
    assert TOKEN not in str(asked)
    assert "Authorization" not in asked.headers


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/a.png",
        "https://fbcdn.net.example.com/a.png",
        "https://evilfbcdn.net/a.png",
        "http://scontent.fbcdn.net/a.png",
        "https://scontent.fbcdn.net:8443/a.png",
        "https://user:word@scontent.fbcdn.net/a.png",
        "https://scontent.fbcdn.net@example.com/a.png",
        "https://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/a.png",
        "file:///etc/passwd",
        "https://[::1/a.png",
        "//scontent.fbcdn.net/a.png",
        "",
    ],
)
def test_other_addresses_are_not_asked_at_all(address: str) -> None:
    with scripted(Told(PNG)) as (script, client):
        with pytest.raises(BadInput, match="own addresses"):
            pictures.picture(client, address)
        assert script.asked == []


def test_a_redirect_is_not_followed() -> None:
    away = Told(b"", status=302, headers={"Location": "http://127.0.0.1:1/secret"})
    with scripted(away) as (script, client), pytest.raises(BadInput, match="not where Meta says"):
        pictures.picture(client, f"{script.url}/a.png")
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("answer", "fault", "words"),
    [
        (Told(b"", status=404), BadInput, "not where"),
        (Told(b"", status=503), Transient, "just now"),
        (Told(b"", drop=True), Transient, "could not be fetched"),
        (Told(PNG, cut=10), Transient, "could not be fetched"),
        (Told(b"<html>", kind="image/png"), BadInput, "That is not a picture"),
        (
            Told(b"<svg/>", kind="image/svg+xml"),
            BadInput,
            "That is not a picture",
        ),
        (Told(PNG + b"\0" * pictures.LARGEST), BadInput, "larger than 10 MB"),
    ],
    ids=["gone", "busy", "dropped", "cut", "html", "svg", "huge"],
)
def test_what_is_no_picture_is_refused_in_words(answer: Told, fault: type[Exception], words: str) -> None:
    with scripted(answer) as (script, client), pytest.raises(fault, match=words):
        pictures.picture(client, f"{script.url}/a.png")


def test_an_upload_whose_hash_is_not_said_may_have_happened() -> None:
    for images in ({"bytes": {"hash": "nonsense"}}, {}):
        with scripted(told({"images": images})) as (_, client), pytest.raises(OutcomeUnknown):
            pictures.upload_picture(client, AccountId("act_1"), PNG)


def test_what_is_no_picture_is_never_uploaded() -> None:
    with scripted(told({})) as (script, client):
        with pytest.raises(BadInput):
            pictures.upload_picture(client, AccountId("act_1"), b"hello")
        assert script.asked == []
