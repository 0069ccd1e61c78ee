"""An insights request, read and checked: what is wanted, of whom, for which days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.sandbox.graph_breakdowns import check_breakdowns
from bot.sandbox.graph_errors import bad_insight_fields, bad_param
from bot.sandbox.graph_fields import parsed
from bot.sandbox.graph_filters import Condition, conditions
from bot.sandbox.graph_metrics import METRICS
from bot.sandbox.graph_periods import Period, periods
from bot.sandbox.graph_schema import fields_of
from bot.sandbox.world_objects import Account, Ad, AdSet, Campaign, Thing

LEVELS: dict[str, type[Account] | type[Campaign] | type[AdSet] | type[Ad]] = {
    "account": Account,
    "campaign": Campaign,
    "adset": AdSet,
    "ad": Ad,
}
_ORDER = tuple(LEVELS)
# Without `fields` Meta gives a few columns only.
_DEFAULT_FIELDS = ("account_id", "impressions", "spend")


@dataclass(frozen=True)
class Query:
    """Everything that decides the rows, apart from the page."""

    level: str
    fields: tuple[str, ...]
    periods: tuple[Period, ...]
    windows: tuple[str, ...] = ()
    filters: tuple[Condition, ...] = ()
    breakdowns: tuple[str, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    summary: tuple[str, ...] = ()

    @property
    def dates(self) -> tuple[date, date]:
        """The first and the last day asked for."""
        return min(p.since for p in self.periods), max(p.until for p in self.periods)


def read_query(params: Mapping[str, Any], scope: Thing, today: date, first: date) -> Query:
    """The query behind checked parameters; `scope` is the object whose insights were asked for."""
    fields = insight_fields(params.get("fields"))
    return Query(
        level=_level(params.get("level"), scope),
        fields=fields or _DEFAULT_FIELDS,
        periods=periods(params, today, first),
        windows=tuple(dict.fromkeys(params.get("action_attribution_windows", ()))),
        filters=conditions(params.get("filtering", [])),
        breakdowns=_breakdowns(params),
        sort=tuple(_sort_key(entry) for entry in params.get("sort", ())),
        summary=_summary(params, fields or _DEFAULT_FIELDS),
    )


def insight_fields(text: str | None) -> tuple[str, ...]:
    """The requested columns; a column that insights does not have is refused by name."""
    names = tuple(wanted.name for wanted in parsed(text))
    wrong = [name for name in names if name not in fields_of("insights")]
    if wrong:
        raise bad_insight_fields(wrong)
    return names


def _level(level: str | None, scope: Thing) -> str:
    own = next(name for name, kind in LEVELS.items() if isinstance(scope, kind))
    if level is None:
        return own
    if _ORDER.index(level) < _ORDER.index(own):
        raise bad_param(f"level {level} is above the requested {own}")
    return level


def _breakdowns(params: Mapping[str, Any]) -> tuple[str, ...]:
    asked = tuple(params.get("breakdowns", ()))
    check_breakdowns(asked)
    actions = set(params.get("action_breakdowns", ())) - {"action_type"}
    if actions:
        raise bad_param(f"action_breakdowns {', '.join(sorted(actions))}: not modelled by the stand-in")
    return asked


def _sort_key(entry: str) -> tuple[str, bool]:
    name, _, direction = entry.rpartition("_")
    if name not in METRICS or direction not in {"ascending", "descending"}:
        raise bad_param(f"sort: {entry} must be a metric followed by _ascending or _descending")
    return name, direction == "descending"


def _summary(params: Mapping[str, Any], fields: tuple[str, ...]) -> tuple[str, ...]:
    if params.get("default_summary"):
        return fields
    return insight_fields(",".join(params.get("summary", ())))
