"""How well the fatigue rules tell tired ads from unlucky ones, on accounts whose truth is known.

    python bench/fatigue.py [--quick] [--accounts N] [--seeds A,B,...]

Accounts come from `tests/sim`, which labels every ad and day from how often people saw the ad, not from what
the scenario is called. The seeds below were never looked at while the rule was built; that was done on
seeds from 1000 on, and an earlier version was reported on seeds 41 to 45. Ends with 1 when a promise is
not kept.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import _fatigue_basic
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.domain import classic, evidence
from bot.domain.fatigue import ClassicSettings, EvidenceSettings, Status
from bot.domain.fatigue_panel import Panel
from tests.sim.accounts import BASE, DAYS, STRESS, Variant, account
from tests.sim.score import Score, score

SEEDS = (51, 52, 53, 54, 55)
Limits = tuple[float, float, float]  # least F1, most false alarms, most days of delay
PROMISES: Limits = (0.85, 0.30, 2.0)
LEAST_STRESS = 0.75
VOLUMES = ((0, 30), (30, 100), (100, 300), (300, 1_000), (1_000, 10**9))
FIRST = 5  # the first day on which any rule can say anything
Flags = dict[str, np.ndarray]


def flags(panel: Panel, window: int, *, basic: bool) -> Flags:
    """Every rule's flags, ads x days, each day judged as on that day."""
    shape = (panel.ads, DAYS)
    made = {name: np.zeros(shape, dtype=bool) for name in ("evidence", "evidence, watch too")}
    for day, _, standings in evidence.walk(panel, FIRST, DAYS - 1, EvidenceSettings(window=window)):
        made["evidence"][:, day] = [standing.status is Status.FATIGUED for standing in standings]
        made["evidence, watch too"][:, day] = [standing.status.raised for standing in standings]
    if basic:
        made["evidence, documented parts"] = _fatigue_basic.flags(panel, FIRST)
    made["classic"] = _daily(panel, ClassicSettings())
    made["classic, 7-day frequency"] = _daily(panel, ClassicSettings(frequency_basis="trailing7"))
    return made


def _daily(panel: Panel, settings: ClassicSettings) -> np.ndarray:
    columns = [
        [verdict.status is Status.FATIGUED for verdict in classic.assess(panel, day, settings)]
        for day in range(DAYS)
    ]
    return np.array(columns).T


def measure(variant: Variant, seeds: tuple[int, ...], accounts: int, window: int) -> dict[str, list[Score]]:
    """One score per rule and seed."""
    found: dict[str, list[Score]] = {}
    for seed in seeds:
        for number in range(accounts):
            made = account(seed, number, variant)
            for name, flagged in flags(made.panel, window, basic=variant is BASE).items():
                scores = found.setdefault(name, [])
                if number == 0:
                    scores.append(Score())
                scores[-1].add(score(flagged, made.kept, made.panel.clicks, made.stories))
    return found


def together(scores: list[Score]) -> Score:
    """All seeds as one."""
    total = Score()
    for one in scores:
        total.add(one)
    return total


def line(name: str, scores: list[Score]) -> str:
    """One rule's figures, and what F1 was for the worst and best seed."""
    total = together(scores)
    each = [one.f1 for one in scores]
    return (
        f"  {name:26} {total.precision:9.2f} {total.recall:7.2f} {total.f1:6.3f} "
        f"{min(each):5.2f}-{max(each):4.2f} {np.std(each):5.3f} {total.per_thousand:7.2f} "
        f"{1000 * total.flagged_healthy / max(1, total.healthy_days):8.1f} {total.delay:+7.1f}"
    )


def report(variant: Variant, found: dict[str, list[Score]], say: Callable[[str], None]) -> None:
    """One table."""
    total = together(found["evidence"])
    say(f"{variant.name}: {len(total.episodes)} ads became tired, {total.healthy_days:,} healthy ad-days")
    say("  rule                       precision  recall     F1  over seeds   sd   FA/1k  flagged   delay")
    for name, scores in found.items():
        say(line(name, scores))


def by_volume(found: dict[str, list[Score]], say: Callable[[str], None]) -> None:
    """Recall by clicks in the week before the ad was tired."""
    say("recall by clicks in the week before")
    for name, scores in found.items():
        total = together(scores)
        parts = [(least, *total.recall_between(least, most)) for least, most in VOLUMES]
        say(f"  {name:26} " + "  ".join(f"{least}+: {recall:.2f} of {n}" for least, recall, n in parts))


def beyond(total: Score, limits: Limits) -> list[str]:
    """The goals of the base that were missed, in words."""
    values = {"F1": total.f1, "false alarms": total.per_thousand, "delay": total.delay}
    return [
        f"goal {limit} for {what} missed: {value:.3f}"
        for (what, value), limit in zip(values.items(), limits, strict=True)
        if (value < limit if what == "F1" else value > limit)
    ]


def main() -> int:
    """Prints the tables; 1 when a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two seeds, fewer accounts, no promise checked")
    parser.add_argument("--accounts", type=int, default=0, help="accounts per seed and variant")
    parser.add_argument("--seeds", default=",".join(map(str, SEEDS)))
    parser.add_argument("--window", type=int, default=EvidenceSettings().window, help="days compared")
    given = parser.parse_args()
    seeds = tuple(int(seed) for seed in given.seeds.split(","))[: 2 if given.quick else None]
    base, stress = (given.accounts or 10, given.accounts or 5) if given.quick else (given.accounts or 40, 16)
    began, broken = time.perf_counter(), []
    fresh = "none was used to build the rules" if set(seeds) <= set(SEEDS) else "not those of the report"
    print(f"seeds {', '.join(map(str, seeds))}: {fresh}", flush=True)
    for variant in (BASE, *STRESS):
        found = measure(variant, seeds, base if variant is BASE else stress, given.window)
        report(variant, found, print)
        total = together(found["evidence"])
        if variant is BASE:
            by_volume(found, print)
            broken += beyond(total, PROMISES)
        elif total.f1 < LEAST_STRESS:
            broken.append(f"{variant.name}: F1 {total.f1:.3f} < {LEAST_STRESS}")
        sys.stdout.flush()
    print(f"{time.perf_counter() - began:.0f} s")
    print("not kept: " + "; ".join(broken) if broken else "every promise is kept")
    return 1 if broken and not given.quick else 0


if __name__ == "__main__":
    sys.exit(main())
