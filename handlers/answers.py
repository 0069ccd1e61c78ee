"""How a person is answered: where they typed or clicked, in the channel a modal came from, or in a dialog."""

import logging
from collections.abc import Mapping
from typing import Any

from bot.domain.ids import ChannelId
from bot.errors import ChannelUnavailable, Refused, SlackError, SlackOutcomeUnknown, SlackRefused
from bot.log import log
from bot.services.bundle import Services
from bot.views.kit import Message
from handlers.arrivals import fields_of
from handlers.base import Reply
from storage.inbox import Request

_TRIGGER_OVER = ("slack_expired_trigger_id", "slack_exchanged_trigger_id", "slack_invalid_trigger_id")
_TOO_LATE = (
    "Slack opens a dialog only within three seconds of a click, and this time it took longer. Nothing was "
    "changed. Press the button again."
)
_PERHAPS = "Slack did not say whether the dialog opened. If there is none, press the button again."


class Answers:
    """Everything a request leads to that only the person who asked sees."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def open(self, request: Request, view: dict[str, Any]) -> None:
        """Open a modal; raises Refused when it came too late for that."""
        trigger_id = fields_of(request).get("trigger_id", "")
        try:
            self._services.slack.open_view(request.workspace_id, trigger_id, view)
        except SlackRefused as error:
            if error.reason not in _TRIGGER_OVER:
                raise
            raise Refused(_TOO_LATE, reason="dialog_too_late") from None
        except SlackOutcomeUnknown:
            raise Refused(_PERHAPS, reason="dialog_unknown") from None

    def tell(self, request: Request, reply: Reply) -> None:
        """Say it, as well as it can be said; an answer that is lost is logged and nothing more."""
        try:
            for message in reply.messages:
                self._say(request, message, replace=reply.replace)
        except SlackError as error:
            # What was asked for is done; only the answer is lost, and asking again would do it twice.
            log(
                "reply.lost",
                error.sentence,
                level=logging.WARNING,
                workspace=request.workspace_id,
                reason=error.reason,
            )

    def _say(self, request: Request, message: Message, *, replace: bool) -> None:
        fields, slack = fields_of(request), self._services.slack
        address = fields.get("response_url", "")
        if not address:
            self._say_without_address(request, fields, message)
            return
        try:
            slack.respond(address, message, replace=replace)
        except SlackRefused as error:
            if error.reason != SlackRefused.reason:
                raise
            # Rather plain than nothing: an answer given here may not show the bot's own files.
            plainer = message.without_images()
            found = Message(message.text) if plainer == message else plainer
            slack.respond(address, found, replace=replace)

    def _say_without_address(self, request: Request, fields: Mapping[str, str], message: Message) -> None:
        """A whisper where the modal was opened; Home has no such place, and a channel may be gone."""
        channel, thread = fields.get("channel_id", ""), fields.get("thread_ts") or None
        if channel:
            try:
                self._services.slack.whisper(
                    request.workspace_id, ChannelId(channel), request.user_id, message, thread_ts=thread
                )
                return
            except (SlackRefused, ChannelUnavailable):
                pass  # the bot or the person has left it
        self._say_on_home(request, message)

    def _say_on_home(self, request: Request, message: Message) -> None:
        """Home has no channel to answer in: a dialog, and where its 3 seconds are over, a whisper."""
        slack, owner = self._services.slack, request.workspace_id
        try:
            slack.show(owner, fields_of(request).get("trigger_id", ""), message)
        except SlackRefused:
            accounts = self._services.reports.status(owner).accounts
            channel = next((one.channel_id for one in accounts if one.channel_id), None)
            if channel is None:
                raise
            slack.whisper(owner, channel, request.user_id, message)
