"""Settings: read once from a mapping, typed, every fault in one report, secrets hidden."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from bot.errors import ConfigurationFault

_TARGETS = ("cost_per_purchase", "purchase_roas", "ctr", "cpc")  # as bot.domain.targets reads them
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?%?")


class Secret:
    """A value that does not show itself; `reveal()` is easy to search for."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself."""
        return self._value

    def __repr__(self) -> str:
        """Never the value."""
        return "Secret(hidden)"

    def __eq__(self, other: object) -> bool:
        """Equal when both hide the same value."""
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        """Hash of the hidden value."""
        return hash(self._value)


def _setting(
    env: str,
    meaning: str,
    *,
    default: Any = None,
    parse: Callable[[str], Any] | None = None,
    shown: bool = True,
) -> Any:
    metadata = {"env": env, "meaning": meaning, "parse": parse or str.strip}
    if isinstance(default, Mapping):  # a mapping counts as mutable, even one that is not
        return field(default_factory=lambda: default, metadata=metadata)
    return field(default=default, repr=shown, metadata=metadata)


def _url(text: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("must be a web address such as https://example.com")
    return text.strip().rstrip("/")


def _slack_url(text: str) -> str:
    return _url(text) + "/"  # slack_sdk joins method names to a base that ends in a slash


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", text) if word)


def _accounts(text: str) -> tuple[str, ...]:
    words = _words(text)
    wrong = [word for word in words if not re.fullmatch(r"act_[0-9]{1,20}", word)]
    if wrong:
        raise ValueError(f"holds {wrong[0]!r}; an ad account is written act_ and digits")
    return words


def _targets(text: str) -> Mapping[str, Mapping[str, str]]:
    """`act_1 cost_per_purchase=450 purchase_roas=2.5; act_2 cpc=12`."""
    found: dict[str, dict[str, str]] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        account, *words = part.split()
        pairs = dict(word.partition("=")[::2] for word in words)
        odd = [name for name, value in pairs.items() if name not in _TARGETS or not _AMOUNT.fullmatch(value)]
        if not re.fullmatch(r"act_[0-9]{1,20}", account) or odd or not pairs:
            raise ValueError(
                f"holds {part[:60]!r}; write act_123 cost_per_purchase=450 purchase_roas=2.5, "
                f"with any of {', '.join(_TARGETS)}, and ; between accounts"
            )
        found[account] = pairs
    return found


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text.strip()) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return parse


