"""Tokens lie encrypted in the database, open only where they were put, and move to a new key."""

import base64
import secrets
import subprocess
import sys
import threading
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.config import Settings
from bot.errors import ConfigurationFault, Sealed
from storage import reseal
from storage.db import Database
from storage.vault import Vault
from storage.workspaces import ConnectionRow, Resealed, WorkspaceRow
from tests.storage.samples import NOW, OURS, THEIRS, workspace

BOT, META = "xoxb-1-not-a-real-bot-token", "EAAnotARealMetaToken"
OLD, NEW = b"1" * 32, b"2" * 32  # OLD is the key of the fixture `vault`


@pytest.fixture
def filled(database):
    """Two workspaces with both tokens each."""
    for owner in (OURS, THEIRS):
        with database.workspace(owner) as tx:
            tx.workspaces.save(workspace(owner), f"{BOT}-{owner}")
            tx.workspaces.connect(owner, "c1", f"{META}-{owner}", NOW)
            tx.workspaces.connect(owner, "settings", None, NOW)
    return database


def test_tokens_come_back_to_their_own_workspace(filled):
    for owner in (OURS, THEIRS):
        with filled.read(owner) as tx:
            assert tx.workspaces.bot_token(owner) == f"{BOT}-{owner}"
            assert tx.workspaces.meta_token(owner, "c1") == f"{META}-{owner}"
            assert tx.workspaces.meta_token(owner, "settings") is None
            assert tx.workspaces.meta_token(owner, "unknown") is None
            assert tx.workspaces.get(owner) == workspace(owner)


def test_no_token_lies_in_the_files_of_the_database_in_clear(sqlite_database, tmp_path):
    with sqlite_database.workspace(OURS) as tx:
        tx.workspaces.save(workspace(), BOT)
        tx.workspaces.connect(OURS, "c1", META, NOW)
    files = [path.read_bytes() for path in tmp_path.iterdir()]
    sqlite_database.close()
    files += [path.read_bytes() for path in tmp_path.iterdir()]
    assert any(b"v1.k1." in content for content in files)
    for token in (BOT, META):
        for written in (token.encode(), base64.b64encode(token.encode()), token.encode("utf-16-le")):
            assert not any(written in content for content in files)


def test_a_token_that_was_copied_to_another_row_does_not_open(filled):
    with filled.system() as tx:
        session = tx._session
        ours = session.scalar(select(WorkspaceRow.bot_token_sealed).where(WorkspaceRow.workspace_id == OURS))
        session.execute(
            update(WorkspaceRow).where(WorkspaceRow.workspace_id == THEIRS).values(bot_token_sealed=ours)
        )
        session.execute(
            update(ConnectionRow).where(ConnectionRow.workspace_id == OURS).values(token_sealed=ours)
        )
    with filled.read(THEIRS) as tx, pytest.raises(Sealed):
        tx.workspaces.bot_token(THEIRS)
    with filled.read(OURS) as tx:
        assert tx.workspaces.bot_token(OURS) == f"{BOT}-{OURS}"
        with pytest.raises(Sealed):
            tx.workspaces.meta_token(OURS, "c1")


def test_a_removed_workspace_keeps_its_name_and_no_token(filled):
    with filled.workspace(OURS) as tx:
        tx.workspaces.suspend(OURS, NOW, "removed", forget=True)
        assert tx.workspaces.bot_token(OURS) is None
        assert tx.workspaces.meta_token(OURS, "c1") is None
        assert tx.workspaces.all() == []
        assert tx.workspaces.get(OURS).suspended_reason == "removed"
    with filled.workspace(OURS) as tx:  # installed again
        tx.workspaces.save(workspace(), None)
        assert tx.workspaces.all() == [workspace()]
    with filled.system_read() as tx:
        assert [one.id for one in tx.workspaces.all()] == [OURS, THEIRS]
        assert len(tx._session.scalars(select(ConnectionRow)).all()) == 2


def test_connecting_again_changes_the_token_and_not_the_day(filled):
    with filled.workspace(OURS) as tx:
        tx.workspaces.connect(OURS, "c1", "EAAnew", NOW + timedelta(days=1))
        assert tx.workspaces.meta_token(OURS, "c1") == "EAAnew"
        row = tx._session.get(ConnectionRow, (OURS, "c1"))
        assert row.created_at == NOW


