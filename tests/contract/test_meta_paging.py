"""The pager: empty pages, odd cursors, pages that arrive broken."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.clock import SettableClock
from bot.errors import BadRequest, MetaError, TokenDead, Transient
from bot.meta.client import GraphClient
from tests.contract.meta_script import Asked, Script, Told, refused, serving, told


def client_for(script: Script) -> GraphClient:
    return GraphClient(
        "EAAtoken",
        graph_url=f"{script.url}/",
        app_id=None,
        app_secret=None,
        clock=SettableClock(datetime(2026, 11, 22, tzinfo=UTC)),
        timeout=(5, 10),
        sleep=lambda _: None,
    )


def page(*rows: int, after: str | None = None, more: bool = True) -> Told:
    paging: dict[str, object] = {"cursors": {"before": "b", "after": after or "end"}}
    if more and after:
        paging["next"] = f"http://elsewhere.invalid/v26.0/act_1/ads?access_token=EAAtoken&after={after}"
    return told({"data": list(rows), "paging": paging})


def read(*answers: "Told | Callable[[Asked], Told]", limit: int = 500) -> tuple[list[int], list[Asked]]:
    rows: list[int] = []
    with serving(*answers) as script, client_for(script) as client:
        for raw in client.pages("act_1/ads", {"limit": limit, "fields": "id"}):
            rows += json.loads(bytes(raw.data))
        return rows, script.asked


def test_pages_follow_the_cursor_on_our_own_host_and_repeat_the_params() -> None:
    rows, asked = read(page(1, 2, after="A"), page(3, after="B"), page(4))
    assert rows == [1, 2, 3, 4]
    assert [request.params.get("after") for request in asked] == [None, "A", "B"]
    assert {request.params["fields"] for request in asked} == {"id"}


def test_an_empty_page_does_not_end_the_list() -> None:
    rows, _ = read(page(1, after="A"), page(after="B"), page(after="C"), page(2))
    assert rows == [1, 2]


def test_a_cursor_without_a_next_page_ends_the_list() -> None:
    rows, asked = read(page(1, after="A", more=False))
    assert (rows, len(asked)) == ([1], 1)


def test_no_paging_at_all_ends_the_list() -> None:
    assert read(told({"data": [1], "extra": {"next": "x"}}))[0] == [1]


def test_a_next_page_without_cursors_is_read_from_its_address() -> None:
    first = told({"data": [1], "paging": {"next": "http://elsewhere.invalid/x?limit=5&after=QQ%3D%3D"}})
    rows, asked = read(first, page(2))
    assert rows == [1, 2]
    assert asked[1].params["after"] == "QQ=="


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([page(1, after="A"), page(2, after="A")], Transient),
        ([page(1, after="A"), page(2, after="B"), page(3, after="A")], Transient),
        ([told({"data": [1], "paging": {"next": "http://elsewhere.invalid/"}})], BadRequest),
        ([page(1, after="A"), refused(2642)], BadRequest),
        ([page(1, after="A"), Told(b'{"data": [2, 3], "pag')], Transient),
        ([page(1, after="A"), Told(b'{"data": [2, 3', cut=20)], Transient),
        ([page(1, after="A"), told({"rows": [2]})], Transient),
        ([page(1, after="A"), told({"data": [2], "error": {"code": 190}})], TokenDead),
    ],
)
def test_a_list_that_cannot_be_finished_raises(answers: list[Told], expected: type[MetaError]) -> None:
    with pytest.raises(expected):
        read(*answers)


def test_nothing_of_a_page_cut_in_the_middle_is_handed_out() -> None:
    seen: list[bytes] = []
    with serving(page(1, after="A"), Told(b'{"data": [2, 3], "pag')) as script, client_for(script) as client:
        pages = client.pages("act_1/ads", {})
        seen.append(bytes(next(pages).data))
        with pytest.raises(Transient):
            seen += [bytes(raw.data) for raw in pages]
    assert seen == [b"[1]"]


def test_a_page_that_arrives_broken_once_is_asked_for_again() -> None:
    rows, asked = read(page(1, after="A"), Told(b'{"data": [2'), page(2))
    assert rows == [1, 2]
    assert [request.params.get("after") for request in asked] == [None, "A", "A"]


def test_a_page_too_heavy_for_meta_is_asked_for_in_smaller_pages() -> None:
    def heavy(asked: Asked) -> Told:
        return refused(1, 99) if int(asked.params["limit"]) > 125 else page(int(asked.params["limit"]))

    rows, asked = read(heavy)
    assert rows == [125]
    assert [request.params["limit"] for request in asked] == ["500", "500", "250", "250", "125"]


def test_a_fault_that_a_smaller_page_does_not_cure_is_raised() -> None:
    with pytest.raises(Transient):
        read(refused(1), limit=60)
