"""How calls reach Slack: a new client for each, nothing ever sent twice, every failure one of bot.errors."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urlsplit

from bot.domain.ids import WorkspaceId
from bot.errors import SlackError, SlackOutcomeUnknown, SlackRefused, SlackTokenDead
from bot.metrics import Metrics
from bot.slack_faults import check_response, from_answer, from_connection, from_upload

HOOKS: Final = "https://hooks.slack.com"
FILES: Final = "https://files.slack.com"

_PRINTABLE = re.compile(r"[!-~]{1,2000}")


class Wire:
    """Slack's addresses and everybody's tokens; no token stays on a shared object."""

    def __init__(
        self,
        base_url: str,
        token_for: Callable[[WorkspaceId], str | None],
        *,
        timeout: int,
        metrics: Metrics,
    ) -> None:
        self._base_url = base_url
        self._token_for = token_for
        self._timeout = timeout
        self._metrics = metrics
        self._ssl: Any = None

    def write(self, workspace_id: WorkspaceId, method: str, arguments: dict[str, Any]) -> Any:
        """Call a method that changes something; SlackOutcomeUnknown when no answer came."""
        client = self._client(self.token(workspace_id))
        with self._counted(method):
            return _sent(lambda: client.api_call(method, json=arguments))

    def read(self, token: str, method: str, arguments: dict[str, Any]) -> Any:
        """Call a method that changes nothing, or nothing that matters; arguments travel as a form."""
        client = self._client(token)
        form = {key: _form(value) for key, value in arguments.items()}
        with self._counted(method):
            try:
                return _sent(lambda: client.api_call(method, params=form))
            except SlackOutcomeUnknown as error:
                raise SlackError("Slack did not answer a question.", reason="slack_no_answer") from error

    def respond(self, response_url: str, body: dict[str, Any]) -> None:
        """Send a body to a `response_url`; addresses that are not Slack's are refused."""
        from slack_sdk.webhook import WebhookClient

        self._demand_slack(response_url, HOOKS)
        client = WebhookClient(
            response_url, timeout=self._timeout, ssl=self._tls(response_url), retry_handlers=[]
        )
        client.proxy = None
        with self._counted("response_url"):
            answer = _sent(lambda: client.send_dict(body))
            check_response(answer.status_code, answer.headers)

    def send_bytes(self, upload_url: str, data: bytes) -> None:
        """Send a file's bytes to the address that Slack gave for it; needs no token."""
        from urllib.error import HTTPError
        from urllib.request import Request, urlopen

        self._demand_slack(upload_url, FILES)
        plain = {"Content-Type": "application/octet-stream"}
        request = Request(upload_url, data=data, headers=plain, method="POST")  # noqa: S310  looked at above
        with self._counted("upload_url"):
            try:
                urlopen(request, timeout=self._timeout, context=self._tls(upload_url)).close()  # noqa: S310
            except HTTPError as error:
                error.close()
                raise from_upload(error.code, dict(error.headers)) from None
            except (OSError, HTTPException) as error:
                raise from_connection(error) from None

    def token(self, workspace_id: WorkspaceId) -> str:
        """A workspace's bot token; SlackTokenDead where there is none."""
        token = self._token_for(workspace_id)
        if not token:
            raise SlackTokenDead("Spruce has no bot token for this workspace; install it again.")
        return token

    def close(self) -> None:
        """Nothing stays open between calls; here so that callers need not know."""
        self._ssl = None

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
        return self._ssl if url.startswith("https:") else None

    def _demand_slack(self, url: str, origin: str) -> None:
        if not _PRINTABLE.fullmatch(url) or _origin(url) not in (_origin(self._base_url), _origin(origin)):
            raise SlackRefused("That address is not Slack's.", reason="slack_foreign_address")

    @contextmanager
    def _counted(self, method: str) -> Iterator[None]:
        outcome = "internal"
        try:
            yield
            outcome = "ok"
        except SlackError as error:
            outcome = error.reason
            raise
        finally:
            self._metrics.count("spruce_slack_calls_total", method=method, outcome=outcome)


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
