"""Deciding on variations: what an approval is bound to, who wins, what voids, what ends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.creatives import Copy, Part
from bot.domain.ids import AccountId, AlertId, Level, UserId, WorkspaceId
from bot.domain.proposals import (
    MOST_ROUNDS,
    Mode,
    Proposal,
    ProposalState,
    approve,
    differences,
    digest,
    edit,
    expire,
    fingerprint,
    reject,
    void,
    write_again,
)
from bot.domain.structure import EntityRef
from bot.domain.variations import Gravity, Note, Variation
from bot.errors import BadInput, Refused, Stale
from tests.unit.replacement_cases import NOW, OLD, ORIGINAL, SEEN, replacement

ONE, TWO = UserId("U1"), UserId("U2")
MANY = settings(max_examples=200)


def proposal(needed: int = 1) -> Proposal:
    """Three variations that wait for a decision."""
    return Proposal(
        id="p1",
        workspace_id=WorkspaceId("T1"),
        account_id=AccountId("act_1"),
        alert_id=AlertId("a1"),
        entity=EntityRef(Level.AD, OLD, "Serum | Glow"),
        state=ProposalState.WAITING,
        version=1,
        round=0,
        mode=Mode.BESIDE,
        requested_by=ONE,
        requested_at=NOW,
        expires_at=NOW + timedelta(hours=48),
        original=ORIGINAL,
        seen=SEEN,
        variations=tuple(
            Variation(n, f"Angle {n}", Part.PRIMARY_TEXT, Copy(f"New {n}", "Head")) for n in (1, 2, 3)
        ),
        approvals_needed=needed,
    )


def test_one_yes_is_enough_where_one_is_needed() -> None:
    decision = approve(proposal(), 2, ONE, NOW)
    assert decision.complete
    assert (decision.proposal.state, decision.proposal.chosen) == (ProposalState.APPROVED, 2)
    with pytest.raises(Stale, match="decided already"):
        approve(decision.proposal, 2, TWO, NOW)


def test_two_people_must_agree_on_the_same_words() -> None:
    first = approve(proposal(2), 1, ONE, NOW)
    assert not first.complete
    with pytest.raises(Stale, match="waits for a second person"):
        approve(first.proposal, 1, ONE, NOW)
    other = approve(first.proposal, 2, TWO, NOW)
    assert not other.complete
    assert approve(other.proposal, 2, ONE, NOW).complete


def test_one_person_changing_their_mind_is_still_one_person() -> None:
    first = approve(proposal(2), 1, ONE, NOW).proposal
    assert not approve(first, 2, ONE, NOW).complete


def test_an_edit_voids_what_was_approved_before() -> None:
    first = approve(proposal(2), 1, ONE, NOW).proposal
    edited = edit(first, replace(first.variation(1), copy=Copy("Mine", "Head"), edited_by=TWO), NOW)
    assert edited.approvals == ()
    assert not approve(edited, 1, TWO, NOW).complete


def test_what_a_check_forbids_cannot_be_approved() -> None:
    one = proposal()
    note = Note(Gravity.BLOCK, "too_long", "The headline is too long.")
    blocked = replace(one, variations=(replace(one.variation(1), notes=(note,)), *one.variations[1:]))
    with pytest.raises(BadInput, match="too long"):
        approve(blocked, 1, ONE, NOW)


def test_time_never_approves_and_ends_what_nobody_decided() -> None:
    one = proposal()
    assert expire(one, NOW + timedelta(hours=47)) is None
    late = NOW + timedelta(hours=48)
    with pytest.raises(Stale, match="time to decide is over"):
        approve(one, 1, ONE, late)
    ended = expire(one, late)
    assert ended is not None
    assert ended.state is ProposalState.EXPIRED
    assert expire(ended, late) is None


def test_a_rejection_needs_a_reason() -> None:
    with pytest.raises(BadInput, match="why"):
        reject(proposal(), ONE, "  ", NOW)
    assert reject(proposal(), ONE, " Off brand ", NOW).reason == "Off brand"


def test_there_are_only_so_many_rounds() -> None:
    one = proposal()
    for _ in range(MOST_ROUNDS):
        one = replace(write_again(one, "Shorter", NOW), state=ProposalState.WAITING)
    with pytest.raises(Stale, match="written anew 3 times"):
        write_again(one, "Shorter", NOW)


def test_what_was_shown_in_earlier_rounds_is_remembered_newest_first() -> None:
    first = proposal()
    second = write_again(first, "", NOW)
    assert second.earlier == tuple(one.copy for one in first.variations)
    new = tuple(
        replace(one, copy=replace(one.copy, headline=f"Round two, {one.n}")) for one in first.variations
    )
    third = write_again(replace(second, state=ProposalState.WAITING, variations=new), "", NOW)
    assert third.earlier == (*(one.copy for one in new), *(one.copy for one in first.variations))


def test_void_keeps_why() -> None:
    moved = void(proposal(), "The ad shows another creative now.")
    assert moved.state is ProposalState.VOID
    assert moved.state.final
    assert moved.version == 2


@given(
    st.sampled_from(["creative_id", "configured_status", "adset_id", "adset_status", "campaign_status"]),
    st.text(min_size=1, max_size=12),
)
@MANY
def test_every_change_at_the_ad_is_named(name: str, value: str) -> None:
    now = replace(SEEN, **{name: value})
    found = differences(SEEN, now)
    assert len(found) == (0 if getattr(SEEN, name) == value else 1)


def test_a_new_name_is_no_change_of_what_was_approved() -> None:
    assert differences(SEEN, replace(SEEN, name="Another")) == ()


words = st.text(max_size=30)


@given(words, words, words, words, st.sampled_from(Mode), words)
@MANY
def test_the_digest_covers_everything_that_is_shown(
    text: str, head: str, tags: str, picture: str, mode: Mode, status: str
) -> None:
    base = replacement()
    changed = replace(
        base,
        copy=Copy(text, head),
        picture=picture,
        mode=mode,
        original=replace(base.original, url_tags=tags),
        seen=replace(base.seen, configured_status=status),
    )
    same = (base.copy, base.picture, base.mode, base.original.url_tags, base.seen.configured_status)
    now = (changed.copy, changed.picture, changed.mode, tags, status)
    assert (fingerprint(base) == fingerprint(changed)) is (same == now)


def test_a_proposals_digest_is_its_replacements() -> None:
    one = proposal()
    made = replace(replacement(), copy=one.variation(1).copy)
    assert digest(one, one.variation(1)) == fingerprint(made)
    assert digest(one, one.variation(2)) != fingerprint(made)
    with pytest.raises(Stale):
        digest(replace(one, seen=None), one.variation(1))


class Deciding(RuleBasedStateMachine):
    """Three people do what they like with one proposal."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.one, self.versions = NOW, proposal(2), [1]

    def _do(self, act: object) -> None:
        try:
            moved = act()  # type: ignore[operator]
        except Refused:
            return
        self.one = moved if isinstance(moved, Proposal) else moved.proposal
        self.versions.append(self.one.version)

    @rule(by=st.sampled_from([ONE, TWO, UserId("U3")]), n=st.integers(1, 4))
    def approves(self, by: UserId, n: int) -> None:
        """Somebody says yes."""
        self._do(lambda: approve(self.one, n, by, self.now))

    @rule(n=st.integers(1, 3), text=st.text(min_size=1, max_size=5))
    def edits(self, n: int, text: str) -> None:
        """Somebody writes their own words."""
        self._do(lambda: edit(self.one, replace(self.one.variation(n), copy=Copy(text, "Head")), self.now))

    @rule()
    def rejects(self) -> None:
        """Somebody says no."""
        self._do(lambda: reject(self.one, TWO, "No", self.now))

    @rule(hours=st.integers(1, 30))
    def passes(self, hours: int) -> None:
        """Time goes by."""
        self.now += timedelta(hours=hours)
        self._do(lambda: expire(self.one, self.now) or self.one)

    @precondition(lambda self: self.one.state is ProposalState.WAITING)
    @rule()
    def again(self) -> None:
        """Somebody asks for new ones, which are written at once."""
        self._do(lambda: replace(write_again(self.one, "", self.now), state=ProposalState.WAITING))

    @invariant()
    def an_approval_is_of_two_people_who_saw_the_same(self) -> None:
        """And of what is still there."""
        if self.one.state is ProposalState.APPROVED:
            assert self.one.chosen is not None
            agreed = digest(self.one, self.one.variation(self.one.chosen))
            assert len({one.user_id for one in self.one.approvals if one.digest == agreed}) >= 2

    @invariant()
    def versions_only_grow(self) -> None:
        """So that a button from before can always be told."""
        assert self.versions == sorted(self.versions)

    @invariant()
    def the_clock_alone_approves_nothing(self) -> None:
        """Without two yeses nothing is approved."""
        if len(self.one.approvals) < 2:
            assert self.one.state is not ProposalState.APPROVED


TestDeciding = Deciding.TestCase
TestDeciding.settings = settings(max_examples=60, stateful_step_count=30)