def _choice(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.strip().lower() not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text.strip().lower()

    return parse


def _secret(prefix: str = "") -> Callable[[str], Secret]:
    def parse(text: str) -> Secret:
        if not text.strip().startswith(prefix):
            raise ValueError(f"must begin with {prefix}")
        return Secret(text.strip())

    return parse


def _database(text: str) -> str:
    url = text.strip()
    for given in ("postgres://", "postgresql://"):
        if url.startswith(given):  # as hosting platforms write it; we drive PostgreSQL through psycopg 3
            url = "postgresql+psycopg://" + url.removeprefix(given)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return url


@dataclass(frozen=True)
class Settings:
    """Everything that can be set. Each field names its environment variable and its meaning."""

    slack_bot_token: Secret | None = _setting(
        "SLACK_BOT_TOKEN", "Bot token of the one workspace that is set up by settings.", parse=_secret("xox")
    )
    slack_app_token: Secret | None = _setting(
        "SLACK_APP_TOKEN", "App-level token with connections:write: Socket Mode.", parse=_secret("xapp-")
    )
    slack_signing_secret: Secret | None = _setting(
        "SLACK_SIGNING_SECRET", "Checks that requests over HTTP come from Slack.", parse=_secret()
    )
    meta_access_token: Secret | None = _setting(
        "META_ACCESS_TOKEN",
        "System user's token with ads_read, and ads_management to pause ads.",
        parse=_secret(),
    )
    meta_app_id: str | None = _setting("META_APP_ID", "The Meta app's id: for checking tokens.")
    meta_app_secret: Secret | None = _setting(
        "META_APP_SECRET", "The Meta app's secret: signs every call (appsecret_proof).", parse=_secret()
    )
    gemini_api_key: Secret | None = _setting(
        "GEMINI_API_KEY", "Google AI key for writing ad copy; nothing reads it yet.", parse=_secret()
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "SQLite file or PostgreSQL database.",
        default="sqlite:///spruce.db",
        parse=_database,
        shown=False,  # it may hold a password
    )
    slack_api_url: str = _setting(
        "SLACK_API_URL", "Base of Slack's Web API.", default="https://slack.com/api/", parse=_slack_url
    )
    meta_graph_url: str = _setting(
        "META_GRAPH_URL", "Base of the Graph API.", default="https://graph.facebook.com", parse=_url
    )
    gemini_api_url: str = _setting(
        "GEMINI_API_URL",
        "Base of the Gemini API; nothing reads it yet.",
        default="https://generativelanguage.googleapis.com",
        parse=_url,
    )
    accounts: tuple[str, ...] = _setting(
        "SPRUCE_ACCOUNTS",
        "Ad accounts to watch, act_… each; empty: all the token sees.",
        default=(),
        parse=_accounts,
    )
    targets: Mapping[str, Mapping[str, str]] = _setting(
        "SPRUCE_TARGETS",
        "What accounts aim for, as act_1 cost_per_purchase=450 purchase_roas=2.5; act_2 ctr=0.9 cpc=12.",
        default=MappingProxyType({}),
        parse=_targets,
    )
    channel: str | None = _setting("SPRUCE_CHANNEL", "Channel id (C…) that alerts are posted to.")
    owners: tuple[str, ...] = _setting(
        "SPRUCE_OWNERS", "Slack user ids that may do everything.", default=(), parse=_words
    )
    approvers: tuple[str, ...] = _setting(
        "SPRUCE_APPROVERS",
        "Slack user ids that may pause and resume ads; empty and no owners: every member may.",
        default=(),
        parse=_words,
    )
    encryption_keys: Secret | None = _setting(
        "SPRUCE_ENCRYPTION_KEYS",
        "Keys for tokens at rest, id:base64 each, comma between; the first encrypts, all decrypt.",
        parse=_secret(),
    )
    public_url: str | None = _setting(
        "SPRUCE_PUBLIC_URL", "Address Slack reaches this service at, for HTTP mode.", parse=_url
    )
    port: int = _setting("PORT", "Port of the web process.", default=3000, parse=_number(0, 65535))
    host: str = _setting("SPRUCE_HOST", "Address the web process listens on.", default="127.0.0.1")
    poll_minutes: int = _setting(
        "SPRUCE_POLL_MINUTES", "Minutes between readings of an account.", default=15, parse=_number(5, 120)
    )
    keep_readings_days: int = _setting(
        "SPRUCE_KEEP_READINGS_DAYS",
        "Days that readings are kept with the time they were read.",
        default=35,
        parse=_number(7, 400),
    )
    log_level: str = _setting(
        "SPRUCE_LOG_LEVEL",
        "How much is logged.",
        default="info",
        parse=_choice("debug", "info", "warning", "error"),
    )

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read settings; raises ConfigurationFault that lists every fault, never a value."""
        values: dict[str, Any] = {}
        faults: list[str] = []
        for setting in fields(cls):
            text = env.get(setting.metadata["env"], "")
            if not text.strip():
                continue
            try:
                values[setting.name] = setting.metadata["parse"](text)
            except ValueError as fault:
                faults.append(f"{setting.metadata['env']} {fault}.")
        if faults:
            raise ConfigurationFault(faults)
        return cls(**values)

    @classmethod
    def from_process(cls) -> "Settings":
        """Read settings from this process's environment; the only place that does."""
        return cls.from_env(os.environ)

    def held(self) -> list[str]:
        """Every secret that is set, for hiding by value: most look like any other word or number."""
        given = [getattr(self, one.name) for one in fields(self)]
        texts = [value.reveal() for value in given if isinstance(value, Secret)]
        # Several keys share one setting; each of them is a secret of its own.
        return texts + [key.partition(":")[2] for text in texts for key in _words(text) if ":" in key]

    @property
    def socket_mode(self) -> bool:
        """Whether Slack's requests come by socket."""
        return self.slack_app_token is not None

    @property
    def everyone_may_change_ads(self) -> bool:
        """Nobody is named: a small team where each member may pause an ad."""
        return not self.owners and not self.approvers
