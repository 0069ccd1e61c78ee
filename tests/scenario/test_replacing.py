"""How a replacement ends when nothing breaks: live, undone, void, in conflict, held up, stopped."""

import json
import threading
from dataclasses import replace
from datetime import datetime, time, timedelta
from hashlib import md5, sha256

import pytest

from bot.domain.creatives import revised_spec
from bot.domain.guardrails import Limits, Stop
from bot.domain.proposals import Mode
from bot.domain.replacement import ReplacementState, StepKind, StepState
from bot.sandbox.graph_faults import throttled
from bot.sandbox.world_objects import Ad
from tests.scenario.replacing_faults import never_off
from tests.scenario.replacing_stage import CEDAR, IDS, OWNER, SOMEBODY, Lab, Process, png


def test_what_was_approved_is_byte_for_byte_what_meta_received(lab: Lab):
    mine = lab.approved(picture=True)
    end = lab.carries_on()
    assert end.state is ReplacementState.LIVE
    (sent,) = lab.graph.ledger.created("adcreatives")
    image_hash = md5(png(), usedforsecurity=False).hexdigest()
    assert json.loads(sent.params["object_story_spec"]) == revised_spec(mine.original, mine.copy, image_hash)
    assert sent.params["url_tags"] == mine.original.url_tags
    assert sha256(lab.graph.images[image_hash].data).hexdigest() == mine.picture
    features = json.loads(sent.params["degrees_of_freedom_spec"])["creative_features_spec"]
    assert {one["enroll_status"] for one in features.values()} == {"OPT_OUT"}
    (made,) = lab.graph.ledger.created("ads")
    assert made.params["status"] == "PAUSED"
    assert made.params["name"] == mine.name
    assert mine.marker in made.params["name"]
    assert "tracking_specs" in made.params


def test_the_old_ad_is_paused_last_and_everything_is_told_and_recorded(lab: Lab):
    lab.approved()
    end = lab.carries_on()
    old, new = lab.ad(), lab.new_ad()
    assert (lab.configured(old), lab.status(new)) == ("PAUSED", "ACTIVE")
    assert never_off(lab, old, new) == []
    assert end.live_at == lab.clock.now()
    assert all(step.state is StepState.DONE for step in end.steps)
    told = [event for _, event in lab.events if event]  # an empty one only brings messages up to date
    assert told == ["begun", "created", "in_review", "activated", "waiting", "live"]
    with lab.process.db.read(CEDAR) as tx:
        what = [one for _, _, one in tx.audit.of(CEDAR, end.id)]
    assert {"replacement.begun", "replacement.ad.done", "replacement.pause_old.done"} <= set(what)


def test_an_ad_that_changed_since_its_approval_is_left_alone(lab: Lab):
    lab.approved()
    lab.world.set_status(lab.ad(), "PAUSED", lab.clock.now(), SOMEBODY)
    end = lab.carries_on()
    assert end.state is ReplacementState.VOID
    assert "from ACTIVE to PAUSED" in end.reason
    assert lab.graph.ledger.writes() == []
    assert lab.events[-1][1] == "void"


def test_what_is_stored_must_be_what_was_approved(lab: Lab):
    mine = lab.approved()
    with lab.process.db.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE replacements SET agreed = replace(agreed, '₹499 today', 'free today') WHERE id = ?",
            (mine.id,),
        )
    end = lab.carries_on()
    assert end.state is ReplacementState.VOID
    assert "not what was approved" in end.reason
    assert lab.graph.ledger.writes() == []


def test_a_picture_that_is_gone_ends_it_before_anything_is_made(lab: Lab):
    lab.approved(picture=True)
    with lab.process.db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM pictures")
    end = lab.carries_on()
    assert (end.state, "not stored any more" in end.reason) == (ReplacementState.FAILED, True)
    assert all(not entry.made for entry in lab.graph.ledger.writes())


@pytest.mark.parametrize("status", ["PAUSED", "ARCHIVED"])
def test_an_old_ad_that_a_person_changes_during_review_stops_it(lab: Lab, status: str):
    lab.approved()
    lab.carries_on(lambda one: one.step(StepKind.REVIEW).state is StepState.DOING)
    lab.world.set_status(lab.ad(), status, lab.clock.now(), SOMEBODY)
    end = lab.carries_on()
    assert end.state is ReplacementState.CONFLICT
    assert status in end.reason
    assert (lab.configured(lab.ad()), lab.configured(made(lab))) == (status, "PAUSED")


def test_a_new_ad_that_a_person_deletes_during_review_stops_it(lab: Lab):
    lab.approved()
    lab.carries_on(lambda one: one.step(StepKind.REVIEW).state is StepState.DOING)
    lab.world.set_status(made(lab), "DELETED", lab.clock.now(), SOMEBODY)
    end = lab.carries_on()
    assert (end.state, "DELETED" in end.reason) == (ReplacementState.CONFLICT, True)
    assert lab.configured(lab.ad()) == "ACTIVE"


