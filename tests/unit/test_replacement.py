"""The plan of a replacement, its names, what it left, and how its steps are taken back."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ids import ObjectId
from bot.domain.proposals import Mode
from bot.domain.replacement import (
    UNDO,
    UNDOABLE,
    Replacement,
    ReplacementState,
    Step,
    StepKind,
    StepState,
    marker,
    new_name,
    plan,
    to_undo,
)
from bot.domain.split_test import LEAST_CLICKS, Counts, Winner, decide, interval
from bot.domain.undoing import (
    CREATIVE,
    STATUS,
    Place,
    confirmation,
    differences,
    left,
    sentence_of,
    touched_ads,
)
from tests.unit.replacement_cases import FRESH, NEW, OLD, SEEN, SHOWN, replacement, replacements, values_of

MANY = settings(max_examples=300)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("picture", [False, True])
def test_a_plan_checks_first_and_pauses_last(mode: Mode, picture: bool) -> None:
    kinds = [step.kind for step in plan(mode, picture=picture)]
    assert kinds[:2] == [StepKind.CHECK, StepKind.VALIDATE]
    assert (StepKind.UPLOAD in kinds) is picture
    assert len(set(kinds)) == len(kinds)
    assert kinds.index(StepKind.LABEL) < kinds.index(StepKind.CREATIVE) < kinds.index(StepKind.VERIFY)
    if mode is Mode.BESIDE:
        assert kinds[-1] is StepKind.PAUSE_OLD
        assert kinds.index(StepKind.REVIEW) < kinds.index(StepKind.ACTIVATE) < kinds.index(StepKind.CONFIRM)
    if mode is Mode.TEST:
        assert kinds[-1] is StepKind.PAUSE_LOSER
    assert [step.n for step in plan(mode, picture=picture)] == list(range(1, len(kinds) + 1))


@given(replacements())
@MANY
def test_steps_are_taken_back_in_reverse_and_only_those_that_left_something(one: Replacement) -> None:
    order = [step.n for step in to_undo(one)]
    assert order == sorted(order, reverse=True)
    for step in to_undo(one):
        assert step.kind in UNDO
        assert step.state in (StepState.DONE, StepState.DOING, StepState.UNDOING)
    kinds = [step.kind for step in to_undo(one)]
    if StepKind.PAUSE_OLD in kinds and StepKind.ACTIVATE in kinds:
        assert kinds.index(StepKind.PAUSE_OLD) < kinds.index(StepKind.ACTIVATE)


@given(replacements())
@MANY
def test_a_world_that_only_spruce_changed_shows_no_difference(one: Replacement) -> None:
    old, new = world_after(one, doing_applied=True), world_after(one, doing_applied=False)
    assert differences(one, *old) == ()
    assert differences(one, *new) == ()


@given(replacements(), st.sampled_from(["PAUSED", "ACTIVE", "ARCHIVED", "DELETED"]), st.booleans())
@MANY
def test_what_a_person_set_is_found_at_every_ad_that_was_touched(
    one: Replacement, status: str, at_old: bool
) -> None:
    target = OLD if at_old or one.new_ad_id is None else NEW
    ads = [replace(ad, configured_status=status) if ad.ad_id == target else ad for ad in world_after(one)]
    found = {difference.place for difference in differences(one, *ads)}
    expected = target in touched_ads(one) and status not in left(one)[Place(target, STATUS)]
    assert (Place(target, STATUS) in found) is expected


@given(replacements())
@MANY
def test_undoing_every_step_restores_the_former_state(one: Replacement) -> None:
    ads = {ad.ad_id: {STATUS: ad.configured_status, CREATIVE: str(ad.creative_id)} for ad in world_after(one)}
    for step in to_undo(one):
        before, after = values_of(step)
        if after:
            ads[_target(one, step)][STATUS if step.kind is not StepKind.SWAP else CREATIVE] = before
    undone = replace(
        one,
        steps=tuple(
            replace(step, state=StepState.UNDONE) if step in to_undo(one) else step for step in one.steps
        ),
    )
    failed = [step for step in one.steps if step.state is StepState.FAILED and values_of(step)[1]]
    if not failed and not any(step.state is StepState.UNDONE for step in one.steps):
        assert ads[OLD] == {STATUS: "ACTIVE", CREATIVE: str(SHOWN)}
        assert ads.get(NEW, {STATUS: "PAUSED"})[STATUS] == "PAUSED"
    assert to_undo(undone) == ()


@given(st.text(max_size=200), st.text(max_size=80), st.uuids(), st.integers(1, 10**17))
@MANY
def test_a_name_fits_meta_and_always_ends_in_its_marker(old: str, angle: str, one: object, ad: int) -> None:
    name = new_name(old, angle, "20261122", str(one), ObjectId(str(ad)))
    assert len(name) <= 100
    assert name.endswith(marker(str(one)))
    assert name == new_name(old, angle, "20261122", str(one), ObjectId(str(ad)))


@given(st.lists(st.text(max_size=40), min_size=2, max_size=2, unique=True))
@MANY
def test_a_confirmation_confirms_exactly_what_was_shown(words: list[str]) -> None:
    assert confirmation(words[0]) == confirmation(words[0])
    assert confirmation(words[0]) != confirmation(words[1])


def test_differences_are_told_in_sentences_that_name_both_values() -> None:
    one = replacement()
    done = tuple(
        replace(
            step,
            state=StepState.DONE,
            before=values_of(step)[0],
            after=values_of(step)[1],
        )
        for step in one.steps
    )
    one = replace(one, steps=done)
    changed = [replace(ad, configured_status="DELETED") for ad in world_after(one) if ad.ad_id == OLD]
    found = differences(one, *changed)
    assert sentence_of(found).startswith("The old ad was set to DELETED; Spruce left it PAUSED.")
    assert not found[0].mendable


def test_what_can_be_undone_is_not_what_is_over() -> None:
    assert ReplacementState.UNDONE not in UNDOABLE
    assert ReplacementState.VOID not in UNDOABLE
    assert ReplacementState.UNDO_ASKS in UNDOABLE
    assert not ReplacementState.UNDO_ASKS.moving


counts = st.builds(
    lambda shown, share: Counts(shown, int(shown * share)), st.integers(0, 10**6), st.floats(0, 0.2)
)


@given(counts, counts)
@MANY
def test_the_interval_holds_the_difference_and_turns_with_the_arms(old: Counts, new: Counts) -> None:
    low, high = interval(old, new)
    assert low - 1e-12 <= new.ctr - old.ctr <= high + 1e-12
    back_low, back_high = interval(new, old)
    assert (back_low, back_high) == pytest.approx((-high, -low), abs=1e-12)


@given(counts, counts)
@MANY
def test_a_winner_needs_clicks_in_both_arms_and_an_interval_without_zero(old: Counts, new: Counts) -> None:
    outcome = decide(old, new)
    if outcome.winner is not Winner.UNDECIDED:
        assert min(old.link_clicks, new.link_clicks) >= LEAST_CLICKS
        assert (outcome.low > 0) is (outcome.winner is Winner.NEW)
        assert (outcome.high < 0) is (outcome.winner is Winner.OLD)
    else:
        assert "old creative stays" in outcome.sentence


def test_newcombes_worked_example() -> None:
    # Newcombe 1998, table II (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339.
    assert interval(Counts(80, 48), Counts(70, 56)) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def world_after(one: Replacement, *, doing_applied: bool = True) -> list:
    """The ads as the steps left them; `doing_applied` says how a step ended that nobody knows of."""
    ads = {OLD: SEEN}
    if one.new_ad_id is not None:
        ads[NEW] = replace(SEEN, ad_id=NEW, creative_id=FRESH, configured_status="PAUSED")
    for step in one.steps:
        _, after = values_of(step)
        open_end = step.state in (StepState.DOING, StepState.UNDOING)
        if after and (step.state is StepState.DONE or (open_end and doing_applied)):
            name = "creative_id" if step.kind is StepKind.SWAP else "configured_status"
            target = _target(one, step)
            ads[target] = replace(ads[target], **{name: after})
    return list(ads.values())


def _target(one: Replacement, step: Step) -> ObjectId:
    if step.kind is StepKind.PAUSE_LOSER:
        return ObjectId(step.result_id)
    return NEW if step.kind is StepKind.ACTIVATE and one.new_ad_id else OLD
