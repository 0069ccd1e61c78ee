"""A small HTTP server that answers from a script, for faults that no well-behaved stand-in produces."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    params: dict[str, str]  # query and form together
    headers: dict[str, str]


@dataclass
class Told:
    """What to answer."""

    body: bytes = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json; charset=UTF-8"
    cut: int = 0  # promise this many bytes more than are sent
    drop: bool = False  # close the connection without a word
    late: float = 0.0  # seconds before answering


def told(value: object, **rest: Any) -> Told:
    """An answer with this as JSON."""
    return Told(json.dumps(value).encode(), **rest)


def refused(code: int | None, subcode: int | None = None, *, status: int = 400, **rest: Any) -> Told:
    """An answer in the shape of Graph's errors."""
    error = {
        "message": f"({code}) said in prose",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "Af1",
    }
    if subcode is not None:
        error["error_subcode"] = subcode
    headers = rest.pop("headers", {})
    return told({"error": {**error, **rest}}, status=status, headers=headers)


class Script:
    """What the server says: the listed answers in turn, then the last one again and again."""

    def __init__(self, *answers: "Told | Callable[[Asked], Told]") -> None:
        self.answers = list(answers)
        self.asked: list[Asked] = []
        self.url = ""
        self._lock = threading.Lock()

    def answer(self, asked: Asked) -> Told:
        """The next answer."""
        with self._lock:
            self.asked.append(asked)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer if isinstance(answer, Told) else answer(asked)


@contextmanager
def serving(*answers: "Told | Callable[[Asked], Told]") -> Iterator[Script]:
    """A running server with that script; its address is in `url`."""
    script = Script(*answers)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(script: Script) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (_Handler,), {"script": script})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one packet, or every answer waits for a delayed acknowledgement
    script: Script

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        params = {name: values[0] for name, values in parse_qs(f"{parts.query}&{form}").items()}
        answer = self.script.answer(Asked(self.command, parts.path, params, dict(self.headers)))
        time.sleep(answer.late)
        self.close_connection = bool(answer.drop or answer.cut or answer.late)
        if not answer.drop:
            self._send(answer)

    do_POST = do_GET  # noqa: N815 (http.server's naming)

    def log_message(self, *_: object) -> None:
        pass

    def _send(self, answer: Told) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body) + answer.cut))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(answer.body)
        except OSError:
            self.close_connection = True  # the client went away, as some tests want
