"""What finds things, by itself: every entry comes by here, so it is asked of nothing but its own tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from ledger import state_pictures
from ledger.journal import Entry, Posted, canonical
from ledger.state_find import found_by
from ledger.state_write import Writes


@contextmanager
def new() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        made.execute("CREATE TABLE s_name_pairs (pair, name_key, PRIMARY KEY (pair, name_key))")
        made.execute("CREATE TABLE s_mentions (receipt_no, seq, PRIMARY KEY (receipt_no, seq))")
        made.execute("CREATE TABLE s_photos (id INTEGER PRIMARY KEY, sha256, told, embedded)")
        made.execute("CREATE TABLE s_row_photos (sha256, receipt_no, PRIMARY KEY (sha256, receipt_no))")
        made.execute("CREATE TABLE s_unnamed (photo_id INTEGER PRIMARY KEY)")
        yield made


def found(db: sqlite3.Connection, *entries: Entry) -> tuple[list[Any], list[Any]]:
    """The pairs and the mentions that *entries* leave."""
    writes = Writes(db)
    for seq, entry in enumerate(entries, 1):
        found_by(writes, Posted(seq, "", entry, "", canonical(entry.payload)))
    writes.send()
    return tuple(
        db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in ("s_name_pairs", "s_mentions")
    )  # type: ignore[return-value]


def added(name_key: str) -> Entry:
    return Entry("customer.added", "1", "张三", {"name_key": name_key})


NAMES: list[tuple[Entry, list[Any]]] = [
    (Entry("row.received", "1", "张三", {"form": "客户新增", "key": "甲乙丙"}), [("乙丙", "甲乙丙"), ("甲乙", "甲乙丙")]),
    (Entry("row.received", "1", "张三", {"form": "拜访记录", "key": "甲乙"}), []),
    (Entry("row.completed", "1", "张三", {"form": "客户新增", "key": "甲乙"}), []),
    (added("甲乙"), [("甲乙", "甲乙")]),
    (added("甲"), []),
    (Entry("customer.changed", "1", "张三", {"changes": {"name_key": "甲乙"}}), [("甲乙", "甲乙")]),
    (Entry("customer.changed", "1", "张三", {"changes": {"name": "甲乙"}}), []),
    (Entry("customer.changed", "1", "张三", {"changes": {"name_key": None}}), []),
    (Entry("customer.claimed", "1", "张三", {"name_key": "甲乙"}), []),
]  # fmt: skip


def test_a_name_is_found_by_its_pairs_from_when_it_came() -> None:
    for entry, pairs in NAMES:
        with new() as db:
            assert found(db, entry) == (pairs, []), entry
            assert found(db, entry, entry) == (pairs, []), entry


MENTIONS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("261123-0001", {}, ["261123-0001"]),
    ("1", {"a": ["261123-0002", {"b": "261123-12345"}], "c": "261123-0002"}, ["261123-0002", "261123-12345"]),
    ("261123-0001", {"a": "261123-0001"}, ["261123-0001"]),
    ("261123-001", {"a": "x261123-0001", "b": "261123-0001x", "c": "1261123-0001", "d": "26112-0001"}, []),
    ("1", {}, []),
]  # fmt: skip


def test_an_entry_is_found_by_the_rows_that_it_names() -> None:
    for subject, payload, numbers in MENTIONS:
        entry = Entry("k", subject, "张三", payload)
        with new() as db:
            assert found(db, entry) == ([], [(number, 1) for number in numbers])
            assert found(db, entry, entry)[1] == [(number, seq) for number in numbers for seq in (1, 2)]


def test_a_picture_is_unnamed_by_its_own_state_and_by_the_rows() -> None:
    with new() as db:
        db.executemany(
            "INSERT INTO s_photos VALUES (?, ?, ?, ?)",
            [(1, "a", 0, 0), (2, "a", 1, 0), (3, "a", 0, 1), (4, "b", 0, 0), (5, "c", 0, 0)],
        )

        def unnamed() -> list[int]:
            writes.send()
            return [photo_id for (photo_id,) in db.execute("SELECT photo_id FROM s_unnamed ORDER BY 1")]

        writes = Writes(db)
        for sha256 in "ab":
            state_pictures.settle(writes, sha256)
        assert unnamed() == [1, 4]
        state_pictures.named(writes, "r1", ["a", "x", "a"])
        state_pictures.named(writes, "r2", ["a"])
        assert unnamed() == [4]
        assert db.execute("SELECT * FROM s_row_photos ORDER BY 1, 2").fetchall() == [
            ("a", "r1"),
            ("a", "r2"),
            ("x", "r1"),
        ]
        state_pictures.named_no_more(writes, "r1")
        assert unnamed() == [4]
        state_pictures.named_no_more(writes, "r2")
        assert unnamed() == [1, 4]
        assert db.execute("SELECT * FROM s_row_photos").fetchall() == []
        assert state_pictures.picture("a") != state_pictures.picture("b")
