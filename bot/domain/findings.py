"""What a rule found: facts with their units, so that any view can put them into words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import ObjectId
from bot.domain.insights import Figures
from bot.domain.structure import EntityRef, Issue


class Severity(StrEnum):
    """How soon a person should look."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for the mildest."""
        return list(Severity).index(self)


class Unit(StrEnum):
    """How a quantity is written."""

    PERCENT = "percent"  # amount is a fraction: 0.012 is 1.2 %
    MONEY = "money"  # amount is minor units of the account's currency
    SHARE = "share"  # a part of a whole: amount is a fraction, written without decimals
    MULTIPLE = "multiple"  # 3.2 is 3.2x
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that knows what it counts."""

    unit: Unit
    amount: float


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence with places for quantities: `Remark("CPM {0} against {1}", (now, before))`.

    The template is the rule's own text and never holds anything that came from an ad or a person.
    """

    template: str
    quantities: tuple[Quantity, ...] = ()


@dataclass(frozen=True, slots=True)
class Contributor:
    """A part of the object in question and its share of the excess, 0 to 1."""

    object_id: ObjectId
    name: str
    share: float
    figures: Figures


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's verdict on one object: what, how much against what, since when, at what cost."""

    rule_id: str
    entity: EntityRef
    severity: Severity
    what: str  # "Cost per purchase above target"
    value: Quantity | None
    threshold: Quantity | None
    threshold_from: str  # "your target", "the account's last 28 days", or "" where there is none
    window: str  # "today", "last 3 days including today", "since the last purchase"
    since: datetime
    figures: Figures  # the volumes behind the value
    cost_minor: int  # money spent beyond what the threshold allows; spend at risk where there is none
    cost_meaning: str  # "above target so far", "spent without a purchase", ...
    remarks: tuple[Remark, ...] = ()  # likely why, and what was ruled out
    advice: str = ""
    issues: tuple[Issue, ...] = ()
    contributors: tuple[Contributor, ...] = ()


def fingerprint(account_id: str, rule_id: str, entity: EntityRef) -> str:
    """What makes two findings the same incident."""
    return f"{account_id}|{rule_id}|{entity.level.value}:{entity.id}"
