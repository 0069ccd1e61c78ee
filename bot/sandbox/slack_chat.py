"""chat.* and reactions.add (Slack, Web API methods of these names)."""

from bot.sandbox import slack_compose as compose
from bot.sandbox.slack_message import Message, api_message
from bot.sandbox.slack_method import Method
from bot.sandbox.slack_spec import Json
from bot.sandbox.slack_state import Channel
from bot.sandbox.slack_wire import ApiError, Call, invalid_arguments

MOST_DAYS_AHEAD = 120
MOST_IN_FIVE_MINUTES = 30


def _writable(call: Call) -> Channel:
    channel = call.channel()
    if channel.is_archived:
        raise ApiError("is_archived")
    if call.workspace.spec.bot_user_id not in channel.members and not _may_post_anyway(call, channel):
        raise ApiError("not_in_channel")
    return channel


def _may_post_anyway(call: Call, channel: Channel) -> bool:
    return "chat:write.public" in call.scopes and not channel.is_private and not channel.partner


def _thread(call: Call, channel: Channel) -> str | None:
    """thread_ts must be a root message; replying to a reply is what Slack warns of."""
    ts = call.args.text("thread_ts") or None
    if ts is None:
        return None
    parent = channel.find(ts)
    if parent is None or parent.is_reply:
        raise ApiError("cannot_reply_to_message")
    parent.thread_ts = ts
    return ts


def _post(call: Call) -> Json:
    if {"username", "icon_emoji", "icon_url"} & set(call.args.values):
        call.need_scope("chat:write.customize")
    channel = _writable(call)
    content = compose.read(call.state, call.workspace, call.args)
    compose.need_something(content)
    message = compose.bot_message(call.state, call.workspace, channel, content)
    message.thread_ts = _thread(call, channel)
    message.reply_broadcast = call.args.flag("reply_broadcast") and message.is_reply
    message.subtype = "thread_broadcast" if message.reply_broadcast else None
    call.state.put(call.workspace, message)
    body = api_message(message, call.workspace.id, with_metadata=True)
    answer: Json = {"channel": channel.id, "ts": message.ts, "message": body}
    if content.warnings:
        answer["warning"] = ",".join(content.warnings)
        answer["response_metadata"] = {"warnings": content.warnings}
    return answer


def _own(call: Call, channel: Channel, verb: str) -> Message:
    message = channel.find(call.args.need("ts"))
    if message is None:
        raise ApiError("message_not_found")
    if message.bot_id != call.workspace.spec.bot_id:
        raise ApiError(f"cant_{verb}_message")
    return message


def _update(call: Call) -> Json:
    channel = call.room()
    message = _own(call, channel, "update")
    if channel.is_archived:
        raise ApiError("is_inactive")
    content = compose.read(call.state, call.workspace, call.args)
    if not content.given - {"metadata"}:
        raise ApiError("no_text")
    if len(content.text) > compose.MOST_UPDATED_TEXT:
        raise ApiError("msg_too_long")
    apply_update(call, message, content)
    body = api_message(message, call.workspace.id, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": body}


def apply_update(call: Call, message: Message, content: compose.Content) -> None:
    """Text alone removes the blocks; attachments and metadata stay; blocks hide the edited mark."""
    if "text" in content.given:
        message.text = content.text
    if content.given & {"blocks", "text", "markdown_text"}:
        message.blocks = content.blocks
    if "attachments" in content.given:
        message.attachments = content.attachments
    if content.metadata is not None:
        message.metadata = content.metadata or None
    editor = {"user": message.user, "ts": call.state.next_ts()}
    message.edited = None if message.blocks else editor
    call.state.changed_message(call.workspace, message)


def _delete(call: Call) -> Json:
    channel = call.room()
    message = _own(call, channel, "delete")
    replies = [m for m in channel.messages if m.thread_ts == message.ts and m.ts != message.ts]
    if replies:
        message.text, message.blocks, message.attachments = "This message was deleted.", [], []
        message.subtype = "tombstone"
        call.state.changed_message(call.workspace, message)
    else:
        call.state.remove(call.workspace, message)
    return {"channel": channel.id, "ts": message.ts}


def _ephemeral(call: Call) -> Json:
    channel = _writable(call)
    user = call.args.need("user")
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    content = compose.read(call.state, call.workspace, call.args)
    compose.need_something(content)
    message = compose.bot_message(call.state, call.workspace, channel, content)
    message.ephemeral_to, message.metadata = user, None
    message.thread_ts = call.args.text("thread_ts") or None
    if message.thread_ts is None or _is_active(channel, message.thread_ts):
        call.state.put(call.workspace, message)
    return {"message_ts": message.ts}


def _is_active(channel: Channel, ts: str) -> bool:
    """Somebody has replied; elsewhere Slack takes an ephemeral reply and shows it to nobody."""
    return any(m.thread_ts == ts and m.is_reply and not m.is_ephemeral for m in channel.messages)


def _permalink(call: Call) -> Json:
    channel, ts = call.room(), call.args.need("message_ts")
    if channel.find(ts) is None:
        raise ApiError("message_not_found")
    address = f"{call.base_url}/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": address}


