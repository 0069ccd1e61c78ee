"""Targets as an installer writes them become the account's, in its currency."""

import pytest

from bot.config import Settings
from bot.domain.targets import Targets, read_targets
from bot.errors import BadInput, ConfigurationFault


def test_money_is_in_whole_units_of_the_accounts_currency():
    words = {"cost_per_purchase": "450", "cpc": "12.50"}
    assert read_targets(words, "INR") == Targets(cost_per_purchase_minor=45_000, cpc_minor=1_250)
    assert read_targets(words, "JPY") == Targets(cost_per_purchase_minor=450, cpc_minor=12)


def test_ctr_is_in_percent_with_or_without_the_sign():
    assert read_targets({"ctr": "0.9%"}, "INR").ctr == pytest.approx(0.009)
    assert read_targets({"ctr": "0.9"}, "INR").ctr == pytest.approx(0.009)


@pytest.mark.parametrize(
    "words", [{"cost_per_purchase": "0"}, {"purchase_roas": "0"}, {"purchase_roas": "two"}, {"cpc": "-1"}]
)
def test_a_target_that_is_none_is_named(words):
    with pytest.raises(BadInput) as refused:
        read_targets(words, "INR")
    assert refused.value.field in {*words, "amount"}


def test_the_setting_takes_several_accounts():
    settings = Settings.from_env(
        {"SPRUCE_TARGETS": "act_1 cost_per_purchase=450 purchase_roas=2.5; act_2 cpc=12;"}
    )
    assert settings.targets == {
        "act_1": {"cost_per_purchase": "450", "purchase_roas": "2.5"},
        "act_2": {"cpc": "12"},
    }


@pytest.mark.parametrize("text", ["act_1", "act_1 cpa=4", "1 cpc=4", "act_1 cpc=₹4", "act_1 cpc=1,50,000"])
def test_what_cannot_be_read_is_shown_with_the_way_to_write_it(text):
    with pytest.raises(ConfigurationFault, match="cost_per_purchase=450"):
        Settings.from_env({"SPRUCE_TARGETS": text})
