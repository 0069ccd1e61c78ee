"""Server-sent events for the workspace page: each viewer gets what that person may see."""

import json
import queue
import threading
from collections.abc import Iterator

from bot.sandbox.slack_message import Message
from bot.sandbox.slack_page_json import Shown
from bot.sandbox.slack_spec import Json
from bot.sandbox.slack_state import State

KEEP_OPEN_SECONDS = 15.0
Stream = queue.SimpleQueue[Json | None]


class Streams:
    """Every open stream and who looks through it."""

    def __init__(self, state: State, shown: Shown) -> None:
        self.state = state
        self.shown = shown
        self._lock = threading.Lock()
        self._viewers: dict[Stream, tuple[str, str]] = {}
        state.listeners.append(self._changed)

    def broadcast(self, change: Json) -> None:
        """Tell everybody who looks at the page."""
        with self._lock:
            for stream in self._viewers:
                stream.put(change)

    def stop(self) -> None:
        """End every stream."""
        with self._lock:
            for stream in self._viewers:
                stream.put(None)

    def _changed(self, workspace_id: str, change: Json) -> None:
        if not self._viewers:
            return
        message = change.get("message")
        only = change.get("user")
        if isinstance(message, Message):
            only = message.ephemeral_to
            body = self.shown.message(self.state.workspaces[workspace_id], message)
            where = {"channel": message.channel, "ts": message.ts, "thread_ts": message.thread_ts}
            change = {"kind": change["kind"], **where, "message": body}
        # Written out at once: the message may be different by the time a browser reads it.
        change = json.loads(json.dumps(change))
        with self._lock:
            for stream, (place, viewer) in self._viewers.items():
                if place == workspace_id and only in {None, viewer}:
                    stream.put(change)

    def lines(self, place: str, viewer: str) -> Iterator[str]:
        """The text of one stream, until the browser leaves or the stand-in stops."""
        stream: Stream = queue.SimpleQueue()
        with self._lock:
            self._viewers[stream] = (place, viewer)
        try:
            yield ": open\n\n"
            while not self.state.closing:
                change = self._next(stream)
                if change is None:
                    return
                yield f"event: change\ndata: {json.dumps(change)}\n\n" if change else ": still here\n\n"
        finally:
            with self._lock:
                self._viewers.pop(stream, None)

    def _next(self, stream: Stream) -> Json | None:
        """The next change, {} when it is time for a sign of life, None at the end."""
        try:
            return stream.get(timeout=KEEP_OPEN_SECONDS)
        except queue.Empty:
            return {}
