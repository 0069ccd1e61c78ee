"""What a cycle reads: today always, the week hourly, the month once a morning, in every time zone."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reading_plan import (
    ESSENTIAL,
    PEOPLE_READ,
    Part,
    complete_day,
    fill_at_once,
    people_at_once,
    people_note,
    people_read,
    people_wanted,
    plan,
)

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
ZONES = ["Asia/Kolkata", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
NOW = datetime(2026, 11, 22, 5, 12, tzinfo=UTC)
COVERS = {
    Part.ALL_ADS: (Part.ALL_ADS, Part.ADS),
    Part.MONTH: (Part.MONTH, Part.WEEK, Part.TODAY),
    Part.WEEK: (Part.WEEK, Part.TODAY),
}
RARE = (Part.PEOPLE, Part.WORDS)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def done(
    progress: dict[str, str], parts: tuple[Part, ...], at: datetime, *, zone: str = "UTC", people: int = 28
) -> dict[str, str]:
    """The progress after those parts were read; people of so many days at once."""
    covered = [one for part in parts for one in COVERS.get(part, (part,))]
    after = progress | {part.value: at.isoformat() for part in covered}
    if Part.PEOPLE in parts:
        after[PEOPLE_READ] = people_note(progress, people_wanted(progress, at, zone)[:people])
    return after


def live(start: datetime, cycles: int, zone: str, progress: dict[str, str]):
    """Cycles of a quarter of an hour each, that all succeed."""
    for number in range(cycles):
        now = start + number * QUARTER
        todo = plan(progress, now, zone)
        yield now, todo
        progress = done(progress, todo.parts, now, zone=zone)


def test_a_new_account_is_read_whole_but_for_its_month():
    todo = plan({}, NOW, "UTC")
    assert todo.first
    assert set(todo.parts) == {
        Part.ACCOUNT,
        Part.CAMPAIGNS,
        Part.ADSETS,
        Part.ALL_ADS,
        Part.WEEK,
        Part.REACH,
    }
    assert todo.parts.index(Part.ALL_ADS) < todo.parts.index(Part.WEEK)


def test_an_account_that_was_looked_at_when_it_was_connected_is_not_looked_at_twice():
    todo = plan({"account": NOW.isoformat()}, NOW, "UTC")
    assert todo.first
    assert Part.ACCOUNT not in todo.parts


@pytest.mark.parametrize("missing", [Part.ALL_ADS, Part.WEEK])
def test_a_first_reading_that_broke_off_is_made_again(missing):
    progress = done({}, plan({}, NOW, "UTC").parts, NOW)
    del progress[missing.value]
    assert plan(progress, NOW + QUARTER, "UTC").first


def test_an_ordinary_cycle_reads_today_what_changed_and_one_list_of_names():
    progress = done({}, (*plan({}, NOW, "UTC").parts, Part.MONTH, *RARE), NOW)
    todo = plan(progress, NOW + QUARTER, "UTC")
    assert todo.parts in ((Part.ADS, Part.TODAY, Part.CAMPAIGNS), (Part.ADS, Part.TODAY, Part.ADSETS))
    assert not todo.first


def test_unknown_notes_in_the_progress_do_not_matter():
    progress = {"ads_remembered": "not a moment", "other": ""}
    assert plan(progress, NOW, "UTC") == plan({}, NOW, "UTC")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("month", [3, 4, 9, 10, 11])
def test_a_month_of_cycles_reads_each_part_as_often_as_it_should(zone, month):
    start = datetime(2026, month, 1, 0, 7, tzinfo=UTC)
    progress = done({}, (*plan({}, start, zone).parts, Part.MONTH), start - QUARTER)
    last = dict.fromkeys(Part, start - QUARTER)
    months: Counter[object] = Counter()
    rare: Counter[tuple[Part, object]] = Counter()
    for now, todo in live(start, 28 * 96, zone, progress):
        assert len(todo.parts) == len(set(todo.parts)) <= 5
        covered = {one for part in todo.parts for one in COVERS.get(part, (part,))}
        for part in covered:
            last[part] = now
        if Part.MONTH in todo.parts:
            local = now.astimezone(ZoneInfo(zone))
            months[local.date()] += 1
            assert (local.hour, local.minute < 15) == (4, True)
        rare.update((part, complete_day(now, zone)) for part in todo.parts if part in RARE)
        assert last[Part.TODAY] == last[Part.ADS] == now
        assert now - last[Part.WEEK] < HOUR
        assert now - last[Part.REACH] < HOUR
        assert now - last[Part.ALL_ADS] < DAY
        assert now - min(last[Part.CAMPAIGNS], last[Part.ADSETS]) <= QUARTER
    assert set(months.values()) == {1}
    assert len(months) in (27, 28)
    assert {count for (part, _), count in rare.items() if part is Part.PEOPLE} == {1}
    assert sum(part is Part.PEOPLE for part, _ in rare) in (28, 29)
    assert sum(count for (part, _), count in rare.items() if part is Part.WORDS) in (27, 28)


@pytest.mark.parametrize("zone", ZONES)
def test_people_are_read_once_for_each_day_when_it_is_over_for_hours(zone):
    local = datetime(2026, 11, 22, 3, 59, tzinfo=ZoneInfo(zone))
    assert complete_day(local.astimezone(UTC), zone) == local.date() - 2 * DAY
    assert complete_day((local + timedelta(minutes=1)).astimezone(UTC), zone) == local.date() - DAY


def test_people_wait_for_the_month_and_what_meta_says_waits_for_people():
    progress = done({}, plan({}, NOW, "UTC").parts, NOW)
    assert not set(RARE) & set(plan(progress, NOW + QUARTER, "UTC").parts)
    progress = done(progress, (Part.MONTH,), NOW)
    assert plan(progress, NOW + QUARTER, "UTC").parts[-1] is Part.PEOPLE
    progress = done(progress, (Part.PEOPLE,), NOW, people=27)
    assert plan(progress, NOW + QUARTER, "UTC").parts[-1] is Part.PEOPLE
    progress = done(progress, (Part.PEOPLE,), NOW)
    assert plan(progress, NOW + QUARTER, "UTC").parts[-1] is Part.WORDS


def test_the_newest_days_come_first_and_days_that_are_too_long_ago_are_let_go():
    wanted = people_wanted({}, NOW, "UTC")
    assert (wanted[0], len(wanted)) == (complete_day(NOW, "UTC"), 28)
    assert wanted == sorted(wanted, reverse=True)
    note = people_note({}, wanted)
    assert people_wanted({PEOPLE_READ: note}, NOW, "UTC") == []
    later = people_note({PEOPLE_READ: note}, [wanted[0] + 80 * DAY])
    assert people_read({PEOPLE_READ: later}) == {wanted[0] + 80 * DAY}


def test_how_many_days_of_people_fit_into_a_cycle():
    sizes = (0, 120, 121, 500, 2_000, 5_000, 50_000)
    assert [people_at_once(ads) for ads in sizes] == [28, 28, 10, 10, 2, 2, 2]


@pytest.mark.parametrize("zone", ZONES)
def test_a_month_that_failed_in_the_morning_is_read_as_soon_as_that_is_possible(zone):
    start = NOW - 2 * DAY
    progress = done({}, (*plan({}, start, zone).parts, Part.MONTH), start)
    for hours in range(24):
        todo = plan(done(progress, (Part.ALL_ADS, Part.WEEK), NOW), NOW + hours * HOUR, zone)
        assert Part.MONTH in todo.parts
        assert Part.TODAY not in todo.parts
        assert Part.WEEK not in todo.parts


def test_a_large_new_account_reads_its_month_when_its_first_rush_is_over():
    start = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    first = next(
        now for now, todo in live(start, 200, "UTC", done({}, plan({}, start, "UTC").parts, start))
        if Part.MONTH in todo.parts
    )  # fmt: skip
    assert first == start + timedelta(hours=2)


def test_a_small_new_account_need_not_wait():
    assert fill_at_once(0)
    assert fill_at_once(40)
    assert not fill_at_once(5_000)


@given(
    st.dictionaries(st.sampled_from([part.value for part in Part]), MOMENTS.map(datetime.isoformat)),
    MOMENTS,
    st.sampled_from(ZONES),
)
def test_whatever_was_read_before_the_plan_can_judge_and_reads_nothing_twice(progress, now, zone):
    todo = plan(progress, now, zone)
    assert len(set(todo.parts)) == len(todo.parts)
    covered = [one for part in todo.parts for one in COVERS.get(part, (part,))]
    assert len(covered) == len(set(covered))
    assert {Part.TODAY, Part.ADS} <= set(covered)
    assert set(todo.parts) & {Part.CAMPAIGNS, Part.ADSETS}
    assert set(todo.parts) & ESSENTIAL
