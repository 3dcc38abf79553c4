"""The state built anew from nothing but the journal, and held against what is kept: the journal is the truth."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from ledger import journal, schema, state
from ledger.book import Book
from ledger.database import Database
from ledger.journal import Posted
from ledger.state_write import Writes

_TOGETHER = 500  #: entries whose writes are gathered


def replayed(db: Database) -> Database:
    """A ledger in memory, built from the journal of *db*."""
    fresh = Database.in_memory()
    schema.prepare(fresh)
    apply_all(fresh.conn, journal.read(db))
    return fresh


def apply_all(connection: sqlite3.Connection, entries: Iterable[Posted]) -> None:
    """Bring the state in the database at *connection* up to date with *entries*."""
    writes = Writes(connection)
    for n, posted in enumerate(entries, start=1):
        state.apply(writes, posted)
        if n % _TOGETHER == 0:
            writes.send()
    writes.send()


def first_difference(book: Book) -> str | None:
    """Where the state differs from what the journal gives, in words; None when they agree."""
    return drifted(book.db)


def drifted(db: Database) -> str | None:
    """The same for a ledger's file that is not open as a book."""
    fresh = replayed(db)
    for table in schema.state_tables(db):
        kept = sorted(map(repr, db.execute(f"SELECT * FROM {table}")))
        derived = sorted(map(repr, fresh.execute(f"SELECT * FROM {table}")))
        if kept != derived:
            odd = sorted(set(kept) ^ set(derived))
            return f"{table}: state differs from the journal, first at {odd[0] if odd else 'repeated rows'}"
    return None
