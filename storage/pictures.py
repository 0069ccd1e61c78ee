"""Pictures by the SHA-256 of their bytes, and under which id Slack keeps those that were uploaded."""

from datetime import datetime
from hashlib import sha256 as digest_of

from sqlalchemy import Index, Integer, LargeBinary, String, delete, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.errors import BadInput
from storage.base import Base, WorkspaceOwned, insert_new, rowcount, upsert
from storage.own import own_workspace
from storage.proposals import OPEN, ProposalRow
from storage.replacement_rows import ReplacementRow

MOST_BYTES = 10 * 1024 * 1024
_NOT_FETCHED = {"synchronize_session": False}


class PictureRow(WorkspaceOwned, Base):
    """One picture."""

    __tablename__ = "pictures"
    __table_args__ = (Index("ix_pictures_age", "at"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    mime: Mapped[str] = mapped_column(String(64))
    width: Mapped[int] = mapped_column(Integer)  # pixels
    height: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class UploadRow(WorkspaceOwned, Base):
    """One picture or chart that Slack keeps."""

    __tablename__ = "uploads"
    __table_args__ = (Index("ix_uploads_age", "at"),)

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    file_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Pictures:
    """Pictures and where Slack has them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, sha256: str, data: bytes, mime: str, width: int, height: int, at: datetime) -> bool:
        """Keep a picture once; False when it is kept already. Refuses more than MOST_BYTES."""
        if len(data) > MOST_BYTES:
            raise BadInput(f"A picture may have {MOST_BYTES // 1024**2} MB at most.", field="picture")
        if digest_of(data).hexdigest() != sha256:
            raise ValueError("A picture is kept under the SHA-256 of its bytes.")
        row = {
            "workspace_id": own_workspace(self._session),
            "sha256": sha256,
            "mime": mime,
            "width": width,
            "height": height,
            "at": at,
            "data": data,
        }
        return insert_new(self._session, PictureRow, row, key=["workspace_id", "sha256"])

    def get(self, sha256: str) -> tuple[bytes, str] | None:
        """A picture's bytes and MIME type."""
        row = self._session.scalar(
            select(PictureRow).where(
                PictureRow.workspace_id == own_workspace(self._session), PictureRow.sha256 == sha256
            )
        )
        return None if row is None else (row.data, row.mime)

    def size_of(self, sha256: str) -> tuple[int, int] | None:
        """A picture's width and height in pixels, without reading the picture."""
        row = self._session.execute(
            select(PictureRow.width, PictureRow.height).where(
                PictureRow.workspace_id == own_workspace(self._session), PictureRow.sha256 == sha256
            )
        ).one_or_none()
        return None if row is None else (row.width, row.height)

    def note_file(self, key: str, file_id: str, at: datetime) -> None:
        """Remember under which id Slack keeps a picture or chart."""
        row = {
            "workspace_id": own_workspace(self._session),
            "key": key,
            "file_id": file_id,
            "at": at,
        }
        upsert(self._session, UploadRow, [row], key=["workspace_id", "key"])

    def file_of(self, key: str) -> str | None:
        """The id under which Slack keeps it; None when it was not uploaded, or too long ago."""
        statement = select(UploadRow.file_id).where(
            UploadRow.workspace_id == own_workspace(self._session), UploadRow.key == key
        )
        return self._session.scalar(statement)

    def prune(self, before: datetime) -> int:
        """Remove pictures from before then that no replacement and no undecided proposal refers to.

        Works in every workspace of the transaction. What was rejected long ago is shown without its picture.
        """
        replacing = exists().where(
            ReplacementRow.workspace_id == PictureRow.workspace_id,
            ReplacementRow.picture == PictureRow.sha256,
        )
        proposed = exists().where(
            ProposalRow.workspace_id == PictureRow.workspace_id,
            ProposalRow.state.in_(OPEN),
            ProposalRow.shown.contains(PictureRow.sha256),
        )
        old = delete(PictureRow).where(PictureRow.at < before, ~replacing, ~proposed)
        return rowcount(self._session.execute(old, execution_options=_NOT_FETCHED))

    def prune_uploads(self, before: datetime) -> int:
        """Forget uploads from before then; what is shown again is uploaded again."""
        old = delete(UploadRow).where(UploadRow.at < before)
        return rowcount(self._session.execute(old, execution_options=_NOT_FETCHED))
