"""Slack's Web API: post, edit, look up; every failure as one of bot.errors, nothing ever sent twice."""

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.domain.ids import ChannelId, UserId, WorkspaceId
from bot.errors import ChannelUnavailable, SlackError, SlackRefused
from bot.metrics import Metrics
from bot.slack_files import Files
from bot.slack_wire import Wire
from bot.views import kit
from bot.views.kit import Message

EVENT_TYPE: Final = "spruce_delivery"  # the metadata by which a message is found again
_PAGE, _PAGES = 100, 5


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose token it is and what it may do (auth.test; scopes from the `x-oauth-scopes` header)."""

    team_id: WorkspaceId
    team_name: str
    bot_user_id: UserId
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Room:
    """A channel as the bot sees it (conversations.info)."""

    name: str
    is_member: bool
    is_archived: bool


class Slack:
    """One Slack, all workspaces; a new client for each call, so that no token stays on a shared object."""

    def __init__(
        self,
        base_url: str,
        token_for: Callable[[WorkspaceId], str | None],
        *,
        timeout: int = 10,
        metrics: Metrics | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._wire = Wire(base_url, token_for, timeout=timeout, metrics=metrics or Metrics())
        self._files = Files(self._wire, sleep)

    def post(
        self,
        workspace_id: WorkspaceId,
        channel_id: ChannelId,
        message: Message,
        *,
        thread_ts: str | None = None,
        delivery_id: str | None = None,
    ) -> tuple[ChannelId, str]:
        """Post a message once; the channel as Slack names it and the message's key there."""
        arguments: dict[str, Any] = {"channel": channel_id, **message.as_payload()}
        if thread_ts:
            arguments["thread_ts"] = thread_ts
        if delivery_id:
            payload = {"outbox_id": delivery_id}
            arguments["metadata"] = {"event_type": EVENT_TYPE, "event_payload": payload}
        answer = self._wire.write(
            workspace_id, "chat.postMessage", {**arguments, "unfurl_links": False, "unfurl_media": False}
        )
        return ChannelId(answer["channel"]), str(answer["ts"])

    def update(self, workspace_id: WorkspaceId, channel_id: ChannelId, ts: str, message: Message) -> None:
        """Edit a message; its text and its blocks, because Slack drops blocks that are not repeated."""
        arguments = {"channel": channel_id, "ts": ts, **message.as_payload()}
        self._wire.write(workspace_id, "chat.update", arguments)

    def delete(self, workspace_id: WorkspaceId, channel_id: ChannelId, ts: str) -> None:
        """Remove a message; one that is gone already is fine."""
        try:
            self._wire.write(workspace_id, "chat.delete", {"channel": channel_id, "ts": ts})
        except SlackRefused as error:
            if error.reason != "slack_message_not_found":
                raise

    def find(
        self,
        workspace_id: WorkspaceId,
        channel_id: ChannelId,
        *,
        delivery_ids: Collection[str],
        oldest: datetime,
        thread_ts: str | None = None,
    ) -> dict[str, list[str]]:
        """Which of these deliveries are in the channel (or thread), with every key each was posted under.

        A delivery that is missing from the answer was surely not posted between `oldest` and now.
        """
        found: dict[str, list[str]] = {}
        for posted in self._history(workspace_id, channel_id, oldest=oldest, thread_ts=thread_ts):
            metadata = posted.get("metadata") or {}
            delivery_id = str((metadata.get("event_payload") or {}).get("outbox_id", ""))
            if metadata.get("event_type") == EVENT_TYPE and delivery_id in delivery_ids:
                found.setdefault(delivery_id, []).append(str(posted["ts"]))
        return {delivery_id: sorted(keys) for delivery_id, keys in found.items()}

    def publish_home(self, workspace_id: WorkspaceId, user_id: UserId, view: dict[str, Any]) -> None:
        """Replace one person's Home tab."""
        self._wire.write(workspace_id, "views.publish", {"user_id": user_id, "view": view})

    def show(self, workspace_id: WorkspaceId, trigger_id: str, message: Message) -> None:
        """Show a message as a dialog, where there is no channel to answer in; within 3 seconds of a click."""
        view = kit.modal("Spruce", message.as_payload()["blocks"], close="Close")
        self.open_view(workspace_id, trigger_id, view)

    def open_view(self, workspace_id: WorkspaceId, trigger_id: str, view: dict[str, Any]) -> str:
        """Open a modal for the person behind a trigger, within 3 seconds and once; the view's id."""
        answer = self._wire.write(workspace_id, "views.open", {"trigger_id": trigger_id, "view": view})
        return str(answer["view"]["id"])

    def update_view(
        self, workspace_id: WorkspaceId, view_id: str, view: dict[str, Any], *, seen: str | None = None
    ) -> None:
        """Give an open modal other content; with `seen`, a view's hash, only if nobody has meanwhile.

        What was typed stays where `block_id` and `action_id` stay.
        """
        unchanged = {"hash": seen} if seen else {}
        self._wire.write(workspace_id, "views.update", {"view_id": view_id, "view": view, **unchanged})

    def whisper(
        self,
        workspace_id: WorkspaceId,
        channel_id: ChannelId,
        user_id: UserId,
        message: Message,
        *,
        thread_ts: str | None = None,
    ) -> None:
        """Say something in a channel, or in a thread that has replies, that only one person sees."""
        told = {"channel": channel_id, "user": user_id, **message.as_payload()}
        self._wire.write(
            workspace_id, "chat.postEphemeral", {**told, **({"thread_ts": thread_ts} if thread_ts else {})}
        )

    def upload(self, workspace_id: WorkspaceId, data: bytes, filename: str, title: str, alt: str) -> str:
        """Upload a picture for `kit.image_block(file_id=...)` and wait until Slack can show it; its file id.

        Repeating it is harmless, so SlackThrottled here also means that nobody knows how it ended.
        """
        return self._files.upload(workspace_id, data, filename, title, alt)

    def delete_file(self, workspace_id: WorkspaceId, file_id: str) -> None:
        """Remove an uploaded file from every message that shows it; one that is gone already is fine."""
        self._files.delete(workspace_id, file_id)

    def permalink(self, workspace_id: WorkspaceId, channel_id: ChannelId, ts: str) -> str | None:
        """The address of a message; None when there is no such message any more."""
        arguments = {"channel": channel_id, "message_ts": ts}
        try:
            answer = self._wire.read(self._wire.token(workspace_id), "chat.getPermalink", arguments)
        except (SlackRefused, ChannelUnavailable):
            return None
        return str(answer["permalink"])

    def identity(self, token: str) -> Identity:
        """Whose token this is."""
        answer = self._wire.read(token, "auth.test", {})
        headers = {name.lower(): value for name, value in answer.headers.items()}
        scopes = str(headers.get("x-oauth-scopes", "")).split(",")
        return Identity(
            team_id=WorkspaceId(answer["team_id"]),
            team_name=str(answer.get("team", "")),
            bot_user_id=UserId(answer["user_id"]),
            scopes=frozenset(scope.strip() for scope in scopes if scope.strip()),
        )

    def channel(self, token: str, channel_id: str) -> Room:
        """What the bot sees of a channel; ChannelUnavailable when it sees nothing."""
        found = self._wire.read(token, "conversations.info", {"channel": channel_id})["channel"]
        return Room(
            name=str(found.get("name", channel_id)),
            is_member=found.get("is_member") is True,
            is_archived=found.get("is_archived") is True,
        )

    def opens_sockets(self, app_token: str) -> None:
        """Ask for a socket's address and leave it unused; raises when the token may not do that."""
        self._wire.read(app_token, "apps.connections.open", {})

    def respond(
        self, response_url: str, message: Message, *, ephemeral: bool = True, replace: bool = False
    ) -> None:
        """Answer where a person typed or clicked; needs no token, works five times within 30 minutes."""
        body: dict[str, Any] = {**message.as_payload(), "replace_original": replace}
        body["response_type"] = "ephemeral" if ephemeral else "in_channel"
        self._wire.respond(response_url, body)

    def close(self) -> None:
        """Nothing stays open between calls; here so that callers need not know."""
        self._wire.close()

    def _history(
        self, workspace_id: WorkspaceId, channel_id: ChannelId, *, oldest: datetime, thread_ts: str | None
    ) -> Iterator[dict[str, Any]]:
        token = self._wire.token(workspace_id)
        method = "conversations.replies" if thread_ts else "conversations.history"
        arguments: dict[str, Any] = {"channel": channel_id, "include_all_metadata": True, "limit": _PAGE}
        arguments |= {"oldest": f"{oldest.timestamp():.6f}", "inclusive": True}
        if thread_ts:
            arguments["ts"] = thread_ts
        for _ in range(_PAGES):
            answer = self._wire.read(token, method, arguments)
            yield from answer["messages"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            arguments["cursor"] = cursor
        # Stopping here would call a message missing that stands on the next page.
        raise SlackError("Too much was written since to look through.", reason="slack_history_too_long")
