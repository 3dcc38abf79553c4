"""Statements counted as they go to the database."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.company import Company


@contextmanager
def counted(co: Company) -> Iterator[Counter[str]]:
    """Every call that sends a statement, however many rows it is sent with."""
    book, calls = co.service.book, Counter[str]()

    class Counting:
        def __init__(self, real: sqlite3.Connection) -> None:
            self.real = real

        def __getattr__(self, name: str) -> Any:
            found = getattr(self.real, name)
            if name not in ("execute", "executemany"):
                return found

            def call(sql: str, *values: Any) -> Any:
                calls[sql] += 1
                return found(sql, *values)

            return call

    connection = book._connection
    counting: Any = Counting(connection)
    book._connection = book._database.conn = counting
    try:
        yield calls
    finally:
        book._connection = book._database.conn = connection
