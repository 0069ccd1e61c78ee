"""Verdicts, opinions, choices, halts and pictures: kept as they were put, once, and apart."""

from dataclasses import replace
from hashlib import sha256

import pytest

from bot.domain.guardrails import Stop
from bot.domain.ids import AccountId, AlertId, UserId
from bot.domain.policy import RefreshPolicy
from bot.domain.proposals import ProposalState
from bot.domain.replacement import ReplacementState
from bot.domain.verdicts import Call
from bot.errors import BadInput
from storage.feedback import Opinion
from storage.pictures import MOST_BYTES
from tests.storage.refresh_samples import (
    OWNER,
    PICTURE,
    SHA,
    asked,
    ident,
    policy,
    proposal,
    replacement,
    stop,
    verdict,
)
from tests.storage.samples import ACCOUNT, DAY, HOUR, MINUTE, NOW, OURS, PERSON, THEIRS, together

MANY = 6
ALERT = AlertId("alert1")
ONCE = {
    "a verdict": lambda tx, _n: tx.verdicts.add(ident(1), verdict(), NOW),
    "an opinion": lambda tx, _n: tx.feedback.add(ALERT, "classic", PERSON, NOW),
    "a halt": lambda tx, n: tx.stops.stop(Stop(NOW, UserId(f"U{n}"), "")),
    "a picture": lambda tx, _n: put(tx),
}


def put(tx, data=PICTURE, at=NOW):
    return tx.pictures.put(sha256(data).hexdigest(), data, "image/png", 1080, 1350, at)


@pytest.mark.parametrize("act", ONCE.values(), ids=ONCE.keys())
def test_of_many_at_once_one_is_kept_in_each_workspace(database, act):
    for owner in (OURS, THEIRS):

        def run(thread, owner=owner):
            with database.workspace(owner) as tx:
                return act(tx, thread)

        assert sorted(together(MANY, run)) == [False] * (MANY - 1) + [True]


ASKED_OF_ONE = {
    "verdicts": lambda tx: tx.verdicts.of(ident(1)),
    "a verdict": lambda tx: tx.verdicts.add(ident(1), verdict(), NOW),
    "opinions": lambda tx: tx.feedback.counts(),
    "an opinion": lambda tx: tx.feedback.add(ALERT, "classic", PERSON, NOW),
    "the halt": lambda tx: tx.stops.current(),
    "a halt": lambda tx: tx.stops.stop(stop()),
    "its end": lambda tx: tx.stops.resume(),
    "choices": lambda tx: tx.policies.get(ACCOUNT),
    "new choices": lambda tx: tx.policies.set(ACCOUNT, policy(), PERSON, NOW),
    "a picture": lambda tx: tx.pictures.get(SHA),
    "a new picture": put,
    "its size": lambda tx: tx.pictures.size_of(SHA),
    "an upload": lambda tx: tx.pictures.file_of("chart"),
    "a new upload": lambda tx: tx.pictures.note_file("chart", "F1", NOW),
    "a month": lambda tx: tx.ai_usage.month(NOW),
    "a reservation": lambda tx: tx.ai_usage.reserve("r", NOW, cost_minor_max=1, cap_minor=9),
    "requests": lambda tx: tx.ai_usage.since(NOW),
    "a proposal's cost": lambda tx: tx.ai_usage.cost_of(ident(1)),
}


@pytest.mark.parametrize("ask", ASKED_OF_ONE.values(), ids=ASKED_OF_ONE.keys())
def test_a_sweep_over_workspaces_cannot_ask_for_what_belongs_to_one(sqlite_database, ask):
    with pytest.raises(RuntimeError, match="workspace's transaction"), sqlite_database.system() as tx:
        ask(tx)


def test_verdicts_come_back_earliest_first_and_stay_as_they_were_told(database):
    with database.workspace(OURS) as tx:
        for days in (7, 1, 3):
            assert tx.verdicts.add(ident(1), verdict(days), NOW)
        assert not tx.verdicts.add(ident(1), verdict(3, Call.LOST), NOW)
        assert tx.verdicts.of(ident(1)) == (verdict(1), verdict(3), verdict(7))
        assert tx.verdicts.of(ident(2)) == ()
    with database.workspace(THEIRS) as tx:
        assert tx.verdicts.of(ident(1)) == ()
        assert tx.verdicts.add(ident(1), verdict(3, Call.TOO_EARLY), NOW)


def test_opinions_are_counted_by_rule_and_listed_by_warning(database):
    with database.workspace(OURS) as tx:
        assert tx.feedback.counts() == {}
        assert tx.feedback.add(ALERT, "classic", OWNER, NOW + MINUTE)
        assert tx.feedback.add(ALERT, "classic", PERSON, NOW)
        assert tx.feedback.add(AlertId("alert2"), "evidence", PERSON, NOW)
        assert not tx.feedback.add(ALERT, "evidence", PERSON, NOW + DAY)
        assert tx.feedback.counts() == {"classic": 2, "evidence": 1}
        expected = (
            Opinion(ALERT, PERSON, "classic", NOW),
            Opinion(ALERT, OWNER, "classic", NOW + MINUTE),
        )
        assert tx.feedback.of_alert(ALERT) == expected
    with database.read(THEIRS) as tx:
        assert (tx.feedback.counts(), tx.feedback.of_alert(ALERT)) == ({}, ())


