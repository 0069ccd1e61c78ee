"""auth, conversations, users, team and app connection methods (Slack, Web API methods)."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.sandbox.slack_message import Message, api_message
from bot.sandbox.slack_method import Method
from bot.sandbox.slack_spec import Json, UserSpec
from bot.sandbox.slack_state import Channel
from bot.sandbox.slack_wire import ApiError, Call

T = TypeVar("T")


def _kind(channel: Channel) -> str:
    if channel.partner:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


_FAMILY = {"im": "im", "private_channel": "groups", "public_channel": "channels"}


def _scoped(call: Call, action: str) -> Channel:
    """The channel, once the token has the scope its kind needs, such as channels:history."""
    channel = call.room()
    call.need_scope(f"{_FAMILY[_kind(channel)]}:{action}")
    return channel


def _page(call: Call, items: list[T], default: int, most: int) -> tuple[list[T], Json]:
    """One page and its response_metadata; cursors are opaque to the caller."""
    limit = call.args.number("limit", default)
    if not 1 <= limit <= most:
        raise ApiError("invalid_limit")
    cursor = call.args.text("cursor")
    try:
        start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:")) if cursor else 0
    except ValueError:
        raise ApiError("invalid_cursor") from None
    end = start + limit
    following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], {"next_cursor": following}


def describe(call: Call, channel: Channel) -> Json:
    """A conversation object."""
    kind, bot = _kind(channel), call.workspace.spec.bot_user_id
    body: Json = {
        "id": channel.id,
        "is_im": kind == "im",
        "is_channel": kind == "public_channel",
        "is_group": kind == "private_channel",
        "is_mpim": False,
        "is_private": kind != "public_channel",
        "is_archived": channel.is_archived,
        "created": 1_700_000_000,
        "context_team_id": call.workspace.id,
    }
    if channel.partner:
        return {**body, "user": channel.partner, "is_open": True}
    topic = {"value": channel.topic, "creator": "", "last_set": 0}
    names = {"name": channel.name, "name_normalized": channel.name, "topic": topic, "purpose": topic}
    return {**body, **names, "is_member": bot in channel.members, "is_general": False, "is_shared": False}


def _visible(call: Call) -> list[Channel]:
    kinds = set((call.args.text("types") or "public_channel").replace(" ", "").split(","))
    if kinds - set(_FAMILY) - {"mpim"}:
        raise ApiError("invalid_types")
    for kind in kinds & set(_FAMILY):
        call.need_scope(f"{_FAMILY[kind]}:read")
    bot = call.workspace.spec.bot_user_id
    found = [
        c
        for c in call.workspace.channels.values()
        if _kind(c) in kinds and (not c.is_private or bot in c.members)
    ]
    return [c for c in found if not (c.is_archived and call.args.flag("exclude_archived"))]


def _list(call: Call) -> Json:
    page, metadata = _page(call, _visible(call), 100, 1000)
    return {"channels": [describe(call, c) for c in page], "response_metadata": metadata}


def _of_user(call: Call) -> Json:
    user = call.args.text("user") or call.workspace.spec.bot_user_id
    page, metadata = _page(call, [c for c in _visible(call) if user in c.members], 100, 999)
    return {"channels": [describe(call, c) for c in page], "response_metadata": metadata}


def _info(call: Call) -> Json:
    channel = _scoped(call, "read")
    body = describe(call, channel)
    if call.args.flag("include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


def _readable(call: Call) -> Channel:
    channel = _scoped(call, "history")
    if call.workspace.spec.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest = call.args.text("oldest", "0"), call.args.text("latest", "99999999999")
    edge = call.args.flag("inclusive")

    def key(ts: str) -> tuple[int, int]:
        seconds, _, part = ts.partition(".")
        return int(seconds), int(part.ljust(6, "0")[:6] or 0)

    try:
        low, high = key(oldest), key(latest)
    except ValueError:
        raise ApiError("invalid_ts_oldest") from None
    return [m for m in messages if low < key(m.ts) < high or (edge and key(m.ts) in {low, high})]


def _shown(call: Call, channel: Channel, message: Message) -> Json:
    body = api_message(message, call.workspace.id, with_metadata=call.args.flag("include_all_metadata"))
    replies = [m for m in channel.messages if m.thread_ts == message.ts and m.is_reply and not m.is_ephemeral]
    if replies:
        users = list(dict.fromkeys(m.user for m in replies))
        counts = {"reply_count": len(replies), "latest_reply": replies[-1].ts}
        body.update(counts, reply_users=users, reply_users_count=len(users))
    return body


def _history(call: Call) -> Json:
    channel = _readable(call)
    stored = [m for m in channel.messages if not m.is_ephemeral and (not m.is_reply or m.reply_broadcast)]
    found = list(reversed(_between(call, stored)))
    page, metadata = _page(call, found, 100, 999)
    more = bool(metadata["next_cursor"])
    messages = [_shown(call, channel, m) for m in page]
    answer: Json = {"messages": messages, "has_more": more, "pin_count": 0}
    return {**answer, "response_metadata": metadata} if more else answer


def _replies(call: Call) -> Json:
    channel = _readable(call)
    root = channel.find(call.args.need("ts"))
    if root is None:
        raise ApiError("thread_not_found")
    thread = root.thread_ts or root.ts
    found = [m for m in channel.messages if not m.is_ephemeral and thread in {m.ts, m.thread_ts}]
    page, metadata = _page(call, found, 1000, 1000)
    messages = [_shown(call, channel, m) for m in page]
    return {"messages": messages, "has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}


def _open(call: Call) -> Json:
    users = [u for u in call.args.text("users").split(",") if u]
    if len(users) != 1:
        raise ApiError("users_list_not_supplied" if not users else "too_many_users")
    if users[0] not in call.workspace.users:
        raise ApiError("user_not_found")
    known = "D" + users[0][1:] in call.workspace.channels
    channel = call.workspace.direct(users[0])
    body = describe(call, channel) if call.args.flag("return_im") else {"id": channel.id}
    return {"channel": body, "no_op": known, "already_open": known}


def _join(call: Call) -> Json:
    channel = call.room()
    if _kind(channel) != "public_channel":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    channel.members.add(call.workspace.spec.bot_user_id)
    return {"channel": describe(call, channel)}


def _members(call: Call) -> Json:
    page, metadata = _page(call, sorted(_scoped(call, "read").members), 100, 1000)
    return {"members": page, "response_metadata": metadata}


def describe_user(call: Call, user: UserSpec) -> Json:
    """A user object; the e-mail address needs a scope of its own and is not kept here."""
    zone = ZoneInfo(user.time_zone)
    offset = zone.utcoffset(datetime.fromtimestamp(call.state.now().timestamp(), UTC).astimezone(zone))
    profile = {"real_name": user.name, "display_name": user.name, "title": user.title}
    return {
        "id": user.id,
        "team_id": call.workspace.id,
        "name": user.name.lower(),
        "real_name": user.name,
        "deleted": False,
        "is_bot": False,
        "is_admin": False,
        "tz": user.time_zone,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
    }


def _bot_user(call: Call) -> Json:
    spec = call.workspace.spec
    user = describe_user(call, UserSpec(spec.bot_user_id, spec.app_name))
    user["profile"].update(api_app_id=spec.app_id, bot_id=spec.bot_id)
    return {**user, "is_bot": True}


def _user_info(call: Call) -> Json:
    wanted = call.args.need("user")
    if wanted == call.workspace.spec.bot_user_id:
        return {"user": _bot_user(call)}
    if wanted not in call.workspace.users:
        raise ApiError("user_not_found")
    return {"user": describe_user(call, call.workspace.users[wanted])}


def _user_list(call: Call) -> Json:
    everyone = [describe_user(call, user) for user in call.workspace.users.values()] + [_bot_user(call)]
    page, metadata = _page(call, everyone, 1000, 1000)
    return {"members": page, "response_metadata": metadata}


def _team(call: Call) -> Json:
    spec = call.workspace.spec
    return {"team": {"id": spec.id, "name": spec.name, "domain": spec.domain, "icon": {}}}


def _nothing(key: str) -> Callable[[Call], Json]:
    return lambda _: {key: []}


METHODS = {
    "conversations.list": Method(_list, tier=2),
    "conversations.info": Method(_info, tier=3),
    "conversations.history": Method(_history, tier=3),
    "conversations.replies": Method(_replies, tier=3),
    "conversations.open": Method(_open, ("im:write",), tier=3),
    "conversations.join": Method(_join, ("channels:join",), tier=3),
    "conversations.members": Method(_members, tier=4),
    "users.info": Method(_user_info, ("users:read",), tier=4),
    "users.list": Method(_user_list, ("users:read",), tier=2),
    "users.conversations": Method(_of_user, tier=2),
    "team.info": Method(_team, ("team:read",), tier=3),
    "usergroups.list": Method(_nothing("usergroups"), ("usergroups:read",), tier=2),
}
