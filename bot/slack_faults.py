"""Slack's error codes and dropped connections as bot.errors, without a word that might hold a token."""

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.errors import (
    ChannelUnavailable,
    SlackError,
    SlackOutcomeUnknown,
    SlackRefused,
    SlackThrottled,
    SlackTokenDead,
)

# "Errors" of chat.*, conversations.*, views.* and files.*. What is not listed is refused for good.
_KINDS: Final[Mapping[type[SlackError], str]] = {
    SlackThrottled: "ratelimited rate_limited",
    SlackTokenDead: "invalid_auth not_authed token_revoked token_expired account_inactive"
    " org_login_required team_access_not_granted user_removed_from_team",
    ChannelUnavailable: "channel_not_found not_in_channel is_archived restricted_action"
    " restricted_action_read_only_channel restricted_action_thread_only_channel"
    " restricted_action_non_threadable_channel messages_tab_disabled cannot_dm_bot user_not_found"
    " user_disabled ekm_access_denied method_not_supported_for_channel_type",
    # Slack stopped in the middle; the method's pages warn that parts of it may have been done.
    SlackOutcomeUnknown: "fatal_error internal_error service_unavailable request_timeout team_added_to_org",
    SlackRefused: "invalid_blocks invalid_blocks_format msg_too_long msg_blocks_too_long no_text"
    " too_many_attachments metadata_too_large missing_scope message_not_found cant_update_message"
    " edit_window_closed cant_delete_message message_limit_exceeded not_enabled hash_conflict"
    " invalid_arguments access_denied no_permission expired_trigger_id exchanged_trigger_id"
    " invalid_trigger_id view_too_large not_found user_not_in_channel cannot_reply_to_message"
    " file_not_found file_deleted file_uploads_disabled file_upload_size_restricted"
    " file_type_not_allowed storage_limit_reached",
}
_BY_CODE: Final = {code: kind for kind, codes in _KINDS.items() for code in codes.split()}
_UNREACHABLE_WAIT = 15.0  # seconds
_CODE = re.compile(r"[a-z][a-z0-9_]{1,60}")


def from_answer(response: Any) -> SlackError:
    """What an answer other than `ok` means; takes slack_sdk's SlackResponse."""
    data = response.data if isinstance(response.data, dict) else {}
    code = str(data.get("error") or "")
    if response.status_code == 429 or _BY_CODE.get(code) is SlackThrottled:
        return SlackThrottled(retry_after=_retry_after(response.headers))
    if response.status_code >= 500 or not _CODE.fullmatch(code):
        return SlackOutcomeUnknown()  # no JSON, or JSON cut off: the SDK then puts a sentence into `error`
    kind = _BY_CODE.get(code, SlackRefused)
    reason = f"slack_{code}" if code in _BY_CODE else kind.reason
    return kind(_sentence(kind, code, data), reason=reason)


def _sentence(kind: type[SlackError], code: str, data: Mapping[str, Any]) -> str | None:
    if code == "missing_scope":
        return f"The bot's token lacks the scope {data.get('needed', '')}; install the app again."
    if kind is not SlackRefused:
        return None
    details = data.get("errors") or (data.get("response_metadata") or {}).get("messages") or []
    told = "; ".join(str(detail) for detail in details[:3])[:300] if isinstance(details, list) else ""
    return f"Slack does not accept that ({code}{': ' + told if told else ''})."


def from_connection(error: BaseException) -> SlackError:
    """What it means that no whole answer came."""
    cause = getattr(error, "reason", error)
    if isinstance(cause, ConnectionRefusedError) or type(cause).__name__ == "gaierror":
        # Nobody was listening, so nothing was posted: wait and send it again.
        unreachable = SlackThrottled("Slack cannot be reached.", retry_after=_UNREACHABLE_WAIT)
        unreachable.reason = "slack_unreachable"
        return unreachable
    return SlackOutcomeUnknown()


def check_response(status: int, headers: Mapping[str, Any]) -> None:
    """Refuse the answers of a `response_url` that are not a plain 200."""
    if status == 429:
        raise SlackThrottled(retry_after=_retry_after(headers))
    if status >= 500:
        raise SlackOutcomeUnknown()
    if status in (404, 410):  # used five times, or older than 30 minutes
        raise SlackRefused("Slack no longer takes answers there.", reason="slack_response_url_over")
    if status != 200:
        raise SlackRefused()


def from_upload(status: int, headers: Mapping[str, Any]) -> SlackError:
    """What it means that the address for a file's bytes answered with this status."""
    if status == 429:
        return SlackThrottled(retry_after=_retry_after(headers))
    if status >= 500:
        return SlackOutcomeUnknown()
    return SlackRefused("Slack did not take the file.", reason="slack_upload_refused")


def _retry_after(headers: Mapping[str, Any]) -> float:
    named = {name.lower(): value for name, value in headers.items()}
    text = str(named.get("retry-after", ""))
    return float(text) if re.fullmatch(r"\d{1,5}", text) else 30.0
