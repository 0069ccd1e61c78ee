"""Why a ratio moved: an exact split of its change into the factors it is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, floor, log

from bot.domain.findings import Quantity, Remark, Unit
from bot.domain.insights import Figures

# A smaller change than this is not worth splitting: the shares of next to nothing say nothing.
_WORTH_SPLITTING = log(1.1)


@dataclass(frozen=True, slots=True)
class Part:
    """One factor's part in a change; the shares of all parts add up to exactly 1."""

    name: str
    now: Quantity
    before: Quantity
    share: float


@dataclass(frozen=True, slots=True)
class Split:
    """A change of `name` and the factors that made it, in the order of the formula."""

    name: str
    now: Quantity
    before: Quantity
    parts: tuple[Part, ...]

    @property
    def driver(self) -> Part:
        """The factor with the largest share."""
        return max(self.parts, key=lambda part: part.share)

    @property
    def factor(self) -> float:
        """How many times what it was before."""
        return self.now.amount / self.before.amount

    def remark(self) -> Remark:
        """The split in one sentence."""
        quantities = [self.before, self.now]
        pieces = []
        for part in self.parts:
            at = len(quantities)
            weight = "of the change" if part.share >= 0 else "the other way"
            pieces.append(f"{part.name} {{{at}}} to {{{at + 1}}} ({{{at + 2}}} {weight})")
            quantities += [part.before, part.now, Quantity(Unit.SHARE, abs(part.share))]
        template = f"Against its previous 14 days {self.name} went from {{0}} to {{1}}: {', '.join(pieces)}."
        return Remark(template, tuple(quantities))


@dataclass(frozen=True, slots=True)
class _Factor:
    name: str
    unit: Unit
    now: float | None
    before: float | None
    power: int  # 1 where more of it raises the whole, -1 where it lowers it


def split_cost_per_purchase(now: Figures, before: Figures) -> Split | None:
    """Cost per purchase = CPM / (1000 x CTR (link) x purchases per link click)."""
    return _split("cost per purchase", Unit.MONEY, [*_reach(now, before), _conversion(now, before, -1)])


def split_cpc(now: Figures, before: Figures) -> Split | None:
    """CPC (link) = CPM / (1000 x CTR (link))."""
    return _split("CPC (link)", Unit.MONEY, _reach(now, before))


def split_roas(now: Figures, before: Figures) -> Split | None:
    """ROAS = purchase value per purchase / cost per purchase."""
    factors = [
        _Factor("value per purchase", Unit.MONEY, _worth(now), _worth(before), 1),
        _Factor(
            "cost per purchase", Unit.MONEY, now.cost_per_purchase_minor, before.cost_per_purchase_minor, -1
        ),
    ]
    return _split("ROAS", Unit.MULTIPLE, factors)


def whole_percents(shares: Sequence[float]) -> tuple[float, ...]:
    """The shares in whole percents that still add up to 1 (largest remainders are rounded up)."""
    floors = [floor(share * 100) for share in shares]
    missing = 100 - sum(floors)
    by_remainder = sorted(range(len(shares)), key=lambda at: floors[at] - shares[at] * 100)
    for at in by_remainder[:missing]:
        floors[at] += 1
    return tuple(percent / 100 for percent in floors)


def _reach(now: Figures, before: Figures) -> list[_Factor]:
    return [
        _Factor("CPM", Unit.MONEY, now.cpm_minor, before.cpm_minor, 1),
        _Factor("CTR (link)", Unit.PERCENT, now.ctr, before.ctr, -1),
    ]


def _conversion(now: Figures, before: Figures, power: int) -> _Factor:
    name = "purchases per link click"
    return _Factor(name, Unit.PERCENT, now.conversion_rate, before.conversion_rate, power)


def _worth(figures: Figures) -> float | None:
    return figures.purchase_value_minor / figures.purchases if figures.purchases else None


def _split(name: str, unit: Unit, factors: list[_Factor]) -> Split | None:
    if not all(factor.now and factor.before for factor in factors):
        return None
    logs = [factor.power * log((factor.now or 1) / (factor.before or 1)) for factor in factors]
    if abs(sum(logs)) < _WORTH_SPLITTING:
        return None
    shares = whole_percents([part / sum(logs) for part in logs])
    parts = tuple(
        Part(
            factor.name,
            Quantity(factor.unit, factor.now or 0),
            Quantity(factor.unit, factor.before or 0),
            share,
        )
        for factor, share in zip(factors, shares, strict=True)
    )
    return Split(name, _whole(unit, factors, now=True), _whole(unit, factors, now=False), parts)


def _whole(unit: Unit, factors: list[_Factor], *, now: bool) -> Quantity:
    """The ratio itself from its factors; CPM is the cost of 1,000 impressions."""
    logs = sum(f.power * log((f.now if now else f.before) or 1) for f in factors)
    per_thousand = 1000 if factors[0].name == "CPM" else 1
    return Quantity(unit, exp(logs) / per_thousand)
