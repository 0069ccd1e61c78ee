"""How long an object has been without a new purchase, across midnight, changed clocks and restated days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import day_start, local_day
from bot.domain.insights import DayFigures, Figures, QuietSpell
from bot.domain.quiet import Watch, advance, spell

ZONE = "Asia/Kolkata"
DAY, QUARTER = timedelta(days=1), timedelta(minutes=15)
TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)  # 12:00 in India
COUNTS = st.integers(0, 50)


def day(back: int = 0, *, spend: int = 0, clicks: int = 0, purchases: int = 0) -> DayFigures:
    """The figures of a day, so many days back."""
    figures = Figures(link_clicks=clicks, spend_minor=spend, purchases=purchases)
    return DayFigures(TODAY - back * DAY, figures)


def read(watch, days, *, today=TODAY, at=NOON, zone=ZONE):
    """One reading."""
    return advance(watch, days, today=today, read_at=at, timezone_name=zone)


def test_a_purchase_today_ends_the_silence_at_the_moment_it_was_read():
    watch = read(None, [day(spend=700, clicks=7, purchases=1)])
    assert watch == Watch(NOON, TODAY, 700, 7, ((TODAY, 1),))
    later = [day(spend=1_000, clicks=12, purchases=1)]
    assert spell(read(watch, later, at=NOON + QUARTER), later) == QuietSpell(NOON, 300, 5)


def test_more_purchases_begin_a_new_silence():
    watch = read(None, [day(spend=700, purchases=1)])
    days = [day(spend=900, clicks=3, purchases=2)]
    watch = read(watch, days, at=NOON + QUARTER)
    assert spell(watch, days) == QuietSpell(NOON + QUARTER, 0, 0)


def test_at_first_whole_days_without_a_purchase_count():
    days = [day(3, spend=100, purchases=2), day(2, spend=200, clicks=2), day(0, spend=50, clicks=1)]
    watch = read(None, days)
    assert spell(watch, days) == QuietSpell(day_start(TODAY - 2 * DAY, ZONE), 250, 3)


def test_at_first_an_object_that_never_sold_is_silent_since_its_first_known_day():
    days = [day(5, spend=100), day(0, spend=50)]
    assert spell(read(None, days), days) == QuietSpell(day_start(TODAY - 5 * DAY, ZONE), 150, 0)
    assert spell(read(None, []), []) == QuietSpell(day_start(TODAY, ZONE), 0, 0)


def test_midnight_alone_is_no_purchase():
    before = [day(spend=900, clicks=9, purchases=4)]
    watch = read(None, before)
    after = [*before, DayFigures(TODAY + DAY, Figures(spend_minor=40, link_clicks=1))]
    watch = read(watch, after, today=TODAY + DAY, at=NOON + DAY)
    assert spell(watch, after) == QuietSpell(NOON, 40, 1)
    assert watch.seen == ((TODAY, 4), (TODAY + DAY, 0))


def test_a_purchase_that_meta_adds_to_yesterday_is_a_purchase():
    days = [day(1, purchases=3, spend=500), day(0, spend=100)]
    watch = Watch(NOON - DAY, TODAY - DAY, 200, 0, ((TODAY - DAY, 2),))
    moved = read(watch, days)
    assert (moved.since, moved.since_day, moved.spend_minor) == (NOON, TODAY, 100)


def test_a_purchase_that_meta_adds_to_an_older_day_is_not_new():
    watch = read(None, [day(2, purchases=1), day(0, spend=100)])
    assert read(watch, [day(2, purchases=9), day(0, spend=100)], at=NOON + QUARTER).since == watch.since


def test_a_purchase_that_meta_takes_back_does_not_end_the_silence():
    watch = read(None, [day(purchases=2, spend=100)])
    after = read(watch, [day(purchases=1, spend=300)], at=NOON + QUARTER)
    assert (after.since, after.seen) == (NOON, ((TODAY, 1),))


def test_spend_that_meta_takes_back_is_never_less_than_nothing():
    watch = read(None, [day(purchases=2, spend=1000, clicks=10)])
    assert spell(watch, [day(purchases=2, spend=900, clicks=9)]) == QuietSpell(NOON, 0, 0)


def test_purchases_during_an_outage_are_seen_after_it():
    watch = read(None, [day(3, purchases=1)], today=TODAY - 3 * DAY, at=NOON - 3 * DAY)
    days = [day(3, purchases=1), day(1, spend=100, purchases=2), day(0, spend=30)]
    assert read(watch, days).since == NOON


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"])
@pytest.mark.parametrize("month", [3, 4, 10, 11])
def test_a_month_in_which_the_clocks_change_has_no_gap_and_no_purchase_of_its_own(zone, month):
    now = datetime(2026, month, 1, tzinfo=UTC)
    start = local_day(now, zone)
    watch = advance(None, [], today=start, read_at=now, timezone_name=zone)
    days: dict[date, int] = {}
    for _ in range(28 * 24):
        now += timedelta(hours=1)
        today = local_day(now, zone)
        days[today] = days.get(today, 0) + 100
        figures = [DayFigures(one, Figures(spend_minor=spend)) for one, spend in sorted(days.items())]
        watch = advance(watch, figures[-8:], today=today, read_at=now, timezone_name=zone)
    assert watch.since == day_start(start, zone)
    assert spell(watch, figures).spend_minor == 28 * 24 * 100


@given(st.lists(st.tuples(COUNTS, st.integers(0, 1000)), min_size=1, max_size=40), st.integers(1, 30))
def test_within_its_days_a_silence_holds_what_was_spent_since_purchases_last_grew(steps, readings_a_day):
    """Purchases and spend only grow here, as they do while nothing is restated."""
    now, watch = day_start(TODAY, ZONE), None
    sums: dict[date, Figures] = {}
    spent_since, since = 0, now
    for number, (bought, spent) in enumerate(steps):
        now = day_start(TODAY + (number // readings_a_day) * DAY, ZONE) + (number % readings_a_day) * QUARTER
        today = local_day(now, ZONE)
        known = sums.get(today, Figures())
        sums[today] = Figures(spend_minor=known.spend_minor + spent, purchases=known.purchases + bought)
        days = [DayFigures(one, figures) for one, figures in sorted(sums.items())]
        watch = advance(watch, days, today=today, read_at=now, timezone_name=ZONE)
        spent_since, since = (0, now) if bought else (spent_since + spent, since)
        assert spell(watch, days) == QuietSpell(since, spent_since, 0)


@given(st.lists(st.lists(COUNTS, min_size=2, max_size=2), min_size=1, max_size=20))
def test_whatever_meta_restates_the_silence_never_begins_in_the_future_or_goes_back(readings):
    watch, now = None, NOON
    for yesterday, today in readings:
        before = watch
        days = [day(1, purchases=yesterday, spend=yesterday), day(0, purchases=today, spend=today)]
        watch = read(before, days, at=now)
        assert watch.since <= now
        assert before is None or watch.since in (before.since, now)
        assert spell(watch, days).spend_minor >= 0
        now += QUARTER
