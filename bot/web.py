"""The web process: Slack's requests, and whether this process is alive, ready and busy."""

import logging
from typing import Any
from uuid import uuid4

from flask import Flask, Response, jsonify, request
from slack_bolt.adapter.flask import SlackRequestHandler
from werkzeug.exceptions import HTTPException

from bot.clock import Clock, SystemClock
from bot.log import log
from bot.manifest import EVENTS_PATH
from bot.services.bundle import Services
from handlers import bolt
from handlers.verification import fault as fault_of
from handlers.verification import is_readable

LARGEST = 1_000_000  # bytes; Slack's largest payloads are a tenth of it
_CONTENT_TYPES = ("application/json", "application/x-www-form-urlencoded")
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def build(services: Services, *, machine_clock: Clock | None = None) -> Flask:
    """The WSGI application; it starts nothing."""
    app = Flask("spruce", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.url_map.strict_slashes = False
    # Slack stamps requests with real time, also where the demo has moved its own clock ahead.
    _slack(app, services, machine_clock or SystemClock())
    _operations(app, services)
    app.register_error_handler(Exception, _failed)
    app.after_request(_with_headers)
    return app


def _slack(app: Flask, services: Services, clock: Clock) -> None:
    secret = services.settings.slack_signing_secret
    handler = SlackRequestHandler(bolt.build(services))

    @app.post(EVENTS_PATH)
    def slack_events() -> Response:
        if secret is None:
            return _problem(404, "This service takes Slack's requests by Socket Mode only.")
        body = request.get_data(cache=True)  # raises 413 before anything is parsed
        headers = dict(request.headers)
        fault = fault_of(headers, body, secret=secret.reveal(), now=clock.now().timestamp())
        if fault is not None:
            log("request.refused", level=logging.WARNING, reason=fault)
            return _problem(401, "This request was not signed by Slack, or too long ago.")
        if request.mimetype not in _CONTENT_TYPES:
            return _problem(415, "Slack sends forms and JSON.")
        if not is_readable(body, request.mimetype):
            return _problem(400, "This is neither a form nor a JSON object.")
        return handler.handle(request)


def _operations(app: Flask, services: Services) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="alive")

    @app.get("/readyz")
    def readyz() -> Response:
        fault = services.ready()
        return _problem(503, fault) if fault else jsonify(status="ready")

    @app.get("/metrics")
    def metrics() -> Response:
        if not services.ready():  # a silent database must not hide what this process has counted
            blind, waiting = services.watching.standing()
            services.metrics.gauge("spruce_accounts_blind", blind)
            services.metrics.gauge("spruce_outbox_waiting", waiting)
        return Response(services.metrics.text(), content_type=_PROMETHEUS)


def _failed(error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return _problem(error.code or 500, error.name)
    error_id = uuid4().hex[:12]
    log("web.failed", level=logging.ERROR, error=error, error_id=error_id)
    return _problem(500, f"Something went wrong here; the log knows it as {error_id}.")


def _problem(status: int, sentence: str) -> Response:
    answer = jsonify(error=sentence)
    answer.status_code = status
    return answer


def _with_headers(response: Response) -> Any:
    response.headers.update(_HEADERS)
    return response
