"""Which request means what: nodes, edges, writes and report runs, each checked before it is served."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.graph_access import Access, Gate
from bot.sandbox.graph_edges import Reader
from bot.sandbox.graph_errors import GraphError, bad_node_field, unknown_object, unknown_path
from bot.sandbox.graph_fields import parsed
from bot.sandbox.graph_images import Images
from bot.sandbox.graph_insights import Insights, account_of
from bot.sandbox.graph_making import Write
from bot.sandbox.graph_nodes import View
from bot.sandbox.graph_paging import Link
from bot.sandbox.graph_params import checked
from bot.sandbox.graph_runs import Run, Runs, shown
from bot.sandbox.graph_schema import Call, call, fields_of
from bot.sandbox.graph_tables import kind_of
from bot.sandbox.graph_usage import Limits
from bot.sandbox.graph_wire import Request
from bot.sandbox.graph_writes import Writer
from bot.sandbox.world import World
from bot.sandbox.world_objects import Account, Thing

OLDEST_VERSION, VERSION = 25, 26
_UNVERSIONED = frozenset({"me", "debug_token"})
_RUN_DEFAULTS = ("id", "account_id", "async_status", "async_percent_completion", "error_code")


@dataclass(slots=True)
class Charge:
    """Which account and which allowance a request counts against; filled in while it is served."""

    account: Account | None = None
    kind: str = "ads_management"
    ads: int = 0
    made: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """When a write came, from whom, and what it is charged to."""

    at: datetime
    actor: str
    charge: Charge


@dataclass(slots=True)
class Service:
    """Everything a request may touch."""

    world: World
    gate: Gate
    limits: Limits
    insights: Insights
    runs: Runs
    images: Images
    base: str = ""
    empty_pages: bool = False

    def serve(self, request: Request, at: datetime, charge: Charge) -> dict[str, Any]:
        """The JSON answer, or a GraphError."""
        parts = _parts(request)
        if "ids" in request.params:
            message = "The ids query parameter is deprecated in v26.0+"
            raise GraphError(100, f"(#100) {message}", status=500)
        access = self.gate.admit(request.token, request.params)
        if parts == ["debug_token"]:
            return {"data": self.gate.described(_needed(request, "input_token"))}
        if parts[:1] == ["me"]:
            return self._me(request, access, parts[1:], at)
        if not parts or len(parts) > 2:
            raise unknown_path("/".join(parts[2:]))
        return self._object(request, access, parts, at, charge)

    def _me(self, request: Request, access: Access, parts: list[str], at: datetime) -> dict[str, Any]:
        edge = parts[0] if parts else ""
        endpoint = call("user", request.method, edge)
        if endpoint is None or len(parts) > 1:
            raise unknown_path("/".join(parts))
        params = checked(request.params, endpoint)
        if edge:
            access.may_read()
            accounts = [account for account in self.world.accounts if account.id in access.accounts]
            return self._reader(request, at).things(accounts, params, self._link(request))
        known = {"id": access.user_id, "name": access.user_name}
        return _picked("user", known, params.get("fields"), ("id", "name"))

    def _object(
        self, request: Request, access: Access, parts: list[str], at: datetime, charge: Charge
    ) -> dict[str, Any]:
        edge = parts[1] if len(parts) > 1 else ""
        run = self.runs.by_id.get(parts[0])
        thing = run.scope if run else self.world.find(parts[0])
        if thing is None or (isinstance(thing, Account) and not run and parts[0] != thing.node_id):
            raise unknown_object(parts[0], request.method)
        access.sees(thing, request.method)
        kind = "run" if run else kind_of(thing)
        endpoint = call(kind, request.method, edge)
        if endpoint is None:
            raise unknown_path(edge) if request.method == "GET" else unknown_object(parts[0], request.method)
        self._charge(request, thing, edge, charge)
        _allowed(request, access, edge)
        if run:
            return self._run(request, run, endpoint, edge, at)
        if request.method != "GET":
            asked = Asked(at, access.user_name, charge)
            return self._write(request, thing, (endpoint, edge), asked)
        reader = self._reader(request, at)
        if edge:
            return reader.edge(kind, thing, edge, request.params, self._link(request))
        return reader.node(thing, parsed(checked(request.params, endpoint).get("fields")))

    def _charge(self, request: Request, thing: Thing, edge: str, charge: Charge) -> None:
        account = account_of(thing)
        charge.account = account
        charge.kind = "ads_insights" if edge == "insights" else "ads_management"
        charge.ads = len(self.world.ads_of(account))
        points = 3 if request.method != "GET" and edge != "insights" else 1
        self.limits.charge(account.id, charge.kind, points, charge.ads)

    def _write(self, request: Request, thing: Thing, what: tuple[Call, str], asked: Asked) -> dict[str, Any]:
        endpoint, edge = what
        params = checked(request.params, endpoint)
        if edge == "insights":
            query = self.insights.query(thing, params, asked.at)
            since, until = query.dates
            run = self.runs.start(thing, params, (since.isoformat(), until.isoformat()), asked.at)
            return {"report_run_id": run.id}
        writer = Writer(self.world, self.images, self.base)
        write = Write(params, asked.at, asked.actor)
        if request.method == "DELETE":
            done = writer.delete(thing, write)
        else:
            done = writer.apply(thing, edge, write, request.files)
        asked.charge.made = done.made
        return done.answer

    def _run(self, request: Request, run: Run, endpoint: Call, edge: str, at: datetime) -> dict[str, Any]:
        params = checked(request.params, endpoint)
        if not edge:
            self.runs.advance(run, at)
            return _picked("run", shown(run), params.get("fields"), _RUN_DEFAULTS)
        link = self._link(request)
        answer = self.insights.page(run.scope, {**run.params, **params}, run.asked_at, link)
        # Read too early, a report gives what it has, without an error.
        return answer if run.complete else {"data": []}

    def _reader(self, request: Request, at: datetime) -> Reader:
        secrets = {name: request.params[name] for name in ("access_token",) if name in request.params}
        return Reader(View(self.world, at, self.base), self.insights, self.images, self.empty_pages, secrets)

    def _link(self, request: Request) -> Link:
        return Link(f"{self.base}{request.path}", request.params)


def _parts(request: Request) -> list[str]:
    parts = [part for part in request.path.split("/") if part]
    if parts and parts[0][:1] == "v" and parts[0][1:].replace(".", "", 1).isdigit():
        number = float(parts[0][1:])
        if not OLDEST_VERSION <= number <= VERSION:
            raise _old_version()
        return parts[1:]
    if parts and parts[0] not in _UNVERSIONED:
        raise _old_version()
    return parts


def _old_version() -> GraphError:
    message = (
        "(#2635) You are calling a deprecated version of the Ads API. "
        f"Please update to the latest version: v{VERSION}.0."
    )
    return GraphError(2635, message)


def _needed(request: Request, name: str) -> str:
    if name not in request.params:
        raise GraphError(100, f"(#100) The parameter {name} is required")
    return request.params[name]


def _allowed(request: Request, access: Access, edge: str) -> None:
    if request.method == "GET" or edge == "insights":
        access.may_read()
    else:
        access.may_write()


def _picked(
    kind: str, known: Mapping[str, Any], fields: str | None, defaults: tuple[str, ...]
) -> dict[str, Any]:
    names = tuple(wanted.name for wanted in parsed(fields))
    for name in names:
        if name not in fields_of(kind):
            raise bad_node_field(name, {"user": "User", "run": "AdReportRun"}[kind])
    return {name: known[name] for name in (*(names or defaults), "id") if name in known}
