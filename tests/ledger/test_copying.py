"""A ledger that has grown large is copied as a file, by the system: whole, while others work, and without letting go of a lock."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from disk.copying import copied
from ledger import connection
from ledger.book import Book
from ledger.journal import Entry
from ledger.replay import first_difference

AT = datetime(2026, 11, 23, 18, tzinfo=UTC)


@pytest.fixture(params=["DELETE", "WAL"])
def book(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    """A book, in either way of writing, that is large enough."""
    monkeypatch.setattr(connection, "LARGE", 0)
    monkeypatch.setattr(connection, "_WAL_SAFE", (3, 0) if request.param == "WAL" else (99, 0))
    with closing(Book(tmp_path / "ledger.db")) as made:
        assert made.one("PRAGMA journal_mode") == request.param.lower()
        post(made, 5)
        yield made


def post(book: Book, n: int) -> None:
    for _each in range(n):
        with book.transaction():
            book.post(
                [Entry("config.changed", "config", "kebu", {"changes": {"company.name": ["", "宏远" * 900]}})], AT
            )


@pytest.fixture
def by_the_system(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """How each copying by the system went."""
    went = list[bool]()

    def noted(source: Path, target: Path) -> bool:
        went.append(copied(source, target))
        return went[-1]

    monkeypatch.setattr(connection, "copied", noted)
    return went


def holds(copy: Path) -> int:
    """How many entries a copy has, which is proved; it lies beside its keys."""
    with closing(Book(copy)) as there:
        assert there.first_break() is None
        assert first_difference(there) is None
        return there.length()


def test_what_was_just_written_is_in_the_copy_and_nobody_else_may_read_it(
    book: Book, by_the_system: list[bool]
) -> None:
    target = book.path.with_name("copy.db")
    target.write_bytes(b"left by a copying that was cut short" * 9999)
    target.chmod(0o600)
    book.copy_to(target)
    assert by_the_system == [True]
    assert holds(target) == book.length()
    assert target.stat().st_mode & 0o777 == 0o600


def test_copies_made_while_others_post_are_whole(book: Book, by_the_system: list[bool]) -> None:
    def copying() -> None:
        with closing(Book(book.path)) as beside:
            for n in range(3):
                beside.copy_to(book.path.with_name(f"copy{n}.db"))

    thread = threading.Thread(target=copying)
    thread.start()
    while thread.is_alive():
        post(book, 1)
        thread.join(0.02)
    assert True in by_the_system
    lengths = [holds(book.path.with_name(f"copy{n}.db")) for n in range(3)]
    assert lengths == sorted(lengths)
    assert first_difference(book) is None


def test_a_file_that_the_system_cannot_copy_is_copied_by_the_database(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(source: Path, target: Path) -> bool:
        target.write_bytes(source.read_bytes()[:5000])
        return False

    monkeypatch.setattr(connection, "copied", torn)
    target = book.path.with_name("copy.db")
    book.copy_to(target)
    assert holds(target) == book.length()


def test_a_copying_that_fails_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "source").write_bytes(b"x")
    assert not copied(tmp_path / "source", tmp_path / "nowhere" / "target")
    assert not copied(tmp_path / "missing", tmp_path / "source")
    assert "was not copied by the system" in caplog.text


_WRITES = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('DELETE FROM due')"


def test_whoever_reads_in_this_process_is_still_protected_after_a_copying(
    book: Book, by_the_system: list[bool]
) -> None:
    """Closing the ledger's file here would let go of the locks of everybody in this process."""
    book.copy_to(book.path.with_name("copy.db"))
    assert by_the_system == [True]
    with closing(sqlite3.connect(book.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        book.copy_to(book.path.with_name("second.db"))
        tried = subprocess.run([sys.executable, "-c", _WRITES, book.path], capture_output=True, text=True)
    assert "locked" in tried.stderr
