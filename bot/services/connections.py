"""Connections to Meta: which token reads which account."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.config import Settings
from bot.domain.alerts import Ending, Policy, not_found
from bot.domain.ids import AccountId, ChannelId, WorkspaceId
from bot.domain.structure import Account
from bot.domain.targets import read_targets
from bot.errors import TokenDead
from bot.meta import ads
from bot.meta.client import GraphClient
from bot.services.messages import edit
from storage.db import Database


@dataclass(frozen=True, slots=True)
class Wish:
    """How an account is to be watched."""

    account_id: AccountId
    channel_id: ChannelId | None
    targets: Mapping[str, str] = field(default_factory=dict)  # as bot.domain.targets.read_targets takes them


class ConnectionService:
    """Tokens for Meta and the accounts they open."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        settings: Settings,
        *,
        sleep: Callable[[float], object],
        new_id: Callable[[], str],
    ) -> None:
        self._db = db
        self._clock = clock
        self._settings = settings
        self.sleep = sleep
        self._new_id = new_id

    def client(
        self, workspace_id: WorkspaceId, connection_id: str, sleep: Callable[[float], object] | None = None
    ) -> GraphClient:
        """A new connection with that token; the caller closes it. `sleep` is how it waits for Meta."""
        with self._db.read(workspace_id) as tx:
            stored = tx.workspaces.meta_token(workspace_id, connection_id)
            kept = tx.workspaces.connected(workspace_id, connection_id)
        # A connection that was forgotten must not come back to life with the operator's own token.
        held = self._settings.meta_access_token if kept else None
        token = stored or (held.reveal() if held is not None else "")
        if not token:
            raise TokenDead("There is no access token for this account; connect it again.")
        return self.client_for(token, sleep)

    def client_for(self, token: str, sleep: Callable[[float], object] | None = None) -> GraphClient:
        """A new connection with a token that is not stored yet."""
        secret = self._settings.meta_app_secret
        return GraphClient(
            token,
            graph_url=self._settings.meta_graph_url,
            app_id=self._settings.meta_app_id,
            app_secret=None if secret is None else secret.reveal(),
            clock=self._clock,
            sleep=sleep or self.sleep,
        )

    def connect(
        self, workspace_id: WorkspaceId, connection_id: str, token: str | None, wishes: list[Wish]
    ) -> list[Account]:
        """Keep a token (None: the settings hold it), look at each account once, and watch it."""
        now = self._clock.now()
        with self._db.workspace(workspace_id) as tx:
            tx.workspaces.connect(workspace_id, connection_id, token, now)
        with self.client(workspace_id, connection_id) as client:
            accounts = [ads.account(client, wish.account_id) for wish in wishes]
        with self._db.workspace(workspace_id) as tx:
            for wish, account in zip(wishes, accounts, strict=True):
                tx.accounts.connect(
                    workspace_id,
                    account,
                    connection_id=connection_id,
                    channel_id=wish.channel_id,
                    targets=read_targets(wish.targets, account.currency) if wish.targets else None,
                    due_at=now,
                )
                tx.audit.add(workspace_id, now, "spruce", "account.connected", object_id=account.id)
        return accounts

    def keep_only(
        self, workspace_id: WorkspaceId, connection_id: str, wanted: Collection[AccountId]
    ) -> list[AccountId]:
        """Stop watching a connection's other accounts, and end their alerts; says which."""
        now = self._clock.now()
        with self._db.workspace(workspace_id) as tx:
            dropped = tx.accounts.keep_only(connection_id, wanted, now)
            for account_id in dropped:
                tx.audit.add(workspace_id, now, "spruce", "account.unwatched", object_id=account_id)
                for alert in tx.alerts.live(account_id).values():
                    ended = not_found(alert, now, Policy(), Ending.UNWATCHED).alert
                    if tx.alerts.save(ended, seen_version=alert.version):
                        edit(tx, ended, self._new_id(), now)
        return dropped

    def visible(self, token: str) -> list[Account]:
        """Every ad account that a token opens."""
        with self.client_for(token) as client:
            return ads.accounts(client)
