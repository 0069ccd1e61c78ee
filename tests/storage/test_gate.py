"""Threads line up to write, and whoever answers a person goes first."""

import threading

import pytest

from storage.gate import WriteGate

SOON = 5.0


def writer(
    gate: WriteGate, name: str, order: list[str], *, bulk: bool, waits: threading.Event
) -> threading.Thread:
    def write() -> None:
        waits.set()
        with gate.enter(bulk=bulk):
            order.append(name)

    thread = threading.Thread(target=write)
    thread.start()
    return thread


def standing(gate: WriteGate, hurried: int) -> bool:
    return gate._hurried == hurried


def test_one_writes_at_a_time():
    gate, inside, most = WriteGate(), [], []

    def write() -> None:
        for _ in range(200):
            with gate.enter(bulk=False):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    assert len(most) == 800
    assert max(most) == 1


def test_a_person_is_answered_before_bulk_reading_that_waited_longer():
    gate, order = WriteGate(), []
    with gate.enter(bulk=True):
        first, second = threading.Event(), threading.Event()
        bulk = writer(gate, "bulk", order, bulk=True, waits=first)
        assert first.wait(SOON)
        hurried = writer(gate, "answer", order, bulk=False, waits=second)
        assert second.wait(SOON)
        while not standing(gate, 1):  # it said that it comes; it stands in line a moment later
            threading.Event().wait(0.001)
    bulk.join(SOON)
    hurried.join(SOON)
    assert order == ["answer", "bulk"]


def test_an_error_inside_lets_the_next_one_in():
    gate = WriteGate()
    with pytest.raises(RuntimeError), gate.enter(bulk=False):
        raise RuntimeError
    with gate.enter(bulk=True):
        pass
