"""Blindness is said once, when there is reason to, and its end once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.report import Blindness, Sight
from bot.domain.sight import Telling, Word, blinded, seen, stale

NOW = datetime(2026, 11, 22, 5, 12, tzinfo=UTC)
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
SEES = Sight(read_at=NOW - QUARTER)
AT_ONCE = [Blindness.TOKEN_DEAD, Blindness.PERMISSION, Blindness.STALE]
WITH_PATIENCE = [Blindness.THROTTLED, Blindness.FAILING, Blindness.NEVER_READ]


def fail(before: Sight, why: Blindness, *, now=NOW, told_at=None, until=None) -> Telling:
    """A reading that failed."""
    return blinded(before, now, told_at, why=why, detail="A sentence.", until=until)


def test_an_account_that_sees_has_nothing_to_tell():
    assert seen(SEES, NOW, None) == Telling(Sight(read_at=NOW), None, None)
    assert seen(Sight(read_at=None), NOW, None) == Telling(Sight(read_at=NOW), None, None)


@pytest.mark.parametrize("why", AT_ONCE)
def test_what_will_not_pass_by_itself_is_said_at_once(why):
    telling = fail(SEES, why)
    assert (telling.word, telling.told_at) == (Word.BLIND, NOW)
    assert telling.sight == Sight(SEES.read_at, SEES.read_at, why, "A sentence.")


@pytest.mark.parametrize("why", WITH_PATIENCE)
def test_what_may_pass_is_given_time(why):
    sight, told, said = SEES, None, []
    for number in range(8):
        now = NOW + number * QUARTER
        telling = fail(sight, why, now=now, told_at=told)
        sight, told = telling.sight, telling.told_at
        said.append((now, telling.word))
    assert [one for one in said if one[1]] == [(SEES.read_at + 45 * timedelta(minutes=1), Word.BLIND)]
    assert sight.blind_since == SEES.read_at


def test_a_limit_that_will_last_is_said_at_once():
    assert fail(SEES, Blindness.THROTTLED, until=NOW + HOUR).word is Word.BLIND
    assert fail(SEES, Blindness.THROTTLED, until=NOW + QUARTER).word is None
    assert fail(SEES, Blindness.FAILING, until=NOW + HOUR).word is None


def test_when_the_reason_becomes_one_that_needs_a_person_it_is_said_again():
    first = fail(SEES, Blindness.THROTTLED, until=NOW + HOUR)
    second = fail(first.sight, Blindness.TOKEN_DEAD, now=NOW + QUARTER, told_at=first.told_at)
    assert second.word is Word.BLIND
    third = fail(second.sight, Blindness.TOKEN_DEAD, now=NOW + HOUR, told_at=second.told_at)
    assert third.word is None
    fourth = fail(third.sight, Blindness.FAILING, now=NOW + 2 * HOUR, told_at=third.told_at)
    assert (fourth.word, fourth.told_at) == (None, second.told_at)


def test_the_end_is_said_with_its_beginning_if_blindness_was_said():
    blind = fail(SEES, Blindness.TOKEN_DEAD)
    end = seen(blind.sight, NOW + HOUR, blind.told_at)
    assert (end.word, end.told_at) == (Word.SEES_AGAIN, None)
    assert (end.sight.read_at, end.sight.blind_since, end.sight.blindness) == (
        NOW + HOUR,
        SEES.read_at,
        None,
    )


def test_a_short_failure_that_nobody_heard_of_ends_in_silence():
    telling = fail(SEES, Blindness.FAILING)
    assert seen(telling.sight, NOW + QUARTER, telling.told_at) == Telling(Sight(NOW + QUARTER), None, None)


@pytest.mark.parametrize(("hours", "word"), [(1, None), (2, None), (3, Word.GAP)])
def test_a_stop_is_told_when_it_was_long(hours, word):
    before = Sight(read_at=NOW - hours * HOUR)
    telling = seen(before, NOW, None)
    assert (telling.word, telling.sight.read_at) == (word, NOW)
    assert telling.sight.blind_since == (before.read_at if word else None)


def test_an_account_that_nobody_reads_is_noticed_once():
    def look(sight, now, told_at):
        return stale(sight, now, told_at, limit=HOUR, awake_since=NOW - 10 * HOUR)

    assert look(SEES, NOW, None) is None
    assert look(Sight(read_at=None), NOW, None) is None
    late = look(SEES, SEES.read_at + HOUR, None)
    assert (late.word, late.sight.blindness) == (Word.BLIND, Blindness.STALE)
    assert look(late.sight, NOW + 5 * HOUR, late.told_at) is None


def test_whoever_has_just_woken_up_reads_first():
    old = Sight(read_at=NOW - 10 * HOUR)
    assert stale(old, NOW, None, limit=HOUR, awake_since=NOW - QUARTER) is None
    assert stale(old, NOW, None, limit=HOUR, awake_since=NOW - HOUR) is not None


HAPPENINGS = st.lists(
    st.tuples(st.sampled_from([None, *Blindness]), st.integers(1, 300), st.none() | st.integers(0, 300)),
    max_size=40,
)


@given(HAPPENINGS)
def test_whatever_happens_blindness_and_its_end_are_said_in_turn(happenings):
    sight, told, now, said = Sight(read_at=NOW), None, NOW, []
    for why, minutes, wait in happenings:
        now += minutes * timedelta(minutes=1)
        if why is None:
            telling = seen(sight, now, told)
            assert telling.sight.read_at == now
            assert telling.sight.blindness is None
            sight = Sight(read_at=now)
        else:
            until = None if wait is None else now + wait * timedelta(minutes=1)
            telling = fail(sight, why, now=now, told_at=told, until=until)
            assert telling.sight.read_at == sight.read_at
            assert telling.sight.blind_since <= now
            said_again = telling.word is Word.BLIND and told is not None
            assert not said_again or (
                why in (Blindness.TOKEN_DEAD, Blindness.PERMISSION) and why != sight.blindness
            )
            sight = telling.sight
        assert (telling.word is Word.SEES_AGAIN) == (why is None and told is not None)
        told = telling.told_at
        said.append(telling.word)
    assert said.count(Word.SEES_AGAIN) <= said.count(Word.BLIND)
