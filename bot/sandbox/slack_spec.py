"""What a stand-in Slack is made of before it starts: workspaces, people, channels, one installed app."""

from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]

DEFAULT_SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users:read",
)
DEFAULT_EVENTS = ("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked")


@dataclass(frozen=True)
class UserSpec:
    """One person, called by their role."""

    id: str
    name: str
    title: str = ""
    color: str = "#4a5568"
    time_zone: str = "Asia/Kolkata"


@dataclass(frozen=True)
class ChannelSpec:
    """One channel; `members` empty means every person of the workspace."""

    id: str
    name: str
    topic: str = ""
    is_private: bool = False
    bot_is_member: bool = True
    is_archived: bool = False
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkspaceSpec:
    """One workspace with the app installed in it."""

    id: str
    name: str
    bot_token: str
    users: tuple[UserSpec, ...]
    channels: tuple[ChannelSpec, ...]
    bot_user_id: str
    bot_id: str
    app_token: str = "xapp-1-A0SPRUCE01-sandbox"  # noqa: S105
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105
    app_id: str = "A0SPRUCE01"
    app_name: str = "Spruce"
    app_color: str = "#1f7a4d"
    icon_color: str = "#2f6f4f"
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    events: tuple[str, ...] = DEFAULT_EVENTS
    home_enabled: bool = True

    @property
    def domain(self) -> str:
        """The workspace's part of its web address."""
        return self.name.lower().replace(" ", "-")


# An app has one signing secret and one app-level token however many workspaces install it; only the
# bot token differs (Slack, Authentication: token types). Both demo workspaces therefore share them.
def demo_workspaces(
    scopes: tuple[str, ...] = DEFAULT_SCOPES, events: tuple[str, ...] = DEFAULT_EVENTS
) -> list[WorkspaceSpec]:
    """Two workspaces with two people each and the same app; every id is stable."""
    return [replace(spec, scopes=scopes, events=events) for spec in (_first(), _second())]


def _first() -> WorkspaceSpec:
    return WorkspaceSpec(
        id="T0CEDAR001",
        name="Cedar Store",
        bot_token="xoxb-sandbox-cedar",  # noqa: S106
        bot_user_id="U0SPRUCE01",
        bot_id="B0SPRUCE01",
        icon_color="#2f6f4f",
        users=(
            UserSpec("U0OWNER001", "Owner", "Runs the ad account", "#9a5b2f"),
            UserSpec("U0TEAMMATE", "Teammate", "Buys media", "#3a5fa0"),
        ),
        channels=(
            ChannelSpec("C0ADSALERT", "ads-alerts", "What Spruce sees in the ad account"),
            ChannelSpec("C0GENERAL1", "general", "Everything else", bot_is_member=False),
        ),
    )


def _second() -> WorkspaceSpec:
    return WorkspaceSpec(
        id="T0WILLOW02",
        name="Willow Agency",
        bot_token="xoxb-sandbox-willow",  # noqa: S106
        bot_user_id="U0SPRUCE02",
        bot_id="B0SPRUCE02",
        icon_color="#6b4a8a",
        users=(
            UserSpec("U0OUTSIDER", "Outsider", "Works in another company", "#a03a5f"),
            UserSpec("U0OBSERVER", "Observer", "Reads along", "#4a7a7a"),
        ),
        channels=(
            ChannelSpec("C0GROWTH01", "growth-alerts", "Another team's alerts"),
            ChannelSpec("C0LOBBY001", "lobby", "Everyone", bot_is_member=False),
        ),
    )
