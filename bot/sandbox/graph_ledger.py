"""What was asked of the stand-in, in order; nothing in it is ever changed or holds a token."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock


@dataclass(frozen=True, slots=True)
class Entry:
    """One request and what came of it; `applied` says whether it was carried out."""

    at: datetime
    method: str
    path: str
    params: Mapping[str, str]
    status: int
    applied: bool
    token: str
    made: str = ""  # the id (or image hash) of what the call brought into being


class Ledger:
    """An append-only list that threads may share."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._lock = Lock()

    def add(self, entry: Entry) -> None:
        """Write a request down."""
        with self._lock:
            self._entries.append(entry)

    def __iter__(self) -> Iterator[Entry]:
        with self._lock:
            return iter(tuple(self._entries))

    def __len__(self) -> int:
        with self._lock:
            return len(self._entries)

    def calls(self, method: str = "", path_part: str = "") -> list[Entry]:
        """The requests with this method whose path holds this text."""
        return [entry for entry in self if method in {"", entry.method} and path_part in entry.path]

    def writes(self) -> list[Entry]:
        """Everything that changes things, in order, refused and merely validated calls included."""
        return [entry for entry in self if entry.method != "GET" and not entry.path.endswith("/insights")]

    def created(self, edge: str) -> list[Entry]:
        """What was really made behind an edge: `ads`, `adcreatives`, `adimages`, `adlabels`, `ad_studies`.

        An answer that was lost on the way counts, a dry run and an identical creative do not.
        """
        return [entry for entry in self if entry.made and entry.path.endswith(f"/{edge}")]
