"""Marks beside the ledger, line by line: what is signed, what binds, and the words for each way of tampering."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger import anchor, journal
from ledger.anchor import JournalMark
from ledger.book import Book
from ledger.connection import LedgerError
from ledger.journal import Entry, canonical
from ledger.keys import CHAIN, Key
from tests.ledger.posting import AT, opened, post

KEY, OLD = Key("k1", "aa" * 32, ""), Key("k0", "bb" * 32, "")
KEYS = {"k1": KEY.raw, "k0": OLD.raw}
MARK = JournalMark("2026-11-23T12:00:00+08:00", "round", 3, "h3")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "anchor.log"


def left(path: Path, *marks: JournalMark, key: Key = KEY) -> list[JournalMark]:
    """Leave *marks*; gives them as they stand there."""
    for mark in marks:
        anchor.leave(path, mark, key, KEYS)
    return [each for each in anchor.marks(path, KEYS) if isinstance(each, JournalMark)][-len(marks) :]


def over(before: bytes) -> str:
    return hashlib.sha256(before).hexdigest()[:32]


def at(n: int, event: str = "round", **other: Any) -> JournalMark:
    return JournalMark(f"2026-11-2{n}T12:00:00+08:00", event, n, f"h{n}", **other)


# -- a line


def test_a_mark_is_a_line_of_json_signed_with_the_key() -> None:
    said = {"at": MARK.at, "event": "round", "length": 3, "head": "h3", "back_to": 0}
    assert MARK.said() == JournalMark(MARK.at, "round", 3, "h3").said() == said
    mac = hmac.new(KEY.raw, canonical(said).encode(), "sha256").hexdigest()
    assert json.loads(MARK.line(KEY)) == {**said, "key": "k1", "mac": mac}
    assert MARK.line(KEY) == canonical(json.loads(MARK.line(KEY)))
    whole = replace(MARK, back_to=2, to_length=1, to_head="t", after="a")
    assert whole.said() == {**said, "back_to": 2, "to_length": 1, "to_head": "t", "after": "a"}


def test_marks_stand_in_their_order_each_over_what_stood_before(path: Path) -> None:
    assert list(anchor.marks(path, KEYS)) == []
    assert anchor.last_mark(path, KEYS) is None
    one, two, three = left(path, at(1), at(2), at(3))
    lines = path.read_bytes().splitlines(keepends=True)
    assert one == replace(at(1), after=over(b""))
    assert two == replace(at(2), after=over(lines[0]))
    assert three == replace(at(3), after=over(lines[1]))
    assert list(anchor.marks(path, KEYS)) == [one, two, three]
    assert anchor.last_mark(path, KEYS) == three
    assert lines == [f"{each.line(KEY)}\n".encode() for each in (one, two, three)]
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_marks_signed_with_an_older_key_still_count_and_with_no_key_of_ours_none(path: Path) -> None:
    (one,) = left(path, at(1), key=OLD)
    (two,) = left(path, at(2))
    assert list(anchor.marks(path, KEYS)) == [one, two]
    assert list(anchor.marks(path, {"k1": KEY.raw})) == [two], "the mark after it vouches for it"
    assert list(anchor.marks(path, {"k0": OLD.raw})) == [one, "anchor.log 第 2 行不是本系统写的，或被改动过"]
    assert anchor.last_mark(path, {"k0": OLD.raw}) == one
    assert anchor.last_mark(path, {}) is None


FORGED = (
    "{}", "no mark", "[1]", "3", '"x"', "null", '{"mac":"x","key":"k9"}', '{"mac":"x"}', '{"key":"k1"}',
    '{"mac":"x","key":"k1","colour":1}', "[" * 100_000,
)  # fmt: skip


@pytest.mark.parametrize("forged", [*FORGED, "changed", "spaced", "more"], ids=range(len(FORGED) + 3))
def test_a_line_that_is_not_ours_is_named_by_its_number(path: Path, forged: str) -> None:
    marks = left(path, at(1), at(2), at(3))
    lines = path.read_text(encoding="utf-8").splitlines()
    said = json.loads(lines[1])
    made = {
        "changed": canonical({**said, "length": 9}), "spaced": json.dumps(said, sort_keys=True), "more": canonical({**said, "x": 1}),
    }  # fmt: skip
    lines[1] = made.get(forged, forged)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert list(anchor.marks(path, KEYS)) == [
        marks[0], "anchor.log 第 2 行不是本系统写的，或被改动过", "anchor.log 第 3 行之前的内容被删除、调换或改动过", marks[2],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ([0, 1, 3], [0, 1, "3", 3]), ([1, 2, 3], ["1", 1, 2, 3]), ([0, 1, 1, 2, 3], [0, 1, "3", 1, 2, 3]),
        ([0, 2, 1, 3], [0, "2", 2, "3", 1, "4", 3]), ([0, 1, 2], [0, 1, 2]), ([], []),
    ],
)  # fmt: skip
def test_lines_taken_out_doubled_or_exchanged_are_named(path: Path, how: list[int], said: list[Any]) -> None:
    marks = left(path, *(at(n) for n in range(1, 5)))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[n] for n in how))
    words = "anchor.log 第 {} 行之前的内容被删除、调换或改动过"
    assert list(anchor.marks(path, KEYS)) == [marks[n] if isinstance(n, int) else words.format(n) for n in said]


def test_marks_of_an_older_version_say_nothing_of_what_stands_before(path: Path) -> None:
    path.write_text("".join(f"{at(n).line(KEY)}\n" for n in (1, 2)), encoding="utf-8")
    assert list(anchor.marks(path, KEYS)) == [at(1), at(2)]
    (three,) = left(path, at(3))
    assert list(anchor.marks(path, KEYS)) == [at(1), at(2), three]


def test_strange_lines_between_marks_of_an_older_version_are_named(path: Path) -> None:
    path.write_text(f"{at(1).line(KEY)}\nstrange\n\n{at(2).line(KEY)}\nmore\nlast", encoding="utf-8")
    assert list(anchor.marks(path, KEYS)) == [
        at(1), "anchor.log 第 2 行不是本系统写的，或被改动过", at(2), "anchor.log 第 5 行不是本系统写的，或被改动过",
    ]  # fmt: skip


def test_half_a_line_of_a_power_cut_is_closed_and_vouched_for(path: Path) -> None:
    (one,) = left(path, at(1))
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:20])
    assert list(anchor.marks(path, KEYS)) == [one], "the last line may be half written"
    (two,) = left(path, at(2))
    assert two.after == over(whole + whole[:20] + b"\n")
    assert path.read_bytes().splitlines()[1] == whole[:20]
    assert list(anchor.marks(path, KEYS)) == [one, two]


def test_half_a_line_in_a_file_without_a_mark_is_vouched_for_too(path: Path) -> None:
    path.write_bytes(b"half")
    (one,) = left(path, at(1))
    assert one.after == over(b"half\n")
    assert list(anchor.marks(path, KEYS)) == [one]


@pytest.mark.parametrize("size", [10, 4_000, 4_096, 5_000, 70_000])
def test_the_last_mark_is_found_however_much_stands_behind_it(path: Path, size: int) -> None:
    one, two = left(path, at(1), at(2))
    before = path.read_bytes()
    behind = b"x" * size + b"\n"
    path.write_bytes(before + behind)
    (three,) = left(path, at(3))
    assert three.after == over(before.splitlines(keepends=True)[1] + behind)
    assert list(anchor.marks(path, KEYS)) == [one, two, three]
    assert anchor.last_mark(path, KEYS) == three


def test_the_last_mark_is_the_newest_that_is_ours(path: Path) -> None:
    marks = left(path, *(at(n % 9 + 1) for n in range(40)))
    path.write_bytes(path.read_bytes() + b"strange\n\n")
    assert anchor.last_mark(path, KEYS) == marks[-1]


# -- against a book


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(opened(tmp_path)) as made:
        post(made, *(Entry("book.mended", "x", "kebu", {"n": n}) for n in range(4)))
        yield made


def test_a_mark_of_a_book_says_where_its_journal_ends(book: Book) -> None:
    assert anchor.mark_of(book, "night", "t") == JournalMark("t", "night", 5, book.head()[1])
    assert anchor.mark_of(book, "restored", "t", 3) == JournalMark("t", "restored", 5, book.head()[1], 3)
    head = book.head()[1]
    assert anchor.restoring(at(7), book, "t", 2) == JournalMark("t", "restoring", 7, "h7", 2, 5, head)
    assert anchor.restoring(None, book, "t", 2) == JournalMark("t", "restoring", 0, "", 2, 5, head)
    assert anchor.secrets_of(book) == {key.id: key.raw for key in book.keys.keys(CHAIN)}
    assert issubclass(anchor.OlderBook, LedgerError)


def there(book: Book, n: int, **other: Any) -> JournalMark:
    """A true mark of the book when it had *n* entries."""
    given = {
        "at": f"2026-11-2{n}T12:34:56+08:00",
        "event": "round",
        "length": n,
        "head": journal.hash_at(book.db, n) or "",
    }
    return JournalMark(**{**given, **other})


def test_a_book_agrees_with_its_marks_or_is_told_how_not(book: Book) -> None:
    assert [anchor.contradiction(book, there(book, n)) for n in range(6)] == [None] * 6
    assert anchor.contradiction(book, JournalMark("t", "round", 0, "anything")) is None
    assert anchor.contradiction(book, there(book, 6, head="x")) == (
        "2026-11-26 12:34 时账本有 6 条记录，现在只有 5 条：被截短过，或换回了旧账本"
    )
    assert anchor.contradiction(book, there(book, 2, head="x")) == (
        "第 2 条记录与 2026-11-22 12:34 留下的校验值不符：账本被改写过，或换成了另一本"
    )


def test_a_book_that_was_announced_may_stand_there_instead(book: Book) -> None:
    announced = there(book, 9, event="restoring", head="x", to_length=5, to_head=book.head()[1])
    assert (anchor.in_place(book, announced), anchor.contradiction(book, announced)) == (True, None)
    for other in (replace(announced, event="round"), replace(announced, to_length=4), replace(announced, to_head="y")):
        assert not anchor.in_place(book, other)
        assert "被截短过" in str(anchor.contradiction(book, other))


def test_a_restoring_sets_aside_marks_beyond_where_it_went_back_to(book: Book) -> None:
    one, two, three, four = (there(book, n) for n in (1, 2, 3, 4))
    restored = there(book, 5, event="restored", back_to=2)
    assert anchor.standing([], book) == []
    assert anchor.standing([one, two, three, four], book) == [one, two, three, four]
    assert anchor.standing([one, two, three, restored, four], book) == [one, two, restored, four]
    begun = there(book, 3, event="restoring", back_to=1, to_length=9, to_head="x")
    assert anchor.standing([one, two, begun], book) == [one, two, begun], "another book stands there"
    ours = replace(begun, to_length=5, to_head=book.head()[1])
    assert anchor.standing([one, two, ours], book) == [one, ours]
    assert anchor.standing([one, two, ours, four], book) == [one, two, four], "something was marked since"
    undone = there(book, 4, event=anchor.UNDONE)
    assert anchor.standing([one, begun, undone], book) == [one, undone]
    assert (anchor.RESTORING, anchor.RESTORED, anchor.UNDONE) == ("restoring", "restored", "restoring undone")


def test_the_book_misses_marks_that_were_cut_off(book: Book) -> None:
    marks = [there(book, n) for n in (2, 4)]
    assert not anchor.was_cut(book, [])
    anchor.remember(book, replace(marks[0], length=1))
    assert [anchor.was_cut(book, found) for found in ([], marks)] == [True, False]
    anchor.remember(book, marks[0])
    anchor.remember(book, marks[1])
    assert book.ask("SELECT * FROM anchored") == [{"one": 1, "length": 4}]
    assert [anchor.was_cut(book, found) for found in ([], marks[:1], marks, [there(book, 5)])] == [
        True,
        True,
        False,
        False,
    ]
    with book.transaction():
        book.post([Entry("book.mended", "x", "kebu", {})], AT)
    assert anchor.was_cut(book, marks[:1])
