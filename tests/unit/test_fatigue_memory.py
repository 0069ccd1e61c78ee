"""How an ad stands over days: raised at once, over only when it is back; a day without data ends nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.fatigue import Change, ClassicSettings, ClassicVerdict, EvidenceVerdict, Status, Support
from bot.domain.fatigue_memory import Day, Memory, advance

FIRST = date(2026, 11, 10)
SETTINGS = ClassicSettings()
QUIET = EvidenceVerdict(Status.HEALTHY)
SURE = EvidenceVerdict(Status.FATIGUED, p=0.9, loss=0.3, weight=0.9)


def classic(status: Status, *, start: float = 0.02, end: float = 0.015, reason: str = "") -> ClassicVerdict:
    ctr = Change(start, end, end / start - 1)
    return ClassicVerdict(status, ctr, Change(1.2, 1.5, 0.25), Support(), 7, 9_000, 150, reason)


TIRED, FINE = classic(Status.FATIGUED), classic(Status.HEALTHY)
NOTHING = classic(Status.INSUFFICIENT_DATA, reason="not delivered on the last day")
SWAPPED = classic(Status.INSUFFICIENT_DATA, reason="fewer than 5 days since the creative changed")


def lived(*days: tuple[ClassicVerdict, float | None], evidence: EvidenceVerdict = QUIET) -> Memory:
    """The memory after so many days: each day's verdict, and CTR over its last 7 days."""
    memory = None
    for number, (verdict, ctr) in enumerate(days):
        day = FIRST + timedelta(days=number)
        memory = advance(memory, Day(day, verdict, evidence, ctr, FIRST - timedelta(days=9)), SETTINGS)
    assert memory is not None
    return memory


def test_a_fall_raises_at_once_and_is_dated_from_the_week_it_happened_in():
    memory = lived((FINE, 0.02), (TIRED, 0.017))
    assert (memory.classic.status, memory.classic_since) == (Status.FATIGUED, FIRST + timedelta(days=1 - 6))
    assert memory.ctr_then == 0.02


@pytest.mark.parametrize("verdict", [NOTHING, FINE])
def test_neither_a_day_without_data_nor_the_end_of_the_trend_ends_it(verdict):
    memory = lived((TIRED, 0.017), *[(verdict, 0.015)] * 10)
    assert memory.classic.status is Status.FATIGUED
    assert memory.classic_since == FIRST - timedelta(days=6)


def test_it_is_over_after_two_judged_days_with_half_of_the_fall_made_good():
    # 20 % is what must be lost, so 90 % of the 0.02 before is enough
    assert lived((TIRED, 0.017), (FINE, 0.018)).classic.status is Status.FATIGUED
    assert (
        lived((TIRED, 0.017), (FINE, 0.018), (NOTHING, 0.018), (FINE, 0.018)).classic.status is Status.HEALTHY
    )
    assert (
        lived((TIRED, 0.017), (FINE, 0.018), (FINE, 0.0179), (FINE, 0.018)).classic.status is Status.FATIGUED
    )


@pytest.mark.parametrize(("verdict", "ctr"), [(SWAPPED, 0.02), (NOTHING, None)])
def test_a_new_creative_or_a_week_of_rest_ends_it(verdict, ctr):
    memory = lived((TIRED, 0.017), (verdict, ctr))
    assert memory.classic.status is Status.INSUFFICIENT_DATA
    assert not memory.raised


def test_the_evidence_rule_keeps_its_own_memory_and_date():
    memory = lived((FINE, 0.02), (FINE, 0.02), evidence=SURE)
    assert (memory.evidence.status, memory.evidence_since) == (Status.FATIGUED, FIRST - timedelta(days=9))
    assert memory.classic.status is Status.HEALTHY
    assert memory.raised


def test_a_day_that_is_judged_again_gives_the_same_memory():
    before = lived((TIRED, 0.017))
    day = Day(FIRST + timedelta(days=1), FINE, QUIET, 0.019, FIRST)
    assert advance(before, day, SETTINGS) == advance(before, day, SETTINGS)


def test_what_was_a_month_ago_is_forgotten():
    before = replace(lived((TIRED, 0.017)), day=FIRST - timedelta(days=30))
    after = advance(before, Day(FIRST, FINE, QUIET, 0.01, FIRST), SETTINGS)
    assert after.classic.status is Status.HEALTHY
