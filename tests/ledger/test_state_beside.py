"""Entry → state: files, pictures, closings, deliveries, the config, what was erased — every column of every table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.book import Book
from ledger.config import CHANGED, known_config
from ledger.journal import ERASED, Entry, canonical
from ledger.points import FORGOTTEN
from tests.ledger.posting import STAMP, opened, post, post_singly, row, state


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(opened(tmp_path)) as made:
        yield made


FILE = {
    "id": 1, "sha256": "aa", "person": "张三", "name": "日报.xlsx", "arrived_at": STAMP, "kind": "workbook",
    "outcome": "taken", "archived_as": "archive/1.xlsx", "quarantined_as": "quarantine/1", "reason": "好", "by_machine": 0,
    "earliest": "2026-11-23T11:00:00+08:00", "known": "clock",
}  # fmt: skip


def test_a_file_is_known_with_all_that_is_said_of_it(book: Book) -> None:
    old = {name: value for name, value in FILE.items() if name not in ("earliest", "known")}
    post(book, Entry("file.taken", "1", "张三", FILE), Entry("file.taken", "2", "张三", {**old, "id": 2}))
    assert state(book) == {"s_files": [FILE, {**old, "id": 2}]}


def test_a_sheet_that_came_back_as_a_whole_is_known_by_its_file(book: Book) -> None:
    sheet = {
        "file_id": 1,
        "sheet": "日报",
        "name": "日报.xlsx",
        "arrived_at": STAMP,
        "form": "销售日报",
        "reason": "没有列",
    }
    unfit = [
        Entry("sheet.unfit", "1", "张三", given)
        for given in (sheet, {**sheet, "file_id": 2}, {**sheet, "reason": "旧"})
    ]
    post_singly(book, *unfit)
    assert state(book) == {
        "s_unfit_sheets": [{"person": "张三", **sheet, "reason": "旧"}, {"person": "张三", **sheet, "file_id": 2}],
    }  # fmt: skip


# -- pictures

FACTS: dict[str, Any] = {
    "pixel_hash": "pp", "dhash": "00000000000000ff", "model": "P60", "lat": 22.5, "seal": {"id": "s1", "device": "d1"},
}  # fmt: skip
PICTURE: dict[str, Any] = {
    "id": 1, "sha256": "cafe", "person": "张三", "name": "门头.jpg", "name_key": "门头", "arrived_at": STAMP,
    "archived_as": "archive/1.jpg", "embedded": 0, "sealed": "live",
}  # fmt: skip
KEPT = {
    **PICTURE, "pixel_hash": "pp", "dhash": "00000000000000ff", "model": "P60", "facts": canonical(FACTS), "told": 0,
    "seal_id": "s1",
}  # fmt: skip
BANDS = [{"band": band, "photo_id": 1, "dhash": 255} for band in (255, 1 << 22, 2 << 22)]


def kept(number: int = 1, sha256: str = "cafe", facts: dict[str, Any] | None = None, **other: Any) -> Entry:
    given = {**PICTURE, "id": number, "sha256": sha256, **other}
    return Entry("photo.kept", sha256, "张三", {**given, "facts": FACTS if facts is None else facts})


def test_a_picture_is_kept_with_what_it_says_of_itself_and_what_is_found_by_it(book: Book) -> None:
    post(book, kept(points="dd", parts_of=["beef", "aaaa"]))
    assert state(book) == {
        "s_photos": [KEPT], "s_photo_bands": BANDS, "s_unnamed": [{"photo_id": 1}],
        "s_photo_parts": [{"sha256": "cafe", "other": other} for other in ("aaaa", "beef")],
        "s_photo_points": [{"photo_id": 1, "sha256": "cafe", "kept_at": STAMP, "digest": "dd"}],
    }  # fmt: skip


@pytest.mark.parametrize("seal", [None, {}])
def test_a_picture_of_an_older_book_has_no_seal_no_parts_and_perhaps_no_look(book: Book, seal: Any) -> None:
    facts = {**FACTS, "dhash": None, "seal": seal}
    old = kept(facts=facts)
    del old.payload["sealed"]
    if seal is None:
        del facts["seal"]
        old.payload["facts"] = facts
    post(book, old)
    bare = {name: value for name, value in KEPT.items() if name not in ("sealed", "seal_id", "dhash")}
    assert state(book) == {"s_photos": [{**bare, "facts": canonical(facts)}], "s_unnamed": [{"photo_id": 1}]}


def unnamed(book: Book) -> list[int]:
    return [line["photo_id"] for line in state(book, "s_unnamed").get("s_unnamed", [])]


def test_a_picture_that_no_row_names_is_listed_until_one_does_or_its_owner_was_told(book: Book) -> None:
    post(book, kept(1, "aa"), kept(2, "bb"), kept(3, "cc", embedded=1), kept(4, "aa"), kept(5, "dd"))
    assert unnamed(book) == [1, 2, 4, 5]
    post(book, Entry("photo.unnamed", "bb", "kebu", {"id": 2}))
    assert unnamed(book) == [1, 4, 5]
    told = {line["id"]: line["told"] for line in state(book, "s_photos")["s_photos"]}
    assert told == {1: 0, 2: 1, 3: 0, 4: 0, 5: 0}
    post(book, row("261123-0001", "拜访记录", "rejected", photos=["aa", "bb", "xx"]))
    assert unnamed(book) == [5], "whoever named a picture once must not be told that nobody did"
    given = {
        "key": "",
        "fingerprint": "",
        "status": "pending",
        "read": {},
        "photos": ["dd"],
        "vals": {},
        "findings": [],
    }
    post(book, Entry("row.completed", "261123-0001", "张三", given))
    assert unnamed(book) == [1, 4]
    post(book, kept(6, "dd"), kept(7, "aa"))
    assert unnamed(book) == [1, 4, 7]


def test_a_picture_that_a_row_waits_for_is_named_when_it_comes(book: Book) -> None:
    post(book, row("261123-0001", "拜访记录", "waiting", photos=["cafe"]), kept())
    assert "s_unnamed" not in state(book)


def test_what_happens_to_other_pictures_meanwhile_makes_no_difference(book: Book) -> None:
    post(book, kept(1, "aa"), kept(2, "bb"), kept(3, "cc"), row("261123-0001", "拜访记录", photos=["cc"]))
    given = {"key": "", "fingerprint": "", "status": "pending", "read": {}, "photos": [], "vals": {}, "findings": []}
    post(
        book, kept(4, "dd"), Entry("photo.unnamed", "aa", "kebu", {"id": 1}), row("261123-0002", "拜访记录", photos=["bb"]),
        Entry("row.completed", "261123-0001", "张三", given), kept(5, "ee"),
    )  # fmt: skip
    assert unnamed(book) == [3, 4, 5]


def test_points_are_noted_until_they_are_forgotten_or_erased(book: Book) -> None:
    names = ("aa", "bb", "cc", "dd")
    post(book, *(kept(number, sha256, points=f"d{sha256}") for number, sha256 in enumerate(names, 1)), kept(9, "ee"))
    post(book, Entry(FORGOTTEN, "points", "kebu", {"pictures": [1, 3, 77]}))
    noted = [
        {"photo_id": n, "sha256": sha256, "kept_at": STAMP, "digest": f"d{sha256}"}
        for n, sha256 in ((2, "bb"), (4, "dd"))
    ]
    assert state(book, "s_photo_points") == {"s_photo_points": noted}
    post(
        book,
        Entry(ERASED, "张三", "kebu", {"entries": [], "originals": [["archive/2.jpg", "bb"], ["archive/9.jpg", "zz"]]}),
    )
    seq = book.length()
    assert state(book, "s_photo_points", "s_erased") == {
        "s_photo_points": noted[1:],
        "s_erased": [
            {"archived_as": "archive/2.jpg", "sha256": "bb", "seq": seq, "at": STAMP},
            {"archived_as": "archive/9.jpg", "sha256": "zz", "seq": seq, "at": STAMP},
        ],
    }  # fmt: skip


# -- closings, deliveries, the config


def test_a_period_is_closed_in_versions_with_what_was_said_and_where_the_book_stood(book: Book) -> None:
    def closed(version: int, **other: Any) -> Entry:
        given = {"version": version, "digest": f"d{version}", "content": {"b": "乙", "a": 1}, **other}
        return Entry("period.closed", "日报扣款_2026-11", "kebu", given)

    post(book, closed(1), closed(2, mark={"length": 3, "head": "h"}))
    line = {"period": "日报扣款_2026-11", "closed_at": STAMP, "content": '{"a":1,"b":"乙"}'}
    assert state(book) == {
        "s_closings": [
            {**line, "version": 1, "digest": "d1"},
            {**line, "version": 2, "digest": "d2", "mark": '{"head":"h","length":3}'},
        ],
    }  # fmt: skip


def test_a_delivery_waits_from_when_it_was_queued(book: Book) -> None:
    old = {"id": 1, "person": "张三", "folder": "回执", "name": "回执.xlsx", "sha256": "ff", "cause": "file:1"}
    new = {"id": 2, "person": "李四", "folder": "审批", "name": "审批.xlsx", "told": "tt", "cause": "approval:S1"}
    post(book, *(Entry("delivery.queued", "x", "kebu", given) for given in (old, new)))
    assert state(book) == {"s_deliveries": [{**given, "queued_at": STAMP} for given in (old, new)]}


def config(**changes: list[Any]) -> Entry:
    return Entry(CHANGED, "config", "kebu", {"changes": changes})


def test_the_numbers_that_decide_about_people_are_as_the_book_saw_them_last(book: Book) -> None:
    assert known_config(book) == {}
    post(book, config(yuan=[None, "20"], hours=[None, [9, "甲"]], gone=[None, 1]))
    assert known_config(book) == {"yuan": "20", "hours": [9, "甲"], "gone": 1}
    post(book, config(yuan=["20", "50"], gone=[1, None], never=[1, None]))
    assert known_config(book) == {"yuan": "50", "hours": [9, "甲"]}
    assert state(book) == {
        "s_config": [
            {"name": "hours", "value": '[9,"甲"]', "since": STAMP}, {"name": "yuan", "value": '"50"', "since": STAMP},
        ],
    }  # fmt: skip


# -- what changes nothing, and what nobody knows


@pytest.mark.parametrize("kind", ["chain.keyed", "book.mended", "book.restored", "book.retaken"])
def test_what_is_told_of_the_book_itself_changes_no_state(book: Book, kind: str) -> None:
    post(book, kept())
    before = state(book)
    post(
        book,
        Entry(kind, "ledger.db", "kebu", {"key": "k"} if kind == "chain.keyed" else {"person": "张三", "what": []}),
    )
    assert state(book) == before


def test_an_entry_that_this_version_does_not_know_is_not_passed_over(book: Book) -> None:
    with pytest.raises(KeyError, match=r"from\.the\.future"):
        post(book, Entry("from.the.future", "1", "kebu", {}))
    assert book.length() == 0
