"""Copies of the book, how far it was proved, and what is found where somebody changed it: each kind with its words."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger import book_files, connection, copies, journal, proved, replay, schema
from ledger.book import Book
from ledger.database import Database
from ledger.journal import Entry
from ledger.keys import CHAIN, new_key
from ledger.proved import FileState, ProvedPoint
from tests.ledger.posting import AT, STAMP, customer, opened, post


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(opened(tmp_path)) as made:
        post(made, *map(config, range(1, 4)))
        yield made


def config(n: int) -> Entry:
    return Entry("config.changed", "config", "kebu", {"changes": {f"n{n}": [None, n]}})


def forged(path: Path, *statements: str) -> None:
    """What somebody writes who does not care for triggers."""
    with closing(sqlite3.connect(path)) as db, db:
        for name in ("entries_never_change", "entries_never_go", "entries_follow_on"):
            db.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in statements:
            db.execute(statement)


# -- the state against the journal


def test_the_state_is_what_the_journal_gives(book: Book) -> None:
    assert replay.first_difference(book) is None
    fresh = replay.replayed(book.db)
    assert list(fresh.query("SELECT * FROM s_config")) == book.ask("SELECT * FROM s_config")
    assert fresh.execute("SELECT COUNT(*) FROM entries").fetchone() == (0,)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE s_config SET value = 9 WHERE name = 'n2'", f"s_config: state differs from the journal, first at ('n2', '2', '{STAMP}')"),
        ("DELETE FROM s_config WHERE name = 'n3'", f"s_config: state differs from the journal, first at ('n3', '3', '{STAMP}')"),
        ("INSERT INTO s_members VALUES (1, '张三')", "s_members: state differs from the journal, first at (1, '张三')"),
        ("INSERT INTO s_former_names VALUES (1, 'a', 'b', 'c')", "s_former_names: state differs from the journal, first at (1, 'a', 'b', 'c')"),
    ],
)  # fmt: skip
def test_a_state_that_was_changed_is_told_with_the_first_row_that_differs(book: Book, sql: str, words: str) -> None:
    book.db.execute(sql)
    assert replay.first_difference(book) == replay.drifted(book.db) == words


def test_a_row_that_stands_twice_is_told(book: Book) -> None:
    changes = {"name": "乙", "name_key": "乙"}
    post(book, customer(1), Entry("customer.changed", "1", "李四", {"changes": changes, "receipt_no": "r"}))
    book.db.execute("INSERT INTO s_former_names SELECT * FROM s_former_names")
    assert replay.first_difference(book) == "s_former_names: state differs from the journal, first at repeated rows"


@pytest.mark.parametrize("count", [499, 500, 501, 1_000])
def test_long_journals_are_replayed_to_the_last_entry(count: int) -> None:
    db = Database.in_memory()
    schema.prepare(db)
    journal.append(db.conn, [(config(n), AT) for n in range(count)], b"k")
    assert replay.replayed(db).execute("SELECT COUNT(*) FROM s_config").fetchone() == (count,)


# -- proved up to a point


SEEN = {"b.xlsx": FileState(1, 2, 3, 4), "a.xlsx": FileState(5, 6, 7, 8)}


def prove(book: Book, at: str = "2026-11-23T20:00:00+08:00") -> ProvedPoint:
    with proved.snapshot(book) as now:
        proved.record(book, now, at, SEEN)
    found = proved.standing_point(book)
    assert found is not None
    return found


def verdict(book: Book) -> tuple[ProvedPoint | None, str | None, str | None]:
    """The point, where the chain breaks, where the state differs: as ``verify`` asks it."""
    point = proved.standing_point(book)
    with proved.snapshot(book) as now:
        return point, proved.first_break(book, now, point), proved.first_difference(book, now, point)


def test_a_book_is_proved_up_to_a_point_and_goes_on_from_there(book: Book) -> None:
    assert proved.standing_point(book) is None
    assert verdict(book) == (None, None, None)
    point = prove(book)
    folder = book.path.parent / "proved"
    length, head = book.head()
    copied = hashlib.sha256((folder / "ledger.db").read_bytes()).hexdigest()
    assert point == ProvedPoint("2026-11-23T20:00:00+08:00", length, head, point.made_by, copied)
    sources = sorted(Path(proved.__file__).parent.glob("*.py"))
    assert point.made_by == hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    assert proved.seen_then(book) == SEEN
    assert sorted(each.name for each in folder.iterdir()) == ["ledger.db", "point.json"]
    if os.name != "nt":
        assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    post(book, config(4), config(2))
    assert verdict(book) == (point, None, None)
    again = prove(book, "later")
    assert (again.at, again.length) == ("later", length + 2)
    assert sorted(each.name for each in folder.iterdir()) == ["ledger.db", "point.json"]


def test_a_snapshot_is_the_book_as_it_stood(book: Book) -> None:
    with proved.snapshot(book) as now:
        post(book, config(9))
        assert now.execute("SELECT COUNT(*) FROM entries").fetchone() == (4,)
        assert now.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        (file,) = (book.path.parent / "proved").iterdir()
        assert (file.name, stat.S_IMODE(file.stat().st_mode) & 0o077) == ("now.db", 0)
    assert list((book.path.parent / "proved").iterdir()) == []


def test_an_empty_book_has_no_point(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as empty:
        with proved.snapshot(empty) as now:
            proved.record(empty, now, "t", {})
        assert proved.standing_point(empty) is None


OLD, NEW = "UPDATE entries SET actor = 'x' WHERE seq = 2", "UPDATE entries SET actor = 'x' WHERE seq = 5"


@pytest.mark.parametrize(
    ("sql", "chain", "differs"),
    [
        (OLD, "journal entry 2 is not as it was proved on 2026-11-23T20:00:00+08:00", None),
        ("UPDATE entries SET hash = 'x' WHERE seq = 4", "journal entry 4 is not as it was proved on 2026-11-23T20:00:00+08:00", None),
        ("DELETE FROM entries WHERE seq = 1", "journal entry 1 is not as it was proved on 2026-11-23T20:00:00+08:00", None),
        (NEW, "journal entry 5 (config.changed) was changed: its hash does not fit the chain", None),
        ("DELETE FROM s_config WHERE name = 'n1'", None, f"s_config: state differs from the journal, first at ('n1', '1', '{STAMP}')"),
        ("DELETE FROM s_config WHERE name = 'n4'", None, f"s_config: state differs from the journal, first at ('n4', '4', '{STAMP}')"),
        ("INSERT INTO s_config VALUES ('n0', 'x', 'y')", None, "s_config: state differs from the journal, first at ('n0', 'x', 'y')"),
    ],
)  # fmt: skip
def test_what_was_changed_since_is_found_whether_it_was_proved_or_not(
    book: Book, sql: str, chain: str | None, differs: str | None
) -> None:
    point = prove(book)
    post(book, config(4), config(5))
    forged(book.path, sql)
    assert verdict(book) == (point, chain, differs)
    assert sorted(each.name for each in (book.path.parent / "proved").iterdir()) == ["ledger.db", "point.json"]


def test_a_row_that_stands_twice_since_is_found(book: Book) -> None:
    post(
        book,
        customer(1),
        Entry("customer.changed", "1", "李四", {"changes": {"name": "乙", "name_key": "乙"}, "receipt_no": "r"}),
    )
    prove(book)
    forged(book.path, "INSERT INTO s_former_names SELECT * FROM s_former_names")
    _point, chain, differs = verdict(book)
    assert chain is None
    assert differs == f"s_former_names: state differs from the journal, first at (1, '宏远1公司', '宏远1', '{STAMP}')"


def point_file(book: Book) -> Path:
    return book.path.parent / "proved" / "point.json"


@pytest.mark.parametrize("change", [
    {"length": 3}, {"at": "x"}, {"head": "x"}, {"made_by": "x"}, {"sha256": "x"}, {"mac": "x"}, {"mac": None}, {"more": 1},
])  # fmt: skip
def test_a_point_that_was_changed_counts_for_nothing(book: Book, change: dict[str, Any]) -> None:
    prove(book)
    said = json.loads(point_file(book).read_text())
    point_file(book).write_text(json.dumps({**said, **change}))
    assert proved.standing_point(book) is None
    point_file(book).write_text(json.dumps(said))
    assert proved.standing_point(book) is not None


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "no json"])
def test_a_point_that_says_nothing_is_none(book: Book, text: str) -> None:
    prove(book)
    point_file(book).write_text(text)
    assert proved.standing_point(book) is None


def test_a_copy_that_was_touched_or_is_gone_and_a_book_that_is_shorter_have_no_point(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = prove(book)
    copy = point_file(book).with_name("ledger.db")
    whole = copy.read_bytes()
    copy.write_bytes(whole + b"x")
    assert proved.standing_point(book) is None
    copy.write_bytes(whole)
    assert proved.standing_point(book) == point
    copy.unlink()
    assert proved.standing_point(book) is None
    copy.write_bytes(whole)
    with monkeypatch.context() as patched:
        patched.setattr(proved, "_made_by", lambda: "other code")
        assert proved.standing_point(book) is None
    forged(book.path, "DELETE FROM entries WHERE seq = 4")
    assert proved.standing_point(book) is None, "the book is shorter than it was"


def test_a_point_is_signed_with_one_of_the_keys(book: Book) -> None:
    point = prove(book)
    book.keys.add(CHAIN, new_key("later"))
    assert proved.standing_point(book) == point, "an older key still proves it"
    (book.keys.folder / "chain.json").unlink()
    assert proved.standing_point(book) is None


def test_a_point_is_forgotten_with_its_copy(book: Book) -> None:
    proved.forget(book)
    prove(book)
    proved.forget(book)
    assert list((book.path.parent / "proved").iterdir()) == []
    assert proved.standing_point(book) is None
    proved.forget(book)


# -- backups


def backup(book: Book, name: str = "backup.db") -> Path:
    target = book.path.parent / name
    book.copy_to(target)
    return target


def test_a_backup_is_a_copy_of_this_book_or_is_told_how_not(book: Book, tmp_path: Path) -> None:
    copy = backup(book)
    if os.name != "nt":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    post(book, config(4))
    assert copies.first_fault(book, copy) is None
    forged(copy, OLD)
    words = "journal entry 2 (config.changed) was changed: its hash does not fit the chain"
    assert copies.first_fault(book, copy) == words
    missing = tmp_path / "missing.db"
    assert copies.first_fault(book, missing) == "打不开：unable to open database file"
    missing.write_bytes(b"no database" * 1000)
    assert copies.first_fault(book, missing) == "打不开：file is not a database"
    assert not Path(f"{missing}-journal").exists()


def test_a_backup_of_another_book_is_told(book: Book, tmp_path: Path) -> None:
    with closing(opened(tmp_path / "other")) as other:
        post(other, config(1), config(2))
        other.keys.folder.rename(tmp_path / "aside")
        copy = backup(other)
    (tmp_path / "aside" / "chain.json").replace(book.keys.folder / "chain.json")
    assert copies.first_fault(book, copy) == "第 3 条记录与现在的账本不同：不是这本账本的备份"


def test_an_empty_backup_contradicts_nothing(book: Book) -> None:
    db = Database.in_memory()
    db.execute("CREATE TABLE entries (seq, hash)")
    assert copies.contradiction(book, db) is None


def test_damaged_pages_are_told(book: Book) -> None:
    copy = backup(book)
    with copy.open("r+b") as stream:
        stream.seek(4096 * 9)
        stream.write(b"\xff" * 4096 * 5)
    assert str(copies.first_fault(book, copy)).startswith("数据库文件有损坏：")


def test_a_newer_backup_is_looked_at_from_where_the_last_one_ended(book: Book) -> None:
    before = backup(book, "before.db")
    post(book, config(4))
    copy = backup(book)
    assert copies.first_new_fault(book, copy, before) is None
    forged(copy, OLD)
    assert copies.first_new_fault(book, copy, before) is None, "what the last one had was looked at then"
    forged(copy, NEW)
    assert copies.first_new_fault(book, copy, before) == (
        "journal entry 5 (config.changed) was changed: its hash does not fit the chain"
    )
    with copy.open("ab") as stream:
        stream.write(b"x")
    assert copies.first_new_fault(book, copy, before) == "数据库文件不完整"


@pytest.mark.parametrize("how", ["missing", "no database", "other", "empty"])
def test_where_the_last_backup_is_no_beginning_the_whole_is_looked_at(book: Book, how: str) -> None:
    before = backup(book, "before.db")
    copy = backup(book)
    if how == "missing":
        before.unlink()
    elif how == "no database":
        before.write_bytes(b"no database" * 1000)
    else:
        forged(before, "UPDATE entries SET hash = 'x' WHERE seq = 4" if how == "other" else "DELETE FROM entries")
    assert copies.first_new_fault(book, copy, before) is None
    forged(copy, OLD)
    words = "journal entry 2 (config.changed) was changed: its hash does not fit the chain"
    assert copies.first_new_fault(book, copy, before) == words
    copy.write_bytes(b"no database" * 1000)
    assert copies.first_new_fault(book, copy, before) == "打不开：file is not a database"


def test_a_newer_backup_of_another_book_is_told(book: Book) -> None:
    before = backup(book, "before.db")
    copy = backup(book)
    forged(book.path, "UPDATE entries SET hash = 'x' WHERE seq = 4")
    assert copies.first_new_fault(book, copy, before) == "第 4 条记录与现在的账本不同：不是这本账本的备份"


# -- files


@pytest.mark.parametrize("reading", [False, True])
def test_a_large_book_is_copied_as_a_file_where_its_connection_is_free(
    book: Book, monkeypatch: pytest.MonkeyPatch, reading: bool
) -> None:
    asked = list[tuple[Path, Path]]()

    def copied(source: Path, target: Path) -> bool:
        asked.append((source, target))
        target.write_bytes(source.read_bytes())
        return True

    monkeypatch.setattr(connection, "copied", copied)
    size = book.path.stat().st_size
    target = book.path.with_name("copy.db")
    book.copy_to(target)
    assert asked == [], "64 MiB are large"
    monkeypatch.setattr(connection, "LARGE", size + 1)
    book.copy_to(target)
    assert asked == [], "a small one is copied by the database"
    monkeypatch.setattr(connection, "LARGE", size)
    if reading:
        book.db.execute("BEGIN")
        book.length()
        book.copy_to(target)
        book.db.execute("ROLLBACK")
        assert asked == []
    else:
        book.copy_to(target)
        assert asked == [(book.path, target)]
    assert copies.first_fault(book, target) is None
    assert (book.one("PRAGMA busy_timeout"), book.db.conn.in_transaction) == (30_000, False)


def test_where_the_system_cannot_copy_the_database_does(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(source: Path, target: Path) -> bool:
        target.write_bytes(source.read_bytes()[:5000])
        return False

    monkeypatch.setattr(connection, "copied", half)
    monkeypatch.setattr(connection, "LARGE", 1)
    target = book.path.with_name("copy.db")
    book.copy_to(target)
    assert copies.first_fault(book, target) is None


@pytest.mark.parametrize("logged", [False, True])
def test_a_file_beside_which_a_log_holds_more_is_not_copied_as_a_file(
    book: Book, monkeypatch: pytest.MonkeyPatch, logged: bool
) -> None:
    asked = list[Path]()

    def not_copied(source: Path, _target: Path) -> bool:
        asked.append(source)
        return False

    monkeypatch.setattr(connection, "copied", not_copied)
    monkeypatch.setattr(connection, "LARGE", 1)
    book.db.execute("PRAGMA journal_mode = WAL")
    target = book.path.with_name("copy.db")
    with closing(sqlite3.connect(book.path)) as reader:
        if logged:  # whoever reads on keeps the log from being moved into the file
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM entries").fetchall()
        post(book, config(4))
        book.copy_to(target)
    assert asked == ([] if logged else [book.path])
    assert copies.first_fault(book, target) is None
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT COUNT(*) FROM entries").fetchone() == (5,)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def test_a_ledgers_files_go_together(tmp_path: Path) -> None:
    for part in ("", "-wal", "-journal", "-shm", "-other"):
        (tmp_path / f"a.db{part}").write_bytes(part.encode())
    book_files.discard(tmp_path / "a.db")
    assert files(tmp_path) == {"a.db-other": b"-other"}
    book_files.discard(tmp_path / "a.db")


def test_a_copy_of_a_ledger_is_opened_beside_it(book: Book, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    target = folder / "copy.db"
    for part in ("", "-wal", "-journal"):
        Path(f"{target}{part}").write_bytes(b"old")
    book.close()
    before = book.path.read_bytes()
    with closing(book_files.copy_of(book.path, target)) as copy:
        assert (copy.path, copy.length()) == (target, 4)
        if os.name != "nt":
            assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert book.path.read_bytes() == before
    (tmp_path / "empty.db").write_bytes(b"")
    with pytest.raises(sqlite3.OperationalError, match="no such table: entries"):
        book_files.copy_of(tmp_path / "empty.db", target)
    with pytest.raises(sqlite3.OperationalError, match="no such table: entries"):
        book_files.copy_of(tmp_path / "missing.db", target)


def test_what_is_logged_beside_a_ledger_is_copied_with_it(book: Book, tmp_path: Path) -> None:
    book.db.execute("PRAGMA journal_mode = WAL")
    with closing(sqlite3.connect(book.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM entries").fetchall()
        post(book, config(4))
        with closing(book_files.copy_of(book.path, tmp_path / "copy.db")) as copy:
            assert copy.length() == 5


def test_what_a_crash_left_beside_a_ledger_that_cannot_be_opened_goes_with_its_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    present, kept = tmp_path / "ledger.db", tmp_path / "aside" / "kept.db"
    kept.parent.mkdir()
    for part in ("", "-wal", "-journal", "-shm", "-other"):
        Path(f"{present}{part}").write_bytes(f"no ledger{part}".encode() * 100)
    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", _damaged)
        book_files.set_aside(present, kept)
    assert files(kept.parent) == {
        f"kept.db{part}": f"no ledger{part}".encode() * 100 for part in ("", "-journal", "-shm", "-wal")
    }
    assert len(files(tmp_path)) == 5
    if os.name != "nt":
        assert {stat.S_IMODE(path.stat().st_mode) for path in kept.parent.iterdir()} == {0o600}


def _damaged(_path: Path) -> sqlite3.Connection:
    raise sqlite3.DatabaseError("file is not a database")


def test_a_sound_ledger_is_set_aside_whole(book: Book, tmp_path: Path) -> None:
    book.close()
    kept = tmp_path / "kept.db"
    book_files.set_aside(book.path, kept)
    assert kept.read_bytes() == book.path.read_bytes()
    assert not Path(f"{kept}-wal").exists()


def test_a_ledger_put_in_the_place_of_another_leaves_nothing_of_it(tmp_path: Path) -> None:
    source, present = tmp_path / "new.db", tmp_path / "ledger.db"
    source.write_bytes(b"new")
    for part in ("", "-wal", "-journal", "-shm", "-other"):
        Path(f"{present}{part}").write_bytes(b"old")
    book_files.put_in_place(source, present)
    assert files(tmp_path) == {"ledger.db": b"new", "ledger.db-other": b"old"}
    source.write_bytes(b"newest")
    book_files.put_in_place(source, present)
    assert files(tmp_path) == {"ledger.db": b"newest", "ledger.db-other": b"old"}
