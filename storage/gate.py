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
        self._holder: int | None = None
        self._hurried = 0

    @contextmanager
    def enter(self, *, bulk: bool) -> Iterator[None]:
        """Wait for one's turn and hold it."""
        self._wait(bulk=bulk)
        try:
            yield
        finally:
            with self._changed:
                self._holder = None
                self._changed.notify_all()

    def _wait(self, *, bulk: bool) -> None:
        me = threading.get_ident()
        with self._changed:
            if self._holder == me:
                raise RuntimeError("A writing transaction inside another would wait for itself.")
            if bulk:
                self._changed.wait_for(lambda: self._holder is None and not self._hurried)
            else:
                self._hurried += 1
                try:
                    self._changed.wait_for(lambda: self._holder is None)
                finally:
                    self._hurried -= 1
            self._holder = me
