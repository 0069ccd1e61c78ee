"""A real process dies before and after everything that a replacement makes; the next makes it once."""

import json
import subprocess
import sys

import pytest

from bot.domain.proposals import Mode
from bot.domain.replacement import ReplacementState
from tests.scenario.replacing_dying import STATUS
from tests.scenario.replacing_faults import Point, never_off, settles
from tests.scenario.replacing_stage import Lab

MAKING = (
    (Point("upload", "POST /adimages"), Mode.BESIDE),
    (Point("label", "POST /adlabels"), Mode.BESIDE),
    (Point("creative", "POST /adcreatives", {"adlabels": "id"}), Mode.BESIDE),
    (Point("ad", "POST /ads"), Mode.BESIDE),
    (Point("split test", "POST /ad_studies"), Mode.TEST),
    (Point("swap", "POST *", {"creative": "creative_id"}), Mode.IN_PLACE),
)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("point", "mode"), MAKING, ids=[point.name for point, _ in MAKING])
def test_a_process_that_dies_while_making_leaves_one_of_each(lab: Lab, point: Point, mode: Mode, after: bool):
    lab.world.effect_next(3.0)
    lab.approved(mode, picture=mode is Mode.BESIDE)
    if mode is Mode.TEST:  # until the ad is reviewed, as fast as in the other tests
        lab.world.reviews.minutes = 0
    lab.process.close()
    dies(lab, point, after=after)
    made_then = len(lab.graph.ledger.created("ads")), len(lab.graph.ledger.created("adcreatives"))
    lab.starts()
    settles(lab)
    end = lab.replacement()
    assert end.state is ReplacementState.LIVE, end.reason
    assert made_then <= (1, 1)
    assert len(lab.graph.ledger.created("ads")) == (0 if mode is Mode.IN_PLACE else 1)
    assert len(lab.graph.ledger.created("adcreatives")) == 1
    assert len(lab.graph.ledger.created("adlabels")) == 1
    assert len(lab.graph.ledger.created("ad_studies")) == (1 if mode is Mode.TEST else 0)
    if mode is not Mode.IN_PLACE:
        assert never_off(lab, lab.ad(), lab.new_ad()) == []


def dies(lab: Lab, point: Point, *, after: bool) -> None:
    """Another process on the same database goes as far as this call and no further."""
    asked = {
        "settings": lab.environment,
        "now": lab.clock.now().isoformat(),
        "match": point.match,
        "params": dict(point.params),
        "skip": point.skip,
        "after": after,
    }
    command = [sys.executable, "-m", "tests.scenario.replacing_dying"]
    done = subprocess.run(command, input=json.dumps(asked), text=True, timeout=60, check=False)
    assert done.returncode == STATUS
