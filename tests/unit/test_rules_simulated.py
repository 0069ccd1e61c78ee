"""All six rules over simulated accounts: quiet where nothing is wrong, quick where something is."""

from collections import Counter

import pytest

from bot.domain.targets import Targets
from bot.registry import discover
from tests.rules_simulator import Fault, SimulatedAccount, with_alerts

RULES = discover("bot.rules", "RULE")
FIRST_DAY = 28
SET_BY_A_PERSON = Targets(cost_per_purchase_minor=2900, purchase_roas=3.2, ctr=0.005, cpc_minor=180)


def openings(account, targets, days, hours):
    """Every alert as it opens: rule, object, and when in hours."""
    live, recent = set(), set()
    for day in days:
        for hour in hours:
            seen = with_alerts(account.snapshot(day, hour, targets), live, recent)
            now = {
                (finding.rule_id, finding.entity.id)
                for rule in RULES
                for finding in rule.evaluate(seen, rule.defaults())
            }
            for rule_id, one in sorted(now - live):
                yield rule_id, one, day * 24 + hour
            recent |= live - now
            live = now


@pytest.mark.parametrize("targets", [Targets(), SET_BY_A_PERSON], ids=["no targets", "targets"])
def test_a_healthy_account_is_left_in_peace(targets):
    found = Counter()
    seeds = (100, 101, 102)
    for seed in seeds:
        account = SimulatedAccount(seed)
        found.update(rule for rule, _, _ in openings(account, targets, range(28, 56), (7.0, 18.0)))
    assert found.total() / (28 * len(seeds)) <= 0.05, found


# Fault, what tells of it, and the hours it may take. Delivery of single ads and campaigns is judged over
# yesterday and today, so a fault that begins at midnight is seen at the latest just after the next one.
FAULTS = {
    "one campaign sells half as well": (
        Fault(FIRST_DAY * 24 + 2, lambda _, campaign: campaign == "c2", "conversion", 0.4),
        {("cost_per_purchase_above", "c2")},
        24,
    ),
    "tracking breaks for the account": (
        Fault(FIRST_DAY * 24 + 9, lambda *_: True, "conversion", 0.0),
        {("spend_without_purchases", "act_9"), ("cost_per_purchase_above", "act_9")},
        24,
    ),
    "tracking breaks for one campaign": (
        Fault(FIRST_DAY * 24 + 2, lambda _, campaign: campaign == "c1", "conversion", 0.0),
        {("spend_without_purchases", "c1"), ("cost_per_purchase_above", "c1")},
        24,
    ),
    "one ad is no longer clicked": (
        Fault(FIRST_DAY * 24, lambda ad, _: ad == "a5", "ctr", 0.4),
        {("ctr_below", "a5")},
        24.5,
    ),
    "all ads of a campaign are clicked less": (
        Fault(FIRST_DAY * 24, lambda _, campaign: campaign == "c4", "ctr", 0.4),
        {("ctr_below", "c4")},
        24.5,
    ),
    "impressions cost twice as much for one campaign": (
        Fault(FIRST_DAY * 24, lambda _, campaign: campaign == "c3", "cpm", 2.2),
        {("cpc_above", "c3")},
        24.5,
    ),
    # Judged over three complete days, so never sooner than those days end.
    "orders shrink in one campaign": (
        Fault(FIRST_DAY * 24, lambda _, campaign: campaign == "c0", "value", 0.4),
        {("roas_below", "c0")},
        75,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("seed", [201, 203])
def test_a_fault_is_found_in_time(name, seed):
    fault, expected, hours = FAULTS[name]
    account = SimulatedAccount(seed, days=FIRST_DAY + 4, purchases_a_day=480, faults=(fault,))
    moments = range(FIRST_DAY, FIRST_DAY + (4 if hours > 24.5 else 2))
    found = [
        (rule, one, at - fault.begins)
        for rule, one, at in openings(account, Targets(), moments, (0.25, 3.0, 6.0, 12.0, 18.0))
    ]
    in_time = {(rule, one) for rule, one, after in found if 0 <= after <= hours}
    assert expected & in_time, found


def test_a_broken_campaign_is_one_incident():
    fault, expected, _ = FAULTS["tracking breaks for one campaign"]
    account = SimulatedAccount(203, days=FIRST_DAY + 2, purchases_a_day=480, faults=(fault,))
    hours = (3.0, 6.0, 9.0, 12.0, 15.0, 18.0, 21.0)
    found = list(openings(account, Targets(), range(FIRST_DAY, FIRST_DAY + 2), hours))
    about = {
        (rule, one) for rule, one, _ in found if one == "c1" or one in {f"a{n}" for n in range(1, 40, 6)}
    }
    assert len(about) == 1, found
    assert about < expected
