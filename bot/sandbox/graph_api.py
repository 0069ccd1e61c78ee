"""The stand-in Graph API: strict like Meta's, with faults on request and a ledger of every call.

`python -m bot.sandbox.graph_api --large --port 0` runs it in a process of its own and prints its base
URL, the token and the account on the first lines.
"""

import argparse
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from bot.clock import Clock, SystemClock
from bot.sandbox.graph_access import Access, Gate
from bot.sandbox.graph_errors import GraphError, trace_id
from bot.sandbox.graph_faults import Faults, Outcome
from bot.sandbox.graph_http import HttpServer
from bot.sandbox.graph_images import Images
from bot.sandbox.graph_insights import Insights, account_of
from bot.sandbox.graph_ledger import Entry, Ledger
from bot.sandbox.graph_runs import Runs
from bot.sandbox.graph_service import Charge, Service
from bot.sandbox.graph_usage import STANDARD, Limits
from bot.sandbox.graph_wire import Answer, Request
from bot.sandbox.world import World
from bot.sandbox.world_objects import Account

_PICTURES = "/pictures/"
_PAGE = b"<!DOCTYPE html><html><body><h1>Please wait</h1></body></html>"
BENCH_TOKEN = "EAAbenchtoken"  # noqa: S105 - the stand-in's own, printed for whoever started it


@dataclass(frozen=True, slots=True)
class Manners:
    """How the stand-in behaves where Meta's behaviour depends on the app."""

    tier: str = STANDARD
    require_proof: bool = False
    empty_pages: bool = False
    # What rate limits are measured on; the stand-in's own clock when absent.
    limits_clock: Clock | None = None


class GraphStandIn:
    """Serves a world over HTTP as Meta would serve the ad accounts in it."""

    def __init__(
        self,
        world: World,
        clock: Clock,
        *,
        app_id: str,
        app_secret: str,
        tokens: Mapping[str, Access],
        manners: Manners | None = None,
    ) -> None:
        manners = manners or Manners()
        self.world = world
        self.clock = clock
        self.gate = Gate(app_id, app_secret, dict(tokens), manners.require_proof)
        self.faults = Faults()
        self.ledger = Ledger()
        self.runs = Runs()
        self.images = Images(world)
        self.limits = Limits(manners.limits_clock or clock, manners.tier)
        insights = Insights(world, empty_pages=manners.empty_pages)
        self._service = Service(
            world,
            self.gate,
            self.limits,
            insights,
            self.runs,
            self.images,
            empty_pages=manners.empty_pages,
        )
        self._server = HttpServer(self.answer)

    def start(self, port: int = 0) -> str:
        """Listen on the loopback interface and return the base URL, without a version."""
        self._service.base = self._server.start(port)
        return self._service.base

    def stop(self) -> None:
        """Close the server and every connection."""
        self._server.stop()

    def calls(self, method: str = "", path_part: str = "") -> list[Entry]:
        """The requests so far with this method whose path holds this text."""
        return self.ledger.calls(method, path_part)

    def answer(self, request: Request) -> Answer:
        """Answer one request and write it down; usable without the server."""
        if request.path.startswith(_PICTURES):
            return self._picture(request.path)
        outcome = self.faults.take(request.method, request.path, request.params)
        charge = Charge()
        answer, applied = Answer(0, b"", closes=True), False
        if outcome is None or outcome.serves:
            answer, applied = self._served(request, charge, outcome)
        if outcome is not None:
            answer = self._spoilt(request, charge, answer, outcome)
        self._write_down(request, answer, applied, charge.made)
        return answer

    def _served(self, request: Request, charge: Charge, outcome: Outcome | None) -> tuple[Answer, bool]:
        try:
            body = msgspec.json.encode(self._service.serve(request, self.clock.now(), charge))
        except GraphError as error:
            if charge.account is not None:
                self.limits.failed(charge.account.id, error)
            return self._refused(request, charge, error, outcome), False
        return Answer(200, body, self._headers(request, charge, outcome)), True

    def _refused(
        self, request: Request, charge: Charge, error: GraphError, outcome: Outcome | None
    ) -> Answer:
        body = msgspec.json.encode(error.body(f"{request.method} {request.path} {len(self.ledger)}"))
        headers = self._headers(request, charge, outcome)
        if error.code == 190:
            headers["WWW-Authenticate"] = f'OAuth "Facebook Platform" "invalid_token" "{error.message}"'
        return Answer(error.status, body, headers)

    def _spoilt(self, request: Request, charge: Charge, answer: Answer, outcome: Outcome) -> Answer:
        """The answer after the fault has had its way with it."""
        if outcome.closes:
            return replace(answer, closes=True, delay=outcome.delay)
        if outcome.html:
            return Answer(200, _PAGE, content_type="text/html; charset=utf-8")
        if outcome.error:
            self._find_account(request, charge)
            return self._refused(request, charge, outcome.error, outcome)
        body = answer.body[: len(answer.body) // 2] if outcome.cuts else answer.body
        return replace(
            answer,
            body=body,
            delay=outcome.delay,
            content_type=outcome.content_type or answer.content_type,
        )

    def _find_account(self, request: Request, charge: Charge) -> None:
        """A call that is refused before it is served still has headers about its account."""
        if charge.account is None:
            things = (self.world.find(part) for part in request.path.split("/") if part)
            charge.account = next((account_of(thing) for thing in things if thing), None)
            charge.kind = "ads_insights" if "/insights" in request.path else "ads_management"

    def _headers(self, request: Request, charge: Charge, outcome: Outcome | None) -> dict[str, str]:
        hint = outcome.hint if outcome else None
        account = charge.account.id if charge.account else None
        return {
            "facebook-api-version": "v26.0",
            "x-fb-trace-id": trace_id(f"{request.path} {len(self.ledger)}"),
            **self.limits.headers(account, charge.kind, charge.ads, hint),
        }

    def _write_down(self, request: Request, answer: Answer, applied: bool, made: str) -> None:
        status = 0 if answer.closes else answer.status
        self.ledger.add(
            Entry(
                self.clock.now(),
                request.method,
                request.path,
                request.public_params,
                status,
                applied,
                self.gate.label(request.token),
                made,
            )
        )

    def _picture(self, path: str) -> Answer:
        number, _, hash_ = path.removeprefix(_PICTURES).partition("/")
        account = self.world.find(number)
        picture = self.images.get(account, hash_) if isinstance(account, Account) else None
        if picture is None:
            return Answer(404, b"", content_type="text/plain")
        return Answer(200, picture.data, content_type=picture.content_type)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the stand-in until the process is interrupted or terminated."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.graph_api")
    parser.add_argument(
        "--large", action="store_true", help="500 campaigns and 5,000 ads instead of the demo"
    )
    parser.add_argument("--port", type=int, default=0)
    asked = parser.parse_args(arguments)
    clock = SystemClock()
    world = World.large(clock.now()) if asked.large else World.demo(clock.now())
    access = Access("bench", frozenset(account.id for account in world.accounts))
    secret = f"{BENCH_TOKEN}-secret"
    tokens = {BENCH_TOKEN: access}
    standin = GraphStandIn(world, clock, app_id="1000000000000001", app_secret=secret, tokens=tokens)
    lines = [standin.start(asked.port), BENCH_TOKEN, *(account.node_id for account in world.accounts)]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    _wait()
    standin.stop()


def _wait() -> None:
    """Until this process is asked to end."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    asked.wait()


if __name__ == "__main__":
    main()
