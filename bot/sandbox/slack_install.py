"""Installing the app: the consent page and the exchange of its code (Slack, "Installing with OAuth")."""

import base64
import json
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Flask, Response, redirect, request

from bot.sandbox.slack_spec import Json
from bot.sandbox.slack_wire import ApiError

if TYPE_CHECKING:
    from bot.sandbox.slack_api import SlackStandIn


class Installer:
    """Hands out codes for one client id; a code works once and only at the address it was asked for."""

    def __init__(self, standin: "SlackStandIn", client_id: str, client_secret: str) -> None:
        self.standin = standin
        self.client_id = client_id
        self.client_secret = client_secret
        self._codes: dict[str, tuple[str, str, str]] = {}

    def install(self, app: Flask) -> None:
        """Add the consent page; here nobody has to press anything."""
        app.add_url_rule("/oauth/v2/authorize", "authorize", self._authorize)
        app.add_url_rule("/api/oauth.v2.access", "oauth", self._exchange, methods=["POST"])

    def _authorize(self) -> Response:
        """`team` and `user` choose who installs; the first workspace and its first person by default."""
        args = request.args
        if args.get("client_id") != self.client_id:
            return Response("invalid_client_id", 400)
        workspace = self.standin.workspace(args.get("team"))
        user = args.get("user") or workspace.spec.users[0].id
        address = args.get("redirect_uri", "")
        code = secrets.token_hex(12)
        self._codes[code] = (workspace.id, user, address)
        query = urlencode({"code": code, "state": args.get("state", "")})
        answer = redirect(f"{address}?{query}")
        return Response(status=answer.status_code, headers=dict(answer.headers))

    def _exchange(self) -> Response:
        try:
            body: Json = {"ok": True, **self._access(request.form.to_dict())}
        except ApiError as error:
            body = error.body()
        return Response(json.dumps(body), mimetype="application/json")

    def _access(self, form: Json) -> Json:
        client_id, client_secret = self._credentials(form)
        if client_id != self.client_id:
            raise ApiError("invalid_client_id")
        if client_secret != self.client_secret:
            raise ApiError("bad_client_secret")
        found = self._codes.pop(str(form.get("code")), None)
        if found is None:
            raise ApiError("invalid_code")
        workspace_id, user, address = found
        if form.get("redirect_uri", address) != address:
            raise ApiError("bad_redirect_uri")
        workspace = self.standin.workspace(workspace_id)
        workspace.token_error = None
        spec = workspace.spec
        return {
            "app_id": spec.app_id,
            "access_token": spec.bot_token,
            "token_type": "bot",
            "bot_user_id": spec.bot_user_id,
            "scope": ",".join(spec.scopes),
            "team": {"id": spec.id, "name": spec.name},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": user},
        }

    def _credentials(self, form: Json) -> tuple[str, str]:
        header = request.headers.get("Authorization", "")
        if header.startswith("Basic "):
            name, _, secret = base64.b64decode(header[6:]).decode().partition(":")
            return name, secret
        return str(form.get("client_id")), str(form.get("client_secret"))
