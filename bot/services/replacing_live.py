"""The steps that wait: for review, for delivery, for a split test; and pausing the old ad, last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.days import day_start, local_day
from bot.domain.ids import ObjectId
from bot.domain.replacement import ReplacementState, Step, StepKind, StepState
from bot.domain.split_test import RUNS_FOR, Counts, Winner, decide
from bot.domain.structure import Issue
from bot.domain.undoing import STATUS, Place
from bot.meta import new_ads, studies
from bot.meta.new_ads import AdState
from bot.services.replacing_record import Done, Ended, Failed, Later, Outcome
from bot.services.replacing_steps import Run, set_value, unknown_until

REVIEWING = frozenset({"PENDING_REVIEW", "IN_PROCESS"})
REFUSED = frozenset({"DISAPPROVED", "WITH_ISSUES"})
_LOOK_EVERY = timedelta(minutes=5)
_REVIEW_PATIENCE = timedelta(hours=48)
_DELIVERY_PATIENCE = timedelta(hours=24)
# So many impressions say that an ad delivers; after two hours any at all do.
_ENOUGH = 50
_ANY_AFTER = timedelta(hours=2)
# A running test is looked at so often, only to see that it still runs.
_TEST_LOOK = timedelta(hours=12)
# Meta's figures of a day are nearly whole three hours after it ended.
_SETTLES = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Waited:
    """How long a step has waited already."""

    step: Step
    now: datetime

    @property
    def time(self) -> timedelta:
        """Since the first look; nothing at the first look itself."""
        return self.now - (self.step.started_at or self.now)


def review(run: Run, step: Step) -> Outcome:
    """Meta's review of the new ad, or in place of the old one with what it shows now."""
    state = new_ads.ad_state(run.client, run.shown_ad)
    changed = _taken_away(run, state)
    if changed:
        return Ended(ReplacementState.CONFLICT, changed, "conflict")
    if state.effective_status in REFUSED:
        return refusal(state)
    if state.effective_status not in REVIEWING:
        return Done(note="Meta's review let it pass.")
    if waited(run, step).time >= _REVIEW_PATIENCE:
        return Failed("Meta's review took longer than 48 hours; the old ad keeps running.")
    event = "in_review" if step.state is StepState.PENDING else ""
    return _wait(run, step, _LOOK_EVERY, "Meta reviews the new creative; the old ad keeps running.", event)


def confirm(run: Run, step: Step) -> Outcome:
    """It delivers: ACTIVE, and people see it."""
    state = new_ads.ad_state(run.client, run.shown_ad)
    changed = _taken_away(run, state) or _switched_off(state)
    if changed:
        return Ended(ReplacementState.CONFLICT, changed, "conflict")
    if state.effective_status in REFUSED:
        return refusal(state)
    since = step.started_at or run.clock.now()
    impressions = _impressions(run, since)
    if step.state is StepState.PENDING:
        # In place the ad has been shown today already, with its old creative.
        run.claim.begin(step.kind, str(impressions if run.replacement.new_ad_id is None else 0), "", "")
        step = run.claim.step(step.kind)
    gained = impressions - int(step.before or 0)
    enough = _ENOUGH if waited(run, step).time < _ANY_AFTER else 1
    if state.effective_status == "ACTIVE" and gained >= enough:
        return Done(note=f"The new creative was shown {gained:,} times.")
    if waited(run, step).time >= _DELIVERY_PATIENCE:
        return _leave_both(run, state, gained)
    return Later(run.clock.now() + _LOOK_EVERY, "The new creative is on; Spruce waits until people see it.")


def pause_old(run: Run, step: Step) -> Outcome:
    """The old ad, last, and only while the new one delivers."""
    mine = run.replacement
    unfit = _not_delivering(run, ObjectId(str(mine.new_ad_id)))
    if unfit is not None:
        return unfit
    place = Place(mine.seen.ad_id, STATUS)
    return set_value(run, step, place, before=mine.seen.configured_status, after="PAUSED")


def study(run: Run, step: Step) -> Outcome:
    """A split test between both ads, for seven whole days of the account."""
    mine = run.replacement
    business = studies.business_of(run.client, mine.account_id)
    found = studies.find_study(run.client, business, mine.marker)
    if found is None:
        until = unknown_until(step, run.clock.now())
        if until is not None:
            return Later(until, "Meta did not say whether it began the split test; Spruce looks again.")
        found = _begin_study(run, business)
    changes = {"study_id": found, "state": ReplacementState.TESTING}
    return Done(result_id=found, event="test_started", changes=changes)


def await_test(run: Run, step: Step) -> Outcome:
    """The stop rule, applied once, when the test is over and its figures have settled."""
    mine, now = run.replacement, run.clock.now()
    state = new_ads.ad_state(run.client, run.shown_ad)
    if state.effective_status in REFUSED:
        return refusal(state)
    _, planned = _span(run)
    test = studies.study(run.client, mine.study_id)
    ended_early = test.ends_at is not None and test.ends_at < planned - timedelta(minutes=1)
    if test.cancelled or ended_early:
        return Ended(
            ReplacementState.CONFLICT, "Somebody ended the split test at Meta; both ads are on.", "conflict"
        )
    if now < planned + _SETTLES:
        until = min(planned + _SETTLES, now + _TEST_LOOK)
        return _wait(run, step, until - now, "The split test runs; it is read once, at its end.", "")
    return _decided(run, planned)


def pause_loser(run: Run, step: Step) -> Outcome:
    """The ad that lost; the old one only while the new one delivers."""
    loser = ObjectId(run.claim.step(StepKind.AWAIT).result_id)
    if loser == run.replacement.seen.ad_id:
        unfit = _not_delivering(run, run.shown_ad)
        if unfit is not None:
            return unfit
    return set_value(run, step, Place(loser, STATUS), before="ACTIVE", after="PAUSED")


