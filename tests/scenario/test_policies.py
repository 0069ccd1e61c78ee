"""Choices of an account: checked, kept, on record, and no other workspace's business."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.clock import SettableClock
from bot.domain.access import Person, Role
from bot.domain.ids import AccountId
from bot.domain.policy import FatigueRule, RefreshPolicy
from bot.domain.proposals import Mode
from bot.domain.variations import Brand
from bot.errors import BadInput, NotFound
from bot.services.policies import SPECIAL_CATEGORIES, PolicyService
from storage.audit import AuditRow
from storage.policies import PolicyRow
from tests.storage.samples import ACCOUNT, NOW, OURS, PERSON, THEIRS, connect, together

OURSELF, THEMSELVES = (Person(owner, PERSON, Role.OWNER) for owner in (OURS, THEIRS))


@pytest.fixture
def policies(database):
    """The service, with the same account watched in two workspaces."""
    for owner in (OURS, THEIRS):
        connect(database, owner)
    return PolicyService(database, SettableClock(NOW))


def test_an_account_has_the_defaults_until_its_people_choose(policies):
    assert policies.get(OURS, ACCOUNT) == RefreshPolicy()
    for choose in (
        lambda: policies.set_rule(OURSELF, ACCOUNT, FatigueRule.EVIDENCE),
        lambda: policies.set_mode(OURSELF, ACCOUNT, Mode.TEST),
        lambda: policies.set_thresholds(OURSELF, ACCOUNT, ctr_fall=0.05, frequency_rise=2.0),
        lambda: policies.set_brand(OURSELF, ACCOUNT, Brand("Calm.", ("cheap",), "HOUSING", ai_label=True)),
    ):
        assert choose() == policies.get(OURS, ACCOUNT)
    assert policies.get(OURS, ACCOUNT) == RefreshPolicy(
        FatigueRule.EVIDENCE, 0.05, 2.0, Mode.TEST, Brand("Calm.", ("cheap",), "HOUSING", ai_label=True)
    )
    assert policies.set_mode(OURSELF, ACCOUNT, None).mode is None


def test_choices_of_the_other_workspace_are_its_own(policies):
    policies.set_rule(OURSELF, ACCOUNT, FatigueRule.EVIDENCE)
    assert policies.get(THEIRS, ACCOUNT) == RefreshPolicy()
    policies.set_thresholds(THEMSELVES, ACCOUNT, ctr_fall=0.5, frequency_rise=0.0)
    assert policies.get(OURS, ACCOUNT) == RefreshPolicy(FatigueRule.EVIDENCE)


def test_an_account_that_is_not_watched_has_no_choices(policies):
    other = AccountId("act_2002")
    for ask in (
        lambda: policies.get(OURS, other),
        lambda: policies.set_rule(OURSELF, other, FatigueRule.EVIDENCE),
        lambda: policies.set_brand(OURSELF, other, Brand()),
    ):
        with pytest.raises(NotFound):
            ask()


@pytest.mark.parametrize(
    ("ctr_fall", "frequency_rise", "field"),
    [
        (0.049, 0.15, "ctr_fall"),
        (0.81, 0.15, "ctr_fall"),
        (float("nan"), 0.15, "ctr_fall"),
        (0.2, -0.01, "frequency_rise"),
        (0.2, 2.01, "frequency_rise"),
        (0.2, float("inf"), "frequency_rise"),
    ],
)
def test_a_threshold_out_of_bounds_is_refused(policies, ctr_fall, frequency_rise, field):
    with pytest.raises(BadInput, match="must be from") as refused:
        policies.set_thresholds(OURSELF, ACCOUNT, ctr_fall=ctr_fall, frequency_rise=frequency_rise)
    assert refused.value.field == field
    assert policies.get(OURS, ACCOUNT) == RefreshPolicy()


@pytest.mark.parametrize(
    ("brand", "field"),
    [
        (Brand(voice="x" * 601), "voice"),
        (Brand(banned_words=("x" * 41,)), "banned_words"),
        (Brand(banned_words=tuple(f"word {n}" for n in range(51))), "banned_words"),
        (Brand(special_category="housing"), "special_category"),
    ],
)
def test_a_brand_out_of_bounds_is_refused(policies, brand, field):
    with pytest.raises(BadInput) as refused:
        policies.set_brand(OURSELF, ACCOUNT, brand)
    assert refused.value.field == field
    assert policies.get(OURS, ACCOUNT) == RefreshPolicy()


def test_a_brand_at_its_bounds_is_kept(policies):
    words = tuple(f"{n:02}{'x' * 38}" for n in range(50))
    for category in ("", *SPECIAL_CATEGORIES):
        brand = Brand("x" * 600, words, category)
        assert policies.set_brand(OURSELF, ACCOUNT, brand).brand == brand


def test_hidden_characters_blanks_and_repeated_words_are_dropped(policies):
    given = Brand(
        "  Warm,\u202e plain.\x00\nNo shouting. ", (" Cheap  deal ", "", "CHEAP DEAL", "सस्ता\u200b", "\t")
    )
    kept = policies.set_brand(OURSELF, ACCOUNT, given).brand
    assert kept == Brand("Warm, plain.\nNo shouting.", ("Cheap deal", "सस्ता"))


def test_people_who_choose_at_once_do_not_undo_each_other(policies):
    choices = [
        lambda: policies.set_rule(OURSELF, ACCOUNT, FatigueRule.EVIDENCE),
        lambda: policies.set_mode(OURSELF, ACCOUNT, Mode.IN_PLACE),
        lambda: policies.set_thresholds(OURSELF, ACCOUNT, ctr_fall=0.3, frequency_rise=0.4),
        lambda: policies.set_brand(OURSELF, ACCOUNT, Brand("Calm.")),
    ]
    together(len(choices), lambda thread: choices[thread]())
    expected = RefreshPolicy(FatigueRule.EVIDENCE, 0.3, 0.4, Mode.IN_PLACE, Brand("Calm."))
    assert policies.get(OURS, ACCOUNT) == expected


def test_a_change_is_on_record_without_anybodys_words(policies, database):
    policies.set_thresholds(OURSELF, ACCOUNT, ctr_fall=0.3, frequency_rise=0.15)
    policies.set_thresholds(OURSELF, ACCOUNT, ctr_fall=0.3, frequency_rise=0.15)  # changes nothing
    brand = Brand("Secret voice", ("secret word",), "HOUSING")
    policies.set_brand(OURSELF, ACCOUNT, brand)
    policies.set_brand(OURSELF, ACCOUNT, replace(brand, special_category=""))
    with database.read(OURS) as tx:
        rows = tx._session.scalars(select(AuditRow).order_by(AuditRow.n)).all()
        chosen = tx._session.scalars(select(PolicyRow)).one()
        assert (chosen.changed_by, chosen.changed_at) == (PERSON, NOW)
    assert [(row.who, row.what, row.object_id) for row in rows] == [
        (PERSON, "policy.thresholds.changed", ACCOUNT),
        (PERSON, "policy.brand.changed", ACCOUNT),
        (PERSON, "policy.brand.changed", ACCOUNT),
    ]
    told = [json.loads(row.details) for row in rows]
    assert told[0] == {
        "before": {"ctr_fall": 0.2, "frequency_rise": 0.15},
        "after": {"ctr_fall": 0.3, "frequency_rise": 0.15},
    }
    assert told[1]["after"]["banned_words"] == 1
    assert "secret" not in json.dumps(told).lower()
