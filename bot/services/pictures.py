"""Pictures for messages: drawn or fetched, uploaded to Slack once, and referred to by their file.

Addresses at Meta expire and Slack keeps what it fetched, so pictures travel as Slack's own files. A
message never waits for its picture: where one cannot be had it goes without.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.alerts import Alert
from bot.domain.ids import AccountId, AlertId, ObjectId, WorkspaceId
from bot.domain.proposals import Proposal
from bot.errors import SpruceError
from bot.meta import creatives
from bot.services.connections import ConnectionService
from bot.services.fatigue import reading
from bot.services.refresh_cards import chart_key, creative_key, picture_key
from bot.slack import Slack
from bot.views import charts
from bot.views.figures import Notation
from storage.db import Database
from storage.outbox import Delivery, Kind

_RULE = "creative_fatigue"
_TRY_AGAIN = timedelta(minutes=15)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture that Slack does not have yet."""

    key: str
    filename: str
    title: str
    alt: str
    load: Callable[[], bytes]


class PictureService:
    """Makes sure that Slack has the pictures of a message before it is rendered."""

    def __init__(self, db: Database, clock: Clock, slack: Slack, connections: ConnectionService) -> None:
        self._db = db
        self._clock = clock
        self._slack = slack
        self._connections = connections
        self._failed_at: dict[tuple[WorkspaceId, str], datetime] = {}

    def prepare(self, delivery: Delivery) -> None:
        """Upload what this message shows; faults are logged and the message goes without."""
        for wanted in self._wanted(delivery):
            place = (delivery.workspace_id, wanted.key)
            failed_at = self._failed_at.get(place)
            if failed_at is not None and self._clock.now() - failed_at < _TRY_AGAIN:
                continue
            try:
                self._upload(delivery.workspace_id, wanted)
            except SpruceError as fault:
                self._failed_at[place] = self._clock.now()
                details = {"action": "picture.failed", "reason": fault.reason, "key": wanted.key}
                _log.warning("no picture", extra=details)
            else:
                self._failed_at.pop(place, None)

    def _upload(self, workspace_id: WorkspaceId, wanted: Wanted) -> None:
        file_id = self._slack.upload(workspace_id, wanted.load(), wanted.filename, wanted.title, wanted.alt)
        with self._db.workspace(workspace_id) as tx:
            tx.pictures.note_file(wanted.key, file_id, self._clock.now())

    def _wanted(self, delivery: Delivery) -> list[Wanted]:
        owner = delivery.workspace_id
        if delivery.kind in (Kind.ALERT, Kind.ALERT_EDIT):
            with self._db.read(owner) as tx:
                alert = tx.alerts.get(AlertId(delivery.subject_id))
            found = [] if alert is None or alert.rule_id != _RULE else [*self._of_alert(owner, alert)]
        elif delivery.kind in (Kind.CARD, Kind.CARD_EDIT):
            with self._db.read(owner) as tx:
                proposal = tx.proposals.get(delivery.subject_id)
            found = [] if proposal is None else [*self._of_proposal(owner, proposal)]
        else:
            return []
        with self._db.read(owner) as tx:
            return [one for one in found if tx.pictures.file_of(one.key) is None]

    def _of_alert(self, owner: WorkspaceId, alert: Alert) -> Iterator[Wanted]:
        ad_id = ObjectId(alert.finding.entity.id)
        with self._db.read(owner) as tx:
            watched = tx.accounts.get(alert.account_id)
            known = tx.structures.ad(alert.account_id, ad_id)
            found = reading(tx, alert.account_id, ad_id, series=True)
        name = alert.finding.entity.name
        if watched is not None and found is not None:
            alt = charts.alt(found, Notation.of(watched.account))
            key = chart_key(alert.id, found.day)
            yield Wanted(key, "fatigue.png", "CTR and frequency by day", alt, lambda: charts.chart(found))
        if known and known[1] is not None:
            creative_id = known[1].id
            yield self._shown(owner, alert.account_id, creative_id, name)

    def _of_proposal(self, owner: WorkspaceId, proposal: Proposal) -> Iterator[Wanted]:
        if proposal.original is not None:
            yield self._shown(owner, proposal.account_id, proposal.original.id, proposal.entity.name)
        for one in proposal.variations:
            if one.picture:
                alt = f"Picture of variation {one.n}: {one.angle}"
                made = self._made(owner, one.picture)
                yield Wanted(picture_key(one.picture), f"variation-{one.n}.png", alt, alt, made)

    def _shown(self, owner: WorkspaceId, account_id: AccountId, creative_id: ObjectId, name: str) -> Wanted:
        def load() -> bytes:
            with self._db.read(owner) as tx:
                watched = tx.accounts.get(account_id)
            connection = watched.connection_id if watched else ""
            with self._connections.client(owner, connection) as client:
                return creatives.shown(client, creative_id)

        alt = f"What the ad “{name}” shows"
        return Wanted(creative_key(creative_id), "creative.png", alt, alt, load)

    def _made(self, owner: WorkspaceId, sha256: str) -> Callable[[], bytes]:
        def load() -> bytes:
            with self._db.read(owner) as tx:
                found = tx.pictures.get(sha256)
            return found[0] if found else b""

        return load
