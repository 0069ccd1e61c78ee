"""Files: upload addresses, completion, look-up, and whether an image block may use one.

Flow and errors: Slack, files.getUploadURLExternal and files.completeUploadExternal.
"""

from typing import Any

from bot.clock import stopwatch
from bot.sandbox.slack_block_core import FileLookup
from bot.sandbox.slack_message import Message
from bot.sandbox.slack_method import Method
from bot.sandbox.slack_spec import Json
from bot.sandbox.slack_state import State, Workspace
from bot.sandbox.slack_wire import ApiError, Call, invalid_arguments

_STARTS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_INTERNAL = {"bytes", "complete", "expected", "ready_at"}


def file_lookup(workspace: Workspace) -> FileLookup:
    """Answers why a slack_file cannot be shown, or None when it can."""

    def problem(reference: Json) -> str | None:
        file = workspace.files.get(str(reference.get("id")))
        if file is None and "url" in reference:
            file = next((f for f in workspace.files.values() if f["url_private"] == reference["url"]), None)
        if file is None or not _processed(file):
            return "invalid slack file"
        return None if file["mimetype"] in _STARTS.values() else "invalid slack file"

    return problem


def public_file(file: Json) -> Json:
    """The file as the Web API shows it: its kind and its thumbnail only once Slack has looked at it."""
    shown = {key: value for key, value in file.items() if key not in _INTERNAL}
    if not _processed(file):
        return {**shown, "mimetype": "", "filetype": ""}
    return {**shown, "thumb_360": file["url_private"]} if file["mimetype"] in _STARTS.values() else shown


def _processed(file: Json) -> bool:
    return bool(file["complete"]) and stopwatch() >= float(file["ready_at"])


def _upload_url(call: Call) -> Json:
    name, length = call.args.need("filename"), call.args.number("length", 0)
    if length <= 0:
        raise invalid_arguments("length must be greater than 0 [json-pointer:/length]")
    if len(call.args.text("alt_txt")) > 1000:
        raise invalid_arguments("must be less than 1001 characters [json-pointer:/alt_txt]")
    file_id = call.state.next_id("F")
    address = f"{call.base_url}/files/{call.workspace.id}/{file_id}"
    call.workspace.files[file_id] = {
        "id": file_id,
        "name": name,
        "title": name,
        "alt_txt": call.args.text("alt_txt"),
        "mimetype": "",
        "filetype": name.rsplit(".", 1)[-1].lower(),
        "size": 0,
        "url_private": address,
        "permalink": address,
        "channels": [],
        "expected": length,
        "bytes": b"",
        "complete": False,
        "ready_at": 0.0,
    }
    return {"upload_url": f"{call.base_url}/upload/{call.workspace.id}/{file_id}", "file_id": file_id}


def receive(workspace: Workspace, file_id: str, raw: bytes) -> bool:
    """Take the uploaded bytes; False when the file is unknown or the length is not what was announced."""
    file = workspace.files.get(file_id)
    if file is None or file["bytes"] or len(raw) != file["expected"]:
        return False
    file.update(bytes=raw, size=len(raw))
    return True


def _finish(call: Call, wanted: Any) -> Json:
    file = call.workspace.files.get(str(wanted.get("id"))) if isinstance(wanted, dict) else None
    if file is None or not file["bytes"]:
        raise ApiError("file_not_found")
    file["complete"] = True
    file["ready_at"] = stopwatch() + call.state.file_seconds
    file["title"] = wanted.get("title") or file["name"]
    file["mimetype"] = _kind(file["bytes"])
    return file


def _kind(raw: bytes) -> str:
    """What the bytes are, whatever the file is called."""
    return next(
        (kind for start, kind in _STARTS.items() if raw.startswith(start)), "application/octet-stream"
    )


def _complete(call: Call) -> Json:
    wanted = call.args.data("files")
    if not isinstance(wanted, list) or not wanted:
        raise invalid_arguments("missing required field: files")
    channel = call.channel("channel_id") if call.args.has("channel_id") else None
    if channel and call.workspace.spec.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    files = [_finish(call, entry) for entry in wanted]
    if channel:
        for file in files:
            file["channels"].append(channel.id)
        _share(call.state, call.workspace, channel.id, (files, call.args.text("initial_comment"), call))
    return {"files": [public_file(file) for file in files]}


def _share(state: State, workspace: Workspace, channel: str, parts: tuple[list[Json], str, Call]) -> None:
    files, comment, call = parts
    spec = workspace.spec
    message = Message(state.next_ts(), channel, spec.bot_user_id, comment, state.now())
    message.bot_id, message.app_id, message.subtype = spec.bot_id, spec.app_id, "file_share"
    message.files = [public_file(file) for file in files]
    message.thread_ts = call.args.text("thread_ts") or None
    state.put(workspace, message)


def _info(call: Call) -> Json:
    file = call.workspace.files.get(call.args.need("file"))
    if file is None:
        raise ApiError("file_not_found")
    return {"file": public_file(file), "comments": []}


def _delete(call: Call) -> Json:
    if call.workspace.files.pop(call.args.need("file"), None) is None:
        raise ApiError("file_not_found")
    return {}


METHODS = {
    "files.getUploadURLExternal": Method(_upload_url, ("files:write",), tier=4),
    "files.completeUploadExternal": Method(_complete, ("files:write",), tier=4),
    "files.info": Method(_info, ("files:read",), tier=4),
    "files.delete": Method(_delete, ("files:write",), tier=3),
}
