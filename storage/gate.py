"""Who writes next to an SQLite file: SQLite has one writer at a time and no queue for the others.

Its busy handler sleeps and tries again, so a thread that writes page after page would keep everybody
else out for seconds, and Slack wants an answer within three. Here the threads of one process line up:
whoever answers a person goes first, bulk reading waits. Other processes still meet at SQLite's own lock.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class WriteGate:
    """Lets one writer of this process in at a time; those in a hurry before those in bulk."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._busy = False
        self._hurried = 0

    @contextmanager
    def enter(self, *, bulk: bool) -> Iterator[None]:
        """Wait for one's turn and hold it."""
        self._wait(bulk=bulk)
        try:
            yield
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _wait(self, *, bulk: bool) -> None:
        with self._changed:
            if bulk:
                self._changed.wait_for(lambda: not self._busy and not self._hurried)
            else:
                self._hurried += 1
                try:
                    self._changed.wait_for(lambda: not self._busy)
                finally:
                    self._hurried -= 1
            self._busy = True
