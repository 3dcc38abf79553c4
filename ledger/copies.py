"""Copies of the ledger looked at after they were written: a backup that cannot be read is none."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ledger import journal
from ledger.book import Book
from ledger.database import Database
from ledger.keys import CHAIN


def first_fault(book: Book, copy: Path) -> str | None:
    """The first thing in a *copy* of *book* that does not hold: its pages, its chain, or that it is a copy of this book."""
    keys = {key.id: key.raw for key in book.keys.keys(CHAIN)}
    try:
        with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            (pages,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if pages != "ok":
                return f"数据库文件有损坏：{pages}"
            there = Database(connection)
            return journal.first_break(there, keys) or contradiction(book, there)
    except sqlite3.DatabaseError as error:
        return f"打不开：{error}"


def contradiction(book: Book, copy: Database) -> str | None:
    """Where the journal of a *copy* is not the beginning of this book's, in words; None if it is."""
    length, head = journal.head(copy)
    if length and journal.hash_at(book.db, length) != head:
        return f"第 {length} 条记录与现在的账本不同：不是这本账本的备份"
    return None
