"""Copies of the ledger looked at after they were written: a backup that cannot be read is none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ledger import journal
from ledger.book import Book
from ledger.database import Database
from ledger.keys import CHAIN


def first_fault(book: Book, copy: Path) -> str | None:
    """The first thing in a *copy* of *book* that does not hold: its pages, its chain, or that it is a copy of this book."""
    keys = {key.id: key.raw for key in book.keys.keys(CHAIN)}
    try:
        with _opened(copy) as there:
            (pages,) = there.execute("PRAGMA integrity_check(1)").fetchone()
            if pages != "ok":
                return f"数据库文件有损坏：{pages}"
            return journal.first_break(there, keys) or contradiction(book, there)
    except sqlite3.DatabaseError as error:
        return f"打不开：{error}"


def first_new_fault(book: Book, copy: Path, before: Path) -> str | None:
    """The same of what came behind an earlier copy that was looked at: as much work as there were entries since.

    What is read back of the pages just written comes out of memory: whether the disk kept them tells another day.
    Where *before* cannot be read, or is no beginning of this copy, the whole is looked at.
    """
    keys = {key.id: key.raw for key in book.keys.keys(CHAIN)}
    length, head = _head_of(before)
    try:
        with _opened(copy) as there:
            if not length or journal.hash_at(there, length) != head:
                return first_fault(book, copy)
            (pages,), (size,) = (there.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
            if copy.stat().st_size != pages * size:
                return "数据库文件不完整"
            return journal.first_break(there, keys, after=length) or contradiction(book, there)
    except sqlite3.DatabaseError as error:
        return f"打不开：{error}"


def _head_of(copy: Path) -> tuple[int, str]:
    try:
        with _opened(copy) as there:
            return journal.head(there)
    except sqlite3.DatabaseError:  # the older backup is the damaged one
        return 0, ""


@contextmanager
def _opened(copy: Path) -> Iterator[Database]:
    with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        yield Database(connection)


def contradiction(book: Book, copy: Database) -> str | None:
    """Where the journal of a *copy* is not the beginning of this book's, in words; None if it is."""
    length, head = journal.head(copy)
    if length and journal.hash_at(book.db, length) != head:
        return f"第 {length} 条记录与现在的账本不同：不是这本账本的备份"
    return None
