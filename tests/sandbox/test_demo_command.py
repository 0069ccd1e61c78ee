"""`spruce demo` as a command: what it prints, how it checks itself, how it ends."""

import json
import signal
import socket
import threading
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest

from bot.app import build
from bot.clock import stopwatch
from bot.config import Settings
from bot.process import Process
from tests.sandbox.demo_support import FIRST_ALERT_SECONDS, command


def test_the_check_passes_over_the_socket_and_over_http_at_once(tmp_path: Path) -> None:
    with ExitStack() as stack:
        folders = {door: tmp_path / door for door in ("socket", "http")}
        for folder in folders.values():
            folder.mkdir()
        by_socket = stack.enter_context(command(folders["socket"], "--check"))
        by_http = stack.enter_context(command(folders["http"], "--check", "--http"))
        for running in (by_socket, by_http):
            status, output = running.ended(patience=90)
            assert status == 0, running.errors
            assert output.count("\n") == 1
            told = json.loads(output)
            assert told["ok"] is True
            assert told["seconds"] < 3 * FIRST_ALERT_SECONDS  # two at once, beside other tests
            assert told["seconds"] <= told["acknowledged_after"]
            assert running.errors == ""
            assert running.left_behind == []


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_at_once_and_leaves_nothing_when_asked(by: signal.Signals, tmp_path: Path) -> None:
    with command(tmp_path) as running:
        running.address()
        status, seconds = running.stopped(by)
        assert status == 0
        assert seconds < 3  # about a tenth of a second by itself; the machine may be busy
        assert running.errors == ""
        assert running.left_behind == []


def test_it_stops_while_the_clock_is_being_moved_by_a_day(tmp_path: Path) -> None:
    with command(tmp_path, "--port", "0", "--http") as running:
        connection = HTTPConnection(running.address().removeprefix("http://"), timeout=10)
        try:
            connection.request(
                "POST", "/api/clock", '{"minutes": 1440}', {"Content-Type": "application/json"}
            )
            assert json.load(connection.getresponse())["ok"] is True
            status, seconds = running.stopped(signal.SIGTERM)
        finally:
            connection.close()
        assert status == 0
        assert seconds < 10  # it ends between two steps of the clock
        assert running.errors == ""
        assert running.left_behind == []


def test_a_taken_port_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with command(tmp_path, "--port", str(port)) as running:
            status, output = running.ended(patience=90)
            assert (status, output) == (1, "")
            assert f"Port {port} cannot be used" in running.errors
            assert "Traceback" not in running.errors
            assert running.left_behind == []


def test_stopping_the_web_server_cuts_connections_that_wait_for_a_next_request(tmp_path: Path) -> None:
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'spruce.db'}", "PORT": "0"}
    application = build(Settings.from_env(settings))
    process = Process(application, web=True, work=False)
    process.start()
    connection = HTTPConnection("127.0.0.1", process.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        began = stopwatch()
        process.stop()
        assert stopwatch() - began < 2
        assert connection.sock.recv(1) == b""
        assert not [thread for thread in threading.enumerate() if thread.name.startswith(("web", "waitress"))]
    finally:
        connection.close()
        application.close()
