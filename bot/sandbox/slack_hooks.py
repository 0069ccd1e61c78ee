"""Response addresses and the replies to slash commands (Slack, "Handling user interaction: responses")."""

import copy

from bot.sandbox import slack_compose as compose
from bot.sandbox.slack_message import Message, texts
from bot.sandbox.slack_spec import Json
from bot.sandbox.slack_state import State, Ticket, Workspace
from bot.sandbox.slack_wire import ApiError, Args

MOST_USES = 5
LIFETIME = 30 * 60.0
_KEYS = {
    *("text", "blocks", "attachments", "response_type", "replace_original", "delete_original"),
    *("thread_ts", "unfurl_links", "unfurl_media", "metadata", "mrkdwn"),
}


def use(state: State, workspace: Workspace, key: str, body: object, now: float) -> None:
    """Spend one use of a response address; ApiError says why not."""
    ticket = workspace.hooks.get(key)
    if ticket is None:
        raise ApiError("no_such_url", status=404)
    if now - ticket.born > LIFETIME:
        raise ApiError("expired_url", status=404)
    if ticket.uses >= MOST_USES:
        raise ApiError("used_url", status=404)
    if not isinstance(body, dict):
        raise ApiError("invalid_payload", status=400)
    ticket.uses += 1
    respond(state, workspace, ticket, body)


def respond(state: State, workspace: Workspace, ticket: Ticket, body: Json) -> None:
    """Do what a response says: delete or replace the original, or post a new message."""
    unknown = set(body) - _KEYS
    if unknown:
        raise ApiError(f"unknown keys: {', '.join(sorted(unknown))}", status=400)
    original = _original(workspace, ticket)
    if body.get("delete_original"):
        if original:
            state.remove(workspace, original)
        return
    content = _content(state, workspace, body)
    if body.get("replace_original") and original:
        _replace(state, workspace, original, content)
        return
    message = _new(state, workspace, ticket, content)
    if body.get("response_type") != "in_channel":
        message.ephemeral_to = ticket.user
    message.thread_ts = body.get("thread_ts") or ticket.thread_ts
    state.put(workspace, message)
    ticket.message_ts = ticket.message_ts or message.ts


def _content(state: State, workspace: Workspace, body: Json) -> compose.Content:
    try:
        if _names_a_file(body.get("blocks")):
            raise ApiError("invalid_blocks")
        content = compose.read(state, workspace, Args(body))
        compose.need_something(content)
    except ApiError as error:
        raise ApiError(error.error, status=400, **error.extra) from None
    return content


def _names_a_file(node: object) -> bool:
    """A response address carries no token, so it cannot show a private file."""
    if isinstance(node, list):
        return any(map(_names_a_file, node))
    return isinstance(node, dict) and ("slack_file" in node or any(map(_names_a_file, node.values())))


def _original(workspace: Workspace, ticket: Ticket) -> Message | None:
    channel = workspace.channels.get(ticket.channel or "")
    messages = channel.messages if channel else []
    return next((m for m in messages if m.ts == ticket.message_ts), None)


def _replace(state: State, workspace: Workspace, message: Message, content: compose.Content) -> None:
    message.text = content.text
    message.blocks = copy.deepcopy(content.blocks)
    message.attachments = copy.deepcopy(content.attachments)
    if not message.is_ephemeral and not message.blocks:
        message.edited = {"user": message.user, "ts": state.next_ts()}
    state.changed_message(workspace, message)


def _new(state: State, workspace: Workspace, ticket: Ticket, content: compose.Content) -> Message:
    channel = workspace.channels[ticket.channel or ""]
    message = compose.bot_message(state, workspace, channel, content)
    message.response_to = ticket.command
    return message


def command_reply(state: State, workspace: Workspace, ticket: Ticket, body: Json | str | None) -> str | None:
    """Show what came back with a command's ack; returns an error when it cannot be shown."""
    if body is None:
        return None
    answer = {"text": body} if isinstance(body, str) else {k: v for k, v in body.items() if v is not None}
    if not any(texts([answer])) and not answer.get("blocks") and not answer.get("attachments"):
        return None
    try:
        respond(state, workspace, ticket, answer)
    except ApiError:
        return "invalid_command_response"
    return None
