"""Every rule is complete, and its page in the documentation says the same as its code."""

from pathlib import Path

import pytest

from bot.registry import discover
from bot.rules.base import Parameter, Rule

RULES = discover("bot.rules", "RULE")
PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "rules.md").read_text("utf-8")


def test_there_are_seven_rules():
    assert [rule.id for rule in RULES] == [
        "ad_rejected",
        "cost_per_purchase_above",
        "cpc_above",
        "creative_fatigue",
        "ctr_below",
        "roas_below",
        "spend_without_purchases",
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_page_gives_each_parameter_as_the_code_has_it(rule: Rule):
    section = PAGE.partition(f"\n## {rule.id}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == [_row(name, parameter) for name, parameter in rule.parameters.items()]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_defaults_lie_within_their_bounds_and_everything_is_explained(rule: Rule):
    assert rule.title
    assert rule.explanation.endswith(".")
    for parameter in rule.parameters.values():
        assert parameter.minimum <= parameter.default <= parameter.maximum
        assert parameter.meaning.endswith(".")


def _row(name: str, parameter: Parameter) -> str:
    bounds = f"{parameter.minimum:g} to {parameter.maximum:g}"
    return f"| `{name}` | {parameter.default:g} | {bounds} | {parameter.meaning} |"
