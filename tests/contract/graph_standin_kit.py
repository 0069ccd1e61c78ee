"""A running stand-in Graph API with two accounts and three tokens, and short ways to ask it."""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import requests
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession
from PIL import Image

from bot.clock import SettableClock
from bot.sandbox.graph_access import Access
from bot.sandbox.graph_api import GraphStandIn, Manners
from bot.sandbox.world import World
from bot.sandbox.world_objects import Account

NOW = datetime(2026, 11, 20, 9, 40, tzinfo=UTC)  # 15:10 in Kolkata, 04:40 in New York
APP_ID, APP_SECRET = "1234567890123456", "app-secret"
FULL, READER, OTHER = "EAAfull", "EAAreader", "EAAother"


@dataclass
class Kit:
    """The stand-in and its clock, with a plain HTTP session."""

    standin: GraphStandIn
    clock: SettableClock
    base: str
    http: requests.Session

    @property
    def india(self) -> Account:
        return self.standin.world.accounts[0]

    @property
    def america(self) -> Account:
        return self.standin.world.accounts[1]

    def raw(
        self, path: str, token: str | None = FULL, method: str = "GET", **params: str
    ) -> requests.Response:
        query = {**({"access_token": token} if token else {}), **(params if method == "GET" else {})}
        form = params if method == "POST" else None
        return self.http.request(method, f"{self.base}/v26.0/{path}", params=query, data=form, timeout=10)

    def get(self, path: str, token: str = FULL, **params: str) -> Any:
        answer = self.raw(path, token, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, token: str = FULL, **params: str) -> Any:
        answer = self.raw(path, token, "POST", **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, path: str, token: str | None = FULL, method: str = "GET", **params: str) -> Any:
        answer = self.raw(path, token, method, **params)
        assert answer.status_code >= 400, answer.text
        error = answer.json()["error"]
        assert {"message", "type", "code", "fbtrace_id"} <= set(error)
        return error

    def rows(self, account: Account, token: str = FULL, **params: str) -> list[dict[str, Any]]:
        answer = self.get(f"{account.node_id}/insights", token, **{"limit": "500", **params})
        rows: list[dict[str, Any]] = answer["data"]
        return rows

    def ad_id(self, key: str) -> str:
        return self.standin.world.by_key(key).id

    def node(self, thing_id: str, *fields: str, token: str = FULL) -> Any:
        """An object with these fields."""
        return self.get(thing_id, token, fields=",".join(fields))

    def write(self, path: str, token: str = FULL, **params: Any) -> Any:
        """A POST whose dicts, lists and booleans are sent as JSON, as the SDK does."""
        return self.post(path, token, **as_form(params))

    def refused_write(self, path: str, token: str = FULL, **params: Any) -> Any:
        """The error that such a POST gets."""
        return self.refused(path, token, "POST", **as_form(params))

    def upload(self, data: bytes, account: Account | None = None, token: str = FULL) -> str:
        """The hash of an uploaded picture."""
        path = f"{(account or self.india).node_id}/adimages"
        encoded = base64.b64encode(data).decode()
        answer = self.post(path, token, bytes=encoded)
        return str(answer["images"]["bytes"]["hash"])

    def link_spec(self, message: str = "A new text", **data: Any) -> dict[str, Any]:
        """An object_story_spec for the Indian account, like that of an ad of its own."""
        creative = self.creative_id("in.serum.broad.lab")
        spec: dict[str, Any] = self.node(creative, "object_story_spec")["object_story_spec"]
        spec["link_data"] |= {"message": message, **data}
        return spec

    def creative_id(self, key: str) -> str:
        """What an ad of the world shows."""
        return str(self.node(self.ad_id(key), "creative")["creative"]["id"])

    def make_creative(self, message: str = "A new text", **params: Any) -> str:
        """The id of a new creative with one picture, every feature left to Meta."""
        spec = self.link_spec(message)
        made = self.write(
            f"{self.india.node_id}/adcreatives", name=f"New: {message}", object_story_spec=spec, **params
        )
        return str(made["id"])

    def make_ad(self, creative_id: str, adset: str = "in.serum.broad", **params: Any) -> str:
        """The id of a new paused ad in this ad set."""
        wanted = {"name": "New ad", "status": "PAUSED", "adset_id": self.ad_id(adset), **params}
        made = self.write(f"{self.india.node_id}/ads", creative={"creative_id": creative_id}, **wanted)
        return str(made["id"])

    @contextmanager
    def sdk(self, token: str = FULL, account: Account | None = None) -> Iterator[AdAccount]:
        """An account of the real SDK, without its process-wide default."""
        session = FacebookSession(APP_ID, APP_SECRET, token, timeout=10)
        session.GRAPH = self.base
        try:
            yield AdAccount((account or self.india).node_id, api=FacebookAdsApi(session))
        finally:
            session.requests.close()


def as_form(params: Mapping[str, Any]) -> dict[str, str]:
    """Parameters as form fields."""
    plain = (str, int, float)
    return {
        name: str(value) if isinstance(value, plain) and not isinstance(value, bool) else json.dumps(value)
        for name, value in params.items()
    }


def png(width: int = 600, height: int = 600, colour: str = "#336699") -> bytes:
    """A picture of one colour."""
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


@contextmanager
def running(world: World | None = None, manners: Manners | None = None) -> Iterator[Kit]:
    """A stand-in for the length of a test."""
    clock = SettableClock(NOW)
    world = world or World.demo(NOW)
    standin = GraphStandIn(
        world, clock, app_id=APP_ID, app_secret=APP_SECRET, tokens=_tokens(world), manners=manners
    )
    base = standin.start()
    with requests.Session() as http:
        try:
            yield Kit(standin, clock, base, http)
        finally:
            standin.stop()


def _tokens(world: World) -> Mapping[str, Access]:
    first = frozenset({world.accounts[0].id})
    tokens = {
        FULL: Access("full", first),
        READER: Access("reader", first, frozenset({"ads_read"})),
    }
    if len(world.accounts) > 1:
        tokens[OTHER] = Access("other", frozenset({world.accounts[1].id}))
    return tokens
