"""Asynchronous report runs: accepted at once, finished after being asked about a few times."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from bot.sandbox.graph_errors import GraphError
from bot.sandbox.graph_insights import account_of
from bot.sandbox.world_objects import Thing

# The third step is a trap that production sets: 100 % and still running, with rows missing.
STEPS = (
    ("Job Not Started", 0),
    ("Job Running", 40),
    ("Job Running", 100),
    ("Job Completed", 100),
)


@dataclass(slots=True)
class Run:
    """One report run; its parameters are kept as they were checked."""

    id: str
    scope: Thing
    params: Mapping[str, Any]
    dates: tuple[str, str]
    asked_at: datetime
    failure: GraphError | None = None
    step: int = -1
    done_at: datetime | None = None

    @property
    def complete(self) -> bool:
        """Whether all rows are there."""
        return self.failure is None and self.step >= len(STEPS) - 1


@dataclass(slots=True)
class Runs:
    """The report runs by id."""

    by_id: dict[str, Run] = field(default_factory=dict)
    failures: list[GraphError] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def fail_next(self, code: int = -2, subcode: int = 2490547) -> None:
        """Let the next run fail with these numbers, which may be negative."""
        self.failures.append(GraphError(code, "Report generation failed", subcode=subcode))

    def start(self, scope: Thing, params: Mapping[str, Any], dates: tuple[str, str], at: datetime) -> Run:
        """Accept a run."""
        with self.lock:
            failure = self.failures.pop(0) if self.failures else None
            run_id = f"6{len(self.by_id):05d}{int(at.timestamp()):010d}"
            run = Run(run_id, scope, params, dates, at, failure)
            self.by_id[run_id] = run
            return run

    def advance(self, run: Run, at: datetime) -> None:
        """Asking about a run is what moves it on; a clock that stands still must not stop it."""
        with self.lock:
            run.step = min(run.step + 1, len(STEPS) - 1)
            if run.step == len(STEPS) - 1 and run.done_at is None:
                run.done_at = at


def shown(run: Run) -> dict[str, Any]:
    """The run as GET /<run id> shows it."""
    account = account_of(run.scope)
    status, percent = STEPS[run.step]
    if run.failure and status == "Job Completed":
        status, percent = "Job Failed", 0
    found: dict[str, Any] = {
        "id": run.id,
        "account_id": account.id,
        "time_ref": int(run.asked_at.timestamp()),
        "async_status": status,
        "async_percent_completion": percent,
        "date_start": run.dates[0],
        "date_stop": run.dates[1],
        "is_running": status in {"Job Not Started", "Job Running"},
    }
    if run.done_at:
        found["time_completed"] = int(run.done_at.timestamp())
    return {**found, **_failure(run, status)}


def _failure(run: Run, status: str) -> dict[str, Any]:
    if run.failure is None or status != "Job Failed":
        return {}
    return {
        "error_code": run.failure.code,
        "error_subcode": run.failure.subcode,
        "error_message": run.failure.message,
        "error_user_title": "Report failed",
        "error_user_msg": "The report could not be generated. Try again later.",
    }
