"""The fault matrix: every call of a replacement, struck by everything that can strike it.

Whatever happens, it ends in a correct state with exactly one new ad and one creative, or none, and never
a moment without an ad. The oracle is what the stand-in made and logged, not what the bot believes.
"""

import sys
from collections.abc import Callable
from itertools import product

import pytest

from bot.domain.proposals import Mode
from bot.domain.replacement import ReplacementState
from bot.sandbox.world_objects import Ad
from tests.scenario.replacing_faults import FAULTS, Forgetful, KilledError, Point, never_off, settles
from tests.scenario.replacing_stage import CEDAR, OWNER, TOKENS, WILLOW, Lab

_STATE = {"fields": "ad_review_feedback"}
BESIDE = (
    Point("check", "GET *", _STATE),
    Point("validate", "POST /adcreatives", {"execution_options": "validate_only"}),
    Point("upload", "POST /adimages"),
    Point("look for the label", "GET /adlabels"),
    Point("label", "POST /adlabels"),
    Point("look for the creative", "GET /adcreativesbylabels"),
    Point("creative", "POST /adcreatives", {"adlabels": "id"}),
    Point("verify", "GET *", {"fields": "degrees_of_freedom_spec"}),
    Point("tracking", "GET *", {"fields": "tracking_specs"}),
    Point("look for the ad", "GET /adsbylabels"),
    Point("ad", "POST /ads"),
    Point("review", "GET *", _STATE, skip=1),
    Point("activate", "POST *", {"status": "ACTIVE"}),
    Point("confirm", "GET /insights"),
    Point("pause the old ad", "POST *", {"status": "PAUSED"}, skip=1),
)
IN_PLACE = (
    Point("swap", "POST *", {"creative": "creative_id"}),
    Point("review in place", "GET *", _STATE, skip=3),
)
UNDO = (
    Point("look before the undo", "GET *", _STATE),
    Point("old ad on again", "POST *", {"status": "ACTIVE"}),
    Point("new ad paused", "POST *", {"status": "PAUSED"}),
)
UNDO_IN_PLACE = (
    Point("swap back", "POST *", {"creative": "creative_id"}),
    Point("delete the creative", "POST *", {"status": "DELETED"}),
)
TEST = (
    Point("split test", "POST /ad_studies"),
    Point("read the split test", "GET *", {"fields": "canceled_time"}),
    Point("pause the loser", "POST *", {"status": "PAUSED"}, skip=1),
)
# For a read there is no difference between these and their other halves.
_OF_WRITES = frozenset({"answer lost, not done", "5xx, not done"})


def _cells(points: tuple[Point, ...], *but: str) -> list[tuple[Point, str]]:
    faults = [name for name in FAULTS if name not in but]
    return [(one, name) for one, name in product(points, faults) if one.writes or name not in _OF_WRITES]


_CELLS = {
    "beside": _cells(BESIDE),
    "in place": _cells(IN_PLACE),
    "undo": _cells(UNDO, "rejected"),
    "undo in place": _cells(UNDO_IN_PLACE, "rejected"),
    "test": _cells(TEST),
}
COUNT = sum(len(cells) for cells in _CELLS.values())


def cells(kind: str) -> "pytest.MarkDecorator":
    named = [pytest.param(point, fault, id=f"{point.name}, {fault}") for point, fault in _CELLS[kind]]
    return pytest.mark.parametrize(("point", "fault"), named)


@cells("beside")
def test_a_new_ad_beside_the_old_one(lab: Lab, point: Point, fault: str):
    lab.approved(picture=True)
    struck = FAULTS[fault](lab, point)
    settles(lab)
    assert struck()
    ended_well(lab, rejected=fault == "rejected")
    nobody_else_noticed(lab)


@cells("in place")
def test_a_creative_in_place(lab: Lab, point: Point, fault: str):
    mine = lab.approved(Mode.IN_PLACE)
    struck = FAULTS[fault](lab, point)
    settles(lab)
    assert struck()
    if fault == "rejected":
        ended_as_before(lab)
        return
    end = lab.replacement()
    assert end.state is ReplacementState.LIVE, end.reason
    assert lab.graph.ledger.created("ads") == []
    (made,) = lab.graph.ledger.created("adcreatives")
    assert lab.world.creative(lab.ad(), lab.clock.now()).id == made.made == end.new_creative_id
    assert lab.configured(lab.ad()) == "ACTIVE"
    assert len(swaps(lab)) == 1
    assert mine.seen.creative_id != made.made
    nobody_else_noticed(lab)


@cells("undo")
def test_an_undo(lab: Lab, point: Point, fault: str):
    lab.approved()
    live = lab.carries_on()
    undone(lab, live.version, point, fault)
    new = lab.new_ad()
    assert new is not None
    assert (lab.status(lab.ad()), lab.configured(new)) == ("ACTIVE", "PAUSED")
    assert len(lab.graph.ledger.created("ads")) == len(lab.graph.ledger.created("adcreatives")) == 1
    assert never_off(lab, lab.ad(), new) == []
    nobody_else_noticed(lab)


