"""Slack's Web API: post, edit, look up; every failure as one of bot.errors, nothing ever sent twice."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urlsplit

from bot.domain.ids import ChannelId, UserId, WorkspaceId
from bot.errors import ChannelUnavailable, SlackError, SlackOutcomeUnknown, SlackRefused, SlackTokenDead
from bot.metrics import Metrics
from bot.slack_faults import check_response, from_answer, from_connection
from bot.views.kit import Message

EVENT_TYPE: Final = "spruce_delivery"  # the metadata by which a message is found again
HOOKS: Final = "https://hooks.slack.com"
_PAGE, _PAGES = 100, 5

_PRINTABLE = re.compile(r"[!-~]{1,2000}")


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
    ) -> None:
        self._base_url = base_url
        self._token_for = token_for
        self._timeout = timeout
        self._metrics = metrics or Metrics()
        self._ssl: Any = None

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
        answer = self._write(
            workspace_id, "chat.postMessage", {**arguments, "unfurl_links": False, "unfurl_media": False}
        )
        return ChannelId(answer["channel"]), str(answer["ts"])

    def update(self, workspace_id: WorkspaceId, channel_id: ChannelId, ts: str, message: Message) -> None:
        """Edit a message; its text and its blocks, because Slack drops blocks that are not repeated."""
        arguments = {"channel": channel_id, "ts": ts, **message.as_payload()}
        self._write(workspace_id, "chat.update", arguments)

    def delete(self, workspace_id: WorkspaceId, channel_id: ChannelId, ts: str) -> None:
        """Remove a message; one that is gone already is fine."""
        try:
            self._write(workspace_id, "chat.delete", {"channel": channel_id, "ts": ts})
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
        self._write(workspace_id, "views.publish", {"user_id": user_id, "view": view})

    def show(self, workspace_id: WorkspaceId, trigger_id: str, message: Message) -> None:
        """Show a message as a dialog, where there is no channel to answer in; within 3 seconds of a click."""
        title = {"type": "plain_text", "text": "Spruce"}
        close = {"type": "plain_text", "text": "Close"}
        view = {"type": "modal", "title": title, "close": close, "blocks": message.as_payload()["blocks"]}
        self._write(workspace_id, "views.open", {"trigger_id": trigger_id, "view": view})

    def whisper(
        self, workspace_id: WorkspaceId, channel_id: ChannelId, user_id: UserId, message: Message
    ) -> None:
        """Say something in a channel that only one person sees."""
        told = {"channel": channel_id, "user": user_id, **message.as_payload()}
        self._write(workspace_id, "chat.postEphemeral", told)

    def permalink(self, workspace_id: WorkspaceId, channel_id: ChannelId, ts: str) -> str | None:
        """The address of a message; None when there is no such message any more."""
        arguments = {"channel": channel_id, "message_ts": ts}
        try:
            answer = self._read(self._token(workspace_id), "chat.getPermalink", arguments)
        except (SlackRefused, ChannelUnavailable):
            return None
        return str(answer["permalink"])

    def identity(self, token: str) -> Identity:
        """Whose token this is."""
        answer = self._read(token, "auth.test", {})
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
        found = self._read(token, "conversations.info", {"channel": channel_id})["channel"]
        return Room(
            name=str(found.get("name", channel_id)),
            is_member=found.get("is_member") is True,
            is_archived=found.get("is_archived") is True,
        )

    def opens_sockets(self, app_token: str) -> None:
        """Ask for a socket's address and leave it unused; raises when the token may not do that."""
        self._read(app_token, "apps.connections.open", {})

    def respond(
        self, response_url: str, message: Message, *, ephemeral: bool = True, replace: bool = False
    ) -> None:
        """Answer where a person typed or clicked; needs no token, works five times within 30 minutes."""
        from slack_sdk.webhook import WebhookClient

        if not self._is_slack(response_url):
            raise SlackRefused("That address is not Slack's.", reason="slack_foreign_address")
        client = WebhookClient(
            response_url, timeout=self._timeout, ssl=self._tls(response_url), retry_handlers=[]
        )
        client.proxy = None
        body: dict[str, Any] = {**message.as_payload(), "replace_original": replace}
        body["response_type"] = "ephemeral" if ephemeral else "in_channel"
        with self._counted("response_url"):
            answer = _sent(lambda: client.send_dict(body))
            check_response(answer.status_code, answer.headers)

    def close(self) -> None:
        """Nothing stays open between calls; here so that callers need not know."""
        self._ssl = None

    def _history(
        self, workspace_id: WorkspaceId, channel_id: ChannelId, *, oldest: datetime, thread_ts: str | None
    ) -> Iterator[dict[str, Any]]:
        token = self._token(workspace_id)
        method = "conversations.replies" if thread_ts else "conversations.history"
        arguments: dict[str, Any] = {"channel": channel_id, "include_all_metadata": True, "limit": _PAGE}
        arguments |= {"oldest": f"{oldest.timestamp():.6f}", "inclusive": True}
        if thread_ts:
            arguments["ts"] = thread_ts
        for _ in range(_PAGES):
            answer = self._read(token, method, arguments)
            yield from answer["messages"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            arguments["cursor"] = cursor
        # Stopping here would call a message missing that stands on the next page.
        raise SlackError("Too much was written since to look through.", reason="slack_history_too_long")

    def _write(self, workspace_id: WorkspaceId, method: str, arguments: dict[str, Any]) -> Any:
        client = self._client(self._token(workspace_id))
        with self._counted(method):
            return _sent(lambda: client.api_call(method, json=arguments))

    def _read(self, token: str, method: str, arguments: dict[str, Any]) -> Any:
        client = self._client(token)
        form = {key: _form(value) for key, value in arguments.items()}
        with self._counted(method):
            try:
                return _sent(lambda: client.api_call(method, params=form))
            except SlackOutcomeUnknown as error:
                raise SlackError("Slack did not answer a question.", reason="slack_no_answer") from error

    def _token(self, workspace_id: WorkspaceId) -> str:
        token = self._token_for(workspace_id)
        if not token:
            raise SlackTokenDead("Spruce has no bot token for this workspace; install it again.")
        return token

    def _client(self, token: str) -> Any:
        from slack_sdk import WebClient

        # The default list of handlers sends a post again when the connection drops after Slack took it.
        client = WebClient(
            token=token,
            base_url=self._base_url,
            timeout=self._timeout,
            ssl=self._tls(self._base_url),
            retry_handlers=[],
        )
        # slack_sdk reads the proxy variables but not NO_PROXY; urllib beneath it obeys both.
        client.proxy = None
        return client

    def _tls(self, url: str) -> Any:
        if self._ssl is None and url.startswith("https:"):
            from ssl import create_default_context

            self._ssl = create_default_context()  # reading the authorities takes longer than a call
        return self._ssl

    def _is_slack(self, url: str) -> bool:
        if not _PRINTABLE.fullmatch(url):
            return False
        return _origin(url) in (_origin(self._base_url), _origin(HOOKS))

    def _counted(self, method: str) -> "_Counted":
        return _Counted(self._metrics, method)


class _Counted:
    """Counts one call under its outcome."""

    def __init__(self, metrics: Metrics, method: str) -> None:
        self._metrics = metrics
        self._method = method

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        outcome = "ok" if error is None else getattr(error, "reason", "internal")
        self._metrics.count("spruce_slack_calls_total", method=self._method, outcome=outcome)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _form(value: object) -> object:
    return ("true" if value else "false") if isinstance(value, bool) else value


def _sent(call: Callable[[], Any]) -> Any:
    from slack_sdk.errors import SlackApiError

    try:
        return call()
    except SlackApiError as error:
        # Never chained: the SDK's text repeats what Slack answered, whatever that was.
        raise from_answer(error.response) from None
    except (OSError, HTTPException, ValueError, AttributeError, LookupError) as error:
        # The last three: an answer of 200 that is no JSON object, or no text in its charset.
        raise from_connection(error) from None