def test_without_a_key_a_token_is_refused_and_what_the_settings_hold_is_not(database):
    database.vault = Vault({}, secrets.token_bytes)
    with pytest.raises(ConfigurationFault, match="SPRUCE_ENCRYPTION_KEYS"), database.workspace(OURS) as tx:
        tx.workspaces.save(workspace(), BOT)
    with database.workspace(OURS) as tx:
        tx.workspaces.save(workspace(), None)
        tx.workspaces.connect(OURS, "settings", None, NOW)
        assert tx.workspaces.bot_token(OURS) is None


def test_tokens_move_to_the_first_key_and_then_the_old_one_may_go(filled):
    with closing(_with_keys(filled, k2=NEW, k1=OLD)) as rotating:
        for rewritten in (4, 0):
            with rotating.system() as tx:
                assert tx.workspaces.reseal() == Resealed(rewritten, 0)
    with closing(_with_keys(filled, k2=NEW)) as after, after.read(OURS) as tx:
        assert tx.workspaces.bot_token(OURS) == f"{BOT}-{OURS}"
        assert tx.workspaces.meta_token(OURS, "c1") == f"{META}-{OURS}"
    with filled.read(OURS) as tx, pytest.raises(Sealed):
        tx.workspaces.bot_token(OURS)


def test_tokens_whose_key_is_lost_are_counted_and_hold_up_no_other(filled):
    with closing(_with_keys(filled, k3=b"3" * 32)) as other, other.workspace(OURS) as tx:
        tx.workspaces.save(workspace(), BOT)
    with closing(_with_keys(filled, k2=NEW, k1=OLD)) as rotating, rotating.system() as tx:
        assert tx.workspaces.reseal() == Resealed(written=3, lost=1)
        with pytest.raises(Sealed):
            tx.workspaces.bot_token(OURS)


def test_a_workspace_moves_its_own_tokens_only(filled):
    with closing(_with_keys(filled, k2=NEW, k1=OLD)) as rotating, rotating.workspace(OURS) as tx:
        assert tx.workspaces.reseal() == Resealed(2, 0)


def test_a_token_that_is_removed_meanwhile_does_not_come_back(filled):
    def uninstall():
        with closing(_with_keys(filled, k1=OLD)) as other, other.workspace(OURS) as tx:
            tx.workspaces.suspend(OURS, NOW, "removed", forget=True)

    remover = threading.Thread(target=uninstall)

    def random_bytes(count):  # asked for once the rows are read and before they are written
        if remover.ident is None:
            remover.start()
            remover.join(0.5)
        return secrets.token_bytes(count)

    with closing(Database(filled.url, Vault({"k2": NEW, "k1": OLD}, random_bytes))) as rotating:
        with rotating.system() as tx:
            assert tx.workspaces.reseal() == Resealed(4, 0)
        remover.join()
        with rotating.read(OURS) as tx:
            assert tx.workspaces.bot_token(OURS) is None
            assert tx.workspaces.meta_token(OURS, "c1") is None


def test_the_command_moves_tokens_and_says_so(filled, monkeypatch):
    keys = ",".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in (("k2", NEW), ("k1", OLD)))
    monkeypatch.setenv("DATABASE_URL", filled.url)
    monkeypatch.setenv("SPRUCE_ENCRYPTION_KEYS", keys)
    command = [sys.executable, "-W", "error", "-m", "storage.reseal"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "4 stored tokens were written with the first key.\n",
        "",
    )


def test_the_command_says_what_is_missing(monkeypatch, capsys, filled):
    monkeypatch.setenv("DATABASE_URL", filled.url)
    assert reseal.main() == 1
    assert "SPRUCE_ENCRYPTION_KEYS is empty" in capsys.readouterr().err
    monkeypatch.setenv("SPRUCE_ENCRYPTION_KEYS", f"k2:{base64.b64encode(NEW).decode()}")
    assert reseal.main() == 1
    assert "4 can be opened by no key" in capsys.readouterr().out
    assert reseal.run(Settings.from_process()) == Resealed(0, 4)


def test_the_command_needs_the_schema_and_a_database_that_answers(monkeypatch, capsys, bare_url):
    monkeypatch.setenv("SPRUCE_ENCRYPTION_KEYS", f"k2:{base64.b64encode(NEW).decode()}")
    monkeypatch.setenv("DATABASE_URL", bare_url)
    assert reseal.main() == 1
    assert "run `spruce migrate` first" in capsys.readouterr().err
    monkeypatch.setenv("DATABASE_URL", "sqlite:////no/such/folder/spruce.db")
    assert reseal.main() == 1
    assert capsys.readouterr().err == "The database does not answer; check DATABASE_URL and the server.\n"


def _with_keys(database, **keys):
    return Database(database.url, Vault(keys, secrets.token_bytes))
