"""Objects and lists of objects with exactly the fields that were asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.graph_activities import activities
from bot.sandbox.graph_errors import bad_node_field, bad_param
from bot.sandbox.graph_fields import Wanted, parsed
from bot.sandbox.graph_filters import Condition, conditions, unsupported
from bot.sandbox.graph_images import Images, listed
from bot.sandbox.graph_insights import DEFAULT_LIMIT, LARGEST_PAGE, Insights
from bot.sandbox.graph_members import members
from bot.sandbox.graph_nodes import View
from bot.sandbox.graph_paging import Link, page_of
from bot.sandbox.graph_params import checked, page_size
from bot.sandbox.graph_recommendations import recommendations
from bot.sandbox.graph_schema import call, field_type, fields_of, fields_of_type, sdk_class
from bot.sandbox.graph_studies import cells_shown
from bot.sandbox.graph_tables import TABLES, kind_of
from bot.sandbox.world_objects import Account, Creative, Label, Study, Thing

_DEFAULTS = {"account": ("account_id", "id")}
_HIDDEN = frozenset({"DELETED", "ARCHIVED"})
_NODE_TYPES = {"account": "AdAccount", "adset": "AdCampaign", "campaign": "AdCampaignGroup", "ad": "AdGroup"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Shows objects of one view; `insights` answers the insights edge inside field expansion."""

    view: View
    insights: Insights
    images: Images
    empty_pages: bool = False
    # What a `next` link inside an object has to repeat, the token above all.
    secrets: Mapping[str, str] = field(default_factory=dict)

    def node(self, thing: Thing, wanted: Sequence[Wanted]) -> dict[str, Any]:
        """One object; without fields only what identifies it."""
        kind = kind_of(thing)
        if not wanted:
            wanted = tuple(Wanted(name) for name in _DEFAULTS.get(kind, ("id",)))
        shown = {field.name: self._field(kind, thing, field) for field in wanted}
        known = {name: value for name, value in shown.items() if value is not None}
        return {**known, "id": TABLES[kind]["id"](self.view, thing)}

    def _field(self, kind: str, thing: Thing, wanted: Wanted) -> Any:
        if call(kind, "GET", wanted.name) is not None and wanted.name not in TABLES[kind]:
            return self._edge(kind, thing, wanted)
        if wanted.name not in fields_of(kind):
            raise bad_node_field(wanted.name, _NODE_TYPES.get(kind, sdk_name(kind)))
        show = TABLES[kind].get(wanted.name)
        self._check_inner(kind, wanted)
        return self._nested(show(self.view, thing), wanted) if show else None

    def _check_inner(self, kind: str, wanted: Wanted) -> None:
        if wanted.inner is None:
            return
        allowed = fields_of_type(field_type(kind, wanted.name))
        for part in wanted.inner:
            if allowed is not None and part.name not in allowed and not part.inner:
                raise bad_node_field(part.name, field_type(kind, wanted.name))

    def _nested(self, value: Any, wanted: Wanted) -> Any:
        if isinstance(value, Thing):
            return self.node(value, wanted.inner or (Wanted("id"),))
        names = {field.name for field in wanted.inner or ()}
        if names and isinstance(value, dict):
            return {name: item for name, item in value.items() if name in names | {"id"}}
        if names and isinstance(value, list):
            return [{k: v for k, v in item.items() if k in names} for item in value]
        return value

    def _edge(self, kind: str, thing: Thing, wanted: Wanted) -> Any:
        raw = dict(wanted.modifiers)
        if wanted.inner:
            raw["fields"] = _written(wanted.inner)
        answer = self.edge(kind, thing, wanted.name, raw)
        return answer if answer["data"] else None

    def edge(
        self, kind: str, thing: Thing, edge: str, raw: Mapping[str, str], link: Link | None = None
    ) -> dict[str, Any]:
        """A page of one of the object's edges."""
        endpoint = call(kind, "GET", edge)
        if endpoint is None:
            raise bad_node_field(edge, sdk_name(kind))
        params = checked(raw, endpoint)
        address = link or Link(f"{self.view.base}/v26.0/{thing.id}/{edge}", {**self.secrets, **raw})
        if edge == "insights":
            return self.insights.page(thing, params, self.view.at, address)
        plain = self._plain(edge, thing, params)
        if plain is not None:
            return self._paged(plain, params, address, _as_is)
        found = self._listed(edge, thing, params)
        return self.things(found, params, address)

    def _plain(self, edge: str, thing: Thing, params: Mapping[str, Any]) -> Sequence[dict[str, Any]] | None:
        """Edges whose entries are no objects of the world."""
        if edge == "activities":
            return activities(self.view, thing, params)
        if edge == "adimages" and isinstance(thing, Account):
            return listed(self.images, thing, params, self.view.base)
        if edge == "recommendations" and isinstance(thing, Account):
            return recommendations(self.view, thing, params)
        return cells_shown(thing) if isinstance(thing, Study) else None

    def things(self, found: Sequence[Thing], params: Mapping[str, Any], link: Link) -> dict[str, Any]:
        """A page of objects."""
        wanted = parsed(params.get("fields"))
        return self._paged(found, params, link, lambda thing: self.node(thing, wanted))

    def _paged(
        self, found: Sequence[Any], params: Mapping[str, Any], link: Link, show: Callable[[Any], Any]
    ) -> dict[str, Any]:
        size = page_size(params, default=DEFAULT_LIMIT, largest=LARGEST_PAGE)
        hollow = self.empty_pages and "filtering" in params
        shown, rest = page_of(found, params, size, link, hollow=hollow)
        summary = {"summary": {"total_count": len(found)}} if params.get("summary") == "true" else {}
        return {"data": [show(item) for item in shown], **rest, **summary}

    def _listed(self, edge: str, thing: Thing, params: Mapping[str, Any]) -> list[Thing]:
        rules = conditions(params.get("filtering", []))
        found = [
            item for item in members(self.view, edge, thing, params) if self._asked_for(item, params, rules)
        ]
        return [item for item in found if all(self._is(item, rule) for rule in rules)]

    def _asked_for(self, thing: Thing, params: Mapping[str, Any], rules: Sequence[Condition]) -> bool:
        log, moment = self.view.world.log, self.view.moment
        if isinstance(thing, (Creative, Label, Study)):
            return True
        wanted = params.get("effective_status")
        by_status = any("status" in rule.name for rule in rules)
        status = log.effective(thing, moment)
        if wanted is not None and status not in wanted:
            return False
        if wanted is None and not by_status and status in _HIDDEN:
            return False
        return log.updated_at(thing, moment) >= float(params.get("updated_since", 0))

    def _is(self, thing: Thing, rule: Condition) -> bool:
        target = self._target(thing, rule)
        table = TABLES[kind_of(target)]
        if rule.name not in table:
            raise unsupported(f"{rule.level}.{rule.name}".strip("."), rule.operator)
        if rule.name in {"updated_time", "created_time"}:
            return rule.holds(self._moment(target, rule.name))
        return rule.holds(table[rule.name](self.view, target))

    def _moment(self, thing: Thing, name: str) -> float:
        log = self.view.world.log
        return (
            log.updated_at(thing, self.view.moment)
            if name == "updated_time"
            else thing.created_at.timestamp()
        )

    def _target(self, thing: Thing, rule: Condition) -> Thing:
        if rule.level in {"", kind_of(thing)}:
            return thing
        parent = getattr(thing, rule.level, None)
        if parent is None:
            raise bad_param(f"Cannot filter {kind_of(thing)} on {rule.level}.{rule.name}")
        return parent  # type: ignore[no-any-return]


def sdk_name(kind: str) -> str:
    """Meta's name for a kind of object, close enough for a message."""
    names = {"creative": "AdCreative", "user": "User", "run": "AdReportRun", "activity": "AdActivity"}
    return names.get(kind) or str(
        sdk_class({"account": "AdAccount", "adset": "AdSet"}.get(kind, kind.title())).__name__
    )


def _as_is(item: Any) -> Any:
    return item


def _written(fields: Sequence[Wanted]) -> str:
    """Fields as text again, for an edge inside an edge."""
    parts = []
    for wanted in fields:
        text = wanted.name + "".join(f".{name}({value})" for name, value in wanted.modifiers)
        parts.append(text + (f"{{{_written(wanted.inner)}}}" if wanted.inner else ""))
    return ",".join(parts)
