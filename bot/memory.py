"""Keep the cyclic garbage collector from stopping every thread at a bad moment.

A large account's figures are some 300,000 small objects that live for a second and hold no cycles.
While they exist, each full collection walks them all with the interpreter's lock held: 60 to 80 ms in
which no acknowledgement leaves (bench/ack.py). They go by reference counting, collector or not.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Lull:
    """Switches the collector off while anybody wants it off; threads may overlap."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = 0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """No collection inside; the memory of cycles made meanwhile is found afterwards."""
        with self._lock:
            self._wanted += 1
            gc.disable()
        try:
            yield
        finally:
            with self._lock:
                self._wanted -= 1
                if not self._wanted:
                    gc.enable()


lull = Lull()


def settle() -> None:
    """Take what start-up made out of the collector's sight: it lives as long as the process."""
    gc.collect()
    gc.freeze()
