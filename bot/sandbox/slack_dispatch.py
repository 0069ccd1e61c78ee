"""From a Web API request to its answer: token, fault, rate limit, scope, method, ledger."""

import json
from dataclasses import dataclass

from bot.clock import stopwatch
from bot.sandbox import slack_chat, slack_files, slack_rooms, slack_views
from bot.sandbox.slack_compose import bot_message
from bot.sandbox.slack_faults import Fault, Faults
from bot.sandbox.slack_limits import Limits
from bot.sandbox.slack_method import Method
from bot.sandbox.slack_socket import SocketHub
from bot.sandbox.slack_spec import Json
from bot.sandbox.slack_state import ApiCall, State, Workspace
from bot.sandbox.slack_wire import ApiError, Args, Call


@dataclass(frozen=True)
class Answer:
    """What goes back: JSON, a raw page, or nothing at all (`cut`)."""

    status: int = 200
    body: Json | None = None
    headers: tuple[tuple[str, str], ...] = ()
    cut: bool = False
    truncated: bool = False
    delay: float = 0.0


class Dispatcher:
    """Answers Web API calls for every workspace."""

    def __init__(self, state: State, limits: Limits, faults: Faults, sockets: SocketHub) -> None:
        self.state = state
        self.limits = limits
        self.faults = faults
        self.sockets = sockets
        self.base_url = ""
        self.methods: dict[str, Method] = {
            **slack_chat.METHODS,
            **slack_rooms.METHODS,
            **slack_views.METHODS,
            **slack_files.METHODS,
            "auth.test": Method(self._auth_test, tier=5, token="any"),  # noqa: S106
            "apps.connections.open": Method(self._connect, tier=1, token="app"),  # noqa: S106
        }

    def answer(self, method: str, args: Json, token: str | None) -> Answer:
        """The answer to one call, also written to the ledger."""
        workspace = self._owner(token)
        fault = self.faults.take(method, _channel(args))
        if fault and not fault.applied:
            answer = _without_effect(fault)
        else:
            answer = _disturbed(self._normal(method, args, token), fault)
        status, body = (None, None) if answer.cut else (answer.status, answer.body)
        name = workspace.id if workspace else None
        self.state.record(ApiCall(name, method, args, status, body, stopwatch()))
        return answer

    def _normal(self, method: str, args: Json, token: str | None) -> Answer:
        try:
            with self.state.changed:
                # Written out under the lock: the answer must not change while it is being sent.
                body = json.loads(json.dumps({"ok": True, **self._run(method, args, token)}))
        except ApiError as error:
            headers = tuple((k, str(v)) for k, v in error.headers.items())
            return Answer(error.status, error.body(), headers)
        return Answer(200, body, self._granted(token))

    def _granted(self, token: str | None) -> tuple[tuple[str, str], ...]:
        """Slack names the token's scopes with every good answer."""
        workspace = self._owner(token)
        if workspace is None or (token or "").startswith("xapp-"):
            return ()
        return (("x-oauth-scopes", ",".join(sorted(workspace.scopes))),)

    def _run(self, name: str, args: Json, token: str | None) -> Json:
        workspace = self._authenticate(token)
        method = self.methods.get(name)
        if method is None:
            raise ApiError("unknown_method", req_method=name)
        kind = "app" if (token or "").startswith("xapp-") else "bot"
        if method.token not in {kind, "any"}:
            raise ApiError("not_allowed_token_type")
        self._within_limits(workspace, name, method, args)
        scopes = frozenset({"connections:write"} if kind == "app" else workspace.scopes)
        call = Call(self.state, workspace, Args(args), self.base_url, stopwatch(), scopes)
        for scope in method.scopes:
            call.need_scope(scope)
        return method.run(call)

    def _within_limits(self, workspace: Workspace, name: str, method: Method, args: Json) -> None:
        wait = self.limits.retry_after(workspace.id, name, method.tier, _channel(args))
        if wait:
            raise ApiError("ratelimited", status=429, headers={"Retry-After": wait})

    def _owner(self, token: str | None) -> Workspace | None:
        for workspace in self.state.workspaces.values():
            if token in {workspace.spec.bot_token, workspace.spec.app_token}:
                return workspace
        return None

    def _authenticate(self, token: str | None) -> Workspace:
        if not token:
            raise ApiError("not_authed")
        workspace = self._owner(token)
        if workspace is None:
            raise ApiError("invalid_auth")
        if workspace.token_error and token == workspace.spec.bot_token:
            raise ApiError(workspace.token_error)
        return workspace

    def _auth_test(self, call: Call) -> Json:
        spec = call.workspace.spec
        if "connections:write" in call.scopes:
            return {"app_id": spec.app_id, "app_name": spec.app_name}
        return {
            "url": f"https://{spec.domain}.slack.com/",
            "team": spec.name,
            "team_id": spec.id,
            "user": spec.app_name.lower(),
            "user_id": spec.bot_user_id,
            "bot_id": spec.bot_id,
            "is_enterprise_install": False,
        }

    def _connect(self, call: Call) -> Json:
        ticket = self.sockets.ticket(call.workspace.spec.app_token)
        address = self.base_url.replace("http://", "ws://", 1)
        return {"url": f"{address}/link/?ticket={ticket}&app_id={call.workspace.spec.app_id}"}

    def post_scheduled(self) -> int:
        """Post what is due; Slack warns that messages scheduled with metadata never appear."""
        posted = 0
        with self.state.changed:
            for workspace in self.state.workspaces.values():
                for key, plan in sorted(workspace.scheduled.items()):
                    if plan["at"] <= self.state.now().timestamp():
                        del workspace.scheduled[key]
                        posted += self._post_one(workspace, plan)
        return posted

    def _post_one(self, workspace: Workspace, plan: Json) -> int:
        if plan["content"].metadata:
            return 0
        channel = workspace.channels[plan["channel"]]
        self.state.put(workspace, bot_message(self.state, workspace, channel, plan["content"]))
        return 1


def _channel(args: Json) -> str | None:
    channel = args.get("channel")
    return channel if isinstance(channel, str) else None


def _without_effect(fault: Fault) -> Answer:
    if fault.kind == "ratelimited":
        error = {"ok": False, "error": "ratelimited"}
        return Answer(429, error, (("Retry-After", str(int(fault.seconds))),))
    if fault.kind == "error":
        return Answer(200, {"ok": False, "error": fault.error})
    return _disturbed(Answer(200, {"ok": True}), fault)


def _disturbed(answer: Answer, fault: Fault | None) -> Answer:
    if fault is None:
        return answer
    if fault.kind == "http":
        return Answer(fault.status, None)
    return Answer(
        answer.status,
        answer.body,
        answer.headers,
        cut=fault.kind == "eof",
        truncated=fault.kind == "truncated",
        delay=fault.seconds if fault.kind == "slow" else 0.0,
    )
