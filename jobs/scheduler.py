"""The clock of the worker: the only importer of APScheduler.

Schedules are code and progress is rows, so the job store is memory: APScheduler's own SQL store has no
coordination between processes and deletes jobs whose function moved (docs/decisions).
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.clock import SystemClock, stopwatch
from bot.domain.days import slot
from bot.services.bundle import Services
from jobs.base import Job
from storage.db import Database

_log = logging.getLogger(__name__)


class Scheduler:
    """Runs every job at its pace, never twice at once in this process."""

    def __init__(self, jobs: tuple[Job, ...], services: Services, db: Database) -> None:
        self._jobs = jobs
        self._services = services
        self._db = db
        self._running: Any = None
        self._gate = threading.Condition()
        self._ticking = 0
        self._held = False

    def start(self) -> None:
        """Begin to tick."""
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.jobstores.memory import MemoryJobStore
        from apscheduler.schedulers.background import BackgroundScheduler

        scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(len(self._jobs))},
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        # It would warn whenever a poll outlasts its interval, which is how polls are meant to be.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        for job in self._jobs:
            seconds = job.every.total_seconds()
            jitter = min(1.0, seconds / 10)
            scheduler.add_job(
                self.tick, "interval", args=[job], id=job.id, seconds=seconds, jitter=jitter,
                next_run_time=SystemClock().now(),
            )  # fmt: skip
        scheduler.start()
        self._running = scheduler

    def stop(self) -> None:
        """Stop ticking and wait for what is running."""
        if self._running is not None:
            self._running.shutdown(wait=True)
            self._running = None

    def run_all(self) -> None:
        """Run every job once, now, in this thread; the demo's clock and the tests do."""
        for job in self._jobs:
            self._run(job)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for what is running and let nothing tick meanwhile; a clock is safe to move then."""
        with self._gate:
            self._held = True
            self._gate.wait_for(lambda: self._ticking == 0)
        try:
            yield
        finally:
            self._held = False

    def tick(self, job: Job) -> None:
        """Run a job if this process is the one to do it."""
        with self._gate:
            if self._held:
                return
            self._ticking += 1
        try:
            if not job.single or self._takes(job):
                self._run(job)
        finally:
            with self._gate:
                self._ticking -= 1
                self._gate.notify_all()

    def _takes(self, job: Job) -> bool:
        now = self._services.clock.now()
        with self._db.system() as tx:
            return tx.leases.take(job.id, slot(now, job.every), now)

    def _run(self, job: Job) -> None:
        began, outcome = stopwatch(), "ok"
        try:
            job.run(self._services)
        except Exception:  # the next tick tries again; one broken job must not stop the clock
            outcome = "failed"
            _log.exception("job failed", extra={"action": "job.failed", "job": job.id})
        self._services.metrics.count("spruce_job_runs_total", job=job.id, outcome=outcome)
        self._services.metrics.observe("spruce_job_seconds", stopwatch() - began, job=job.id)
