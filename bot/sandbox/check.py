"""`spruce demo --check`: does the page show an alert, and does a click on it work?"""

import json
import time
from typing import Any
from urllib.request import Request, urlopen

from bot.clock import stopwatch

Json = dict[str, Any]
_PATIENCE = 60.0
_PAUSE = 0.1


def acknowledge_first_alert(page_url: str, *, workspace: str, user: str, channel: str, began: float) -> Json:
    """Wait for the first alert on the page's channel, press Acknowledge, and see the message change.

    `began` is when the bot was started, by the stopwatch; the seconds count from there.
    """
    where = {"workspace": workspace, "user": user, "channel": channel}
    found = _wait(lambda: _acknowledgeable(_get(page_url, "messages", where)), began)
    seconds = round(stopwatch() - began, 2)
    if found is None:
        return {"ok": False, "seconds": seconds, "error": "no alert was posted"}
    message, button, block_id = found
    pressed = _post(page_url, "action", _click(where, message, button, block_id))
    if not pressed.get("ok"):
        return {"ok": False, "seconds": seconds, "error": pressed.get("message", "the click failed")}
    done = _wait(lambda: _acknowledged(_get(page_url, "messages", where), message["ts"]), began)
    return {
        "ok": done is not None,
        "seconds": seconds,
        "acknowledged_after": round(stopwatch() - began, 2),
        "alert": message["text"],
        **({} if done else {"error": "the message did not change"}),
    }


def _wait(look: Any, began: float) -> Any:
    while stopwatch() - began < _PATIENCE:
        found = look()
        if found is not None:
            return found
        time.sleep(_PAUSE)
    return None


def _acknowledgeable(messages: list[Json]) -> tuple[Json, Json, str] | None:
    for message in messages:
        for block in message["blocks"]:
            for element in block.get("elements", []):
                if element.get("action_id") == "alert.acknowledge":
                    return message, element, block["block_id"]
    return None


def _acknowledged(messages: list[Json], ts: str) -> Json | None:
    return next((one for one in messages if one["ts"] == ts and "cknowledged" in json.dumps(one)), None)


def _click(where: Json, message: Json, button: Json, block_id: str) -> Json:
    return {
        "workspace": where["workspace"],
        "user": where["user"],
        "container": {"type": "message", "channel": where["channel"], "message_ts": message["ts"]},
        "block_id": block_id,
        "action_id": button["action_id"],
        "type": "button",
        "value": button["value"],
    }


def _get(page_url: str, name: str, query: Json) -> list[Json]:
    address = f"{page_url}/api/{name}?" + "&".join(f"{key}={value}" for key, value in query.items())
    with urlopen(address, timeout=10) as answer:  # noqa: S310 - the page's own address
        return list(json.load(answer)["messages"])


def _post(page_url: str, name: str, body: Json) -> Json:
    request = Request(  # noqa: S310 - the page's own address
        f"{page_url}/api/{name}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=10) as answer:  # noqa: S310
        return dict(json.load(answer))
