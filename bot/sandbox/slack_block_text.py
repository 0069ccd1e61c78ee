"""Text objects, options, confirm dialogs and images: the parts that blocks and elements share.

Limits: Slack, "Block Kit reference: composition objects" and slack_sdk's models; where the two
differ the smaller number holds.
"""

import ipaddress
from urllib.parse import urlsplit

from bot.sandbox.slack_block_core import (
    At,
    Check,
    array,
    boolean,
    by_type,
    choice,
    exactly,
    exactly_one,
    shape,
    string,
)
from bot.sandbox.slack_spec import Json

action_id = string(255)
block_id = string(255)


def plain_text(high: int, low: int = 1) -> Check:
    """A plain_text object."""
    return by_type({"plain_text": _plain(high, low)})


def any_text(high: int, low: int = 1) -> Check:
    """A plain_text or mrkdwn object."""
    return by_type({"plain_text": _plain(high, low), "mrkdwn": _mrkdwn(high, low)})


def mrkdwn(high: int) -> Check:
    """A mrkdwn object."""
    return by_type({"mrkdwn": _mrkdwn(high, 1)})


def _plain(high: int, low: int) -> Check:
    return shape({"type": exactly("plain_text"), "text": string(high, low)}, {"emoji": boolean})


def _mrkdwn(high: int, low: int) -> Check:
    return shape({"type": exactly("mrkdwn"), "text": string(high, low)}, {"verbatim": boolean})


def link(value: object, at: At) -> None:
    """A web address of at most 3,000 characters."""
    string(3000)(value, at)
    if isinstance(value, str) and urlsplit(value).scheme not in {"http", "https", "mailto", "slack"}:
        at.fault("bad_format", "must be a valid URL")


def public_image(value: object, at: At) -> None:
    """An address Slack's servers could fetch: public https; anything else fails the whole message."""
    string(3000)(value, at)
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme != "https" or not _is_public(parts.hostname or ""):
        at.fault("image_unreachable", "downloading image failed")


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal"))


def slack_file(value: object, at: At) -> None:
    """An uploaded image, by id or url; it must exist, be complete, and be png, jpg or gif."""
    named = string(255, pattern=r"F[A-Z0-9]{8,}")
    shape({}, {"id": named, "url": link}, exactly_one("id", "url"))(value, at)
    if isinstance(value, dict) and (problem := at.report.file_problem(value)):
        at.fault("invalid_slack_file", problem)


IMAGE_SOURCE: dict[str, Check] = {"image_url": public_image, "slack_file": slack_file}
one_image_source = exactly_one("image_url", "slack_file")
alt_text = string(2000)
image_element = shape({"type": exactly("image"), "alt_text": alt_text}, IMAGE_SOURCE, one_image_source)

confirm = shape(
    {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": choice("primary", "danger")},
)


def option(*, rich: bool = False, url: bool = False) -> Check:
    """A choice: text 75, value 150, description 75; mrkdwn only in checkboxes and radio buttons."""
    text = any_text if rich else plain_text
    extra: dict[str, Check] = {"description": text(75)}
    if url:
        extra["url"] = link
    return shape({"text": text(75), "value": string(150)}, extra)


def options(high: int, low: int = 1, *, rich: bool = False, url: bool = False) -> Check:
    """A list of choices whose values differ."""
    items = array(option(rich=rich, url=url), low, high)

    def check(value: object, at: At) -> None:
        items(value, at)
        if isinstance(value, list):
            values = [o.get("value") for o in value if isinstance(o, dict)]
            if len(set(map(str, values))) != len(values):
                at.fault("duplicate", "option values must be unique")

    return check


option_groups = array(shape({"label": plain_text(75), "options": options(100)}), 1, 100)


def initial_is_offered(value: Json, at: At) -> None:
    """An initial option must be one of the options, word for word."""
    offered = list(value.get("options") or [])
    for group in value.get("option_groups") or []:
        offered += group.get("options", []) if isinstance(group, dict) else []
    chosen = value.get("initial_options") or [value[k] for k in ("initial_option",) if k in value]
    for entry in chosen if isinstance(chosen, list) else []:
        if entry not in offered:
            at.fault("not_offered", "initial option is not one of the options")
