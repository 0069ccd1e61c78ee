"""Undo at any time: the former state, asked about where a person changed something since."""

import pytest

from bot.domain.proposals import Mode
from bot.domain.replacement import ReplacementState, StepKind, StepState
from bot.domain.undoing import confirmation
from bot.errors import NotFound, Stale
from bot.sandbox.world_objects import Ad
from tests.scenario.replacing_faults import Point, Strike
from tests.scenario.replacing_stage import CEDAR, OUTSIDER, OWNER, SOMEBODY, Lab


@pytest.mark.parametrize("mode", [Mode.BESIDE, Mode.TEST])
def test_an_undo_under_way_takes_everything_back(lab: Lab, mode: Mode):
    lab.approved(mode)
    lab.carries_on(lambda one: one.step(StepKind.ACTIVATE).state is StepState.DONE)
    undo(lab)
    end = lab.carries_on()
    assert end.state is ReplacementState.UNDONE
    assert (lab.status(lab.ad()), lab.configured(made(lab))) == ("ACTIVE", "PAUSED")
    with lab.process.db.read(CEDAR) as tx:
        who = {(who, what) for _, who, what in tx.audit.of(CEDAR, end.id)}
    assert (OWNER.user_id, "replacement.undo_wanted") in who
    if mode is Mode.TEST:
        ended = lab.world.log.latest(lab.world.studies[0].id, "ends", lab.clock.now().timestamp())
        assert ended is not None


def test_what_waits_in_the_queue_is_cancelled_at_once(lab: Lab):
    mine = lab.approved()
    end = lab.process.service.undo(OWNER, mine.id, mine.version)
    assert (end.state, lab.replacement().state) == (ReplacementState.UNDONE, ReplacementState.UNDONE)
    lab.process.service.carry_out()
    assert lab.graph.ledger.writes() == []
    with pytest.raises(Stale, match="nothing to undo"):
        undo(lab)


def test_an_undo_shows_what_a_person_changed_and_asks(lab: Lab):
    lab.approved()
    lab.carries_on()
    lab.world.set_status(made(lab), "PAUSED", lab.clock.now(), SOMEBODY)
    undo(lab)
    asks = lab.carries_on()
    assert asks.state is ReplacementState.UNDO_ASKS
    assert asks.reason == "The new ad was set to PAUSED; Spruce left it ACTIVE."
    assert lab.configured(lab.ad()) == "PAUSED"
    with pytest.raises(Stale, match="Confirm the undo"):
        undo(lab)
    lab.process.service.undo(OWNER, asks.id, asks.version, confirmation(asks.reason))
    end = lab.carries_on()
    assert end.state is ReplacementState.UNDONE
    assert (lab.configured(lab.ad()), lab.configured(made(lab))) == ("ACTIVE", "PAUSED")


def test_a_confirmed_undo_asks_again_when_something_else_changed_meanwhile(lab: Lab):
    lab.approved()
    lab.carries_on()
    lab.world.set_status(made(lab), "PAUSED", lab.clock.now(), SOMEBODY)
    undo(lab)
    asks = lab.carries_on()
    lab.world.set_status(lab.ad(), "ARCHIVED", lab.clock.now(), SOMEBODY)
    lab.process.service.undo(OWNER, asks.id, asks.version, confirmation(asks.reason))
    again = lab.carries_on()
    assert again.state is ReplacementState.UNDO_ASKS
    assert "The old ad was set to ARCHIVED" in again.reason
    assert "cannot be set any more" in again.reason
    assert [lab.configured(ad) for ad in (lab.ad(), made(lab))] == ["ARCHIVED", "PAUSED"]


def test_an_undo_of_what_was_seen_earlier_or_elsewhere_is_refused(lab: Lab):
    mine = lab.approved()
    with pytest.raises(Stale, match="changed since"):
        lab.process.service.undo(OWNER, mine.id, mine.version + 1)
    with pytest.raises(NotFound):
        lab.process.service.undo(OUTSIDER, mine.id, mine.version)
    assert lab.replacement().state is ReplacementState.QUEUED


def test_an_undo_while_a_process_works_takes_its_claim_away(lab: Lab):
    lab.approved()
    now = lab.replacement()

    def meddle() -> None:
        lab.process.service.undo(OWNER, now.id, lab.replacement().version)

    strike = Strike(Point("ad", "POST /ads"), meddle, after=True)
    lab.restarts(connections=strike.client)
    end = lab.carries_on()
    assert end.state is ReplacementState.UNDONE
    assert len(lab.graph.ledger.created("ads")) == 1
    assert (lab.configured(lab.ad()), lab.configured(made(lab))) == ("ACTIVE", "PAUSED")


def made(lab: Lab) -> Ad:
    """The ad that was made."""
    ad = lab.new_ad()
    assert ad is not None
    return ad


def undo(lab: Lab) -> None:
    """The owner undoes what is there now."""
    now = lab.replacement()
    lab.process.service.undo(OWNER, now.id, now.version)
