"""People who use the workspace: they type, click, choose, submit, and see what Slack would show them."""

from dataclasses import dataclass, replace
from typing import Any

from bot.sandbox import slack_inputs as inputs
from bot.sandbox import slack_views as views
from bot.sandbox.slack_hooks import command_reply
from bot.sandbox.slack_message import Message, NotThereError, find_element, snapshot_of
from bot.sandbox.slack_payloads import Maker
from bot.sandbox.slack_send import Outcome, Sender
from bot.sandbox.slack_spec import Json, UserSpec
from bot.sandbox.slack_state import Channel, State, Workspace
from bot.sandbox.slack_submit import after_submit

Target = Message | Json | tuple[str, str]


class ConfirmIgnoredError(AssertionError):
    """The element asks for confirmation; pass confirmed=True after a person would have confirmed."""


@dataclass(frozen=True)
class Where:
    """A message or view as the person sees it, with its blocks."""

    blocks: list[Json]
    key: str
    message: Message | None = None
    view: Json | None = None


class Person:
    """One person in one workspace."""

    def __init__(self, maker: Maker, sender: Sender, user: UserSpec) -> None:
        self.maker = maker
        self.sender = sender
        self.user = user

    @property
    def state(self) -> State:
        """The stand-in's state."""
        return self.maker.state

    @property
    def workspace(self) -> Workspace:
        """The workspace this person is in."""
        return self.maker.workspace

    def command(self, channel: str, text: str, *, command: str = "/spruce") -> Outcome:
        """Type a slash command; the reply, if any, appears in the channel."""
        with self.state.changed:
            room = self._room(channel)
            payload = self.maker.command(self.user, room, command, text)
        outcome = self.sender.send(self.workspace, "slash_commands", payload)
        error = outcome.error
        if error is None:
            ticket = self.workspace.hooks[payload["response_url"].rsplit("/", 1)[-1]]
            with self.state.changed:
                error = command_reply(self.state, self.workspace, ticket, outcome.body)
        if error is None:
            return outcome
        shown = f'{command} failed with the error "{error}"'
        return replace(outcome, ok=False, error=error, message=shown)

    def click(self, target: Target, name: str, **options: Any) -> Outcome:
        """Press a button, by action_id or by what is written on it.

        Options: block_id, confirmed=True when the element asks, stale=True to use the message as it
        was when the test kept it, state={block_id: {action_id: entry}} for what is typed beside it.
        """
        return self._operate(target, name, None, options)

    def select(self, target: Target, name: str, value: object, **options: Any) -> Outcome:
        """Choose in a select, overflow, picker or checkbox group; an option by its value or text."""
        return self._operate(target, name, (value,), options)

    def _operate(self, target: Target, name: str, value: tuple[object] | None, options: Json) -> Outcome:
        with self.state.changed:
            where = self._where(target, stale=bool(options.get("stale")))
            block, element = find_element(where.blocks, name, options.get("block_id"))
            if "confirm" in element and not options.get("confirmed"):
                raise ConfirmIgnoredError(f"{name!r} asks: {element['confirm']['title']['text']}")
            entry = inputs.entered(element, value[0]) if value else None
            payload = self._action_payload(where, (block, element), entry, options.get("state") or {})
        return self._interact(payload)

    def _action_payload(self, where: Where, pair: tuple[Json, Json], entry: Json | None, state: Json) -> Json:
        block, element = pair
        typed = self._typed(where.key)
        inputs.merge(typed, state)
        if entry and element["type"] not in inputs.STATELESS:
            inputs.merge(typed, {block["block_id"]: {element["action_id"]: entry}})
        values = inputs.state_values(where.blocks, typed)
        action = inputs.action_for(block, element, entry, self.state.next_ts())
        if where.message:
            return self.maker.message_action(self.user, where.message, action, values)
        return self.maker.view_action(self.user, where.view or {}, action, values)

    def _interact(self, payload: Json) -> Outcome:
        outcome = self.sender.send(self.workspace, "interactive", payload)
        if outcome.ok:
            return outcome
        name = self.workspace.spec.app_name
        told = {
            "operation_timeout": f"{name} did not answer within three seconds.",
            "dispatch_failed": f"{name} could not be reached.",
        }
        return replace(outcome, message=told.get(outcome.error or "", f"{name} answered with an error."))

    def type(self, target: Target, name: str, value: object) -> None:
        """Type or choose without sending anything, as in a field that does not dispatch."""
        with self.state.changed:
            where = self._where(target, stale=False)
            block, element = find_element(where.blocks, name)
            entry = inputs.entered(element, value)
            inputs.merge(self._typed(where.key), {block["block_id"]: {element["action_id"]: entry}})

    def submit(self, view: Json, values: Json | None = None) -> Outcome:
        """Submit a modal; values by block_id or action_id, plain or in Slack's state shape."""
        with self.state.changed:
            record = self._open_view(view)
            typed = self._typed(record["id"])
            inputs.merge(typed, inputs.fill(record, values or {}))
            state = inputs.state_values(record["blocks"], typed)
            if missing := inputs.required_missing(record["blocks"], state):
                raise ValueError(f"the client would not submit: {missing} are empty")
            payload = self.maker.submission(self.user, record, state)
        return after_submit(self.maker, self.user, record, self._interact(payload))

    def close(self, view: Json, *, everything: bool = False) -> Outcome | None:
        """Close the top modal, or all of them; the app hears of those that asked (notify_on_close)."""
        with self.state.changed:
            self._open_view(view)
            count = views.MOST_STACKED if everything else 1
            gone = [r.body for r in reversed(self.workspace.stacks[self.user.id])][:count]
            asked = [v for v in gone if v["notify_on_close"]]
            payloads = [self.maker.closed(self.user, v, cleared=everything) for v in asked]
            views.close(self.state, self.workspace, self.user.id, count)
        outcomes = [self._interact(payload) for payload in payloads]
        return outcomes[0] if outcomes else None

    def open_home(self) -> Outcome:
        """Open the app's Home tab; Slack tells the app each time."""
        with self.state.changed:
            room = self.workspace.direct(self.user.id)
            event: Json = {"type": "app_home_opened", "user": self.user.id, "channel": room.id, "tab": "home"}
            if record := self.workspace.homes.get(self.user.id):
                event["view"] = record.body
            event["event_ts"] = self.state.next_ts()
            payload = self.maker.event(event)
        return self.sender.event(self.workspace, payload)

    def say(self, channel: str, text: str, *, thread_ts: str | None = None) -> Message:
        """Write a message; the app hears of it if it is mentioned or subscribed."""
        with self.state.changed:
            room = self._room(channel)
            message = Message(self.state.next_ts(), room.id, self.user.id, text, self.state.now())
            if thread_ts:
                message.thread_ts = self._root(room, thread_ts)
            message.blocks = _spoken(self.state.next_id("b"), text)
            self.state.put(self.workspace, message)
            payloads = [self.maker.event(event) for event in self._heard(room, message)]
        for payload in payloads:
            self.sender.event(self.workspace, payload)
        return message

    def mention(self, channel: str, text: str, *, thread_ts: str | None = None) -> Message:
        """Write a message that begins with the app's name."""
        return self.say(channel, f"<@{self.workspace.spec.bot_user_id}> {text}", thread_ts=thread_ts)

    def _root(self, room: Channel, ts: str) -> str:
        root = room.find(ts)
        if root is None or root.is_reply:
            raise NotThereError(f"no thread {ts} in {room.name}")
        root.thread_ts = ts
        return ts

    def _heard(self, room: Channel, message: Message) -> list[Json]:
        spec = self.workspace.spec
        if spec.bot_user_id not in room.members:
            return []
        base: Json = {"user": self.user.id, "text": message.text, "ts": message.ts, "channel": room.id}
        base.update(team=spec.id, blocks=message.blocks, event_ts=message.ts)
        if message.thread_ts:
            base["thread_ts"] = message.thread_ts
        kind = "im" if room.partner else "group" if room.is_private else "channel"
        events = []
        if f"<@{spec.bot_user_id}>" in message.text and "app_mention" in spec.events:
            events.append({"type": "app_mention", **base})
        if {f"message.{kind}", f"message.{kind}s"} & set(spec.events):
            events.append({"type": "message", "channel_type": kind, **base})
        return events

    def suggest(self, target: Target, name: str, typed: str) -> Outcome:
        """Type into an external select; the answer's options are in the outcome's body."""
        with self.state.changed:
            where = self._where(target, stale=False)
            block, element = find_element(where.blocks, name)
            ids = (block["block_id"], element["action_id"])
            payload = self.maker.suggestion(self.user, where.message or where.view or {}, ids, typed)
        return self._interact(payload)

    def shortcut(self, callback_id: str, message: Message | None = None) -> Outcome:
        """Run a global shortcut, or a message shortcut on a message."""
        with self.state.changed:
            payload = self.maker.shortcut(self.user, callback_id, message)
        return self._interact(payload)

    def _room(self, channel: str) -> Channel:
        room = self.workspace.channel(channel)
        if self.user.id not in room.members:
            raise NotThereError(f"{self.user.name} is not in {channel}")
        return room

    def enter(self, key: str, entries: Json) -> None:
        """Remember state entries typed in a view or message, by its id or ts."""
        with self.state.changed:
            inputs.merge(self._typed(key), entries)

    def view(self, view_id: str) -> Json:
        """A view this person has open, by id."""
        return self._open_view({"id": view_id})

    def message(self, channel: str, ts: str) -> Message:
        """A message this person can see, as it is now."""
        return self._message((channel, ts), stale=False)

    def _typed(self, key: str) -> Json:
        return self.workspace.typed.setdefault((self.user.id, key), {})

    def _open_view(self, view: Json) -> Json:
        for record in self.workspace.views():
            if record.user == self.user.id and record.body["id"] == view["id"]:
                return record.body
        raise NotThereError(f"{self.user.name} has no view {view['id']} open")

    def _where(self, target: Target, *, stale: bool) -> Where:
        if isinstance(target, dict):
            view = target if stale else self._open_view(target)
            return Where(view["blocks"], view["id"], view=view)
        message = self._message(target, stale=stale)
        if message.ephemeral_to not in {None, self.user.id}:
            raise NotThereError("that message is shown to somebody else")
        return Where(message.all_blocks(), message.ts, message=message)

    def _message(self, target: Message | tuple[str, str], *, stale: bool) -> Message:
        if stale and isinstance(target, Message):
            return target
        channel, ts = (target.channel, target.ts) if isinstance(target, Message) else target
        for message in self._room(channel).messages:
            if message.ts == ts:
                return snapshot_of(message)
        raise NotThereError(f"no message {ts} in {channel}")


def _spoken(block_id: str, text: str) -> list[Json]:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]
