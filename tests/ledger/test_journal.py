"""The journal entry by entry: what a hash covers, which key it needs, and the words for each kind of tampering."""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ledger import journal
from ledger.book import Book
from ledger.chain import GENESIS, KEYED, link, seal
from ledger.database import Database
from ledger.journal import ERASED, Entry, Posted, canonical, said_now
from ledger.keys import CHAIN, KeyMissing, new_key
from tests.ledger.posting import AT, STAMP, decided, opened, post, row

FIELDS = ("2026-11-23T12:00:00+08:00", "row.received", "261123-0001", "张三", '{"a":"乙"}')


def test_a_hash_covers_everything_that_went_before_and_everything_that_is_said() -> None:
    text = (
        f'["{GENESIS}", 1, "2026-11-23T12:00:00+08:00", "row.received", "261123-0001", "张三", "{{\\"a\\":\\"乙\\"}}"]'
    )
    assert GENESIS == "0" * 64
    assert link(None, GENESIS, 1, *FIELDS) == hashlib.sha256(text.encode()).hexdigest()
    assert link(b"k", GENESIS, 1, *FIELDS) == hmac.new(b"k", text.encode(), "sha256").hexdigest()
    others = [link(b"k", "1" * 64, 1, *FIELDS), link(b"k", GENESIS, 2, *FIELDS), link(b"l", GENESIS, 1, *FIELDS)]
    for n in range(len(FIELDS)):
        fields: list[Any] = [*FIELDS]
        fields[n] = "x"
        others.append(link(b"k", GENESIS, 1, *fields))
    assert len({link(b"k", GENESIS, 1, *FIELDS), *others}) == 9


def test_a_seal_names_the_key_and_what_it_seals() -> None:
    assert seal("k1", "hh", 7) == {"key": "k1", "head": "hh", "length": 7}


# -- written and read again


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(opened(tmp_path)) as made:
        yield made


