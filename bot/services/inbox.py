"""What Slack sent, dealt with after it was acknowledged: kept first, then run once, also across a crash."""

import hashlib
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta

from bot.clock import Clock
from bot.log import log
from storage.db import Database
from storage.inbox import Request

Handle = Callable[[Request], str]

MOST_ATTEMPTS = 3
GAVE_UP = "gave_up"  # what a handler answers to one attempt more, having told the person
# An address to answer to lives for 30 minutes, and what was clicked that long ago is not wanted any more.
TOO_OLD = timedelta(minutes=25)
_STUCK = timedelta(minutes=2)  # longer than any handler takes: its process died
_LEFT_OVER = timedelta(seconds=15)
_SWEEP = 100


class InboxService:
    """Requests from Slack: commands, clicks and events."""

    def __init__(self, db: Database, clock: Clock, *, workers: int = 8) -> None:
        self._db = db
        self._clock = clock
        self._handle: Handle | None = None
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="inbox")
        self._lock = threading.Lock()
        self._running: dict[tuple[str, str], Future[None]] = {}

    def bind(self, handle: Handle) -> None:
        """Say what deals with a request: it answers with a slug, tells people what broke, and then raises."""
        self._handle = handle

    def accept(self, request: Request) -> bool:
        """Keep a request on disk; False when this very request was kept before."""
        with self._db.workspace(request.workspace_id) as tx:
            return tx.inbox.add(request)

    def start(self, request: Request) -> None:
        """Deal with a request that was kept, in the background; a second start of the same one is nothing."""
        key = (request.workspace_id, request.key)
        with self._lock:
            if key in self._running:
                return
            try:
                future = self._pool.submit(self._run, request)
            except RuntimeError:  # stopping: the next process finds it by its sweep
                return
            self._running[key] = future
        future.add_done_callback(lambda _done: self._ended(key))

    def sweep(self) -> int:
        """Start what nobody took or whose handler died with its process; says how many."""
        now = self._clock.now()
        with self._db.system_read() as tx:
            left = tx.inbox.left_over(now - _LEFT_OVER, now - _STUCK, _SWEEP)
        for request in left:
            self.start(request)
        return len(left)

    def drain(self, timeout: float = 10.0) -> bool:
        """Wait until everything started so far has ended; False when it has not."""
        with self._lock:
            futures = set(self._running.values())
        return not wait(futures, timeout).not_done

    def stop(self) -> None:
        """Finish what is under way and leave the rest for the next process."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _ended(self, key: tuple[str, str]) -> None:
        with self._lock:
            self._running.pop(key, None)

    def _run(self, request: Request) -> None:
        try:
            attempt = self._claim(request)
            if attempt is not None:
                outcome, failed = self._outcome(replace(request, attempt=attempt))
                with self._db.workspace(request.workspace_id) as tx:
                    tx.inbox.finish(request, outcome, failed=failed)
        except Exception as error:
            # The database is away; the row says what is left to do, and the sweep comes back to it.
            log("inbox.unrecorded", level=logging.ERROR, workspace=request.workspace_id, error=error)

    def _claim(self, request: Request) -> int | None:
        now = self._clock.now()
        with self._db.workspace(request.workspace_id) as tx:
            return tx.inbox.claim(request, now, now - _STUCK)

    def _outcome(self, request: Request) -> tuple[str, bool]:
        if request.kind != "event" and self._clock.now() - request.received_at > TOO_OLD:
            return self._failed(request, "too_old", None)
        if self._handle is None:
            raise RuntimeError("The inbox was started before anything was bound to it.")
        try:
            outcome = self._handle(request)
        except Exception as error:
            return self._failed(request, "crashed", error)
        return self._failed(request, GAVE_UP, None) if outcome == GAVE_UP else (outcome, False)

    def _failed(self, request: Request, outcome: str, error: Exception | None) -> tuple[str, bool]:
        error_id = error_id_of(request)
        log(
            f"inbox.{outcome}",
            level=logging.ERROR,
            workspace=request.workspace_id,
            error=error,
            error_id=error_id,
            kind=request.kind,
        )
        return f"{outcome}:{error_id}", True


def error_id_of(request: Request) -> str:
    """What a person can quote and an operator can search for; the same for every attempt."""
    return "E-" + hashlib.sha256(f"{request.workspace_id}|{request.key}".encode()).hexdigest()[:8].upper()
