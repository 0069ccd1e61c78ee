"""One connection to the Graph API: the only importer of facebook_business.

The SDK gives the version, the headers, the certificate bundle and the session that signs every request;
the answers are read as bytes and parsed by `bot.meta`, because wrapping every row in the SDK's objects
costs several times what reading it does. No default api is ever set: two clients share nothing.
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self, overload
from urllib.parse import quote

import msgspec

from bot.clock import Clock
from bot.errors import MetaError, OutcomeUnknown, TokenDead, Transient
from bot.meta import faults, redaction, transport
from bot.meta.faults import GraphError, Kind, Verdict
from bot.meta.paging import PageT, RawPage, unreadable, walk
from bot.meta.usage import Usage, limited_score, read_usage

_CONNECTION_RETRIES = 2
_HOUR = timedelta(hours=1)
# On the limited tier an account's reads are worth 60 points that come back within 300 s, and the first one
# too many blocks it for another 300 s. A large account's first load would never end without a slower pace.
_PACED_FROM, _PACE_SECONDS = 80.0, 5.0


class _ErrorAnswer(msgspec.Struct):
    error: GraphError


class GraphClient:
    """One connection (one token) to the Graph API, no process-wide state; one thread at a time."""

    def __init__(  # noqa: PLR0913 (a connection is made of this much; all by keyword)
        self,
        token: str,
        *,
        graph_url: str,
        app_id: str | None,
        app_secret: str | None,
        clock: Clock,
        timeout: tuple[float, float] = (5, 25),
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        if not token:
            raise TokenDead("There is no access token for this account.")
        self._wire = transport.Wire(
            token, graph_url=graph_url, app_id=app_id, app_secret=app_secret, timeout=timeout
        )
        self.graph_url = graph_url.rstrip("/")
        self._secrets = self._wire.secrets
        self._clock = clock
        self._sleep = sleep
        self._usages: dict[tuple[str | None, str], Usage] = {}
        self._score = 0.0  # percent of the account's points, as the last answer said
        self._strikes = 0  # throttles since the last good answer
        self._worked: dict[str, datetime] = {}  # when each kind of call last succeeded
        self.calls = 0
        self.warnings: list[str] = []

    def __repr__(self) -> str:
        return f"GraphClient({self._wire.base!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the sockets back."""
        self._wire.close()

    @property
    def clock(self) -> Clock:
        """The clock that waits are counted from."""
        return self._clock

    @property
    def sleep(self) -> Callable[[float], object]:
        """How this connection waits."""
        return self._sleep

    @property
    def usages(self) -> list[Usage]:
        """What Meta last said about each of the limits it has named."""
        return list(self._usages.values())

    @property
    def usage(self) -> Usage | None:
        """The fullest of the limits that Meta has named, if it has named any."""
        return max(self._usages.values(), key=lambda usage: usage.percent, default=None)

    def keep_secret(self, secret: str) -> None:
        """Never show this text either, in errors or warnings; for a token that travels as a parameter."""
        self._secrets.append(secret)

    def warn(self, text: str) -> None:
        """Note something odd that did not stop the reading."""
        self.warnings.append(redaction.hide(text, self._secrets))

    def get(self, path: str, params: Mapping[str, object] | None = None) -> bytes:
        """The body of a good answer; passing faults are tried again, everything else raises."""
        sent, tries = _encode(params or {}), 0
        while True:
            outcome = self._read(path, sent)
            if isinstance(outcome, bytes):
                return outcome
            fault, retries = outcome
            if tries >= retries:
                raise fault
            self._sleep(2.0**tries)
            tries += 1

    def post(self, path: str, params: Mapping[str, object]) -> bytes:
        """Make a change, once; an end that does not say whether it was made raises OutcomeUnknown."""
        answer = self._exchange("POST", path, _encode(params))
        if isinstance(answer, transport.Broken):
            raise Transient(answer.sentence) if answer.never_sent else OutcomeUnknown(answer.sentence)
        error = _error_of(answer)
        if error is None and answer.status < 400 and _is_json(answer.body):
            self._succeeded(path)
            return answer.body
        raise self._write_fault(path, answer, error)

    @overload
    def pages(self, path: str, params: Mapping[str, object]) -> Iterator[RawPage]: ...
    @overload
    def pages(
        self, path: str, params: Mapping[str, object], decode: Callable[[bytes], PageT]
    ) -> Iterator[PageT]: ...
    def pages(
        self, path: str, params: Mapping[str, object], decode: Callable[[bytes], Any] | None = None
    ) -> Iterator[Any]:
        """Every page of a list, decoded, one at a time; nothing of a page that cannot be read is given."""

        def refuse(error: GraphError) -> MetaError:
            return self._fault(path, faults.verdict(error), error, [])

        return walk(lambda asked: self.get(path, asked), params, decode or _RAW_PAGE.decode, refuse)

    def _read(self, path: str, sent: Mapping[str, str]) -> bytes | tuple[MetaError, int]:
        answer = self._exchange("GET", path, sent)
        if isinstance(answer, transport.Broken):
            return Transient(answer.sentence, reason="meta_connection"), _CONNECTION_RETRIES
        error = _error_of(answer)
        if error is not None:
            found = faults.verdict(error)
            return self._fault(path, found, error, answer.usages), found.retries
        if answer.status >= 300 or not _looks_like_json(answer.body):
            retries = 1 if answer.status >= 500 else 0
            return Transient(self._no_answer(answer), reason="meta_unreadable"), retries
        self._succeeded(path)
        return answer.body

    def _exchange(
        self, method: str, path: str, sent: Mapping[str, str]
    ) -> "transport.Answer | transport.Broken":
        self._keep_pace(method)
        self.calls += 1
        answer = self._wire.send(method, quote(path.strip("/"), safe="/"), sent)
        if isinstance(answer, transport.Answer):
            answer.usages = read_usage(answer.headers)
            self._score = max((limited_score(usage) for usage in answer.usages), default=0.0)
            self._usages.update({(usage.account, usage.type): usage for usage in answer.usages})
        return answer

    def _keep_pace(self, method: str) -> None:
        if method == "GET" and self._score >= _PACED_FROM:
            self._sleep(_PACE_SECONDS)

    def _write_fault(self, path: str, answer: "transport.Answer", error: GraphError | None) -> MetaError:
        if error is None:
            refused = 300 <= answer.status < 500 and answer.status != 408
            return (Transient if refused else OutcomeUnknown)(self._no_answer(answer))
        found = faults.verdict(error)
        guessed = answer.status >= 500 and not faults.is_listed(error)
        if found.kind is Kind.TRANSIENT or guessed:
            return OutcomeUnknown(self._sentence(found, error), code=error.code, subcode=error.error_subcode)
        return self._fault(path, found, error, answer.usages)

    def _fault(self, path: str, found: Verdict, error: GraphError, usages: list[Usage]) -> MetaError:
        now, sentence = self._clock.now(), self._sentence(found, error)
        if faults.may_be_throttle(found):
            worked = self._worked.get(_kind_of(path))
            throttled = worked is not None and now - worked < _HOUR
        else:
            throttled = found.kind is Kind.THROTTLED
        if not throttled:
            return faults.as_exception(found, error, sentence)
        block = faults.block_time(found, usages, self._strikes)
        self._strikes += 1
        return faults.as_throttle(found, error, sentence, now=now, block=block)

    def _succeeded(self, path: str) -> None:
        self._strikes = 0
        self._worked[_kind_of(path)] = self._clock.now()

    def _sentence(self, found: Verdict, error: GraphError) -> str:
        said = redaction.hide(error.error_user_msg or error.message or "", self._secrets)[:300].strip()
        return f"{found.sentence}. Meta says: {said}" if said else f"{found.sentence}."

    def _no_answer(self, answer: "transport.Answer") -> str:
        if 300 <= answer.status < 400:
            return "Meta's address answers with a redirect, which is not followed; check META_GRAPH_URL."
        if answer.status >= 400:
            return f"Meta's address answers with status {answer.status} and no reason."
        return unreadable(answer.body)


_STARTS_WITH_ERROR = re.compile(rb'\s*\{\s*"error"\s*:')
_RAW_PAGE = msgspec.json.Decoder(RawPage)
_ERROR = msgspec.json.Decoder(_ErrorAnswer, strict=False)


def _error_of(answer: "transport.Answer") -> GraphError | None:
    # A good answer is not looked through for errors: pages are large and are parsed only once.
    if answer.status < 400 and not _STARTS_WITH_ERROR.match(answer.body):
        return None
    try:
        return _ERROR.decode(answer.body).error
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _encode(params: Mapping[str, object]) -> dict[str, str]:
    """Parameters as Meta reads them: strings and numbers bare, the rest as JSON."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        for name, value in params.items()
        if value is not None
    }


def _looks_like_json(body: bytes) -> bool:
    return body[:32].lstrip().startswith((b"{", b"["))


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return False
    return True


def _kind_of(path: str) -> str:
    """The account or edge a path belongs to; single objects count as one, so that the memory stays small."""
    first = path.strip("/").partition("/")[0]
    return first if first.startswith("act_") else "object"
