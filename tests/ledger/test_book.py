"""The book's transaction: all or nothing, a part on its own, what is asked meanwhile; and what lies around its file."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from ledger import connection
from ledger.book import Book
from ledger.connection import LedgerError
from ledger.database import Database
from ledger.journal import Entry
from ledger.keys import SIGNING, new_key
from ledger.known import Question
from tests.ledger.posting import AT, opened, post, state


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(opened(tmp_path)) as made:
        yield made


class GivenUp(Exception):
    """Something went wrong."""


@contextmanager
def given_up(part: AbstractContextManager[object]) -> Iterator[None]:
    """*part* fails at its end."""
    try:
        with part:
            yield
            raise GivenUp
    except GivenUp:
        return


def config(n: int) -> Entry:
    return Entry("config.changed", "config", "kebu", {"changes": {f"n{n}": [None, n]}})


def names(book: Book) -> list[str]:
    return [line["name"] for line in book.ask("SELECT name FROM s_config ORDER BY name")]


def marked(book: Book, seq: int) -> None:
    book.beside("page_mark", "INSERT OR REPLACE INTO page_mark VALUES (1, ?)", seq)


def test_entries_are_posted_inside_a_transaction_alone(book: Book) -> None:
    with pytest.raises(RuntimeError, match="entries are posted inside a transaction"):
        book.post([config(1)], AT)
    with book.transaction():
        book.post([config(1)], AT)
    with pytest.raises(RuntimeError):
        book.post([config(2)], AT)
    assert names(book) == ["n1"]


def test_a_transaction_that_fails_leaves_nothing_and_the_next_goes_on(book: Book) -> None:
    post(book, config(1))
    with given_up(book.transaction()):
        assert book.writing
        book.post([config(2)], AT)
        assert names(book) == ["n1", "n2"], "whoever asks meanwhile is told of what was posted"
        book.post([config(3)], AT)
        marked(book, 1)
    assert (book.writing, names(book), book.one("SELECT seq FROM page_mark")) == (False, ["n1"], None)
    with book.transaction():
        book.post([config(4)], AT)
    assert names(book) == ["n1", "n4"]
    assert book.first_break() is None


def test_what_is_written_beside_goes_with_the_entries(book: Book) -> None:
    with book.transaction():
        marked(book, 7)
        assert book.sent("SELECT seq FROM page_mark") == [], "nobody asked yet"
        assert book.one("SELECT seq FROM page_mark") == 7
        marked(book, 8)
        book.post([config(1)], AT)
    assert (book.one("SELECT seq FROM page_mark"), book.length()) == (8, 2)


def test_a_part_that_fails_takes_back_itself_alone(book: Book) -> None:
    with book.transaction():
        book.post([config(1)], AT)
        with given_up(book.transaction()):
            book.post([config(2), config(3)], AT)
        with book.transaction():
            book.post([config(4)], AT)
            with given_up(book.transaction()):
                book.post([config(5)], AT)
            book.post([config(6)], AT)
        assert book.writing
        book.post([config(7)], AT)
    assert names(book) == ["n1", "n4", "n6", "n7"]
    assert book.first_break() is None


@pytest.mark.parametrize("asked", ["first", "inside", "both", "twice"])
def test_a_part_that_fails_after_it_was_asked_is_taken_back_from_the_database(book: Book, asked: str) -> None:
    with book.transaction():
        book.post([config(1)], AT)
        if asked in ("first", "both"):
            assert names(book) == ["n1"]
        book.post([config(2)], AT)
        with given_up(book.transaction()):
            book.post([config(3)], AT)
            if asked != "first":
                assert names(book) == ["n1", "n2", "n3"]
            with book.transaction():
                book.post([config(4)], AT)
                if asked == "twice":
                    assert names(book) == ["n1", "n2", "n3", "n4"]
            book.post([config(5)], AT)
        book.post([config(6)], AT)
        assert names(book) == ["n1", "n2", "n6"]
    assert names(book) == ["n1", "n2", "n6"]
    assert state(book)["s_config"][-1]["name"] == "n6"
    assert book.first_break() is None


def test_a_part_that_was_asked_and_holds_stays_and_so_does_what_follows(book: Book) -> None:
    with book.transaction():
        book.post([config(1)], AT)
        with book.transaction():
            book.post([config(2)], AT)
            assert names(book) == ["n1", "n2"]
            with given_up(book.transaction()):
                book.post([config(3)], AT)
                assert names(book) == ["n1", "n2", "n3"]
            assert names(book) == ["n1", "n2"]
            book.post([config(4)], AT)
        book.post([config(5)], AT)
    assert names(book) == ["n1", "n2", "n4", "n5"]
    with closing(sqlite3.connect(book.path)) as other:
        assert other.execute("SELECT COUNT(*) FROM s_config").fetchone() == (4,)


def test_an_error_of_the_database_itself_ends_the_transaction_with_its_own_words(book: Book) -> None:
    def broken() -> None:
        with book.transaction():
            book.post([config(1)], AT)
            book.db.execute("INSERT OR ROLLBACK INTO page_mark VALUES (2, 1)")

    with pytest.raises(sqlite3.IntegrityError):
        broken()
    assert (book.writing, book.length()) == (False, 0)
    post(book, config(2))
    assert names(book) == ["n2"]


# -- counting


NEWEST = "SELECT MAX(CAST(substr(name, 2) AS INTEGER)) FROM s_config"


def test_numbers_go_on_from_the_newest_and_are_asked_once(book: Book) -> None:
    with book.transaction():
        assert [book.counter("n", NEWEST) for _ in range(3)] == [1, 2, 3]
        assert book.counter("m", NEWEST) == 1
    post(book, config(7))
    with book.transaction():
        assert book.counter("n", NEWEST) == 8
        book.give_back("n")
        assert [book.counter("n", "SELECT 100") for _ in range(2)] == [8, 9]
        with given_up(book.transaction()):
            assert book.counter("n", NEWEST) == 10
        assert book.counter("n", NEWEST) == 8, "what failed used up no number"
    with given_up(book.transaction()):
        assert book.counter("n", NEWEST) == 8
    assert book.counter("n", NEWEST) == 8


# -- asked


def test_questions_are_answered_by_name_one_by_one_or_as_they_were_sent(book: Book) -> None:
    post(book, config(1), config(2))
    asked = "SELECT name, value FROM s_config WHERE name <> ? ORDER BY name DESC"
    assert book.ask(asked, "x") == [{"name": "n2", "value": "2"}, {"name": "n1", "value": "1"}]
    assert (book.one(asked, "n2"), book.one(asked.replace("<>", "="), "x")) == ("n1", None)
    assert book.sent(asked, "n1") == [("n2", "2")]
    assert book.length() == 3
    assert book.head()[0] == 3


def answers(calls: list[str]) -> Question[str, int]:
    def ask(book: Book, keys: object) -> dict[str, int]:
        calls.append(str(keys))
        return {"n": len(names(book))}

    return Question(ask, 0)


def test_what_was_known_is_forgotten_with_what_is_taken_back_and_when_others_wrote(book: Book, tmp_path: Path) -> None:
    calls = list[str]()
    asked = answers(calls)
    before = book.others()
    assert [book.known(asked, "n") for _ in range(2)] == [0, 0]
    assert calls == ["['n']"]
    with given_up(book.transaction()):
        assert (book.known(asked, "n"), len(calls)) == (0, 2), "a transaction begins without what was known"
        with given_up(book.transaction()):
            book.post([config(1)], AT)
        assert (book.known(asked, "n"), len(calls)) == (0, 3)
    assert (book.known(asked, "n"), len(calls), book.others()) == (0, 4, before)
    with closing(Book(book.path)) as other:
        post(other, config(5))
    assert book.others() != before
    assert (book.known(asked, "n"), len(calls)) == (1, 5)


# -- the file


def test_a_new_book_is_made_with_its_folder_and_for_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "ledger.db"
    with closing(Book(path)) as book:
        post(book, config(1))
        assert (book.path, book.keys.folder) == (path, path.parent / "keys")
        if os.name != "nt":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert (book.branches.names, book.writing) == ((), False)
        assert book.writing is False
    with pytest.raises(sqlite3.ProgrammingError):
        book.length()
    with closing(Book(path)) as again:
        assert names(again) == ["n1"]


def test_a_book_is_written_so_that_what_is_committed_is_on_the_disk(book: Book) -> None:
    def pragma(name: str) -> object:
        return book.one(f"PRAGMA {name}")

    assert (pragma("foreign_keys"), pragma("recursive_triggers")) == (1, 1)
    wal = sqlite3.sqlite_version_info >= (3, 51, 3)
    assert (pragma("journal_mode"), pragma("synchronous")) == (("wal", 2) if wal else ("delete", 3))
    assert pragma("busy_timeout") == 30_000


@pytest.mark.parametrize(("syncs", "level"), [(True, 3), (False, 2)])
def test_an_older_sqlite_writes_without_a_log_and_syncs_the_folder_where_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, syncs: bool, level: int
) -> None:
    asked = list[Path]()

    def looked_at(folder: Path) -> bool:
        asked.append(folder)
        return syncs

    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    monkeypatch.setattr(connection, "syncs", looked_at)
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path)) as before:
        before.execute("PRAGMA journal_mode = WAL")
    with closing(connection.opened(path)) as made:
        found = [
            made.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["delete", level, 1]
    assert asked == [tmp_path]


def test_a_newer_sqlite_writes_with_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    with closing(connection.opened(tmp_path / "ledger.db")) as made:
        found = [
            made.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]


def test_a_ledger_that_another_program_holds_in_a_way_that_may_damage_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.db"
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    monkeypatch.setattr(connection, "_PATIENCE", 0.01)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE one (a)")
        other.execute("BEGIN")
        other.execute("SELECT * FROM one").fetchall()
        with pytest.raises(LedgerError) as told:
            connection.opened(path)
    assert str(told.value) == (
        f"账本正被另一个程序以 WAL 方式打开（例如 Litestream），而这里的 SQLite {sqlite3.sqlite_version} 的 WAL 可能损坏账本："
        "请停掉那个程序，或换用带 SQLite 3.51.3 以上的 Python"
    )
    assert isinstance(told.value.__cause__, sqlite3.OperationalError)


def test_a_file_that_is_no_database_is_refused_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"no database at all, by far" * 100)
    with pytest.raises(LedgerError, match="not a database"):
        Book(tmp_path / "ledger.db")


# -- secrets


def test_approval_sheets_are_signed_by_keys_that_are_kept_beside_the_book(book: Book) -> None:
    (first,) = book.signing_secrets()
    (key,) = book.keys.keys(SIGNING)
    assert (key.secret, key.since) == (first, "")
    newer = book.keys.add(SIGNING, new_key("later"))
    assert book.signing_secrets() == [first, newer.secret]


def test_the_key_that_older_versions_kept_in_the_ledger_leaves_it_without_a_trace(book: Book) -> None:
    assert book.move_secrets_out() is False
    secret = "ab" * 32
    book.db.execute("INSERT INTO secrets VALUES ('signing', ?), ('other', 'x')", (secret,))
    newer = book.signing_secrets()[0]
    assert secret.encode() in book.path.read_bytes() + _logged(book)
    assert book.move_secrets_out() is True
    assert book.signing_secrets() == [secret, newer], "what it signed is proved on"
    assert book.keys.keys(SIGNING)[0].since == ""
    assert book.ask("SELECT * FROM secrets") == []
    assert secret.encode() not in book.path.read_bytes() + _logged(book)
    assert book.move_secrets_out() is False


def _logged(book: Book) -> bytes:
    log = Path(f"{book.path}-wal")
    return log.read_bytes() if log.exists() else b""


# -- one transaction within another, without a book


def test_a_database_takes_back_what_failed_inside(tmp_path: Path) -> None:
    db = Database.in_memory()
    db.execute("CREATE TABLE one (a)")
    with db.atomic() as same:
        assert same is db
        db.execute("INSERT INTO one VALUES (1)")
        for n in (2, 3):
            with given_up(db.atomic()):
                db.execute("INSERT INTO one VALUES (?)", (n,))
        with db.atomic(), db.atomic():
            db.execute("INSERT INTO one VALUES (:a)", {"a": 4})
        assert db.conn.in_transaction
    assert not db.conn.in_transaction
    with given_up(db.atomic()):
        db.execute("INSERT INTO one VALUES (5)")
    assert list(db.query("SELECT a, a + 1 AS b FROM one WHERE a < ?", (9,))) == [{"a": 1, "b": 2}, {"a": 4, "b": 5}]
    with given_up(db.atomic()):
        db.execute("ROLLBACK")
    assert db.table_names() == ["one"]
    db.execute("INSERT INTO one VALUES (9)")
    assert not db.conn.in_transaction, "whatever is not inside is written at once"
    db.execute("CREATE VIEW two AS SELECT 1")
    assert db.table_names() == ["one"]
