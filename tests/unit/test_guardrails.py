"""Cool-downs, daily limits, the stop switch and the circuit breaker, and that waiting always ends."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.domain.guardrails import Begun, Limits, Stop, breaker_trips, may_begin

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MANY = settings(max_examples=300)
STOP = Stop(NOW, None, "3 replacements failed in a row.")

moments = st.integers(0, 72 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes))
begun = st.lists(st.builds(Begun, st.sampled_from(["a", "b"]), moments), max_size=8)


def test_nothing_holds_the_first_one_back() -> None:
    assert may_begin("a", NOW, [], Limits(), None) is None


def test_a_stop_holds_until_a_person_acts() -> None:
    wait = may_begin("a", NOW, [], Limits(), STOP)
    assert wait is not None
    assert wait.until is None
    assert "/spruce resume" in wait.reason


def test_edits_close_together_are_one_edit() -> None:
    edits = [Begun("a", NOW - timedelta(minutes=20)), Begun("a", NOW - timedelta(minutes=5))]
    assert may_begin("a", NOW, edits, Limits(), None) is None


def test_a_batch_does_not_grow_for_ever() -> None:
    edits = [Begun("a", NOW - timedelta(minutes=40)), Begun("a", NOW - timedelta(minutes=20))]
    wait = may_begin("a", NOW, edits, Limits(), None)
    assert wait is not None
    assert wait.until == NOW - timedelta(minutes=20) + timedelta(hours=24)


def test_another_ad_set_does_not_wait_for_this_ones_cool_down() -> None:
    assert may_begin("b", NOW, [Begun("a", NOW - HOUR)], Limits(), None) is None


def test_the_days_limit_counts_every_ad_set_and_frees_with_the_oldest() -> None:
    edits = [Begun(str(n), NOW - n * HOUR) for n in range(1, 6)]
    wait = may_begin("new", NOW, edits, Limits(per_day=5), None)
    assert wait is not None
    assert wait.until == NOW - 5 * HOUR + timedelta(hours=24)


@given(begun)
@MANY
def test_whoever_waits_until_then_may_begin_or_waits_for_something_later(edits: list[Begun]) -> None:
    now, rounds = NOW, 0
    while (wait := may_begin("a", now, edits, Limits(), None)) is not None:
        assert wait.until is not None
        assert wait.until > now
        now, rounds = wait.until, rounds + 1
        assert rounds <= len(edits) + 1


@given(st.lists(moments, max_size=6), st.lists(moments, max_size=6))
@MANY
def test_the_breaker_trips_on_failures_in_a_row_and_never_on_old_ones(
    failed: list[datetime], good: list[datetime]
) -> None:
    limits = Limits()
    trips = breaker_trips(failed, good, NOW, limits)
    lately = [at for at in failed if NOW - at <= limits.breaker_within]
    since = [at for at in lately if all(at > one for one in good)]
    assert trips is (len(since) >= limits.breaker_errors)
    assert not breaker_trips(failed, [*good, NOW], NOW, limits)


class Beginning(RuleBasedStateMachine):
    """Approvals come at any time in two ad sets; whatever may begin begins."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.begun: list[Begun] = []
        self.stop: Stop | None = None

    @rule(minutes=st.integers(1, 8 * 60))
    def passes(self, minutes: int) -> None:
        """Time goes by."""
        self.now += timedelta(minutes=minutes)

    @rule(adset=st.sampled_from(["a", "b", "c"]))
    def approved(self, adset: str) -> None:
        """A replacement is due."""
        if may_begin(adset, self.now, self.begun, Limits(), self.stop) is None:
            assert self.stop is None
            self.begun.append(Begun(adset, self.now))

    @rule()
    def stops(self) -> None:
        """Somebody halts everything."""
        self.stop = STOP

    @rule()
    def resumes(self) -> None:
        """And lets it go on."""
        self.stop = None

    @invariant()
    def no_day_has_too_many(self) -> None:
        """Within any 24 hours."""
        for one in self.begun:
            within = [other for other in self.begun if timedelta() <= other.at - one.at < timedelta(hours=24)]
            assert len(within) <= Limits().per_day

    @invariant()
    def edits_of_an_ad_set_are_a_batch_or_a_cool_down_apart(self) -> None:
        """No edit falls between."""
        limits = Limits()
        for adset in ("a", "b", "c"):
            times = sorted(one.at for one in self.begun if one.adset_id == adset)
            start = times[0] if times else NOW
            for earlier, later in pairwise(times):
                if later - start <= limits.batch:
                    continue
                assert later - earlier >= limits.cooldown
                start = later


TestBeginning = Beginning.TestCase
TestBeginning.settings = settings(max_examples=60, stateful_step_count=40)
