"""Roles and what each may do."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import UserId, WorkspaceId
from bot.errors import NotAllowed


class Role(StrEnum):
    """From least to most; each may do what the one before may."""

    OUTSIDER = "outsider"  # from another organisation, in a shared channel
    VIEWER = "viewer"
    MEMBER = "member"
    APPROVER = "approver"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """0 for the least."""
        return list(Role).index(self)


class Permission(StrEnum):
    """What can be asked for."""

    READ = "read"
    TRIAGE = "triage"  # acknowledge, snooze
    CHANGE_ADS = "change_ads"  # pause, resume
    ADMINISTER = "administer"  # connect, settings


_LEAST = {
    Permission.READ: Role.VIEWER,
    Permission.TRIAGE: Role.MEMBER,
    Permission.CHANGE_ADS: Role.APPROVER,
    Permission.ADMINISTER: Role.OWNER,
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: a Slack user, the workspace that user belongs to, and the role there."""

    workspace_id: WorkspaceId
    user_id: UserId
    role: Role


@dataclass(frozen=True, slots=True)
class Roles:
    """A workspace's people with a role of their own, and everybody else's role."""

    owners: frozenset[UserId] = frozenset()
    approvers: frozenset[UserId] = frozenset()
    everyone: Role = Role.MEMBER

    def of(self, user_id: UserId) -> Role:
        """The role of a member of the workspace."""
        if user_id in self.owners:
            return Role.OWNER
        if user_id in self.approvers:
            return Role.APPROVER
        return self.everyone

    def who_may(self, permission: Permission) -> str:
        """The people who may, as Slack mentions, for a refusal that shows the way."""
        least = _LEAST[permission]
        if self.everyone.rank >= least.rank:
            return "every member of this workspace"
        people = self.owners | (self.approvers if least.rank <= Role.APPROVER.rank else frozenset())
        return (
            ", ".join(f"<@{user}>" for user in sorted(people)) or "nobody yet: name them in SPRUCE_APPROVERS"
        )


def demand(person: Person, permission: Permission, roles: Roles) -> None:
    """Refuse with the names of those who may."""
    if person.role.rank < _LEAST[permission].rank:
        if person.role is Role.OUTSIDER:
            raise NotAllowed("Only members of the workspace that installed Spruce may do that.")
        raise NotAllowed(
            f"Your role here is {person.role.value}. This can be done by {roles.who_may(permission)}."
        )
