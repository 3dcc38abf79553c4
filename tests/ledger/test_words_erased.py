"""Words taken out of a journal that never changes: found everywhere they stand, replaced, told, and proved on."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger import erasing
from ledger.book import Book
from ledger.erasing import GONE, WordyEntry, pattern_of
from ledger.journal import ERASED, Entry, said_now
from ledger.replay import first_difference
from ledger.texts import texts
from tests.ledger.posting import AT, customer, joined, opened, post, row, state
from tests.ledger.test_told_kept import put, queued


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(opened(tmp_path)) as made:
        yield made


@pytest.mark.parametrize(
    ("text", "found", "not_found"),
    [
        ("张先生", ["见了张先生两次"], ["张 先生", "李先生"]),
        ("a.b+", ["xa.b+x"], ["axb+", "a.bb"]),
        ("123456", ["x123456x", "01234567"], ["123 456"]),  # six figures are a word like others
        (
            "1234567",
            ["x1234567x", "123 45 67", "123-4567", "（1234567）", "123—4567", "123－4567", "(123)4567", "１２３４５６７", "1２3４567",
             "+861234567", "86 1234567", "+86-1234567", "8 1234567", "12345-67"],
            ["01234567", "12345678", "１1234567", "1234567８", "123x4567", "123456"],
        ),
        ("138-0000 0000", ["13800000000", "138 00000000", "+86 138-0000-0000"], ["1380000000", "213800000000"]),
        ("+8613800000000", ["8613800000000", "+86 138 0000 0000"], ["13800000000"]),
        ("（0755）1234567", ["07551234567", "0755-1234567"], ["1234567"]),
        ("12345a7", ["12345a7"], ["12345 a7"]),
    ],
)  # fmt: skip
def test_what_is_looked_for_is_found_as_people_write_it(text: str, found: list[str], not_found: list[str]) -> None:
    pattern = pattern_of(text)
    assert [each for each in found if not pattern.search(each)] == []
    assert [each for each in not_found if pattern.search(each)] == []


PATTERN = re.compile("密语")


def scene(book: Book) -> None:
    """1: the key, 2–6: what follows here."""
    compared = {"read": {"earlier": ["print-one", "print-two"]}, "rules": [], "findings": []}
    judged = {
        "key": "k", "fingerprint": "print-two", "status": "pending", "read": {"b": [{"c": "密语密语"}]}, "photos": [], "findings": [],
        "vals": {"content": "好"},
    }  # fmt: skip
    post(
        book, row("261123-0001", "拜访记录", fingerprint="print-one", vals={"content": "说了密语吧", "n": 1}, cells=["密语", 2, None]),
        row("261123-0002", "拜访记录", fingerprint="print-three", vals={"content": "没什么"}),
        Entry("row.completed", "261123-0002", "张三", judged), Entry("row.compared", "261123-0001", "kebu", compared),
        customer(1, contact="密语"),
    )  # fmt: skip


def test_entries_in_which_the_words_stand_are_found_with_where_in_them(book: Book) -> None:
    scene(book)
    assert erasing.places(book, PATTERN) == [
        WordyEntry(2, "row.received", "261123-0001", ("cells", "vals")), WordyEntry(4, "row.completed", "261123-0002", ("read",)),
        WordyEntry(6, "customer.added", "1", ("contact",)),
    ]  # fmt: skip
    assert erasing.places(book, re.compile("没有")) == []
    key = book.one("SELECT payload ->> 'key' FROM entries WHERE seq = 1")
    assert erasing.places(book, re.compile(key)) == [], "what keys the chain is not looked into"


def replaced(book: Book) -> dict[int, str]:
    return dict(erasing.replaced(book, PATTERN, erasing.places(book, PATTERN)))


def test_the_words_are_replaced_and_the_fingerprints_made_of_them_wherever_they_stand(book: Book) -> None:
    scene(book)
    new = replaced(book)
    assert sorted(new) == [2, 4, 5, 6]
    said = {seq: json.loads(text) for seq, text in new.items()}
    before = {seq: json.loads(book.one("SELECT payload FROM entries WHERE seq = ?", seq)) for seq in new}
    fresh = said[2]["fingerprint"], said[4]["fingerprint"]
    assert all(re.fullmatch(r"[0-9a-f]{32}", each) for each in fresh)
    assert fresh[0] != fresh[1]
    gone = {
        **before[2],
        "fingerprint": fresh[0],
        "vals": {"content": f"说了{GONE}吧", "n": 1},
        "cells": [GONE, 2, None],
    }
    assert said[2] == gone
    assert said[4] == {**before[4], "fingerprint": fresh[1], "read": {"b": [{"c": GONE * 2}]}}
    assert said[5] == {**before[5], "read": {"earlier": [*fresh]}}
    assert said[6] == {**before[6], "contact": GONE}
    assert GONE == "〔已删除〕"


def test_what_has_no_fingerprint_takes_no_other_entry_with_it(book: Book) -> None:
    post(book, row("261123-0001", "拜访记录", fingerprint="", vals={"content": "密语"}), row("261123-0002", "拜访记录"))
    assert list(replaced(book)) == [2]


def test_a_tombstone_tells_where_it_was_and_what_is_left(book: Book) -> None:
    scene(book)
    new = {6: '{"a":"〔已删除〕"}', 2: "{}"}
    entry = erasing.tombstone(book, "本人要求", new, [("archive/1.jpg", "aa")])
    lines = {
        seq: (*book.sent("SELECT seq, at, kind, subject, actor FROM entries WHERE seq = ?", seq)[0], new[seq])
        for seq in new
    }
    assert entry == Entry(
        ERASED, "book", "kebu",
        {"reason": "本人要求", "person": None, "entries": [[seq, said_now(lines[seq])] for seq in (2, 6)],
         "originals": [["archive/1.jpg", "aa"]]},
    )  # fmt: skip
    named = erasing.tombstone(book, "离职", {}, [], person="张三")
    assert named == Entry(ERASED, "张三", "kebu", {"reason": "离职", "person": "张三", "entries": [], "originals": []})


def erase(book: Book, told: tuple[str, ...] = ()) -> dict[int, str]:
    new = replaced(book)
    with book.transaction():
        book.post([erasing.tombstone(book, "本人要求", new, [])], AT)
        erasing.write(book, new, told)
    return new


def test_after_erasing_the_words_are_nowhere_and_the_book_is_proved(book: Book) -> None:
    scene(book)
    one, two = queued(book, "a", "密语"), queued(book, "b", "别的")
    put(book, one)
    assert erasing.is_due(book, [str(two.told), "x"])
    assert not erasing.is_due(book, [str(one.told)])
    assert not erasing.is_due(book, [])
    new = erase(book, (str(one.told),))
    assert book.first_break() is None
    assert first_difference(book) is None
    assert "密语".encode() not in "".join(map(repr, book.sent("SELECT * FROM entries"))).encode()
    assert [line.get("contact") for line in state(book, "s_customers")["s_customers"]] == [GONE]
    assert state(book, "s_rows")["s_rows"][0]["cells"] == f'["{GONE}",2,null]'
    assert [told for told, _words in book.sent("SELECT * FROM told")] == [two.told]
    assert book.sent("SELECT payload FROM entries WHERE seq = 6") == [(new[6],)]
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        book.db.execute("UPDATE entries SET payload = '{}' WHERE seq = 2")
    length = book.length()
    assert erasing.not_erased(book, [2, 4, 6, 3, length, length + 1]) == 2
    assert erasing.not_erased(book, []) == 0
    erasing.wipe(book)
    assert "密语".encode() not in book.path.read_bytes()
    post(book, customer(2))
    assert book.first_break() is None


def test_what_was_known_is_forgotten_when_words_are_taken_out(book: Book) -> None:
    scene(book)
    key = ("拜访记录", "张三", "content")
    before = [text for _at, _number, text in book.known(texts, key)]
    assert "说了密语吧" in before
    new = replaced(book)
    with book.transaction():
        assert "说了密语吧" in [text for _at, _number, text in book.known(texts, key)]
        book.post([erasing.tombstone(book, "r", new, [])], AT)
        erasing.write(book, new, [])
        assert f"说了{GONE}吧" in [text for _at, _number, text in book.known(texts, key)]


@pytest.mark.parametrize(
    ("entries", "named"),
    [
        ([joined("密语")], "密语"), ([customer(1, name="密语公司")], "密语公司"),
        ([customer(1, name="密语公司"), Entry("customer.changed", "1", "x", {"changes": {"name": "新", "name_key": "新"}})], "密语公司"),
        ([joined("密语"), Entry("person.renamed", "密语", "kebu", {"new_name": "新", "plain_name": "新", "receipt_no": "1"})], "密语"),
        ([Entry("book.mended", "密语x", "kebu", {})], "密语x"), ([Entry("book.mended", "x", "密语y", {})], "密语y"),
        ([customer(1, contact="密语"), Entry("book.mended", "x", "y", {"密语": 1})], None),
    ],
)  # fmt: skip
def test_words_that_stand_in_a_name_are_named(book: Book, entries: list[Entry], named: str | None) -> None:
    post(book, *entries)
    assert erasing.named_by(book, PATTERN) == named


def test_the_state_is_thrown_away_and_derived_anew(book: Book) -> None:
    scene(book)
    before = state(book)
    book.db.execute("DELETE FROM s_rows")
    book.db.execute("INSERT INTO s_members VALUES (1, 'x')")
    with book.db.atomic():
        erasing.rebuild(book.db)
    assert state(book) == before
