"""Sends one request through the SDK's session and says what came back; decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bot.meta import redaction
from bot.meta.usage import Usage


@dataclass(slots=True)
class Answer:
    """A complete HTTP answer."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    usages: list[Usage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Broken:
    """No complete answer; `never_sent` when the request surely did not reach Meta."""

    sentence: str
    never_sent: bool


class Wire:
    """The SDK's session for one token, with timeouts, without redirects and without netrc."""

    def __init__(
        self,
        token: str,
        *,
        graph_url: str,
        app_id: str | None,
        app_secret: str | None,
        timeout: tuple[float, float],
    ) -> None:
        from facebook_business.api import FacebookAdsApi
        from facebook_business.session import FacebookSession

        session = FacebookSession(app_id, app_secret or None, token, timeout=timeout)
        session.GRAPH = graph_url.rstrip("/")
        api = FacebookAdsApi(session)
        self.base = f"{session.GRAPH}/{api.API_VERSION}"
        self.secrets = [
            secret for secret in (token, app_secret, getattr(session, "appsecret_proof", None)) if secret
        ]
        self._session = _prepared_session(session.requests, api.HTTP_DEFAULT_HEADERS)
        self._timeout = timeout
        # Proxies and certificates come from the environment; looking them up costs more than a request.
        self._routing: Mapping[str, Any] = self._session.merge_environment_settings(
            self.base, {}, True, None, None
        )
        self._template = self._prepared("GET", self.base)
        redaction.quiet_http_logs()

    def close(self) -> None:
        """Give the sockets back."""
        self._session.close()

    def send(self, method: str, path: str, params: Mapping[str, str]) -> Answer | Broken:
        """One request, one answer; never raises what a library raises, for their texts carry the token."""
        from requests.exceptions import RequestException
        from urllib3.exceptions import HTTPError

        try:
            return self._send(method, f"{self.base}/{path}", params)
        except (RequestException, HTTPError, OSError) as error:
            return _broken(error)

    def _send(self, method: str, url: str, params: Mapping[str, str]) -> Answer:
        request = self._get(url, params) if method == "GET" else self._prepared(method, url, params)
        with self._session.send(
            request, timeout=self._timeout, allow_redirects=False, **self._routing
        ) as response:
            # Read in one piece: requests' own `content` goes through thirty small chunks a page.
            content = response.raw.read(decode_content=True)
            return Answer(response.status_code, response.headers, content)

    def _get(self, url: str, params: Mapping[str, str]) -> Any:
        # As the session would prepare it, without doing its whole work again for every page.
        request = self._template.copy()
        request.url = f"{url}?{urlencode({**self._session.params, **params})}"
        return request

    def _prepared(self, method: str, url: str, form: Mapping[str, str] | None = None) -> Any:
        from requests import Request

        return self._session.prepare_request(Request(method, url, data=form))


def _prepared_session(session: Any, headers: Mapping[str, str]) -> Any:
    session.headers.update(headers)
    # Unpacking gzip takes more CPU than a page's parsing; within a data centre bytes cost less.
    session.headers["Accept-Encoding"] = "identity"
    session.auth = _no_auth  # otherwise ~/.netrc is read for every request, and could be sent
    return session


def _no_auth(request: Any) -> Any:
    return request


def _broken(error: Exception) -> Broken:
    from requests.exceptions import ConnectTimeout, Timeout
    from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, TimeoutError

    # requests keeps the pool's error, which keeps the socket's: unpack what the connection stumbled on.
    cause: object = error
    if error.args and isinstance(error.args[0], Exception):
        cause = error.args[0]
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    if isinstance(error, ConnectTimeout) or isinstance(cause, NewConnectionError | ConnectTimeoutError):
        return Broken("Meta could not be reached.", never_sent=True)
    if isinstance(error, ValueError):
        return Broken("Meta's address is not one; check META_GRAPH_URL.", never_sent=True)
    if isinstance(error, Timeout) or isinstance(cause, TimeoutError):
        return Broken("Meta did not answer in time.", never_sent=False)
    return Broken("The connection to Meta broke off before its answer was complete.", never_sent=False)
