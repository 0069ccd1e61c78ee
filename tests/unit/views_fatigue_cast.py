"""A tired ad and its warning, that the tests of views share."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.domain.alerts import State
from bot.domain.fatigue import Change, ClassicVerdict, EvidenceVerdict, Standing, Status, Support
from bot.domain.fatigue_reading import ChartDay, Ends, FatigueReading
from bot.domain.findings import Quantity, Remark, Severity, Unit
from bot.domain.ids import ObjectId
from bot.domain.insights import Figures
from bot.domain.lookalikes import Lookalike, LookalikeKind, LookalikeState
from bot.domain.policy import FatigueRule
from bot.domain.refreshes import FatigueCard
from bot.domain.signals import MetaSignal, SignalSource
from bot.domain.structure import Account
from tests.unit import views_cast as cast

NOW, HOUR = cast.NOW, timedelta(hours=1)
LAST = date(2026, 11, 21)


def series(days: int = 28, gap: int | None = 9) -> tuple[ChartDay, ...]:
    """Four weeks: steady, then tiring; one day without delivery."""
    found = []
    for index in range(days):
        worn = max(0, index - (days - 9))
        impressions = 17_000 + 650 * ((index * 7) % 5)
        clicks = round(impressions * (0.0140 - 0.0006 * worn + 0.0005 * ((index * 3) % 4 - 1.5)))
        found.append(
            ChartDay(
                LAST - timedelta(days=days - 1 - index), impressions, clicks, 2.1 + 0.13 * worn + index / 80
            )
        )
    return tuple(one for index, one in enumerate(found) if index != gap)


def reading(rule: FatigueRule = FatigueRule.CLASSIC, **changes: Any) -> FatigueReading:
    """An ad that both rules call tired."""
    classic = rule is FatigueRule.CLASSIC
    values: dict[str, Any] = {
        "account_id": cast.RUPEES.id,
        "ad_id": ObjectId("3001"),
        "adset_id": ObjectId("2001"),
        "day": LAST,
        "rule": rule,
        "classic": ClassicVerdict(
            Status.FATIGUED,
            Change(0.0141, 0.0102, -0.277),
            Change(1.22, 1.47, 0.205),
            Support(Change(0.021, 0.017, -0.19), Change(0.31, 0.24, -0.226), Change(1_090, 1_420, 0.303)),
            7,
            123_400,
            1_401,
        ),
        "evidence": EvidenceVerdict(
            Status.FATIGUED, 0.768, 0.205, 0.129, 0.304, 0.97, 3.21, 2.34, 1_401, -0.02, 28
        ),
        "classic_standing": Standing(Status.FATIGUED),
        "evidence_standing": Standing(Status.FATIGUED),
        "since": date(2026, 11, 15),
        "ctr": Ends(0.0102, 0.0141) if classic else Ends(0.0112, 0.0139),
        "frequency": Ends(1.47, 1.22) if classic else Ends(3.21, 2.34),
        "figures_7d": Figures(123_400, 1_650, 1_401, 15_06_600, 31, 48_21_120),
        "loss": 0.277 if classic else 0.205,
        "lookalikes": lookalikes(),
        "signals": signals(),
        "series": series(),
    }
    return FatigueReading(**(values | changes))


def lookalikes() -> tuple[Lookalike, ...]:
    """One that holds, some ruled out, one that could not be checked."""
    share = Quantity(Unit.SHARE, 0.02)
    return (
        _lookalike(
            LookalikeKind.ACCOUNT_MOVED, "ruled_out", "Other ads did not move: CTR fell by {0}", share
        ),
        _lookalike(
            LookalikeKind.EDITED, "present", "The ad set's daily budget was raised by {0}", _share(0.35)
        ),
        _lookalike(LookalikeKind.TRACKING, "unknown", "Too few purchases to tell whether tracking works"),
        _lookalike(LookalikeKind.CONVERSION_LAG, "ruled_out", "Late purchases play no part"),
    )


def _share(amount: float) -> Quantity:
    return Quantity(Unit.SHARE, amount)


def _lookalike(kind: LookalikeKind, state: str, template: str, *quantities: Quantity) -> Lookalike:
    return Lookalike(kind, LookalikeState(state), Remark(template, quantities))


def signals() -> tuple[MetaSignal, ...]:
    """What Meta said."""
    return (
        MetaSignal(SignalSource.WEBHOOK, "HIGH", "", NOW - 20 * HOUR),
        MetaSignal(SignalSource.RECOMMENDATION, "CREATIVE_LIMITED", "Try a new creative.", NOW - 30 * HOUR),
    )


def finding(name: str = "Monsoon video 3") -> Any:
    """What the rule found."""
    return replace(
        cast.costly(cast.ad(name), Severity.WARNING),
        rule_id="creative_fatigue",
        what="Creative is tired",
        value=Quantity(Unit.PERCENT, 0.0102),
        threshold=Quantity(Unit.PERCENT, 0.0141),
        threshold_from="where the fall began",
        window="last 7 complete days",
        cost_minor=4_17_328,
        cost_meaning="at risk in 7 days",
    )


def fatigue_card(account: Account = cast.RUPEES, state: State = State.OPEN, **changes: Any) -> FatigueCard:
    """The warning about it."""
    shown = cast.card(cast.alert(finding(changes.pop("name", "Monsoon video 3")), state), account)
    values: dict[str, Any] = {
        "card": shown,
        "reading": reading(),
        "chart_file": "F0CHART001",
        "picture_file": "F0PICTURE1",
    }
    return FatigueCard(**(values | changes))
