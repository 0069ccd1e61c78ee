"""The only reader of time: everything else is handed a clock or a moment."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment as an aware UTC datetime."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The machine's time in UTC."""
        return datetime.now(UTC)


class OffsetClock:
    """A clock that runs with the machine's but can be moved ahead; the demo's."""

    def __init__(self, base: Clock | None = None) -> None:
        self._base = base or SystemClock()
        self._offset = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The base clock's time plus everything advanced so far."""
        with self._lock:
            return self._base.now() + self._offset

    def advance(self, by: timedelta) -> datetime:
        """Move ahead by a non-negative duration and return the new present."""
        if by < timedelta():
            raise ValueError("A clock that others rely on never moves back.")
        with self._lock:
            self._offset += by
            return self._base.now() + self._offset


class SettableClock:
    """A clock that stands still until it is told otherwise; the tests'."""

    def __init__(self, start: datetime) -> None:
        self._now = _aware(start)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The moment that was last set."""
        with self._lock:
            return self._now

    def set(self, moment: datetime) -> None:
        """Make this moment the present."""
        with self._lock:
            self._now = _aware(moment)

    def advance(self, by: timedelta) -> datetime:
        """Move by a duration, in either direction, and return the new present."""
        with self._lock:
            self._now += by
            return self._now


def stopwatch() -> float:
    """Seconds on a clock that never jumps; only differences mean anything."""
    return time.monotonic()


def cpu_seconds() -> float:
    """CPU seconds this process has used so far."""
    return time.process_time()


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone; write datetime(..., tzinfo=UTC).")
    return moment.astimezone(UTC)