def ends(run: Run) -> tuple[StepKind | None, Outcome]:
    """Every step is done; the step that turns out not to be, if review refused the ad at the last moment."""
    mine, now = run.replacement, run.clock.now()
    awaited = mine.step(StepKind.AWAIT)
    if awaited is not None and awaited.result_id != mine.seen.ad_id:
        return None, Ended(ReplacementState.UNDONE, awaited.note, "undone")
    state = new_ads.ad_state(run.client, run.shown_ad)
    if state.effective_status in REFUSED:
        return StepKind.AWAIT if awaited else StepKind.CONFIRM, refusal(state)
    return None, Ended(ReplacementState.LIVE, awaited.note if awaited else "", "live", live_at=now)


def refusal(state: AdState) -> Failed:
    """What Meta's review has against the ad, in its own words."""
    reasons = "; ".join(dict.fromkeys(_words(issue) for issue in state.issues if _words(issue)))
    said = f" Meta says: {reasons[:500]}" if reasons else " Meta gives no reason."
    return Failed(f"Meta's review refused the new creative.{said}", rejected=True)


def waited(run: Run, step: Step) -> Waited:
    """How long this step has waited."""
    return Waited(step, run.clock.now())


def _wait(run: Run, step: Step, until: timedelta, reason: str, event: str) -> Later:
    if step.state is StepState.PENDING:
        run.claim.begin(step.kind, "", "", "")
    return Later(run.clock.now() + until, reason, event)


def _taken_away(run: Run, state: AdState) -> str:
    """What a person did to the ad that shows the new creative; empty when nothing."""
    if state.seen.configured_status in ("DELETED", "ARCHIVED"):
        return f"Somebody set the ad to {state.seen.configured_status}; nothing more was changed."
    if state.seen.creative_id != run.replacement.new_creative_id:
        return "Somebody let the ad show another creative; nothing was overwritten."
    return ""


def _switched_off(state: AdState) -> str:
    if state.seen.configured_status != "ACTIVE":
        return f"Somebody set the ad to {state.seen.configured_status}; nothing was overwritten."
    return ""


def _impressions(run: Run, since: datetime) -> int:
    zone = run.account.timezone_name
    first, last = local_day(since, zone), local_day(run.clock.now(), zone)
    return new_ads.shown(run.client, run.shown_ad, first, last).impressions


def _leave_both(run: Run, state: AdState, gained: int) -> Ended:
    both = "" if run.replacement.new_ad_id is None else " Both ads are on; nothing was paused."
    sentence = (
        f"The new creative was shown {gained:,} times in 24 hours and its ad is {state.effective_status}, "
        f"so it does not deliver as it should.{both}"
    )
    return Ended(ReplacementState.LIVE, sentence, "live", live_at=run.clock.now())


def _not_delivering(run: Run, new_ad: ObjectId) -> Outcome | None:
    """Why the old ad must not be paused now; None when it may be."""
    state = new_ads.ad_state(run.client, new_ad)
    if state.effective_status == "ACTIVE":
        return None
    if state.effective_status in REFUSED:
        return refusal(state)
    changed = _taken_away(run, state) or _switched_off(state)
    if changed:
        return Ended(ReplacementState.CONFLICT, f"{changed} The old ad keeps running.", "conflict")
    confirmed = run.replacement.step(StepKind.CONFIRM) or run.claim.step(StepKind.AWAIT)
    now = run.clock.now()
    if now - (confirmed.finished_at or now) >= _DELIVERY_PATIENCE:
        return _leave_both(run, state, 0)
    return Later(now + _LOOK_EVERY, "The new ad does not deliver right now; the old one keeps running.")


def _begin_study(run: Run, business: str) -> str:
    mine, zone = run.replacement, run.account.timezone_name
    tomorrow = local_day(run.clock.now(), zone) + timedelta(days=1)
    start, end = day_start(tomorrow, zone), day_start(tomorrow + RUNS_FOR, zone)
    budget = studies.test_budget(run.client, mine.seen.ad_id)
    return run.act(
        StepKind.STUDY,
        lambda: studies.create_study(
            run.client,
            business,
            name=f"Spruce: {mine.name}",
            old_ad=mine.seen.ad_id,
            new_ad=run.shown_ad,
            start=start,
            end=end,
            budget=budget,
        ),
        after=f"{start.isoformat()}/{end.isoformat()}",
    )


def _span(run: Run) -> tuple[datetime, datetime]:
    """When the test began and when it was to end, as fixed before it began."""
    start, end = run.claim.step(StepKind.STUDY).after.split("/")
    return datetime.fromisoformat(start), datetime.fromisoformat(end)


def _decided(run: Run, planned: datetime) -> Done:
    mine, zone = run.replacement, run.account.timezone_name
    start, _ = _span(run)
    first, last = local_day(start, zone), local_day(planned - timedelta(seconds=1), zone)
    counts = [
        Counts(found.impressions, found.link_clicks)
        for found in (
            new_ads.shown(run.client, ad_id, first, last) for ad_id in (mine.seen.ad_id, run.shown_ad)
        )
    ]
    outcome = decide(*counts)
    loser = mine.seen.ad_id if outcome.winner is Winner.NEW else run.shown_ad
    return Done(result_id=loser, note=outcome.sentence, reason=outcome.sentence, event="test_decided")


def _words(issue: Issue) -> str:
    return ": ".join(dict.fromkeys(part for part in (issue.summary, issue.message) if part))
