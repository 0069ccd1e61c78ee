"""What the tables about refreshing ads share: whose transaction it is, and text that both databases take."""

import re

from sqlalchemy.orm import Session

from bot.domain.ids import WorkspaceId

_SHORT = re.compile(r"[0-9a-f]{8}[0-9a-f-]{0,28}")


def own_workspace(session: Session) -> WorkspaceId:
    """The transaction's workspace; in a system transaction there is no such single one."""
    workspace_id = session.info.get("workspace_id")
    if workspace_id is None:
        raise RuntimeError("This is asked in a workspace's transaction only.")
    return WorkspaceId(workspace_id)


def plain(words: str) -> str:
    """Words that PostgreSQL can keep: it refuses the null character in text."""
    return words.replace("\0", "")


def short_id(words: str) -> str | None:
    """The beginning of an id as people type it, 8 hexadecimal characters or more; None if it is not one."""
    wanted = words.strip().lower()
    return wanted if _SHORT.fullmatch(wanted) else None
