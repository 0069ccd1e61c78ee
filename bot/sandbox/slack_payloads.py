"""Builds what Slack sends to an app: commands, interactions, events.

Fields: Slack, "Slash commands", "Interaction payloads", "Events API"; every one an app may read is there.
"""

import copy
import re
from dataclasses import dataclass

from bot.clock import stopwatch
from bot.sandbox.slack_inputs import state_values
from bot.sandbox.slack_message import Message, api_message
from bot.sandbox.slack_spec import Json, UserSpec
from bot.sandbox.slack_state import Channel, State, Ticket, Workspace

# Deprecated by Slack in favour of signatures but still sent with every request.
VERIFICATION_TOKEN = "sandbox-verification"  # noqa: S105


@dataclass(frozen=True)
class Maker:
    """Makes payloads for one workspace and remembers the triggers and response addresses in them."""

    state: State
    workspace: Workspace
    base_url: str

    def trigger(self, ticket: Ticket) -> str:
        """A new trigger_id: 3 s, one use."""
        value = f"{self.state.next_id('')}.{self.state.next_id('')}.{self.state.next_id('t')}"
        self.workspace.triggers[value] = ticket
        return value

    def response_url(self, family: str, ticket: Ticket) -> str:
        """A new response address: 30 minutes, five uses."""
        key = self.state.next_id("R")
        self.workspace.hooks[key] = ticket
        return f"{self.base_url}/hooks/{family}/{self.workspace.id}/{key}"

    def ticket(self, user: UserSpec, channel: Channel | None, **more: str | None) -> Ticket:
        """The origin that a trigger or response address points back to."""
        ticket = Ticket(user.id, channel.id if channel else None, stopwatch())
        for key, value in more.items():
            setattr(ticket, key, value)
        return ticket

    def command(self, user: UserSpec, channel: Channel, command: str, text: str) -> Json:
        """A slash command; commands do not work in threads, so there is no thread_ts."""
        spec = self.workspace.spec
        typed = f"{command} {text}".strip()
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": spec.id,
            "team_domain": spec.domain,
            "channel_id": channel.id,
            "channel_name": "directmessage" if channel.partner else channel.name,
            "user_id": user.id,
            "user_name": user.name.lower(),
            "command": command,
            "text": self.escape_mentions(text),
            "api_app_id": spec.app_id,
            "is_enterprise_install": "false",
            "response_url": self.response_url("commands", self.ticket(user, channel, command=typed)),
            "trigger_id": self.trigger(self.ticket(user, channel)),
        }

    def escape_mentions(self, text: str) -> str:
        """should_escape: `@Owner` and `#general` arrive as <@U…|owner> and <#C…|general>."""
        for user in self.workspace.users.values():
            text = re.sub(rf"@{re.escape(user.name)}\b", f"<@{user.id}|{user.name.lower()}>", text)
        for channel in self.workspace.channels.values():
            if channel.name:
                text = re.sub(rf"#{re.escape(channel.name)}\b", f"<#{channel.id}|{channel.name}>", text)
        return text

    def common(self, kind: str, user: UserSpec) -> Json:
        """What every interaction payload starts with."""
        spec = self.workspace.spec
        person = {"id": user.id, "username": user.name.lower(), "name": user.name.lower(), "team_id": spec.id}
        return {
            "type": kind,
            "user": person,
            "api_app_id": spec.app_id,
            "token": VERIFICATION_TOKEN,
            "team": {"id": spec.id, "domain": spec.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def message_action(self, user: UserSpec, message: Message, action: Json, values: Json) -> Json:
        """block_actions from a message; an ephemeral one carries no `message`."""
        channel = self.workspace.channels[message.channel]
        thread = message.thread_ts if message.is_reply else None
        origin = self.ticket(user, channel, message_ts=message.ts, thread_ts=thread)
        payload = self.common("block_actions", user)
        payload["container"] = message_container(message)
        payload["trigger_id"] = self.trigger(self.ticket(user, channel))
        payload["channel"] = channel_ref(channel)
        if not message.is_ephemeral:
            payload["message"] = api_message(message, self.workspace.id)
        payload["state"] = {"values": values}
        payload["response_url"] = self.response_url("actions", origin)
        return {**payload, "actions": [action]}

    def view_action(self, user: UserSpec, view: Json, action: Json, values: Json) -> Json:
        """block_actions from a modal or the Home tab; no channel, no response_url."""
        payload = self.common("block_actions", user)
        payload["container"] = {"type": "view", "view_id": view["id"]}
        payload["trigger_id"] = self.trigger(self.ticket(user, None, view_id=view["id"]))
        payload["view"] = with_state(view, values)
        payload["state"] = {"values": values}
        return {**payload, "actions": [action]}

    def submission(self, user: UserSpec, view: Json, values: Json) -> Json:
        """view_submission, with a response address for each select that asked for one."""
        payload = self.common("view_submission", user)
        payload["trigger_id"] = self.trigger(self.ticket(user, None, view_id=view["id"]))
        payload["view"] = with_state(view, values)
        return {**payload, "response_urls": list(self._response_urls(user, view, values))}

    def _response_urls(self, user: UserSpec, view: Json, values: Json) -> list[Json]:
        found = []
        for block in view["blocks"]:
            element = block.get("element", {})
            if element.get("response_url_enabled"):
                entry = values[block["block_id"]][element["action_id"]]
                chosen = entry.get("selected_conversation") or entry.get("selected_channel")
                if chosen in self.workspace.channels:
                    origin = self.ticket(user, self.workspace.channels[chosen])
                    ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
                    address = self.response_url("app", origin)
                    found.append({**ids, "channel_id": chosen, "response_url": address})
        return found

    def closed(self, user: UserSpec, view: Json, *, cleared: bool) -> Json:
        """view_closed: no trigger_id."""
        payload = self.common("view_closed", user)
        typed = self.workspace.typed.get((user.id, view["id"]), {})
        values = state_values(view["blocks"], typed)
        return {**payload, "view": with_state(view, values), "is_cleared": cleared}

    def suggestion(self, user: UserSpec, origin: Message | Json, ids: tuple[str, str], typed: str) -> Json:
        """block_suggestion: options for an external select."""
        payload = self.common("block_suggestion", user)
        payload.update(block_id=ids[0], action_id=ids[1], value=typed)
        if isinstance(origin, Message):
            payload["container"] = message_container(origin)
            payload["channel"] = channel_ref(self.workspace.channels[origin.channel])
            return {**payload, "message": api_message(origin, self.workspace.id)}
        return {**payload, "container": {"type": "view", "view_id": origin["id"]}, "view": origin}

    def shortcut(self, user: UserSpec, callback_id: str, message: Message | None) -> Json:
        """A global shortcut, or a message shortcut when a message is given."""
        payload = self.common("message_action" if message else "shortcut", user)
        channel = self.workspace.channels[message.channel] if message else None
        payload.update(callback_id=callback_id, action_ts=self.state.next_ts())
        payload["trigger_id"] = self.trigger(self.ticket(user, channel))
        if message and channel:
            origin = self.ticket(user, channel, message_ts=message.ts)
            payload["message_ts"], payload["channel"] = message.ts, channel_ref(channel)
            payload["message"] = api_message(message, self.workspace.id)
            payload["response_url"] = self.response_url("app", origin)
        return payload

    def event(self, event: Json) -> Json:
        """The Events API envelope around an event."""
        spec = self.workspace.spec
        who = {"enterprise_id": None, "team_id": spec.id, "user_id": spec.bot_user_id}
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": spec.id,
            "context_team_id": spec.id,
            "api_app_id": spec.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self.state.next_id("Ev"),
            "event_time": int(self.state.now().timestamp()),
            "event_context": self.state.next_id("4-"),
            "authorizations": [{**who, "is_bot": True, "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
        }


def message_container(message: Message) -> Json:
    """The `container` of an interaction that came from a message."""
    body: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.is_ephemeral,
        "is_app_unfurl": False,
    }
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
    if not message.blocks and message.attachments:
        body.update(type="message_attachment", attachment_id=1)
    return body


def channel_ref(channel: Channel) -> Json:
    """The short form of a channel in interaction payloads."""
    return {"id": channel.id, "name": "directmessage" if channel.partner else channel.name}


def with_state(view: Json, values: Json) -> Json:
    """A view as it is at this moment, with what the person typed."""
    return {**copy.deepcopy(view), "state": {"values": values}}
