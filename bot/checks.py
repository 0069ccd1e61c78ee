"""`spruce check`: tokens, scopes and reachability, each with what to fix."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from bot.clock import SystemClock
from bot.config import Settings
from bot.errors import SpruceError
from bot.manifest import SCOPES

State = Literal["ok", "missing", "fault"]


@dataclass(frozen=True, slots=True)
class Result:
    """One thing looked at."""

    subject: str
    state: State
    finding: str
    way_out: str = ""


def run(settings: Settings) -> list[Result]:
    """Look at everything; one fault never hides the others."""
    looks: list[Callable[[Settings], Iterable[Result]]] = [_database, _keys, _slack, _socket, _meta]
    results: list[Result] = []
    for look in looks:
        try:
            results += look(settings)
        except SpruceError as fault:
            results.append(Result(look.__name__.strip("_"), "fault", fault.sentence))
    return results


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

    text = settings.encryption_keys.reveal() if settings.encryption_keys else None
    if Vault.from_text(text, bytes).can_store:
        yield Result("encryption keys", "ok", "Tokens can be stored.")
    else:
        yield Result(
            "encryption keys",
            "missing",
            "Tokens in the settings work, but none can be stored.",
            "Put what `spruce check --new-key` prints into SPRUCE_ENCRYPTION_KEYS.",
        )


def _slack(settings: Settings) -> Iterable[Result]:
    from bot.slack import Slack

    if settings.slack_bot_token is None:
        yield Result(
            "slack", "missing", "SLACK_BOT_TOKEN is not set.", "Install the app and copy its bot token."
        )
        return
    slack = Slack(settings.slack_api_url, lambda _workspace: None)
    identity = slack.identity(settings.slack_bot_token.reveal())
    yield Result("slack", "ok", f"The bot is installed in {identity.team_name} ({identity.team_id}).")
    lacking = sorted(set(SCOPES) - identity.scopes)
    if identity.scopes and lacking:
        yield Result(
            "slack scopes",
            "fault",
            f"The token lacks {', '.join(lacking)}.",
            "Update the app from `spruce manifest` and install it again.",
        )
    if settings.channel is None:
        yield Result(
            "channel", "missing", "SPRUCE_CHANNEL is not set.", "Set the id (C…) of the alerts' channel."
        )


def _socket(settings: Settings) -> Iterable[Result]:
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


def _meta(settings: Settings) -> Iterable[Result]:
    from bot.meta import ads, tokens
    from bot.meta.client import GraphClient

    if settings.meta_access_token is None:
        yield Result("meta", "missing", "META_ACCESS_TOKEN is not set.", "Make a system user's token.")
        return
    secret = settings.meta_app_secret
    with GraphClient(
        settings.meta_access_token.reveal(),
        graph_url=settings.meta_graph_url,
        app_id=settings.meta_app_id,
        app_secret=None if secret is None else secret.reveal(),
        clock=SystemClock(),
    ) as client:
        info = tokens.own_permissions(client)
        if not info.valid:
            yield Result("meta", "fault", info.problem or "The token is dead.", "Make a new access token.")
            return
        accounts = ads.accounts(client)
    yield Result("meta", "ok", f"The token opens {len(accounts)} ad accounts.")
    if info.may_read() is False:
        yield Result("meta scopes", "fault", "The token lacks ads_read.", "Grant it to the system user.")
    elif info.may_change() is False:
        yield Result(
            "meta scopes", "missing", "Without ads_management ads cannot be paused.", "Grant it to pause ads."
        )
    unseen = sorted(set(settings.accounts) - {account.id for account in accounts})
    if unseen:
        yield Result(
            "accounts",
            "fault",
            f"The token does not open {', '.join(unseen)}.",
            "Assign the account to the system user.",
        )
