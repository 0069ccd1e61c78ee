"""Installations: who may do what, which token speaks for whom, and what happens at the end."""

from bot.clock import Clock
from bot.config import Settings
from bot.domain.access import Person, Role, Roles
from bot.domain.ids import UserId, WorkspaceId
from bot.errors import NotFound
from storage.db import Database
from storage.workspaces import Workspace


class WorkspaceService:
    """Slack workspaces."""

    def __init__(self, db: Database, clock: Clock, settings: Settings) -> None:
        self._db = db
        self._clock = clock
        self._settings = settings

    def install(
        self, workspace_id: WorkspaceId, name: str, bot_user_id: str, *, bot_token: str | None, roles: Roles
    ) -> Workspace:
        """Set up a workspace, or again after it was removed; no token: the settings hold it."""
        workspace = Workspace(
            id=workspace_id,
            name=name,
            bot_user_id=bot_user_id,
            roles=roles,
            installed_at=self._clock.now(),
            suspended_at=None,
            suspended_reason="",
        )
        with self._db.workspace(workspace_id) as tx:
            tx.workspaces.save(workspace, bot_token)
            tx.audit.add(
                workspace_id, workspace.installed_at, "spruce", "workspace.installed", object_id=workspace_id
            )
        return workspace

    def removed(self, workspace_id: WorkspaceId, reason: str) -> None:
        """The bot was uninstalled or its tokens revoked: stop, and forget the tokens."""
        now = self._clock.now()
        with self._db.workspace(workspace_id) as tx:
            tx.workspaces.suspend(workspace_id, now, reason, forget=True)
            tx.audit.add(workspace_id, now, "spruce", "workspace.removed", object_id=workspace_id)

    def get(self, workspace_id: WorkspaceId) -> Workspace:
        """The installation; raises NotFound where there is none."""
        with self._db.read(workspace_id) as tx:
            workspace = tx.workspaces.get(workspace_id)
        if workspace is None:
            raise NotFound("Spruce is not installed in this workspace.")
        return workspace

    def known(self, workspace_id: WorkspaceId) -> bool:
        """Whether the bot is installed there and not suspended."""
        with self._db.read(workspace_id) as tx:
            workspace = tx.workspaces.get(workspace_id)
        return workspace is not None and workspace.suspended_at is None

    def roles(self, workspace_id: WorkspaceId) -> Roles:
        """Who may do what."""
        return self.get(workspace_id).roles

    def person(self, workspace_id: WorkspaceId, user_id: UserId, user_team_id: str | None) -> Person:
        """Who asks. A user of another team in a shared channel is an outsider, whatever their id."""
        if user_team_id and user_team_id != workspace_id:
            return Person(workspace_id, user_id, Role.OUTSIDER)
        return Person(workspace_id, user_id, self.roles(workspace_id).of(user_id))

    def bot_token(self, workspace_id: WorkspaceId) -> str | None:
        """The token that speaks in that workspace; None when nobody holds one."""
        with self._db.read(workspace_id) as tx:
            workspace = tx.workspaces.get(workspace_id)
            if workspace is None or workspace.suspended_at is not None:
                return None
            stored = tx.workspaces.bot_token(workspace_id)
        if stored is not None:
            return stored
        held = self._settings.slack_bot_token
        return None if held is None else held.reveal()
