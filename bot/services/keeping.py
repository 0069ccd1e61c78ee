"""How long things are kept: history that is past its use goes, a little at a time."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.config import Settings
from storage.db import Database

_ROWS = 20_000  # in one go, so that a large clean-up never holds the database for long
_MOST_STEPS = 50
# Twice what is ever judged by, so that a story told in Slack can still be shown.
_FATIGUE = timedelta(days=60)
_PICTURES = timedelta(days=90)
_WRITERS = timedelta(minutes=10)  # longer than any request to a writer lasts


class KeepingService:
    """Forgets what is old."""

    def __init__(self, db: Database, clock: Clock, settings: Settings) -> None:
        self._db = db
        self._clock = clock
        self._settings = settings

    def forget(self) -> int:
        """Remove old readings, requests, ticks and polls; says how many readings went."""
        now = self._clock.now()
        with self._db.system() as tx:
            tx.inbox.forget(now - timedelta(days=7))
            tx.leases.forget(now - timedelta(days=2))
            tx.fatigue.forget(now - _FATIGUE)
            tx.signals.forget(now - _FATIGUE)
            tx.panels.forget(now - _FATIGUE)
            tx.pictures.prune(now - _PICTURES)
            tx.pictures.prune_uploads(now - _PICTURES)
            tx.ai_usage.sweep(now - _WRITERS)
            tx.polls.forget(now - timedelta(days=self._settings.keep_readings_days))
        return self._forget_readings(now - timedelta(days=self._settings.keep_readings_days))

    def _forget_readings(self, before: datetime) -> int:
        gone = 0
        for _ in range(_MOST_STEPS):
            with self._db.system() as tx:
                step = tx.readings.forget(before, _ROWS)
            gone += step
            if step < _ROWS:
                break
        return gone