def _schedule(call: Call) -> Json:
    channel = _writable(call)
    content = compose.read(call.state, call.workspace, call.args)
    compose.need_something(content)
    at = call.args.number("post_at", 0)
    ahead = at - call.state.now().timestamp()
    if ahead <= 0:
        raise ApiError("time_in_past")
    if ahead > MOST_DAYS_AHEAD * 86_400:
        raise ApiError("time_too_far")
    window = [
        s
        for s in call.workspace.scheduled.values()
        if (s["channel"], s["at"] // 300) == (channel.id, at // 300)
    ]
    if len(window) >= MOST_IN_FIVE_MINUTES:
        raise ApiError("restricted_too_many")
    key = call.state.next_id("Q")
    call.workspace.scheduled[key] = {"channel": channel.id, "at": at, "content": content}
    return {"scheduled_message_id": key, "channel": channel.id, "post_at": at}


def _react(call: Call) -> Json:
    message = call.room().find(call.args.need("timestamp"))
    name, user = call.args.need("name").strip(":"), call.workspace.spec.bot_user_id
    if message is None:
        raise ApiError("message_not_found")
    if not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise ApiError("invalid_name")
    found = next((r for r in message.reactions if r["name"] == name), None)
    if found and user in found["users"]:
        raise ApiError("already_reacted")
    if found is None:
        found = {"name": name, "users": [], "count": 0}
        message.reactions.append(found)
    found["users"].append(user)
    found["count"] += 1
    call.state.changed_message(call.workspace, message)
    return {}


def _validate(call: Call) -> Json:
    """Slack, blocks.validate: exactly one of blocks, message, view; faults as objects."""
    from bot.sandbox.slack_blocks import check_message, check_view
    from bot.sandbox.slack_files import file_lookup

    given = [k for k in ("blocks", "message", "view") if call.args.has(k)]
    if len(given) != 1:
        raise invalid_arguments("must provide exactly one of: blocks, message, view")
    value, files = call.args.data(given[0]), file_lookup(call.workspace)
    if given[0] == "view":
        faults = check_view(value, files=files)
    elif given[0] == "message":
        blocks = value.get("blocks") if isinstance(value, dict) else None
        faults = check_message(blocks, files=files, root="/message/blocks")
    else:
        faults = check_message(value, files=files)
    if faults:
        raise ApiError(f"invalid_{given[0]}", errors=[fault.as_json() for fault in faults])
    return {}


METHODS = {
    "chat.postMessage": Method(_post, ("chat:write",), tier=4),
    "chat.update": Method(_update, ("chat:write",), tier=3),
    "chat.delete": Method(_delete, ("chat:write",), tier=3),
    "chat.postEphemeral": Method(_ephemeral, ("chat:write",), tier=4),
    "chat.getPermalink": Method(_permalink, (), tier=5),
    "chat.scheduleMessage": Method(_schedule, ("chat:write",), tier=3),
    "reactions.add": Method(_react, ("reactions:write",), tier=3),
    "blocks.validate": Method(_validate, (), tier=3),
}
