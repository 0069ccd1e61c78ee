"""What ads delivered: figures per ad and day for a whole account.

Meta refreshes these figures every 15 minutes and changes them for 28 days (Marketing API, Insights),
so today is read every 15 minutes and the rolling history rarely.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import msgspec

from bot.domain.ids import AccountId, Level
from bot.domain.insights import AdDay, AdReach, AdWindow, ReachWindow
from bot.errors import OutcomeUnknown, TooMuchData, Transient
from bot.meta import faults
from bot.meta.asking import Question, time_range
from bot.meta.client import GraphClient
from bot.meta.faults import GraphError, Kind
from bot.meta.rows import Reader

PAGE = 500
FIELDS = (
    "ad_id,adset_id,campaign_id,impressions,clicks,inline_link_clicks,inline_post_engagement,spend,"
    "actions,action_values,attribution_setting"
)
# People are counted slowly at Meta's side, so they are never asked for together with the rest.
REACH_FIELDS = "impressions,reach,frequency"
AD_REACH_FIELDS = "ad_id,reach"
# Meta ranks an ad against others that seek the same people (AdsInsights; only at level=ad).
AD_WINDOW_FIELDS = "ad_id,impressions,reach,quality_ranking,engagement_rate_ranking,conversion_rate_ranking"
WINDOW_DAYS = 7
_DELIVERED = {"field": "ad.impressions", "operator": "GREATER_THAN", "value": 0}
_FIRST_LOOK, _LONGEST_LOOK = 2.0, 30.0  # seconds between looks at a report
_BASE: Mapping[str, object] = {"level": "ad", "fields": FIELDS, "limit": PAGE}


def ad_days(
    client: GraphClient,
    account_id: AccountId,
    *,
    currency: str,
    since: date,
    until: date,
    purchase_type: str | None = None,
) -> Iterator[list[AdDay]]:
    """Figures of every ad and day from `since` to `until`, both included, page by page.

    When Meta finds that too much, the range is halved, and a single day is read campaigns by campaigns;
    rows that were already given may then come again.
    """
    reader = Reader(currency, purchase_type, client.warn)
    yield from Question(client, account_id, reader, reader.days).days(_BASE, since, until)


def today(
    client: GraphClient, account_id: AccountId, *, currency: str, purchase_type: str | None = None
) -> Iterator[list[AdDay]]:
    """Figures so far of every ad that was shown today, the account's today."""
    reader = Reader(currency, purchase_type, client.warn)
    params = {**_BASE, "date_preset": "today", "filtering": [_DELIVERED]}
    yield from Question(client, account_id, reader, reader.days).whole(params)


def reach(
    client: GraphClient, account_id: AccountId, since: date, until: date, *, level: Level = Level.AD
) -> Iterator[list[ReachWindow]]:
    """How many people each object of a level reached, and how often, over the whole window."""
    reader = Reader("USD", None, client.warn)  # no money in these rows
    params = {
        **_BASE,
        "level": level.value,
        "fields": f"{level.value}_id,{REACH_FIELDS}",
        "time_range": time_range(since, until),
    }
    for page in client.pages(f"{account_id}/insights", params, reader.decode):
        yield reader.reach(page, level, since, until)


def ad_reach(
    client: GraphClient, account_id: AccountId, *, since: date, until: date
) -> Iterator[list[AdReach]]:
    """How many people every ad reached on each day from `since` to `until`, both included."""
    reader = Reader("USD", None, client.warn)
    params = {**_BASE, "fields": AD_REACH_FIELDS}
    yield from Question(client, account_id, reader, reader.reached).days(params, since, until)


def ad_windows(client: GraphClient, account_id: AccountId, last_day: date) -> Iterator[list[AdWindow]]:
    """Every ad over the seven days that end with `last_day`, counted as one window, and how Meta ranks it."""
    reader = Reader("USD", None, client.warn)
    since = last_day - timedelta(days=WINDOW_DAYS - 1)
    params = {**_BASE, "fields": AD_WINDOW_FIELDS, "time_range": time_range(since, last_day)}
    question = Question(client, account_id, reader, lambda page: reader.windows(page, last_day))
    yield from question.whole(params)


def report(  # noqa: PLR0913 (as ad_days, and how long to wait)
    client: GraphClient,
    account_id: AccountId,
    *,
    currency: str,
    since: date,
    until: date,
    purchase_type: str | None = None,
    patience: float = 900.0,
) -> Iterator[list[AdDay]]:
    """The same figures as `ad_days` through a report that Meta prepares first; for long ranges.

    Waits up to `patience` seconds, by the client's own sleep, and submits once more when Meta fails.
    """
    reader = Reader(currency, purchase_type, client.warn)
    run = _finished_report(client, account_id, _history(since, until), patience)
    yield from map(reader.days, client.pages(f"{run}/insights", {"limit": PAGE}, reader.decode))


class _Run(msgspec.Struct):
    report_run_id: str | int | None = None
    async_status: str = ""
    async_percent_completion: int = 0
    error_code: int | None = None
    error_subcode: int | None = None
    error_message: str | None = None


_RUN = msgspec.json.Decoder(_Run, strict=False)


def _finished_report(
    client: GraphClient, account_id: AccountId, params: Mapping[str, object], patience: float
) -> str:
    asked = {name: value for name, value in params.items() if name != "limit"} | {"fields": FIELDS.split(",")}
    for last_try in (False, True):
        try:
            run = _submitted(client, account_id, asked)
            if _wait(client, run, patience):
                return run
        except (OutcomeUnknown, Transient):
            # A report changes nothing, so a second one does no harm.
            if last_try:
                raise
    raise Transient("Meta failed twice to prepare the report.", reason="meta_report_failed")


def _submitted(client: GraphClient, account_id: AccountId, params: Mapping[str, object]) -> str:
    run = _run(client.post(f"{account_id}/insights", params)).report_run_id
    if not run:
        raise Transient("Meta accepted a report but did not name it.", reason="meta_report_failed")
    return str(run)


def _wait(client: GraphClient, run: str, patience: float) -> bool:
    """True once the report is complete, False when Meta dropped it; raises when it never will be."""
    waited, pause = 0.0, _FIRST_LOOK
    while waited < patience:
        state = _run(client.get(run))
        # At 100 % it may still be running and would give a part of the rows without any error.
        if state.async_status == "Job Completed" and state.async_percent_completion >= 100:
            return True
        if state.async_status in ("Job Failed", "Job Skipped"):
            _judge(state)
            return False
        client.sleep(pause)
        waited, pause = waited + pause, min(pause * 2, _LONGEST_LOOK)
    raise TooMuchData("Meta did not finish the report in time.", reason="meta_report_late")


def _judge(state: _Run) -> None:
    error = GraphError(code=state.error_code, error_subcode=state.error_subcode)
    found = faults.verdict(error)
    if state.error_code and found.kind not in (Kind.TRANSIENT, Kind.THROTTLED):
        raise faults.as_exception(found, error, f"{found.sentence}.")


def _run(body: bytes) -> _Run:
    try:
        return _RUN.decode(body)
    except msgspec.MsgspecError:
        raise Transient("Meta's answer about a report could not be read.") from None


def _history(since: date, until: date) -> dict[str, object]:
    return {**_BASE, "time_range": time_range(since, until), "time_increment": 1}
