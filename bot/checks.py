"""`spruce check`: tokens, scopes and reachability, each with what to fix."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from bot import log
from bot.clock import Clock
from bot.config import Settings
from bot.errors import (
    BadRequest,
    ChannelUnavailable,
    ConfigurationFault,
    MissingPermission,
    SlackRefused,
    SlackTokenDead,
    SpruceError,
    TokenDead,
)
from bot.manifest import SCOPES

if TYPE_CHECKING:
    from bot.meta.client import GraphClient
    from bot.meta.tokens import TokenInfo
    from bot.slack import Slack

State = Literal["ok", "missing", "warning", "fault"]

EXPIRY_NOTICE: Final = timedelta(days=14)
_WAYS_OUT: Final[Mapping[type[SpruceError], str]] = {
    SlackTokenDead: "Install the app and copy its bot token into SLACK_BOT_TOKEN.",
    SlackRefused: "Update the app from `spruce manifest` and install it again.",
    TokenDead: "Make a new token and put it into META_ACCESS_TOKEN.",
    MissingPermission: "Grant the token ads_read, and assign the ad account to the system user.",
}
_RETRY: Final = "Try again; if it stays so, check the address in the settings and the network."


@dataclass(frozen=True, slots=True)
class Result:
    """One thing looked at."""

    subject: str
    state: State
    finding: str
    way_out: str = ""


def run(settings: Settings, clock: Clock) -> list[Result]:
    """Look at everything; one fault never hides the others, and no result shows a secret."""
    looks: dict[str, Callable[[], Iterable[Result]]] = {
        "database": lambda: _database(settings),
        "encryption keys": lambda: _keys(settings),
        "writer": lambda: _writer(settings, clock),
        "slack": lambda: _slack(settings),
        "channel": lambda: _channel(settings),
        "slack requests": lambda: _requests(settings),
        "slack socket": lambda: _socket(settings),
        "meta": lambda: _meta(settings, clock),
        "accounts": lambda: _accounts(settings, clock),
    }
    secrets = settings.held()
    return [
        Result(found.subject, found.state, _shown(found.finding, secrets), found.way_out)
        for subject, look in looks.items()
        for found in _guarded(subject, look)
    ]


def _guarded(subject: str, look: Callable[[], Iterable[Result]]) -> Iterator[Result]:
    try:
        yield from look()
    except SpruceError as fault:
        way_out = next((way for kind, way in _WAYS_OUT.items() if isinstance(fault, kind)), _RETRY)
        yield Result(subject, "fault", fault.sentence, way_out)
    except Exception as fault:  # its text is not shown: nobody knows what is in it
        yield Result(subject, "fault", f"It cannot be looked at ({type(fault).__name__}).", _RETRY)


def _shown(text: str, secrets: list[str]) -> str:
    # Names come from elsewhere and end up in a terminal.
    return "".join(mark if mark.isprintable() else " " for mark in log.redact(text, secrets))


def _database(settings: Settings) -> Iterable[Result]:
    from storage.db import Database
    from storage.migrate import condition
    from storage.vault import Vault

    db = Database(settings.database_url, Vault({}, bytes))
    try:
        found = condition(db.engine)
    finally:
        db.close()
    if found == "silent":
        yield Result("database", "fault", "It does not answer.", "Check DATABASE_URL and the server.")
    elif found == "behind":
        yield Result("database", "fault", "It lacks schema changes.", "Run `spruce migrate`.")
    else:
        yield Result("database", "ok", "It answers and is up to date.")


def _keys(settings: Settings) -> Iterable[Result]:
    from storage.vault import Vault

    new_key = "Put what `spruce check --new-key` prints into SPRUCE_ENCRYPTION_KEYS."
    text = settings.encryption_keys.reveal() if settings.encryption_keys else None
    try:
        can_store = Vault.from_text(text, bytes).can_store
    except ConfigurationFault as fault:
        yield Result("encryption keys", "fault", " ".join(fault.faults), new_key)
        return
    if can_store:
        yield Result("encryption keys", "ok", "Tokens can be stored.")
    else:
        finding = "Tokens in the settings work, but none can be stored."
        yield Result("encryption keys", "missing", finding, new_key)


def _slack(settings: Settings) -> Iterable[Result]:
    if settings.slack_bot_token is None:
        way_out = "Install the app and copy its bot token."
        yield Result("slack", "missing", "SLACK_BOT_TOKEN is not set.", way_out)
        return
    identity = _web_api(settings).identity(settings.slack_bot_token.reveal())
    yield Result("slack", "ok", f"The bot is installed in {identity.team_name} ({identity.team_id}).")
    lacking = sorted(set(SCOPES) - identity.scopes)
    way_out = "Update the app from `spruce manifest` and install it again."
    if not identity.scopes:
        finding = "Slack does not say which scopes the token has."
        yield Result("slack scopes", "warning", finding, "Compare the app with `spruce manifest`.")
    elif lacking:
        yield Result("slack scopes", "fault", f"The token lacks {', '.join(lacking)}.", way_out)
    else:
        yield Result("slack scopes", "ok", "The token has every scope of the manifest.")


def _channel(settings: Settings) -> Iterable[Result]:
    if settings.channel is None:
        way_out = "Set the id (C…) of the alerts' channel."
        yield Result("channel", "missing", "SPRUCE_CHANNEL is not set.", way_out)
        return
    if settings.slack_bot_token is None:
        finding = "Without SLACK_BOT_TOKEN it cannot be looked up."
        yield Result("channel", "missing", finding, "Set SLACK_BOT_TOKEN.")
        return
    try:
        room = _web_api(settings).channel(settings.slack_bot_token.reveal(), settings.channel)
    except ChannelUnavailable:
        finding = f"The bot cannot see {settings.channel}."
        way_out = "Is it the channel's id (C…), in this workspace? In a private channel type /invite @spruce."
        yield Result("channel", "fault", finding, way_out)
        return
    if room.is_archived:
        way_out = "Unarchive it, or put another channel's id into SPRUCE_CHANNEL."
        yield Result("channel", "fault", f"#{room.name} is archived.", way_out)
    elif not room.is_member:
        way_out = "Type /invite @spruce in the channel."
        yield Result("channel", "fault", f"The bot is not in #{room.name}.", way_out)
    else:
        yield Result("channel", "ok", f"The bot is in #{room.name}.")


def _requests(settings: Settings) -> Iterable[Result]:
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        yield Result(
            "slack requests",
            "fault",
            "Neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is set.",
            "Set one of them; without it no click and no command arrives.",
        )
    else:
        way = "Socket Mode" if settings.socket_mode else "signed HTTP"
        yield Result("slack requests", "ok", f"They come by {way}.")


def _socket(settings: Settings) -> Iterable[Result]:
    if settings.slack_app_token is None:
        return
    try:
        _web_api(settings).opens_sockets(settings.slack_app_token.reveal())
    except (SlackRefused, SlackTokenDead) as fault:
        finding = f"Slack does not accept SLACK_APP_TOKEN ({fault.reason.removeprefix('slack_')})."
        way_out = "Turn Socket Mode on and make an app-level token with connections:write."
        yield Result("slack socket", "fault", finding, way_out)
        return
    yield Result("slack socket", "ok", "Slack accepts SLACK_APP_TOKEN.")


def _meta(settings: Settings, clock: Clock) -> Iterable[Result]:
    if settings.meta_access_token is None:
        yield Result("meta", "missing", "META_ACCESS_TOKEN is not set.", "Make a system user's token.")
        return
    try:
        info = _token_info(settings, clock)
    except (TokenDead, BadRequest, MissingPermission):
        # The question was the app's, so this says nothing about the access token yet.
        finding = "Meta does not tell this app about the token."
        way_out = "Copy META_APP_ID and META_APP_SECRET from the app that the token was made for."
        yield Result("meta app", "fault", finding, way_out)
        return
    if not info.valid:
        yield Result("meta", "fault", info.problem or "The token is dead.", _WAYS_OUT[TokenDead])
        return
    yield Result("meta", "ok", "Meta accepts the token.")
    yield from _expiry(info, clock)
    yield _permissions(info)


def _token_info(settings: Settings, clock: Clock) -> "TokenInfo":
    from bot.meta import tokens

    token, app_id, secret = settings.meta_access_token, settings.meta_app_id, settings.meta_app_secret
    if token is None or app_id is None or secret is None:
        with _graph(settings, clock) as client:
            return tokens.own_permissions(client)
    url = settings.meta_graph_url
    return tokens.debug_token(
        token.reveal(), graph_url=url, app_id=app_id, app_secret=secret.reveal(), clock=clock
    )


def _expiry(info: "TokenInfo", clock: Clock) -> Iterable[Result]:
    ends = {"The token": info.expires_at, "The token's access to data": info.data_access_expires_at}
    way_out = "Make a new token; a system user's may be one that never ends."
    for what, end in ends.items():
        if end is None or end > clock.now() + EXPIRY_NOTICE:
            continue
        over = end <= clock.now()
        finding = f"{what} {'ended' if over else 'ends'} on {end:%Y-%m-%d} at {end:%H:%M} UTC."
        yield Result("meta expiry", "fault" if over else "warning", finding, way_out)


def _permissions(info: "TokenInfo") -> Result:
    if info.scopes is None:
        way_out = "Set META_APP_ID and META_APP_SECRET, and they are looked up; else the first pause tells."
        return Result("meta scopes", "warning", "Meta does not say what the token may do.", way_out)
    if not info.may_read():
        return Result("meta scopes", "fault", "The token lacks ads_read.", "Grant it to the system user.")
    if not info.may_change():
        finding = "Without ads_management ads cannot be paused."
        return Result("meta scopes", "missing", finding, "Grant it to pause ads.")
    return Result("meta scopes", "ok", "The token may read ads, and pause and resume them.")


def _accounts(settings: Settings, clock: Clock) -> Iterable[Result]:
    from bot.meta import ads

    if settings.meta_access_token is None:
        return
    with _graph(settings, clock) as client:
        seen = {account.id for account in ads.accounts(client)}
    unseen = sorted(set(settings.accounts) - seen)
    way_out = "Assign the account to the system user."
    if unseen:
        yield Result("accounts", "fault", f"The token does not open {', '.join(unseen)}.", way_out)
    elif not seen:
        yield Result("accounts", "fault", "The token opens no ad account.", way_out)
    else:
        yield Result("accounts", "ok", f"The token opens {len(seen)} ad account{'s' * (len(seen) > 1)}.")


def _writer(settings: Settings, clock: Clock) -> Iterable[Result]:
    """Who writes variations; asked of the settings alone, since a question to Google AI costs money."""
    from bot.ai.base import choose
    from bot.domain.ai_prices import price_of

    writer = choose(settings, clock)
    if writer.name == "offline":
        finding = "Variations are written offline, from an ad's own words."
        yield Result("writer", "missing", finding, "Set GEMINI_API_KEY to have Google AI write them.")
    elif price_of(writer.model, clock.now(), settings.ai_prices) is None:
        finding = f"Spruce does not know what the model {writer.model} costs."
        yield Result("writer", "fault", finding, "Put its price into SPRUCE_AI_PRICES.")
    else:
        most = f"for at most ₹{settings.ai_monthly_cap:,} a month in a workspace"
        yield Result("writer", "ok", f"{writer.name} writes variations with {writer.model}, {most}.")


def _graph(settings: Settings, clock: Clock) -> "GraphClient":
    from bot.meta.client import GraphClient

    token, secret = settings.meta_access_token, settings.meta_app_secret
    return GraphClient(
        "" if token is None else token.reveal(),
        graph_url=settings.meta_graph_url,
        app_id=settings.meta_app_id,
        app_secret=None if secret is None else secret.reveal(),
        clock=clock,
    )


def _web_api(settings: Settings) -> "Slack":
    from bot.slack import Slack

    return Slack(settings.slack_api_url, lambda _workspace: None)
