"""The Flask application of the stand-in: the routes an app under test calls."""

import json
import socket
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from flask import Flask, Response, request

from bot.sandbox import slack_files, slack_hooks
from bot.sandbox.slack_dispatch import Answer
from bot.sandbox.slack_socket import StartResponse, refuse
from bot.sandbox.slack_spec import Json
from bot.sandbox.slack_wire import ApiError, parse

if TYPE_CHECKING:
    from bot.sandbox.slack_api import SlackStandIn

Wsgi = Callable[[Json, StartResponse], Iterable[bytes]]


def build(standin: "SlackStandIn") -> Wsgi:
    """One WSGI application: WebSockets first, everything else by Flask."""
    app = Flask("stand-in-slack", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    _web_api(app, standin)
    _addresses(app, standin)
    _files(app, standin)
    if standin.installer:
        standin.installer.install(app)
    if standin.page:
        standin.page.install(app)

    def wsgi(environ: Json, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].rstrip("/") == "/link":
            return _link(standin, environ, start_response)
        return app(environ, start_response)

    return wsgi


def _web_api(app: Flask, standin: "SlackStandIn") -> None:
    @app.route("/api/<method>", methods=["GET", "POST"])
    def call(method: str) -> Response:
        form = {**request.args.to_dict(), **request.form.to_dict()}
        try:
            args = parse(request.content_type or "", request.get_data(), form)
        except ApiError as error:
            return _json(Answer(200, error.body()))
        token = _bearer() or str(args.pop("token", "") or "") or None
        return _deliver(standin.dispatcher.answer(method, args, token))


def _bearer() -> str | None:
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ").strip() or None if header.startswith("Bearer ") else None


def _deliver(answer: Answer) -> Response:
    if answer.delay:
        threading.Event().wait(answer.delay)
    if answer.cut:
        cut_connection(request.environ)
    return _json(answer)


def _json(answer: Answer) -> Response:
    if answer.body is None:
        return Response("upstream error", answer.status, mimetype="text/html")
    text = json.dumps(answer.body)
    if answer.truncated:
        text = text[: len(text) // 2]
    return Response(text, answer.status, dict(answer.headers), mimetype="application/json")


def cut_connection(environ: Json) -> None:
    """Close the connection without an answer; the server takes the exception as a dropped peer."""
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError


def _addresses(app: Flask, standin: "SlackStandIn") -> None:
    @app.post("/hooks/<family>/<workspace>/<key>")
    def hook(family: str, workspace: str, key: str) -> Response:
        body = request.get_json(silent=True)
        try:
            with standin.state.changed:
                slack_hooks.use(standin.state, standin.workspace(workspace), key, body, standin.now())
        except KeyError:
            return Response("no_team", 404)
        except ApiError as error:
            return Response(error.error, error.status)
        return Response("ok")


def _files(app: Flask, standin: "SlackStandIn") -> None:
    @app.post("/upload/<workspace>/<file_id>")
    def upload(workspace: str, file_id: str) -> Response:
        # urllib labels raw bytes as a form, so the label counts only when it says multipart.
        multipart = (request.content_type or "").startswith("multipart/")
        raw = next(iter(request.files.values())).read() if multipart else request.get_data()
        with standin.state.changed:
            taken = slack_files.receive(standin.workspace(workspace), file_id, raw)
        return Response(f"OK - {len(raw)}") if taken else Response("length mismatch", 400)

    @app.get("/files/<workspace>/<file_id>")
    def download(workspace: str, file_id: str) -> Response:
        file = standin.workspace(workspace).files.get(file_id)
        if file is None or not file["complete"]:
            return Response("not found", 404)
        return Response(file["bytes"], mimetype=file["mimetype"])


def _link(standin: "SlackStandIn", environ: Json, start_response: StartResponse) -> Iterable[bytes]:
    query = parse_qs(environ.get("QUERY_STRING", ""))
    app_token = standin.sockets.take(query.get("ticket", [""])[0])
    if app_token is None or environ.get("HTTP_UPGRADE", "").lower() != "websocket":
        return refuse(start_response)
    standin.sockets.serve(environ, app_token, query.get("app_id", [""])[0])
    # The socket was spoken to directly; any HTTP answer now would be noise on a closed WebSocket.
    raise ConnectionAbortedError
