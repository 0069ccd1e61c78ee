"""Connections are set up as they must be, writers wait their turn, and a reading transaction only reads."""

import sqlite3
import threading
from contextlib import closing, suppress
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.gate import WriteGate
from tests.storage.samples import ACCOUNT, NOW, OURS, account, alert, connect, together

ON_EACH = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}


def test_every_sqlite_connection_has_its_settings(sqlite_database):
    for made, synchronous in ((sqlite_database._durable, 2), (sqlite_database._fast, 1)):
        engine = made.execution_options(spruce_begin="DEFERRED")
        with engine.connect() as first, engine.connect() as second:
            for connection in (first, second):
                asked = {name: _pragma(connection, name) for name in (*ON_EACH, "synchronous")}
                assert asked == {**ON_EACH, "synchronous": synchronous}


def test_figures_go_through_the_engine_that_does_not_wait_for_the_disk(sqlite_database):
    with sqlite_database.workspace(OURS, fast=True) as tx:
        assert _pragma(tx._session.connection(), "synchronous") == 1
    with sqlite_database.workspace(OURS) as tx:
        assert _pragma(tx._session.connection(), "synchronous") == 2


@pytest.mark.postgres
def test_a_postgres_connection_has_limits_and_speaks_utc(postgres_url_upgraded, vault):
    from storage.db import Database

    with (
        closing(Database(postgres_url_upgraded, vault)) as database,
        database.engine.connect() as connection,
    ):
        asked = {
            name: connection.scalar(text(f"SHOW {name}"))
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        }
        assert asked == {
            "statement_timeout": "15s",
            "lock_timeout": "3s",
            "idle_in_transaction_session_timeout": "30s",
        }
        assert connection.scalar(text("SHOW timezone")) == "UTC"
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"


def test_who_reads_first_and_writes_later_is_never_told_that_the_database_is_locked(database):
    connect(database)

    def count_up(_thread):
        for _ in range(20):
            with database.workspace(OURS) as tx:
                progress = tx.accounts.get(ACCOUNT).progress
                tx.accounts.note_progress(ACCOUNT, {"n": str(int(progress.get("n", 0)) + 1)})

    together(4, count_up)
    with database.read(OURS) as tx:
        counted = int(tx.accounts.get(ACCOUNT).progress["n"])
    # One writer at a time on SQLite, so nothing is lost; PostgreSQL only promises that nobody is refused.
    assert counted == 80 if database.is_sqlite else 20 <= counted <= 80


def test_another_process_that_writes_is_waited_for(sqlite_database, tmp_path):
    connect(sqlite_database)
    released = threading.Event()
    with closing(
        sqlite3.connect(tmp_path / "spruce.db", isolation_level=None, check_same_thread=False)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = threading.Timer(0.2, lambda: (released.set(), other.execute("COMMIT")))
        waiting.start()
        with sqlite_database.workspace(OURS) as tx:
            tx.accounts.note_progress(ACCOUNT, {"n": "1"})
            assert released.is_set()
        waiting.join()


def test_reading_waits_for_no_writer_and_sees_what_was_committed(database):
    connect(database, name="Before")
    with database.workspace(OURS) as writer:
        writer.accounts.refresh(account(name="After"))
        with database.read(OURS) as reader:
            assert reader.accounts.get(ACCOUNT).account.name == "Before"
    with database.read(OURS) as reader:
        assert reader.accounts.get(ACCOUNT).account.name == "After"


@pytest.mark.parametrize("kind", ["read", "system_read"])
def test_a_reading_transaction_refuses_to_write(database, kind):
    def reading():
        return database.read(OURS) if kind == "read" else database.system_read()

    connect(database, name="Before")
    with pytest.raises(RuntimeError, match="does not write"), reading() as tx:
        tx.accounts.refresh(account(name="After"))
    with pytest.raises(RuntimeError, match="does not write"), reading() as tx:
        tx.alerts.add(alert())
    with pytest.raises(RuntimeError, match="does not write"), reading() as tx:
        tx.leases.take("job", NOW, NOW)
    with database.read(OURS) as tx:
        assert tx.accounts.get(ACCOUNT).account.name == "Before"
        assert tx.alerts.unresolved() == []


def test_what_fails_in_the_middle_leaves_nothing(database):
    connect(database, name="Before")
    with suppress(ZeroDivisionError), database.workspace(OURS) as tx:
        tx.accounts.refresh(account(name="After"))
        tx.alerts.add(alert())
        raise ZeroDivisionError
    with database.read(OURS) as tx:
        assert tx.accounts.get(ACCOUNT).account.name == "Before"
        assert tx.alerts.unresolved() == []


def test_the_values_of_a_statement_that_failed_are_not_in_its_error(database):
    with database.workspace(OURS) as tx:
        tx.alerts.add(alert(rule_id="words of a customer"))
    with pytest.raises(IntegrityError) as failed, database.workspace(OURS) as tx:
        tx.alerts.add(alert(rule_id="words of a customer"))
    assert "words of a customer" not in str(failed.value)


def test_a_writing_transaction_inside_another_is_refused_instead_of_waiting_for_ever(sqlite_database):
    with (
        sqlite_database.workspace(OURS),
        pytest.raises(RuntimeError, match="wait for itself"),
        sqlite_database.system(),
    ):
        pass
    with sqlite_database.workspace(OURS) as tx:  # the turn was given back
        tx.leases.take("job", NOW, NOW)


def test_whoever_answers_a_person_goes_before_bulk_reading():
    gate, order = WriteGate(), []
    asked = threading.Semaphore(0)

    def write(name, *, bulk):
        asked.release()
        with gate.enter(bulk=bulk):
            order.append(name)

    with gate.enter(bulk=True):
        threads = [
            threading.Thread(target=write, args=("page",), kwargs={"bulk": True}),
            threading.Thread(target=write, args=("click",), kwargs={"bulk": False}),
        ]
        for thread in threads:
            thread.start()
            asked.acquire(timeout=5)
        _until(lambda: gate._hurried == 1)
    for thread in threads:
        thread.join(5)
    assert order == ["click", "page"]


def test_a_writer_that_fails_gives_its_turn_back():
    gate = WriteGate()
    with suppress(ZeroDivisionError), gate.enter(bulk=False):
        raise ZeroDivisionError
    with gate.enter(bulk=True):
        pass


def test_moments_differ_by_what_they_were(database):
    connect(database, due_at=NOW + timedelta(microseconds=1))
    with database.read(OURS) as tx:
        assert tx.accounts.due(NOW, 10) == []
        assert len(tx.accounts.due(NOW + timedelta(microseconds=1), 10)) == 1


def _pragma(connection, name):
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def _until(condition):
    for _ in range(1000):
        if condition():
            return
        threading.Event().wait(0.005)
    raise AssertionError("That did not happen in time.")