@cells("undo in place")
def test_an_undo_in_place(lab: Lab, point: Point, fault: str):
    mine = lab.approved(Mode.IN_PLACE)
    live = lab.carries_on()
    undone(lab, live.version, point, fault)
    assert lab.world.creative(lab.ad(), lab.clock.now()).id == mine.seen.creative_id
    (made,) = lab.graph.ledger.created("adcreatives")
    creative = lab.world.find(made.made)
    assert creative is not None
    assert lab.world.log.configured(creative, lab.clock.now().timestamp()) == "DELETED"
    nobody_else_noticed(lab)


@cells("test")
def test_a_split_test(lab: Lab, point: Point, fault: str):
    lab.world.effect_next(3.0)
    lab.approved(Mode.TEST)
    struck = FAULTS[fault](lab, point)
    settles(lab)
    assert struck()
    assert len(lab.graph.ledger.created("ad_studies")) == 1
    ended_well(lab, rejected=fault == "rejected")
    nobody_else_noticed(lab)


@pytest.mark.parametrize(("place", "edge"), [(6, "adcreatives"), (10, "ads")])
def test_the_oracle_would_see_a_second_one(lab: Lab, place: int, edge: str):
    lab.approved(picture=True)
    FAULTS["killed after"](lab, BESIDE[place])
    with pytest.raises(KilledError):
        lab.carries_on()
    lab.restarts(connections=Forgetful().client)
    lab.carries_on()
    there = len(lab.graph.ledger.created(edge))
    # Meta itself returns the same creative for the same words, so only the ad is doubled.
    assert there == (1 if edge == "adcreatives" else 2)


def test_the_whole_matrix_was_run():
    sys.stdout.write(f"{COUNT} cells\n")
    assert COUNT == 223


def ended_well(lab: Lab, *, rejected: bool) -> None:
    """One new ad that is shown and the old one paused; or the old one as it was, and the new one paused."""
    end, old, new = lab.replacement(), lab.ad(), lab.new_ad()
    wanted = ReplacementState.FAILED if rejected else ReplacementState.LIVE
    assert end.state is wanted, end.reason
    assert len(lab.graph.ledger.created("ads")) == len(lab.graph.ledger.created("adcreatives")) == 1
    assert len(lab.graph.ledger.created("adlabels")) == 1
    assert new is not None
    assert (end.new_ad_id, end.new_creative_id) == (new.id, new.creative.id)
    settings = (lab.configured(old), lab.configured(new))
    assert settings == (("ACTIVE", "PAUSED") if rejected else ("PAUSED", "ACTIVE"))
    assert ("Nobody can promise that" in end.reason) is rejected
    assert never_off(lab, old, new) == []
    told = [event for _, event in lab.events]
    assert told.count("created") == 1
    assert told[-1] == ("rejected" if rejected else "live")


def ended_as_before(lab: Lab) -> None:
    """The ad shows what it showed before, and the creative that review refused is gone."""
    end = lab.replacement()
    assert end.state is ReplacementState.FAILED
    assert "Nobody can promise that" in end.reason
    assert lab.world.creative(lab.ad(), lab.clock.now()).id == end.seen.creative_id
    (made,) = lab.graph.ledger.created("adcreatives")
    creative = lab.world.find(made.made)
    assert creative is not None
    assert lab.world.log.configured(creative, lab.clock.now().timestamp()) == "DELETED"
    assert lab.configured(lab.ad()) == "ACTIVE"


def undone(lab: Lab, version: int, point: Point, fault: str) -> None:
    """A person undoes it, and the undo is struck."""
    struck: Callable[[], bool] = FAULTS[fault](lab, point)
    lab.process.service.undo(OWNER, lab.replacement().id, version)
    settles(lab)
    assert struck()
    end = lab.replacement()
    assert end.state is ReplacementState.UNDONE, end.reason
    assert lab.events[-1][1] == "undone"


def swaps(lab: Lab) -> list[object]:
    """Every time the old ad was told to show something else and did."""
    changes = lab.world.log.changes(lab.ad().id, lab.clock.now().timestamp())
    return [change for change in changes if change.what == "creative"]


def nobody_else_noticed(lab: Lab) -> None:
    """The other workspace has nothing, and nothing was done with its token."""
    assert {entry.token for entry in lab.graph.ledger.writes()} == {CEDAR}
    with lab.process.db.read(WILLOW) as tx:
        assert tx.replacements.get(lab.replacement().id) is None
        assert tx.replacements.moving() == []
        assert tx.stops.current() is None
    assert TOKENS[WILLOW] != TOKENS[CEDAR]
    assert all(isinstance(ad, Ad) for ad in lab.world.ads)
