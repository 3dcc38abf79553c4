"""The ledger's file as our modules speak to it: statements, rows, one transaction within another.

Plain ``sqlite3``: opening a book must not cost the import of a library that the day does not use.
sqlite-utils comes in where a migration is due (:mod:`ledger.schema`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, TypeAlias

Values: TypeAlias = tuple[Any, ...] | dict[str, Any]

_SAVEPOINTS = count(1)


class Database:
    """One connection, in autocommit: whatever is not inside :meth:`atomic` is written at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take over *connection*, which must have been opened with ``isolation_level=None``."""
        self.conn = connection
        # INSERT OR REPLACE deletes: without this the triggers that keep the journal would not see it.
        self.conn.execute("PRAGMA recursive_triggers = ON")

    @classmethod
    def in_memory(cls) -> Database:
        """A database of its own that nobody else sees."""
        return cls(sqlite3.connect(":memory:", isolation_level=None))

    def execute(self, sql: str, values: Values = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return self.conn.execute(sql, values)

    def query(self, sql: str, values: Values = ()) -> Iterator[dict[str, Any]]:
        """The rows of a question, as dictionaries, fetched as they are used."""
        cursor = self.conn.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return (dict(zip(names, row, strict=True)) for row in cursor)

    @contextmanager
    def atomic(self) -> Generator[Database, None, None]:
        """All or nothing; within another, what is inside is taken back by itself."""
        begin, end, undo = _words(self.conn.in_transaction)
        self.conn.execute(begin)
        try:
            yield self
            self.conn.execute(end)
        except BaseException:
            if self.conn.in_transaction:  # an error may have ended all of it already
                for statement in undo:
                    self.conn.execute(statement)
            raise

    def table_names(self) -> list[str]:
        """The names of all tables."""
        return [name for (name,) in self.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def _words(nested: bool) -> tuple[str, str, tuple[str, ...]]:
    """How a transaction is begun, ended and undone."""
    if not nested:
        return "BEGIN", "COMMIT", ("ROLLBACK",)
    name = f"inner_{next(_SAVEPOINTS)}"
    return f"SAVEPOINT {name}", f"RELEASE {name}", (f"ROLLBACK TO {name}", f"RELEASE {name}")
