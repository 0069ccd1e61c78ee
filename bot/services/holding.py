"""The right to read one account, kept alive by whoever reads, and given up when the process stops."""

import threading
from collections.abc import Callable
from datetime import timedelta

from bot.clock import Clock
from bot.domain.ids import AccountId, WorkspaceId
from bot.errors import Stale
from storage.db import Database
from storage.repositories import Repositories

# A process that was killed leaves its accounts unread for this long, so it is short, and renewed with
# every page; no single call to Meta and no wait between two calls lasts longer.
LEASE = timedelta(minutes=2)


class Hold:
    """A claim on an account's reading."""

    def __init__(  # noqa: PLR0913 - what the claim is on, and how to keep it
        self,
        db: Database,
        clock: Clock,
        workspace_id: WorkspaceId,
        account_id: AccountId,
        *,
        lease_token: int,
        stopping: threading.Event,
        sleep: Callable[[float], object],
    ) -> None:
        self._db = db
        self._clock = clock
        self._workspace_id = workspace_id
        self._account_id = account_id
        self._stopping = stopping
        self._sleep = sleep
        self.lease_token = lease_token

    def renew(self, tx: Repositories) -> None:
        """Keep the claim; raises Stale when it is lost or the process is stopping."""
        if self._stopping.is_set():
            raise Stale("Spruce is stopping; this reading goes on after the next start.", reason="stopping")
        if not tx.accounts.renew(self._account_id, self.lease_token, self._clock.now() + LEASE):
            raise Stale("Another process has taken over this account's reading.")

    def wait(self, seconds: float) -> None:
        """Wait as Meta asks, and keep the claim over the wait."""
        with self._db.workspace(self._workspace_id, fast=True) as tx:
            self.renew(tx)
        self._sleep(seconds)
