"""views.open, push, update and publish: triggers, hashes, the stack of three (Slack, "Modals")."""

import copy

from bot.sandbox.slack_blocks import check_view, view_too_large
from bot.sandbox.slack_compose import fill_ids, invalid_blocks
from bot.sandbox.slack_files import file_lookup
from bot.sandbox.slack_method import Method
from bot.sandbox.slack_spec import Json
from bot.sandbox.slack_state import State, ViewRecord, Workspace
from bot.sandbox.slack_wire import ApiError, Call, invalid_arguments

MOST_STACKED = 3


def checked(workspace: Workspace, view: object, kind: str) -> Json:
    """The view, when Slack would take it as this kind."""
    if isinstance(view, dict) and view.get("type") in {"home", "modal"} and view["type"] != kind:
        raise invalid_arguments(f"must be a {kind} view [json-pointer:/view/type]")
    faults = check_view(view, files=file_lookup(workspace))
    if faults:
        raise invalid_blocks(faults, "invalid_arguments")
    if view_too_large(view):
        raise ApiError("view_too_large")
    assert isinstance(view, dict)  # noqa: S101  check_view reported anything else
    return copy.deepcopy(view)


def build(state: State, workspace: Workspace, view: Json, previous: Json | None = None) -> Json:
    """The stored form of a view, with everything Slack adds."""
    fill_ids(state, view["blocks"])
    view_id = state.next_id("V")
    root = previous["root_view_id"] if previous else view_id
    body: Json = {
        "id": view_id,
        "team_id": workspace.id,
        "callback_id": "",
        "private_metadata": "",
        "external_id": "",
        "title": None,
        "submit": None,
        "close": None,
        "clear_on_close": False,
        "notify_on_close": False,
        "state": {"values": {}},
        "root_view_id": root,
        "previous_view_id": previous["id"] if previous else None,
        "app_id": workspace.spec.app_id,
        "app_installed_team_id": workspace.id,
        "bot_id": workspace.spec.bot_id,
        **view,
    }
    return {**body, "hash": f"{state.next_ts()}.{state.next_id('h')}"}


def _unique_external_id(workspace: Workspace, view: Json, own: str | None = None) -> None:
    name = view.get("external_id")
    if name and any(r.body["external_id"] == name and r.body["id"] != own for r in workspace.views()):
        raise ApiError("duplicate_external_id")


def show(state: State, workspace: Workspace, user: str, view: Json, *, push: bool = False) -> Json:
    """Put a modal before a person, on top of the stack or as a new root."""
    stack = workspace.stacks.setdefault(user, [])
    previous = stack[-1].body if push else None
    body = build(state, workspace, view, previous)
    if not push:
        stack.clear()
    stack.append(ViewRecord(user, body))
    state.announce(workspace.id, {"kind": "view", "user": user, "view_id": body["id"]})
    return body


def replace(state: State, workspace: Workspace, record: ViewRecord, view: Json) -> Json:
    """Give an open view new content under the same id."""
    body = build(state, workspace, view)
    kept = {key: record.body[key] for key in ("id", "root_view_id", "previous_view_id")}
    record.body = {**body, **kept}
    kind = "home" if record.body["type"] == "home" else "view"
    state.announce(workspace.id, {"kind": kind, "user": record.user, "view_id": record.body["id"]})
    return record.body


def close(state: State, workspace: Workspace, user: str, count: int) -> list[Json]:
    """Take the top `count` modals away; returns them, top first."""
    stack = workspace.stacks.get(user, [])
    gone = [stack.pop().body for _ in range(min(count, len(stack)))]
    for body in gone:
        workspace.typed.pop((user, body["id"]), None)
        state.announce(workspace.id, {"kind": "view_closed", "user": user, "view_id": body["id"]})
    return gone


def find(workspace: Workspace, view_id: str) -> ViewRecord | None:
    """The open view with this id."""
    return next((r for r in workspace.views() if r.body["id"] == view_id), None)


def _open(call: Call) -> Json:
    view = checked(call.workspace, call.args.data("view"), "modal")
    _unique_external_id(call.workspace, view)
    ticket = call.take_trigger()
    return {"view": show(call.state, call.workspace, ticket.user, view)}


def _push(call: Call) -> Json:
    view = checked(call.workspace, call.args.data("view"), "modal")
    _unique_external_id(call.workspace, view)
    ticket = call.take_trigger()
    stack = call.workspace.stacks.get(ticket.user, [])
    if not stack:
        raise ApiError("not_found")
    if len(stack) >= MOST_STACKED:
        raise ApiError("push_limit_reached")
    return {"view": show(call.state, call.workspace, ticket.user, view, push=True)}


def _wanted(call: Call) -> ViewRecord:
    view_id, external = call.args.text("view_id"), call.args.text("external_id")
    if bool(view_id) == bool(external):
        raise invalid_arguments("must provide exactly one of: view_id, external_id")
    for record in call.workspace.views():
        if (view_id and record.body["id"] == view_id) or (
            external and record.body["external_id"] == external
        ):
            return record
    raise ApiError("not_found")


def _same_hash(call: Call, body: Json) -> None:
    if call.args.has("hash") and call.args.text("hash") != body["hash"]:
        raise ApiError("hash_conflict")


def _update(call: Call) -> Json:
    record = _wanted(call)
    view = checked(call.workspace, call.args.data("view"), record.body["type"])
    _same_hash(call, record.body)
    _unique_external_id(call.workspace, view, record.body["id"])
    return {"view": replace(call.state, call.workspace, record, view)}


def _publish(call: Call) -> Json:
    user = call.args.need("user_id")
    if not call.workspace.spec.home_enabled:
        raise ApiError("not_enabled")
    if user not in call.workspace.users:
        raise ApiError("user_not_found")
    view = checked(call.workspace, call.args.data("view"), "home")
    record = call.workspace.homes.get(user)
    if record:
        _same_hash(call, record.body)
        return {"view": replace(call.state, call.workspace, record, view)}
    record = ViewRecord(user, build(call.state, call.workspace, view))
    call.workspace.homes[user] = record
    call.state.announce(call.workspace.id, {"kind": "home", "user": user, "view_id": record.body["id"]})
    return {"view": record.body}


METHODS = {
    "views.open": Method(_open, tier=4),
    "views.push": Method(_push, tier=4),
    "views.update": Method(_update, tier=4),
    "views.publish": Method(_publish, tier=4),
}
