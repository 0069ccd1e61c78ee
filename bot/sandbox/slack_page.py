"""The workspace page's server side: its JSON API, its stream of changes, its files."""

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

from bot.sandbox import slack_inputs as inputs
from bot.sandbox.slack_api import SlackStandIn
from bot.sandbox.slack_message import Message, interactive
from bot.sandbox.slack_page_json import Shown, roots, thread, with_type
from bot.sandbox.slack_page_stream import Streams
from bot.sandbox.slack_people import Person
from bot.sandbox.slack_send import Outcome
from bot.sandbox.slack_spec import Json
from bot.sandbox.slack_state import Channel, Workspace

STATIC = Path(__file__).parent / "static"
Progress = Callable[[int, int], None]
Advance = Callable[[int, Progress], None]


class WorkspacePage:
    """The page of one stand-in; the demo says which accounts and commands exist and how time moves."""

    def __init__(
        self,
        standin: SlackStandIn,
        *,
        accounts: list[Json] | None = None,
        commands: list[Json] | None = None,
        on_advance: Advance | None = None,
        zone: tuple[str, str] = ("Asia/Kolkata", "IST"),
    ) -> None:
        self.standin = standin
        self.accounts = accounts or []
        self.commands = commands or []
        self.on_advance = on_advance
        self.shown = Shown(standin.state, *zone)
        self.streams = Streams(standin.state, self.shown)
        self._clock_job: threading.Thread | None = None
        self._jobs = 0
        standin.page = self

    def install(self, app: Flask) -> None:
        """Add the page's routes to the stand-in's application."""
        app.add_url_rule("/", "page", lambda: send_from_directory(STATIC, "page.html"))
        app.add_url_rule("/static/<path:name>", "static", lambda name: send_from_directory(STATIC, name))
        app.add_url_rule("/archives/<channel>/p<digits>", "permalink", self.permalink)
        app.add_url_rule("/api/file/<file_id>", "file", self.file)
        app.add_url_rule("/api/stream", "stream", self.stream)
        reads = {"state": self.state, "messages": self.messages, "thread": self.thread, "home": self.home}
        for name, read in {**reads, "view": self.views}.items():
            app.add_url_rule(f"/api/{name}", f"get-{name}", self._guarded(read))
        writes = {
            "home/open": self.open_home,
            "command": self.command,
            "message": self.message,
            "action": self.action,
            "view/submit": self.submit,
            "view/close": self.close_view,
            "clock": self.clock,
        }
        for name, write in writes.items():
            app.add_url_rule(f"/api/{name}", f"post-{name}", self._guarded(write), methods=["POST"])

    def stop(self) -> None:
        """End every stream and wait for a clock job under way."""
        self.streams.stop()
        if self._clock_job:
            self._clock_job.join()

    def _guarded(self, view: Callable[[], Json]) -> Callable[[], Response]:
        def answer() -> Response:
            try:
                body, status = view(), 200
            except (LookupError, ValueError) as error:
                problem = error.args[0] if error.args else "not found"
                body, status = {"ok": False, "error": "not_found", "message": str(problem)}, 404
            return Response(json.dumps(body), status, mimetype="application/json")

        return answer

    def _args(self) -> Json:
        if request.method == "GET":
            return dict(request.args.to_dict())
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise ValueError("the request holds no JSON object")
        return body

    def _person(self, args: Json) -> Person:
        return self.standin.as_user(args["workspace"], args["user"])

    def _room(self, args: Json) -> tuple[Workspace, Channel]:
        workspace = self.standin.workspace(args["workspace"])
        return workspace, workspace.channel(args["channel"])

    def state(self) -> Json:
        """Everything the page needs at first."""
        viewer = self._args().get("user")
        with self.standin.state.changed:
            places = [self.shown.workspace(w, viewer) for w in self.standin.state.workspaces.values()]
        clock = {**self.shown.clock(), "busy": self._busy()}
        return {
            "workspaces": places,
            "commands": self.commands,
            "clock": clock,
            "accounts": self.accounts,
        }

    def messages(self) -> Json:
        """The root messages of a channel; reading them clears its unread count."""
        args = self._args()
        with self.standin.state.changed:
            workspace, room = self._room(args)
            self.shown.read(room, args["user"])
            return {"messages": [self.shown.message(workspace, m) for m in roots(room, args["user"])]}

    def thread(self) -> Json:
        """A root message and its replies."""
        args = self._args()
        with self.standin.state.changed:
            workspace, room = self._room(args)
            found = thread(room, args["user"], args["ts"])
            return {"messages": [self.shown.message(workspace, m) for m in found]}

    def home(self) -> Json:
        """The person's Home view, or null."""
        args = self._args()
        return {"view": self.standin.home(args["user"], args["workspace"])}

    def views(self) -> Json:
        """The person's open modals."""
        args = self._args()
        return {"stack": self.standin.open_views(args["user"], args["workspace"])}

    def file(self, file_id: str) -> Response:
        """An uploaded file, for image blocks."""
        for workspace in self.standin.state.workspaces.values():
            file = workspace.files.get(file_id)
            if file and file["complete"]:
                return Response(file["bytes"], mimetype=file["mimetype"])
        return Response("not found", 404)

    def permalink(self, channel: str, digits: str) -> Response:
        """A message's own address leads to the message on the page."""
        for workspace in self.standin.state.workspaces.values():
            if channel in workspace.channels and digits.isdecimal():
                place = f"/#/{workspace.spec.id}/{channel}/{digits[:-6]}.{digits[-6:]}"
                return Response(status=302, headers={"Location": place})
        return Response("not found", 404)

    def open_home(self) -> Json:
        """Tell the app that its Home tab was opened."""
        return _told(self._person(self._args()).open_home())

    def command(self) -> Json:
        """Type a slash command; `text` may repeat the command itself."""
        args = self._args()
        name = args.get("command") or "/spruce"
        text = str(args["text"]).removeprefix(name).strip()
        return _told(self._person(args).command(args["channel"], text, command=name))

    def message(self) -> Json:
        """Write a message."""
        args = self._args()
        self._person(args).say(args["channel"], args["text"], thread_ts=args.get("thread_ts"))
        return {"ok": True}

    def action(self) -> Json:
        """Operate an element; the page has asked for confirmation where there is any."""
        args = self._args()
        person, container = self._person(args), args["container"]
        target = _target(person, container)
        kinds = _kinds(target.all_blocks() if isinstance(target, Message) else target["blocks"])
        options = {
            "block_id": args["block_id"],
            "confirmed": True,
            "state": with_type(args.get("state") or {}, kinds),
        }
        kind = kinds.get((args["block_id"], args["action_id"]))
        if kind is None:
            raise LookupError("That control is no longer there.")
        if kind in {"button", "workflow_button", "icon_button", "feedback_buttons"}:
            return _told(person.click(target, args["action_id"], **options))
        key = inputs.value_key(kind)
        return _told(person.select(target, args["action_id"], {"type": kind, key: args.get(key)}, **options))

    def submit(self) -> Json:
        """Submit a modal."""
        args = self._args()
        person = self._person(args)
        view = _target(person, {"type": "view", "view_id": args["view_id"]})
        assert isinstance(view, dict)  # noqa: S101  the container says so
        typed = with_type(args.get("values") or {}, _kinds(view["blocks"]))
        missing = inputs.required_missing(view["blocks"], inputs.state_values(view["blocks"], typed))
        if missing:
            errors = dict.fromkeys(missing, "Please complete this required field.")
            return {"ok": True, "response_action": "errors", "errors": errors}
        person.enter(view["id"], typed)
        outcome = person.submit(view)
        answer = {**_told(outcome), "response_action": outcome.response_action}
        if outcome.errors:
            answer["errors"] = outcome.errors
        if outcome.response_action in {"update", "push"} and outcome.ok:
            answer["view"] = self.standin.open_views(args["user"], args["workspace"])[-1]
        return answer

    def close_view(self) -> Json:
        """Close the top modal."""
        args = self._args()
        person = self._person(args)
        view = _target(person, {"type": "view", "view_id": args["view_id"]})
        assert isinstance(view, dict)  # noqa: S101  the container says so
        person.close(view)
        return {"ok": True}

    def clock(self) -> Json:
        """Start moving the clock; progress comes by the stream."""
        minutes = self._args()["minutes"]
        if minutes not in {15, 60, 1440}:
            raise ValueError("minutes must be 15, 60 or 1440")
        if self.on_advance is None:
            return {"ok": False, "error": "no_clock", "message": "This stand-in's clock cannot be moved."}
        with self.standin.state.changed:
            if self._busy():
                return {"ok": False, "error": "busy", "message": "The clock is already being moved."}
            self._jobs += 1
            self._clock_job = threading.Thread(target=self._advance, args=(minutes,), name="sandbox-clock")
            self._clock_job.start()
        return {"ok": True, "job": f"c{self._jobs}"}

    def _busy(self) -> bool:
        return self._clock_job is not None and self._clock_job.is_alive()

    def _advance(self, minutes: int) -> None:
        assert self.on_advance  # noqa: S101  clock() looked
        self._announce_clock(busy=True)
        try:
            self.on_advance(minutes, lambda done, total: self._announce_clock(True, done=done, total=total))
            self.standin.post_scheduled()
        except Exception as error:  # whatever it was, the page must hear of it and the clock stay usable
            logging.getLogger(__name__).exception("moving the clock failed")
            self.notice(f"Moving the clock failed: {type(error).__name__}")
        finally:
            self._announce_clock(busy=False)

    def _announce_clock(self, busy: bool, **progress: int) -> None:
        self.streams.broadcast({"kind": "clock", "clock": self.shown.clock(), "busy": busy, **progress})

    def notice(self, text: str, level: str = "error") -> None:
        """Tell everybody who looks at the page."""
        self.streams.broadcast({"kind": "notice", "level": level, "text": text})

    def stream(self) -> Response:
        """Server-sent events for one viewer."""
        place, viewer = request.args.get("workspace", ""), request.args.get("user", "")
        return Response(self.streams.lines(place, viewer), mimetype="text/event-stream", headers=_UNBUFFERED)


_UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def _told(outcome: Outcome) -> Json:
    if outcome.ok:
        return {"ok": True}
    message = outcome.message or f'The app failed with the error "{outcome.error}"'
    return {"ok": False, "error": outcome.error, "message": message}


def _target(person: Person, container: Json) -> Message | Json:
    if container["type"] == "view":
        return person.view(container["view_id"])
    return person.message(container["channel"], container["message_ts"])


def _kinds(blocks: list[Json]) -> dict[tuple[str, str], str]:
    return {(b["block_id"], e["action_id"]): e["type"] for b, e in interactive(blocks)}
