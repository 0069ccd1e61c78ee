"""`/spruce fatigue`: which ads are tired by which rule, and which rule the account goes by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.access import Permission, demand
from bot.domain.policy import FatigueRule
from bot.domain.structure import Account
from bot.errors import BadInput
from bot.services.bundle import Services
from bot.views.fatigue_list import rule_set, tired
from bot.views.kit import Message
from handlers.accounts import account_named, chosen
from handlers.base import Command, CommandSpec, Reply

_MOST = 4
_WAY = "Type /spruce fatigue rule classic, or rule evidence, or rule classic ctr=25 frequency=20 (percent)."


@dataclass(frozen=True, slots=True)
class Wish:
    """Another rule, with other limits or the ones there are; fractions."""

    rule: FatigueRule
    ctr_fall: float | None
    frequency_rise: float | None
    account: str


def understand(words: Sequence[str]) -> Wish:
    """What was typed behind `fatigue rule`; raises BadInput that shows the way."""
    if not words or words[0].lower() not in set(FatigueRule):
        raise BadInput(f"There are two rules. {_WAY}", field="rule")
    limits: dict[str, float] = {}
    rest = []
    for word in words[1:]:
        match = re.fullmatch(r"(ctr|frequency)=(\d{1,3}(?:\.\d)?)%?", word.lower())
        if match:
            limits[match[1]] = float(match[2]) / 100
        elif "=" in word:
            raise BadInput(f"“{word[:40]}” is not understood. {_WAY}", field="rule")
        else:
            rest.append(word)
    rule = FatigueRule(words[0].lower())
    return Wish(rule, limits.get("ctr"), limits.get("frequency"), " ".join(rest))


def run(services: Services, command: Command) -> Reply:
    """Show what is tired, or switch the rule."""
    if command.args[:1] and command.args[0].lower() == "rule":
        return _switch(services, command)
    accounts = chosen(services, command)[:_MOST]
    return Reply(tuple(_shown(services, command, one) for one in accounts))


def _shown(services: Services, command: Command, account: Account) -> Message:
    found = services.refreshes.tired(command.workspace_id, account.id)
    policy = services.policies.get(command.workspace_id, account.id)
    return tired(found, account, policy, services.clock.now())


def _switch(services: Services, command: Command) -> Reply:
    demand(command.person, Permission.ADMINISTER, services.workspaces.roles(command.workspace_id))
    wish = understand(command.args[1:])
    account = account_named(services, command.workspace_id, wish.account)
    policy = services.policies.set_rule(command.person, account.id, wish.rule)
    if wish.ctr_fall is not None or wish.frequency_rise is not None:
        policy = services.policies.set_thresholds(
            command.person,
            account.id,
            ctr_fall=policy.ctr_fall if wish.ctr_fall is None else wish.ctr_fall,
            frequency_rise=policy.frequency_rise if wish.frequency_rise is None else wish.frequency_rise,
        )
    return Reply((rule_set(account, policy),))


COMMAND = CommandSpec(
    name="fatigue",
    usage="fatigue [account]",
    summary="Lists tired ads by both rules; `fatigue rule classic|evidence` switches the rule.",
    permission=Permission.READ,
    run=run,
)
