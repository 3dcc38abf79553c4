"""A copy for readers: the views as plain tables in a file of their own, without what is nobody's business.

Whoever has the copy open sees the old one until the new one is there in full: it is written in one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from disk.private import FILE
from ledger.book import Book
from ledger.views import VIEWS

#: What the journal says word by word, and where files were put, stays in the ledger.
LEFT_OUT = ("journal", "deliveries")
#: Columns of figures that are no telephones: hashes, numbers, paths, moments.
AS_THEY_ARE = (
    "sha256",
    "receipt_no",
    "of_receipt_no",
    "order_no",
    "serial",
    "contract_no",
    "archived_as",
    "used_by",
    "sheet",
)
ABOUT = "about"


def tables() -> tuple[str, ...]:
    """The tables of the copy."""
    return tuple(name for name, _select in VIEWS if name not in LEFT_OUT)


def write_copy(book: Book, target: Path, day: str, hide: Callable[[str], str]) -> int:
    """Write the copy to *target*, or renew it; gives how many rows it has.

    :param day: as of which day questions about days are answered
    :param hide: what a text looks like without telephone numbers
    :raises OSError: it cannot be written
    :raises LedgerError: a reader holds it longer than half a minute
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=FILE)
    rows = 0
    with closing(sqlite3.connect(target, isolation_level=None, timeout=30)) as copy:
        copy.execute("PRAGMA secure_delete = ON")
        copy.execute("BEGIN IMMEDIATE")
        for name in tables():
            rows += _copied(book, copy, name, hide)
        copy.execute(f"DROP TABLE IF EXISTS {ABOUT}")
        copy.execute(f"CREATE TABLE {ABOUT} (day TEXT, entries INTEGER)")
        copy.execute(f"INSERT INTO {ABOUT} VALUES (?, ?)", (day, book.length()))
        copy.execute("COMMIT")
    return rows


def _copied(book: Book, copy: sqlite3.Connection, name: str, hide: Callable[[str], str]) -> int:
    found = book.db.execute(f"SELECT * FROM {name}")
    columns = [column[0] for column in found.description]
    copy.execute(f"DROP TABLE IF EXISTS {name}")
    named = ", ".join(f'"{column}"' for column in columns)
    copy.execute(f"CREATE TABLE {name} ({named})")
    marks, n = ", ".join("?" * len(columns)), 0
    while several := found.fetchmany(1_000):
        shown = [tuple(_shown(c, value, hide) for c, value in zip(columns, row, strict=True)) for row in several]
        copy.executemany(f"INSERT INTO {name} VALUES ({marks})", shown)
        n += len(several)
    return n


def _shown(column: str, value: Any, hide: Callable[[str], str]) -> Any:
    if not isinstance(value, str) or column in AS_THEY_ARE or column.endswith("_at"):
        return value
    return hide(value)
