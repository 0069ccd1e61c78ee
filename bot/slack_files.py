"""Pictures in Slack: uploaded without a channel, waited for, then shown by id in an image block.

Flow: Slack, files.getUploadURLExternal and files.completeUploadExternal. A file belongs to the bot
alone until a message shows it, and a block that names it before Slack has looked at it fails the whole
message (`invalid slack file`), hence the wait for `mimetype` in files.info.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from bot.domain.ids import WorkspaceId
from bot.errors import SlackError, SlackOutcomeUnknown, SlackRefused, SlackThrottled, SlackTokenDead
from bot.slack_wire import Wire

PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 4.0)  # seconds between looks: 7.7 in all
ALT_TEXT: Final = 1_000
_SHOWN = ("image/png", "image/jpeg", "image/gif")  # what an image block can show
_AGAIN = 15.0  # seconds
_UNANSWERED = (SlackOutcomeUnknown.reason, "slack_no_answer")
_GONE = ("slack_file_not_found", "slack_file_deleted")


class Files:
    """The files of one Slack, all workspaces."""

    def __init__(self, wire: Wire, sleep: Callable[[float], object]) -> None:
        self._wire = wire
        self._sleep = sleep

    def upload(self, workspace_id: WorkspaceId, data: bytes, filename: str, title: str, alt: str) -> str:
        """Upload a picture and wait until a message can show it; its file id.

        Doing it twice is harmless: what nobody shows nobody sees. A lost answer and a file that is not
        ready within some 8 seconds are therefore SlackThrottled, with the time after which to try again.
        """
        if not data:
            raise SlackRefused("An empty file cannot be shown.", reason="slack_empty_file")
        try:
            file_id = self._send(workspace_id, data, filename=filename, title=title, alt=alt)
        except SlackError as error:
            if error.reason not in _UNANSWERED:
                raise
            raise _later("Slack did not say whether it took a picture.", "slack_upload_unknown") from None
        self._wait(workspace_id, file_id)
        return file_id

    def delete(self, workspace_id: WorkspaceId, file_id: str) -> None:
        """Remove a file everywhere it shows; one that is gone already is fine."""
        try:
            self._call(workspace_id, "files.delete", file=file_id)
        except SlackRefused as error:
            if error.reason not in _GONE:
                raise

    def _send(self, workspace_id: WorkspaceId, data: bytes, *, filename: str, title: str, alt: str) -> str:
        asked = {"filename": filename, "length": len(data), "alt_txt": alt[:ALT_TEXT]}
        place = self._call(workspace_id, "files.getUploadURLExternal", **asked)
        file_id = str(place["file_id"])
        self._wire.send_bytes(str(place["upload_url"]), data)
        named = json.dumps([{"id": file_id, "title": title}])
        self._call(workspace_id, "files.completeUploadExternal", files=named)
        return file_id

    def _wait(self, workspace_id: WorkspaceId, file_id: str) -> None:
        for pause in (*PAUSES, None):
            kind = self._kind(workspace_id, file_id)
            if kind in _SHOWN:
                return
            if kind:
                self.delete(workspace_id, file_id)
                raise SlackRefused("Slack shows PNG, JPEG and GIF only.", reason="slack_file_no_picture")
            if pause is not None:
                self._sleep(pause)
        raise _later("Slack is still looking at a picture.", "slack_file_not_ready")

    def _kind(self, workspace_id: WorkspaceId, file_id: str) -> str:
        """What Slack found the file to be; empty while it does not know."""
        try:
            found = self._call(workspace_id, "files.info", file=file_id)["file"]
        except SlackError as error:
            if isinstance(error, SlackRefused | SlackTokenDead) and error.reason not in _GONE:
                raise
            return ""  # asked again after the next pause
        return str(found.get("mimetype") or "")

    def _call(self, workspace_id: WorkspaceId, method: str, **arguments: Any) -> Any:
        # As a form: these methods take no JSON body.
        return self._wire.read(self._wire.token(workspace_id), method, arguments)


def _later(sentence: str, reason: str) -> SlackThrottled:
    later = SlackThrottled(sentence, retry_after=_AGAIN)
    later.reason = reason
    return later