def test_an_endless_review_is_given_up_after_two_days(lab: Lab):
    lab.world.reviews.minutes = 10_000
    lab.approved()
    lab.carries_on(lambda one: one.step(StepKind.REVIEW).state is StepState.DOING)
    lab.clock.advance(timedelta(hours=48))
    end = lab.carries_on()
    assert (end.state, "48 hours" in end.reason) == (ReplacementState.FAILED, True)
    assert (lab.configured(lab.ad()), lab.configured(made(lab))) == ("ACTIVE", "PAUSED")


def test_a_new_ad_that_is_not_shown_leaves_both_on_and_says_so(lab: Lab):
    lab.approved()
    lab.carries_on(lambda one: one.step(StepKind.CONFIRM).state is StepState.DOING)
    lab.world.set_status(lab.ad().campaign, "PAUSED", lab.clock.now(), SOMEBODY)
    lab.clock.advance(timedelta(hours=24))
    end = lab.carries_on()
    assert end.state is ReplacementState.LIVE
    assert "CAMPAIGN_PAUSED" in end.reason
    assert "Both ads are on" in end.reason
    assert [lab.configured(ad) for ad in (lab.ad(), made(lab))] == ["ACTIVE", "ACTIVE"]


def test_a_test_without_a_decision_keeps_the_old_ad(lab: Lab):
    lab.approved(Mode.TEST)
    lab.carries_on(lambda one: one.state is ReplacementState.TESTING)
    lab.world.set_status(lab.ad().campaign, "PAUSED", lab.clock.now(), SOMEBODY)
    end = lab.carries_on()
    assert (end.state, end.live_at) == (ReplacementState.UNDONE, None)
    assert "undecided: 0 link clicks in one arm, 100 were needed" in end.reason
    assert (lab.configured(lab.ad()), lab.configured(made(lab))) == ("ACTIVE", "PAUSED")


@pytest.mark.parametrize(("effect", "new_wins"), [(3.0, True), (0.2, False)])
def test_a_test_that_is_decided_pauses_the_loser_after_seven_whole_days(
    lab: Lab, effect: float, new_wins: bool
):
    lab.world.effect_next(effect)
    lab.approved(Mode.TEST)
    end = lab.carries_on()
    assert end.state is (ReplacementState.LIVE if new_wins else ReplacementState.UNDONE)
    assert f"The {'new' if new_wins else 'old'} creative won the split test" in end.reason
    assert lab.configured(lab.ad()) == ("PAUSED" if new_wins else "ACTIVE")
    assert lab.configured(made(lab)) == ("ACTIVE" if new_wins else "PAUSED")
    assert [event for _, event in lab.events].count("test_decided") == 1
    assert never_off(lab, lab.ad(), made(lab)) == []
    (study,) = lab.world.studies
    zone = lab.world.accounts[0].zone
    hours = {datetime.fromtimestamp(at, zone).time() for at in (study.begins, study.ends)}
    assert hours == {time()}
    assert study.ends - study.begins == 7 * 24 * 3600


def test_a_test_that_a_person_ends_at_meta_is_not_decided(lab: Lab):
    lab.approved(Mode.TEST)
    lab.carries_on(lambda one: one.state is ReplacementState.TESTING)
    (study,) = lab.world.studies
    lab.clock.advance(timedelta(days=2))
    lab.world.end_study(study, lab.clock.now().timestamp(), lab.clock.now(), SOMEBODY)
    end = lab.carries_on()
    assert (end.state, "ended the split test" in end.reason) == (ReplacementState.CONFLICT, True)


def test_a_stop_holds_every_write_until_it_is_lifted(lab: Lab):
    lab.approved()
    lab.carries_on(lambda one: one.step(StepKind.REVIEW).state is StepState.DOING)
    with lab.process.db.workspace(CEDAR) as tx:
        tx.stops.stop(Stop(lab.clock.now(), OWNER.user_id, "Prices are wrong"))
    before = len(lab.graph.ledger.writes())
    for _ in range(5):
        lab.clock.advance(timedelta(minutes=10))
        lab.process.service.carry_out()
    assert len(lab.graph.ledger.writes()) == before
    assert "/spruce resume" in lab.replacement().reason
    assert lab.events[-1][1] == "waiting"
    with lab.process.db.workspace(CEDAR) as tx:
        tx.stops.resume()
    assert lab.carries_on().state is ReplacementState.LIVE


