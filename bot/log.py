"""JSON-lines logging in which no secret, e-mail address or phone number survives."""

import json
import logging
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TextIO
from urllib.parse import quote

HIDDEN: Final = "[hidden]"

# Everything the standard library puts on a record; what is left was given by the caller as `extra`.
_STANDARD: Final = {*vars(logging.makeLogRecord({})), "message", "asctime", "action", "workspace", "extras"}

# At DEBUG and INFO these print request bodies and addresses, which is where tokens and people's words are.
_TALKATIVE: Final = ("slack_sdk", "slack_bolt", "urllib3", "apscheduler", "werkzeug", "waitress", "alembic")

_NAMES: Final = (
    r"access_token|appsecret_proof|app_?secret|client_secret|signing_secret|verify_token|input_token"
    r"|fb_exchange_token|refresh_token|bot_token|app_token|api_?key|encryption_key|password|authorization|cookie"
)
# The start of a word, or what follows an escaped quote in a URL, where the escape's digits look like a word.
_START: Final = r"(?:(?<!\w)|(?<=%[0-9A-Fa-f]{2}))"
_SEPARATOR: Final = r"(?:\\?[\"']?\s*(?:=|:|%3D|%3A)\s*\\?[\"']?)"

_HIDE_ALL: Final = re.compile(
    "|".join(
        [
            r"(?:xox[a-z](?:\.xox[a-z])?|xapp)-[\w-]+(?:\.[\w-]+)*",  # Slack: bot, user, app, refresh tokens
            rf"{_START}EAA[\w-]{{5,}}",  # Meta access tokens
            rf"{_START}\d{{6,}}(?:\||%7C)[\w-]{{8,}}",  # Meta app tokens: app id, bar, secret
            rf"{_START}AIza[\w-]{{8,}}",  # Google API keys
            r"(?:v0|sha1|sha256)(?:=|%3D)[0-9a-f]{16,}",  # request signatures
            r"[\w.+-]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)+",  # e-mail addresses
            r"(?:\+|%2B)\d(?:[ ().-]?\d){7,14}\b",  # phone numbers with a country code
            r"(?:\(\d{3}\) ?|\b\d{3}[-. ])\d{3}[-. ]\d{4}\b",  # phone numbers written in groups
            r"(?<![\w.-])[6-9]\d{4}[ -]?\d{5}(?![\w-]|\.\d)",  # Indian mobile numbers, no country code
        ]
    ),
    re.IGNORECASE,
)
_HIDE_REST: Final = [
    re.compile(rf"((?:{_NAMES}){_SEPARATOR}(?:(?:Bearer|Basic)\s+)?)[^\s&\"'\\,;<>)}}\]]+", re.IGNORECASE),
    re.compile(r"(\bBearer(?:\s+|%20|\+))[\w.~+/=%-]+", re.IGNORECASE),
    re.compile(r"(://[^/\s:@]*:)[^/\s@]+(?=@)"),  # the password in a database address
    re.compile(r"([?&]key=)[^\s&\"']+", re.IGNORECASE),
    # An error code such as `code=190` is short and worth keeping; an OAuth code never is.
    re.compile(rf"((?<![\w-])code{_SEPARATOR})(?!-?\d{{1,7}}(?!\w|\.\w))[\w.~%+/=|-]{{6,}}", re.IGNORECASE),
]
_SECRET_KEY: Final = re.compile(rf"^(?:{_NAMES}|token|secret|email|phone|code)$", re.IGNORECASE)


def hide_values(text: str, secrets: Collection[str]) -> str:
    """The text without these very values, bare or escaped as in an address."""
    for secret in filter(None, secrets):
        text = text.replace(secret, HIDDEN).replace(quote(secret, safe=""), HIDDEN)
    return text


def redact(text: str, secrets: Collection[str] = ()) -> str:
    """The text with everything that must not be kept replaced by a marker."""
    text = hide_values(text, secrets)
    for pattern in _HIDE_REST:
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return _HIDE_ALL.sub(HIDDEN, text)


class JsonFormatter(logging.Formatter):
    """One JSON object a line, redacted in every part: message, arguments, extras, exception and stack."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__()
        # A signing secret looks like any other number, so it can only be recognised by its value.
        self._secrets = sorted({secret for secret in secrets if len(secret) >= 6}, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "action": getattr(record, "action", record.name),
            "workspace": getattr(record, "workspace", None),
            "message": record.getMessage(),
            **_extras(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps(self._clean(line))

    def _clean(self, value: Any, key: str = "") -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if _SECRET_KEY.match(key) and value:
            return HIDDEN
        if isinstance(value, Mapping):
            return {
                redact(str(name), self._secrets): self._clean(item, str(name)) for name, item in value.items()
            }
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(item) for item in value]
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        return redact(text, self._secrets)


def configure(level: str, stream: TextIO, *, secrets: Collection[str] = ()) -> logging.Handler:
    """Send everything logged from now on to the stream, replacing what an earlier call set up."""
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler.formatter, JsonFormatter)]:
        root.removeHandler(old)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter(secrets))
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    return handler


def log(
    action: str,
    message: str = "",
    *,
    level: int = logging.INFO,
    workspace: str | None = None,
    error: BaseException | None = None,
    **extras: object,
) -> None:
    """Record that something happened: what, in which workspace, and whatever else explains it."""
    logging.getLogger("spruce").log(
        level,
        "%s",
        message or action,
        exc_info=error,
        extra={"action": action, "workspace": workspace, "extras": extras},
    )


def _extras(record: logging.LogRecord) -> dict[str, object]:
    given = {key: value for key, value in vars(record).items() if key not in _STANDARD}
    return {**given, **getattr(record, "extras", {})}
