"""What Slack tells without being asked: Home was opened, Spruce was removed, tokens were taken back."""

from datetime import timedelta

from bot.errors import NotFound
from bot.log import log
from bot.services.bundle import Services
from handlers.arrivals import fields_of, moment_of
from storage.inbox import Request

_WHOLE_SECONDS = timedelta(seconds=1)  # events tell their moment no closer


def run(services: Services, request: Request) -> str:
    """Follow one event; a slug for what came of it."""
    fields = fields_of(request)
    if fields["type"] == "app_home_opened":
        return _home(services, request, fields["tab"])
    if fields["type"] == "tokens_revoked" and fields["bot_tokens"] == "0":
        return "ignored"  # somebody's own token, and Spruce holds none of those
    return _removed(services, request, fields["type"])


def _home(services: Services, request: Request, tab: str) -> str:
    if tab != "home" or not services.workspaces.known(request.workspace_id):
        return "ignored"
    services.delivery.home_changed(request.workspace_id, request.user_id)
    return "ok"


def _removed(services: Services, request: Request, reason: str) -> str:
    try:
        installed_at = services.workspaces.get(request.workspace_id).installed_at
    except NotFound:
        return "ignored"
    happened_at = moment_of(fields_of(request))
    # Slack repeats an event for minutes: one about an installation before this one must not end this one.
    if happened_at is not None and happened_at + _WHOLE_SECONDS < installed_at:
        return "outdated"
    services.workspaces.removed(request.workspace_id, reason)
    log("workspace.removed", workspace=request.workspace_id, reason=reason)
    return "ok"
