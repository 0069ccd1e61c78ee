"""Read and judge every account that is due; one that fails does not keep the others waiting."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bot.services.bundle import Services
from jobs.base import Job
from storage.accounts import WatchedAccount

_AT_ONCE = 4
_BATCH = 40
_log = logging.getLogger(__name__)


def run(services: Services) -> None:
    """One cycle for each account that is due."""
    due = services.watching.due(_BATCH)
    if not due:
        return
    with ThreadPoolExecutor(min(_AT_ONCE, len(due)), thread_name_prefix="poll") as pool:
        list(pool.map(lambda watched: _cycle(services, watched), due))


def _cycle(services: Services, watched: WatchedAccount) -> None:
    try:
        services.watching.cycle(watched.workspace_id, watched.account.id)
    except Exception:  # the next tick tries this account again
        _log.exception("poll failed", extra={"action": "poll.failed", "account": watched.account.id})


JOB = Job(
    id="poll_insights",
    every=timedelta(seconds=5),
    summary="Reads every ad account whose quarter of an hour has come, and runs the rules over it.",
    run=run,
)
