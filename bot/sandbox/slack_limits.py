"""Rate limits, per method and workspace (Slack, "Rate limits"); on real time unless told otherwise."""

import math
import threading
from collections.abc import Callable

from bot.clock import stopwatch

TIERS = {1: 20, 2: 20, 3: 50, 4: 100, 5: 600}
POSTS_PER_MINUTE = 300


class Bucket:
    """So many at once, refilled steadily."""

    def __init__(self, capacity: float, per_second: float, now: float) -> None:
        self.capacity = capacity
        self.per_second = per_second
        self.level = capacity
        self.seen = now

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed; 0 takes one."""
        self.level = min(self.capacity, self.level + (now - self.seen) * self.per_second)
        self.seen = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_second


class Limits:
    """Answers how long a call must wait; one bucket per (workspace, method[, channel]).

    `timer` gives seconds; whoever moves a clock of its own gives that clock's before the first call.
    """

    def __init__(
        self, *, burst: int = 3, enforced: bool = True, timer: Callable[[], float] = stopwatch
    ) -> None:
        self.burst = burst
        self.enforced = enforced
        self.timer = timer
        self._buckets: dict[tuple[str, ...], Bucket] = {}
        self._lock = threading.Lock()

    def retry_after(self, workspace: str, method: str, tier: int, channel: str | None = None) -> int:
        """Whole seconds to wait, 0 when the call may go ahead."""
        if not self.enforced:
            return 0
        with self._lock:
            if method == "chat.postMessage" and channel:
                minute = (POSTS_PER_MINUTE, POSTS_PER_MINUTE / 60)
                waits = [
                    self._wait((workspace, "post", channel), self.burst, 1.0),
                    self._wait((workspace, method), *minute),
                ]
            else:
                waits = [self._wait((workspace, method), TIERS[tier], TIERS[tier] / 60)]
        return math.ceil(max(waits))

    def _wait(self, key: tuple[str, ...], capacity: float, per_second: float) -> float:
        now = self.timer()
        bucket = self._buckets.setdefault(key, Bucket(capacity, per_second, now))
        return bucket.wait(now)
