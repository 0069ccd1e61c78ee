"""Settings: read once from a mapping, typed, every fault in one report, secrets hidden."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from bot import parsing
from bot.errors import ConfigurationFault


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


def _secret(prefix: str = "") -> Callable[[str], Secret]:
    def parse(text: str) -> Secret:
        if not text.strip().startswith(prefix):
            raise ValueError(f"must begin with {prefix}")
        return Secret(text.strip())

    return parse


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
        "GEMINI_API_KEY",
        "Google AI key: variations of tired ads are written with it.",
        parse=_secret(),
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "SQLite file or PostgreSQL database.",
        default="sqlite:///spruce.db",
        parse=parsing.database,
        shown=False,  # it may hold a password
    )
    slack_api_url: str = _setting(
        "SLACK_API_URL", "Base of Slack's Web API.", default="https://slack.com/api/", parse=parsing.slack_url
    )
    meta_graph_url: str = _setting(
        "META_GRAPH_URL", "Base of the Graph API.", default="https://graph.facebook.com", parse=parsing.url
    )
    gemini_api_url: str = _setting(
        "GEMINI_API_URL",
        "Base of the Gemini API.",
        default="https://generativelanguage.googleapis.com",
        parse=parsing.url,
    )
    accounts: tuple[str, ...] = _setting(
        "SPRUCE_ACCOUNTS",
        "Ad accounts to watch, act_… each; empty: all the token sees.",
        default=(),
        parse=parsing.accounts,
    )
    targets: Mapping[str, Mapping[str, str]] = _setting(
        "SPRUCE_TARGETS",
        "What accounts aim for, as act_1 cost_per_purchase=450 purchase_roas=2.5; act_2 ctr=0.9 cpc=12.",
        default=MappingProxyType({}),
        parse=parsing.targets,
    )
    channel: str | None = _setting("SPRUCE_CHANNEL", "Channel id (C…) that alerts are posted to.")
    owners: tuple[str, ...] = _setting(
        "SPRUCE_OWNERS", "Slack user ids that may do everything.", default=(), parse=parsing.words
    )
    approvers: tuple[str, ...] = _setting(
        "SPRUCE_APPROVERS",
        "Slack user ids that may pause and resume ads; empty and no owners: every member may.",
        default=(),
        parse=parsing.words,
    )
    ai_writer: str = _setting(
        "SPRUCE_AI_WRITER",
        "Who writes variations; auto: google-generativeai where GEMINI_API_KEY is set, else offline.",
        default="auto",
        parse=parsing.choice("auto", "google-generativeai", "google-genai", "offline"),
    )
    gemini_model: str = _setting(
        "GEMINI_MODEL", "Model that writes words.", default="gemini-3.8-flash", parse=parsing.model
    )
    gemini_image_model: str = _setting(
        "GEMINI_IMAGE_MODEL",
        "Model that makes pictures, with SPRUCE_AI_WRITER=google-genai.",
        default="gemini-3.1-flash-image",
        parse=parsing.model,
    )
    ai_prices: Mapping[str, tuple[str, str]] = _setting(
        "SPRUCE_AI_PRICES",
        "Prices of models that Spruce does not know or that changed, as gemini-3.8-flash:0.75/3.75.",
        default=MappingProxyType({}),
        parse=parsing.prices,
    )
    ai_picture_price: str = _setting(
        "SPRUCE_AI_PICTURE_PRICE", "US dollars for one made picture.", default="0.134", parse=parsing.amount
    )
    usd_inr: str = _setting(
        "SPRUCE_USD_INR", "Rupees for one US dollar, for what AI costs.", default="85", parse=parsing.amount
    )
    ai_monthly_cap: int = _setting(
        "SPRUCE_AI_MONTHLY_CAP",
        "Rupees that a workspace may spend on Google AI in a month; 0: nothing.",
        default=3090,
        parse=parsing.number(0, 10_000_000),
    )
    approval_hours: int = _setting(
        "SPRUCE_APPROVAL_HOURS",
        "Hours that variations wait for a decision.",
        default=48,
        parse=parsing.number(1, 336),
    )
    two_approvers_above: Mapping[str, int] = _setting(
        "SPRUCE_TWO_APPROVERS_ABOVE",
        "Spend of an ad in 7 days from which two people must approve, by currency; none: one is enough.",
        default=MappingProxyType({"INR": 100_000, "USD": 1_500}),
        parse=parsing.money_by_currency,
    )
    replace_mode: str = _setting(
        "SPRUCE_REPLACE_MODE",
        "How a new creative goes live: in a new ad beside the old one, in place, or in a split test.",
        default="beside",
        parse=parsing.choice("beside", "in_place", "test"),
    )
    replacements_per_day: int = _setting(
        "SPRUCE_REPLACEMENTS_PER_DAY",
        "Replacements that may begin in an account within 24 hours.",
        default=5,
        parse=parsing.number(1, 100),
    )
    cooldown_hours: int = _setting(
        "SPRUCE_COOLDOWN_HOURS",
        "Hours between two edits of one ad set, since each restarts its learning.",
        default=24,
        parse=parsing.number(0, 336),
    )
    encryption_keys: Secret | None = _setting(
        "SPRUCE_ENCRYPTION_KEYS",
        "Keys for tokens at rest, id:base64 each, comma between; the first encrypts, all decrypt.",
        parse=_secret(),
    )
    public_url: str | None = _setting(
        "SPRUCE_PUBLIC_URL", "Address Slack reaches this service at, for HTTP mode.", parse=parsing.url
    )
    port: int = _setting("PORT", "Port of the web process.", default=3000, parse=parsing.number(0, 65535))
    host: str = _setting("SPRUCE_HOST", "Address the web process listens on.", default="127.0.0.1")
    poll_minutes: int = _setting(
        "SPRUCE_POLL_MINUTES",
        "Minutes between readings of an account.",
        default=15,
        parse=parsing.number(5, 120),
    )
    keep_readings_days: int = _setting(
        "SPRUCE_KEEP_READINGS_DAYS",
        "Days that readings are kept with the time they were read.",
        default=35,
        parse=parsing.number(7, 400),
    )
    log_level: str = _setting(
        "SPRUCE_LOG_LEVEL",
        "How much is logged.",
        default="info",
        parse=parsing.choice("debug", "info", "warning", "error"),
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
        return texts + [key.partition(":")[2] for text in texts for key in parsing.words(text) if ":" in key]

    @property
    def socket_mode(self) -> bool:
        """Whether Slack's requests come by socket."""
        return self.slack_app_token is not None

    @property
    def everyone_may_change_ads(self) -> bool:
        """Nobody is named: a small team where each member may pause an ad."""
        return not self.owners and not self.approvers
