"""A change splits into its factors without a remainder."""

from math import log, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes import split_cost_per_purchase, split_cpc, split_roas, whole_percents
from bot.domain.findings import Unit
from bot.domain.insights import Figures

BEFORE = Figures(100_000, 2_000, 1_400, 1_500_000, 50, 7_500_000)


def test_a_rise_by_sixty_percent_worked_by_hand():
    # CPM 150.00 to 159.00, CTR (link) 1.4 % to 0.93 %, purchases per click 3.571 % to 3.495 %
    now = Figures(40_000, 800, 372, 636_000, 13, 1_950_000)
    split = split_cost_per_purchase(now, BEFORE)
    assert split.before.amount == pytest.approx(30_000)
    assert split.now.amount == pytest.approx(636_000 / 13)
    logs = [log(159 / 150), -log(0.0093 / 0.014), -log((13 / 372) / (50 / 1400))]
    assert [part.share for part in split.parts] == pytest.approx([one / sum(logs) for one in logs], abs=0.01)
    assert sum(part.share for part in split.parts) == pytest.approx(1.0)
    assert split.driver.name == "CTR (link)"


def test_the_sentence_has_a_place_for_every_quantity():
    now = Figures(40_000, 800, 372, 636_000, 13, 1_950_000)
    remark = split_cost_per_purchase(now, BEFORE).remark()
    text = remark.template.format(*(f"<{quantity.amount:.4g}>" for quantity in remark.quantities))
    assert text.count("<") == len(remark.quantities) == 11
    units = {quantity.unit for quantity in remark.quantities}
    assert units == {Unit.MONEY, Unit.PERCENT, Unit.SHARE}


def test_roas_splits_into_what_people_spend_and_what_a_purchase_costs():
    now = Figures(100_000, 2_000, 1_400, 1_500_000, 50, 3_750_000)
    split = split_roas(now, BEFORE)
    assert (split.before.amount, split.now.amount) == pytest.approx((5.0, 2.5))
    assert [part.share for part in split.parts] == [1.0, 0.0]


def test_next_to_no_change_is_not_split():
    assert split_cpc(BEFORE, BEFORE) is None
    assert split_cost_per_purchase(BEFORE, BEFORE) is None


@pytest.mark.parametrize("empty", ["impressions", "link_clicks", "spend_minor", "purchases"])
def test_what_cannot_be_divided_is_not_split(empty):
    names = ("impressions", "clicks", "link_clicks", "spend_minor", "purchases", "purchase_value_minor")
    now = Figures(**{name: 0 if name == empty else getattr(BEFORE, name) // 3 for name in names})
    assert split_cost_per_purchase(now, BEFORE) is None


amounts = st.integers(1, 10**7)
figures = st.builds(Figures, amounts, amounts, amounts, amounts, amounts, amounts)


@given(figures, figures)
def test_the_shares_of_every_split_add_up_and_the_factors_multiply(now, before):
    for split in (split_cost_per_purchase(now, before), split_cpc(now, before), split_roas(now, before)):
        if split is None:
            continue
        assert round(sum(part.share for part in split.parts), 9) == 1.0
        assert all(round(part.share * 100) == pytest.approx(part.share * 100) for part in split.parts)
    split = split_roas(now, before)
    if split is not None:
        value, cost = split.parts
        ratios = [value.now.amount / value.before.amount, cost.before.amount / cost.now.amount]
        assert prod(ratios) == pytest.approx(split.factor)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=6).filter(lambda parts: abs(sum(parts)) > 0.1))
def test_whole_percents_add_up_to_a_hundred_and_stay_close(parts):
    shares = [part / sum(parts) for part in parts]
    rounded = whole_percents(shares)
    assert round(sum(rounded) * 100) == 100
    assert all(abs(one - share) <= 0.011 for one, share in zip(rounded, shares, strict=True))