@pytest.fixture
def db() -> Iterator[Database]:
    """A journal without triggers: what is posted here is what stands there."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        columns = (
            "seq INTEGER PRIMARY KEY, at TEXT, kind TEXT, subject TEXT, actor TEXT, payload TEXT, hash TEXT UNIQUE"
        )
        connection.execute(f"CREATE TABLE entries ({columns})")
        yield Database(connection)


def noted(n: int, **given: Any) -> Entry:
    return Entry("person.noted", f"s{n}", "张三", {"n": n, **given})


def keyed(key: str) -> Entry:
    return Entry(KEYED, "chain", "kebu", seal(key, "x", 0))


LATER = datetime.fromisoformat("2026-11-24T08:00:00+08:00")


def test_entries_follow_on_each_with_its_time_and_the_hash_of_all_before(db: Database) -> None:
    assert journal.head(db) == (0, GENESIS)
    one, two = journal.append(db.conn, [(noted(1, z="乙", a=1), AT), (noted(2), LATER)], b"k")
    assert one == Posted(1, STAMP, noted(1, z="乙", a=1), one.hash, '{"a":1,"n":1,"z":"乙"}')
    assert one.hash == link(b"k", GENESIS, 1, STAMP, "person.noted", "s1", "张三", one.payload)
    assert two.hash == link(b"k", one.hash, 2, LATER.isoformat(), "person.noted", "s2", "张三", '{"n":2}')
    (three,) = journal.append(db.conn, [(noted(3), AT)], None)
    assert three.hash == link(None, two.hash, 3, STAMP, "person.noted", "s3", "张三", '{"n":3}')
    assert journal.head(db) == journal.head(db.conn) == (3, three.hash)
    assert list(journal.read(db)) == [one, two, three]
    assert journal.append(db.conn, [], None) == []


def test_the_journal_is_read_as_a_whole_from_behind_an_entry_or_about_a_subject(db: Database) -> None:
    made = journal.append(db.conn, [(Entry("k", subject, "a", {}), AT) for subject in "xyxyx"], None)
    assert list(journal.read(db, after=3)) == made[3:]
    assert list(journal.read(db, subject="x")) == made[::2]
    assert list(journal.read(db, subject="y", after=2)) == [made[3]]
    assert [journal.hash_at(db, n) for n in (0, 1, 5, 6)] == [None, made[0].hash, made[4].hash, None]


def test_the_key_in_force_is_the_one_that_was_named_last_up_to_there(db: Database) -> None:
    assert (journal.key_in_force(db), journal.keyed_at(db)) == (None, 0)
    entries = [noted(1), keyed("k1"), noted(3), keyed("k2"), noted(5)]
    journal.append(db.conn, [(each, AT) for each in entries], None)
    assert [journal.key_in_force(db, up_to=n) for n in range(6)] == [None, None, "k1", "k1", "k2", "k2"]
    assert (journal.key_in_force(db), journal.keyed_at(db)) == ("k2", 4)


# -- where the chain does not hold


def told(db: Database, keys: dict[str, bytes] | None = None, after: int = 0) -> str | None:
    return journal.first_break(db, {"k1": b"one", "k2": b"two"} if keys is None else keys, after)


@pytest.fixture
def chained(db: Database) -> Database:
    """Two bare entries, then two under one key and two under the next."""
    journal.append(db.conn, [(noted(1), AT), (noted(2), AT)], None)
    journal.append(db.conn, [(keyed("k1"), AT), (noted(4), AT)], b"one")
    journal.append(db.conn, [(keyed("k2"), AT), (noted(6), AT)], b"two")
    return db


def test_a_chain_that_was_left_alone_holds_from_everywhere(chained: Database) -> None:
    assert [told(chained, after=n) for n in range(8)] == [None] * 8


@pytest.mark.parametrize("seq", range(1, 7))
@pytest.mark.parametrize("column", ["at", "subject", "actor", "hash"])
def test_an_entry_that_was_changed_is_named(chained: Database, seq: int, column: str) -> None:
    chained.execute(f"UPDATE entries SET {column} = 'x' WHERE seq = ?", (seq,))
    kind = KEYED if seq in (3, 5) else "person.noted"
    assert told(chained) == f"journal entry {seq} ({kind}) was changed: its hash does not fit the chain"
    if column == "hash":
        proved = f"journal entry {seq + 1} ({KEYED if seq in (2, 4) else 'person.noted'}) was changed: its hash does not fit the chain"
        assert told(chained, after=seq) == (proved if seq < 6 else None), "what stands before was proved"
    else:
        assert told(chained, after=seq) is None


def test_an_entry_that_is_missing_is_named(chained: Database) -> None:
    chained.execute("DELETE FROM entries WHERE seq IN (2, 4)")
    assert told(chained) == "journal entry 2 is missing"
    assert told(chained, after=3) == "journal entry 4 is missing"
    chained.execute("DELETE FROM entries WHERE seq = 1")
    assert told(chained) == "journal entry 1 is missing"


def test_a_key_that_is_missing_is_named_with_the_entry_that_needs_it(chained: Database) -> None:
    words = "journal entry {} and those after it need the key {}, which is not in keys/"
    assert told(chained, {"k2": b"two"}) == words.format(3, "k1")
    assert told(chained, {"k1": b"one"}) == words.format(5, "k2")
    assert told(chained, {"k2": b"two"}, after=4) is None
    assert told(chained, {"k1": b"one", "k2": b"other"}) == (
        "journal entry 5 (chain.keyed) was changed: its hash does not fit the chain"
    )


def test_a_chain_that_needs_no_key_is_believed_only_where_there_is_none(db: Database) -> None:
    assert told(db) is None
    journal.append(db.conn, [(noted(1), AT)], None)
    assert told(db, {}) is None
    unkeyed = "the chain is not keyed, although keys/ holds its key: it was made anew, or is an older book"
    assert told(db) == unkeyed
    assert told(db, after=1) == unkeyed


def erased(*entries: tuple[int, str]) -> Entry:
    return Entry(ERASED, "book", "kebu", {"entries": [list(each) for each in entries], "originals": []})


def test_words_taken_out_of_an_entry_are_vouched_for_by_a_later_one(chained: Database) -> None:
    line = (4, STAMP, "person.noted", "s4", "张三", '{"n":"〔已删除〕"}')
    assert said_now(line) == hashlib.sha256(json.dumps(list(line), ensure_ascii=False).encode()).hexdigest()
    journal.append(
        chained.conn, [(erased((4, "older"), (2, "b")), AT), (erased((4, said_now(line)), (9, "no")), AT)], b"two"
    )
    assert journal.erased_entries(chained) == {4: said_now(line), 2: "b"}, "an entry names only those before it"
    chained.execute("UPDATE entries SET payload = ? WHERE seq = 4", (line[-1],))
    other = "journal entry {} (person.noted) was changed: it does not say what was left of it when it was erased"
    assert told(chained) == other.format(2)
    chained.execute("UPDATE entries SET payload = 'x' WHERE seq = 4")
    assert told(chained, after=2) == other.format(4)
    chained.execute("UPDATE entries SET payload = ?, hash = 'x' WHERE seq = 4", (line[-1],))
    assert told(chained, after=3) == "journal entry 5 (chain.keyed) was changed: its hash does not fit the chain"


def test_a_book_whose_entry_was_erased_holds(chained: Database) -> None:
    line = (4, STAMP, "person.noted", "s4", "张三", '{"n":"〔已删除〕"}')
    journal.append(chained.conn, [(erased((4, said_now(line))), AT)], b"two")
    chained.execute("UPDATE entries SET payload = ? WHERE seq = 4", (line[-1],))
    assert [told(chained, after=n) for n in range(8)] == [None] * 8


# -- about a row


def test_everything_about_a_row_is_told_in_order(book: Book) -> None:
    one, two = "261123-0001", "261123-0002"
    post(
        book,
        row(one, "销售日报"),
        row(two, "销售日报"),
        decided(one),
        Entry("row.superseded", two, "张三", {"by": one}),
    )
    found = list(journal.about(book.db, one))
    assert [(each.seq, each.entry.kind, each.entry.subject) for each in found] == [
        (2, "row.received", one), (4, "decision.made", one), (5, "row.superseded", two),
    ]  # fmt: skip
    assert found == [each for each in journal.read(book.db) if each.seq in (2, 4, 5)]
    assert list(journal.about(book.db, "261123-0003")) == []


# -- the book's own chain


def test_the_first_posting_keys_the_chain_and_seals_what_stood_before(book: Book) -> None:
    assert (book.is_keyed(), book.length(), book.head(), book.first_break()) == (False, 0, (0, GENESIS), None)
    post(book, row("261123-0001", "销售日报"))
    (key,) = book.keys.keys(CHAIN)
    assert key.since == STAMP
    first = next(journal.read(book.db))
    assert first.entry == Entry(KEYED, "chain", "kebu", {"key": key.id, "head": GENESIS, "length": 0})
    assert (first.seq, first.at) == (1, STAMP)
    assert (book.is_keyed(), book.length(), book.first_break()) == (True, 2, None)
    _seq, before = book.head()
    with book.transaction():
        book.post([row("261123-0002", "销售日报")], AT)
        new = book.keys.add(CHAIN, new_key(LATER.isoformat()))
        book.rekey(new, LATER)
        book.post([row("261123-0003", "销售日报")], AT)
    *_, third, fourth, fifth = journal.read(book.db)
    assert fourth.entry == Entry(KEYED, "chain", "kebu", {"key": new.id, "head": third.hash, "length": 3})
    assert (fourth.at, third.hash != before) == (LATER.isoformat(), True)
    assert fifth.hash == link(new.raw, fourth.hash, 5, STAMP, "row.received", "261123-0003", "张三", fifth.payload)
    assert book.first_break() is None
    assert journal.first_break(book.db, {key.id: key.raw}) is not None


def test_without_its_key_the_book_is_not_continued(book: Book) -> None:
    post(book, row("261123-0001", "销售日报"))
    (key,) = book.keys.keys(CHAIN)
    (book.keys.folder / "chain.json").unlink()
    post(book, row("261123-0002", "销售日报"))  # a book that is open has it in memory
    with closing(Book(book.path)) as again:
        with pytest.raises(KeyMissing, match=f"the key {key.id} is missing from .*chain.json"):
            post(again, row("261123-0003", "销售日报"))
        assert again.length() == 3
        assert f"need the key {key.id}" in str(again.first_break())


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE entries SET actor = 'x' WHERE seq = 1", "the journal is append-only"),
        ("DELETE FROM entries WHERE seq = 2", "the journal is append-only"),
        ("INSERT OR REPLACE INTO entries SELECT seq, at, kind, subject, 'x', payload, hash FROM entries WHERE seq = 2", "append-only|no gaps"),
        ("INSERT INTO entries SELECT seq + 2, at, kind, subject, actor, payload, 'h' FROM entries WHERE seq = 2", "the journal has no gaps"),
    ],
)  # fmt: skip
def test_the_database_itself_keeps_the_journal(book: Book, sql: str, words: str) -> None:
    post(book, row("261123-0001", "销售日报"))
    with pytest.raises(sqlite3.IntegrityError, match=words):
        book.db.execute(sql)
    assert book.first_break() is None


@pytest.mark.parametrize(
    "payload", [{"b": 1, "a": [1.5, None, True, {"z": "中", "": "\u2028"}]}, [], "é", 10**20, None]
)
def test_particulars_are_written_in_one_way(payload: Any) -> None:
    assert canonical(payload) == json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_the_writer_that_is_kept_ready_is_jsons_own(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"b": "乙", "a": [1, None, {"d": 1.5, "c": True}]}
    text = '{"a":[1,null,{"c":true,"d":1.5}],"b":"乙"}'
    writer = getattr(journal, "_writer")  # noqa: B009
    assert (writer()(given), writer()(["a"]), writer()("a")) == (text, '["a"]', '"a"')
    for wrong in ({"a": object()}, {(1, 2): "a"}):
        with pytest.raises(TypeError, match=r"not JSON serializable|keys must be str"):
            writer()(wrong)
    monkeypatch.setattr(json.encoder, "c_make_encoder", None)
    assert (writer()(given), writer()(["a"]), writer()("a")) == (text, '["a"]', '"a"')
    with pytest.raises(TypeError):
        writer()({"a": object()})
