"""Identifiers as distinct types, so that an ad's id is never passed where an account's belongs."""

from enum import StrEnum
from typing import NewType

WorkspaceId = NewType("WorkspaceId", str)  # Slack team id, T...
UserId = NewType("UserId", str)  # Slack user id, U...
ChannelId = NewType("ChannelId", str)  # Slack channel id, C...
AccountId = NewType("AccountId", str)  # act_<digits>
ObjectId = NewType("ObjectId", str)  # a campaign's, ad set's, ad's or account's id
AlertId = NewType("AlertId", str)


class Level(StrEnum):
    """Where in the account a figure or a finding belongs; values are Meta's `level`."""

    ACCOUNT = "account"
    CAMPAIGN = "campaign"
    ADSET = "adset"
    AD = "ad"


def account_digits(account: AccountId) -> str:
    """The account id as Ads Manager's links and usage headers write it: digits without `act_`."""
    return account.removeprefix("act_")