def test_edits_of_one_ad_set_wait_for_its_cool_down_and_batches_go_together(lab: Lab):
    first, second = siblings(lab)
    lab.approved(ad=first)
    lab.process.service.carry_out()
    lab.clock.advance(timedelta(minutes=31))
    lab.approved(ad=second, replacement_id=IDS[1])
    lab.process.service.carry_out()
    waits = lab.replacement(IDS[1])
    assert waits.state is ReplacementState.QUEUED
    assert "restarts learning" in waits.reason
    assert waits.next_at is not None
    assert waits.next_at - lab.clock.now() > timedelta(hours=23)
    lab.clock.set(waits.next_at)
    lab.process.service.carry_out()
    assert lab.replacement(IDS[1]).new_ad_id is not None


def test_a_days_limit_holds_the_next_one_back(lab: Lab):
    lab.restarts(limits=Limits(per_day=1))
    lab.approved()
    lab.approved(ad=lab.ad(1), replacement_id=IDS[1])
    lab.process.service.carry_out()
    waiting = [one for one in (lab.replacement(), lab.replacement(IDS[1])) if not one.new_ad_id]
    assert ["1 replacements a day" in one.reason for one in waiting] == [True]


def test_failures_in_a_row_stop_everything_and_say_so(lab: Lab):
    lab.restarts(limits=Limits(breaker_errors=2, cooldown=timedelta(0)))
    for place, one in enumerate(IDS):
        lab.world.reject_next("Claims", "No.")
        lab.approved(ad=lab.ad(place), replacement_id=one)
    for _ in range(8):
        lab.clock.advance(timedelta(minutes=5))
        lab.process.service.carry_out()
    assert [lab.replacement(one).state for one in IDS] == [ReplacementState.FAILED] * 2
    with lab.process.db.read(CEDAR) as tx:
        stop = tx.stops.current()
    assert stop is not None
    assert (stop.by, stop.reason) == (None, "2 replacements failed in a row.")


def test_a_limit_of_metas_holds_the_whole_account_and_no_longer_than_said(lab: Lab):
    lab.approved()
    lab.approved(ad=lab.ad(1), replacement_id=IDS[1])
    lab.graph.faults.add("POST", throttled(80004, regain_minutes=20))
    before = len(lab.graph.ledger)
    lab.process.service.carry_out()
    asked = len(lab.graph.ledger) - before
    assert asked == 2  # the first one's look at its ad, and the call that was refused
    until = lab.clock.now() + timedelta(minutes=20)
    assert [lab.replacement(one).next_at for one in IDS] == [until, until]
    lab.clock.set(until)
    lab.process.service.carry_out()
    assert all(lab.replacement(one).new_ad_id for one in IDS)


def test_two_processes_at_once_make_everything_once(lab: Lab):
    lab.approved(picture=True)
    other = Process(lab)
    at_once(lab.process.service.carry_out, other.service.carry_out)
    lab.carries_on()
    other.close()
    assert [len(lab.graph.ledger.created(edge)) for edge in ("adimages", "adcreatives", "ads")] == [1, 1, 1]


def test_a_creative_that_meta_keeps_enrolling_never_goes_live(lab: Lab):
    mine = lab.approved()
    lab.process.service.carry_out()
    creative = lab.world.find(str(lab.replacement().new_creative_id))
    assert creative is not None
    content = dict(creative.content)
    content["degrees_of_freedom_spec"] = {"creative_features_spec": {}}
    assert mine.digest
    held = replace(creative, content=content)
    lab.world.creatives = tuple(held if one is creative else one for one in lab.world.creatives)
    lab.world._by_id[creative.id] = held
    again_from(lab, StepKind.VERIFY)
    end = lab.carries_on()
    assert end.state is ReplacementState.FAILED
    assert "image_touchups" in end.reason


def made(lab: Lab) -> Ad:
    """The ad that was made."""
    ad = lab.new_ad()
    assert ad is not None
    return ad


def siblings(lab: Lab) -> list[Ad]:
    """Two running picture ads of one ad set."""
    for adset in lab.world.adsets:
        found = [
            ad
            for ad in lab.world.ads_of(adset)
            if ad.account is lab.world.accounts[0]
            and lab.status(ad) == "ACTIVE"
            and ad.creative.form == "single"
        ]
        if len(found) >= 2:
            return found[:2]
    raise AssertionError("The world has no such ad set.")


def again_from(lab: Lab, kind: StepKind) -> None:
    """Let a step and all after it be done again, with the ad already made left out."""
    now = lab.replacement()
    steps = tuple(
        replace(step, state=StepState.PENDING, started_at=None) if step.kind is kind else step
        for step in now.steps
    )
    with lab.process.db.workspace(CEDAR) as tx:
        token = tx.replacements.claim(now, lab.clock.now())
        assert token is not None
        assert tx.replacements.save(replace(now, steps=steps), token)
        assert tx.replacements.release(now, token, lab.clock.now())


def at_once(*calls: object) -> None:
    """Both at the same time."""
    threads = [threading.Thread(target=call) for call in calls]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