def test_choices_come_back_and_are_the_defaults_until_they_are_made(database):
    with database.workspace(OURS) as tx:
        assert tx.policies.get(ACCOUNT) == RefreshPolicy()
        tx.policies.set(ACCOUNT, policy(), PERSON, NOW)
        assert tx.policies.get(ACCOUNT) == policy()
        assert tx.policies.get(AccountId("act_2002")) == RefreshPolicy()
        tx.policies.set(ACCOUNT, RefreshPolicy(), OWNER, NOW)
        assert tx.policies.get(ACCOUNT) == RefreshPolicy()
        tx.policies.set(ACCOUNT, policy(), PERSON, NOW)
    with database.workspace(THEIRS) as tx:
        assert tx.policies.get(ACCOUNT) == RefreshPolicy()
        tx.policies.set(ACCOUNT, RefreshPolicy(ctr_fall=0.5), PERSON, NOW)
    with database.read(OURS) as tx:
        assert tx.policies.get(ACCOUNT) == policy()


def test_people_who_change_choices_at_once_change_them_one_after_the_other(database):
    def add_word(thread):
        with database.workspace(OURS) as tx:
            held = tx.policies.hold(ACCOUNT, PERSON, NOW)
            words = (*held.brand.banned_words, f"word{thread}")
            changed = replace(held, brand=replace(held.brand, banned_words=words))
            tx.policies.set(ACCOUNT, changed, PERSON, NOW)

    together(MANY, add_word)
    with database.read(OURS) as tx:
        words = tx.policies.get(ACCOUNT).brand.banned_words
        assert sorted(words) == [f"word{n}" for n in range(MANY)]


@pytest.mark.parametrize("given", [stop(), Stop(NOW, None, "Three replacements failed in a row.")])
def test_a_halt_comes_back_until_it_is_lifted(database, given):
    with database.workspace(THEIRS) as tx:
        assert tx.stops.stop(Stop(NOW, OWNER, "theirs"))
    with database.workspace(OURS) as tx:
        assert tx.stops.current() is None
        assert tx.stops.resume() is None
        assert tx.stops.stop(given)
        assert not tx.stops.stop(Stop(NOW + HOUR, OWNER, "again"))
        assert tx.stops.current() == given
        assert tx.stops.resume() == given
        assert tx.stops.current() is None
        assert tx.stops.stop(given)
    with database.read(THEIRS) as tx:
        assert tx.stops.current().reason == "theirs"


def test_of_many_that_lift_a_halt_at_once_one_does(database):
    with database.workspace(OURS) as tx:
        tx.stops.stop(stop())

    def lift(_thread):
        with database.workspace(OURS) as tx:
            return tx.stops.resume()

    assert [one for one in together(MANY, lift) if one is not None] == [stop()]


def test_pictures_come_back_byte_for_byte(database):
    with database.workspace(OURS) as tx:
        assert put(tx)
        assert not put(tx, at=NOW + DAY)
    with database.read(OURS) as tx:
        assert tx.pictures.get(SHA) == (PICTURE, "image/png")
        assert tx.pictures.size_of(SHA) == (1080, 1350)
        assert (tx.pictures.get("0" * 64), tx.pictures.size_of("0" * 64)) == (None, None)
    with database.read(THEIRS) as tx:
        assert (tx.pictures.get(SHA), tx.pictures.size_of(SHA)) == (None, None)


def test_a_picture_that_is_too_large_or_not_what_it_is_called_is_refused(sqlite_database):
    with sqlite_database.workspace(OURS) as tx:
        assert put(tx, b"x" * MOST_BYTES)
        with pytest.raises(BadInput, match="10 MB at most"):
            put(tx, b"x" * (MOST_BYTES + 1))
        with pytest.raises(ValueError, match="SHA-256"):
            tx.pictures.put(SHA, b"something else", "image/png", 1, 1, NOW)
        assert tx.pictures.get(SHA) is None


def test_where_slack_keeps_something_is_remembered(database):
    with database.workspace(OURS) as tx:
        assert tx.pictures.file_of("chart:alert1") is None
        tx.pictures.note_file("chart:alert1", "F1", NOW)
        tx.pictures.note_file("chart:alert1", "F2", NOW + DAY)
        assert tx.pictures.file_of("chart:alert1") == "F2"
    with database.workspace(THEIRS) as tx:
        assert tx.pictures.file_of("chart:alert1") is None
        tx.pictures.note_file("chart:alert1", "F3", NOW)
    with database.system() as tx:
        assert tx.pictures.prune_uploads(NOW + HOUR) == 1
    with database.read(OURS) as tx:
        assert tx.pictures.file_of("chart:alert1") == "F2"
    with database.read(THEIRS) as tx:
        assert tx.pictures.file_of("chart:alert1") is None


def test_old_pictures_go_unless_something_refers_to_them(database):
    waiting, replaced, rejected, young = (f"picture {n}".encode() for n in range(4))
    with database.workspace(OURS) as tx:
        for data in (waiting, replaced, rejected):
            put(tx, data)
        put(tx, young, NOW + DAY)
        tx.proposals.add(_showing(proposal(1), waiting))
        tx.replacements.add(replacement(2, picture=_sha(replaced), state=ReplacementState.UNDONE))
        tx.proposals.add(_showing(proposal(3, state=ProposalState.REJECTED), rejected))
        tx.proposals.add(asked(4))
    with database.workspace(THEIRS) as tx:
        put(tx, waiting)  # nobody refers to it here
    with database.system() as tx:
        assert tx.pictures.prune(NOW) == 0
        assert tx.pictures.prune(NOW + HOUR) == 2
    with database.read(OURS) as tx:
        kept = [data for data in (waiting, replaced, rejected, young) if tx.pictures.get(_sha(data))]
        assert kept == [waiting, replaced, young]
    with database.read(THEIRS) as tx:
        assert tx.pictures.get(_sha(waiting)) is None


def _sha(data):
    return sha256(data).hexdigest()


def _showing(given, data):
    return replace(given, variations=(replace(given.variations[0], picture=_sha(data)),))
