"""A ledger's files while nobody has it open: copied, kept under another name, put in the place of another, removed."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from disk.private import touch_private
from disk.sync import sync_file, sync_folder
from ledger.book import Book

#: A ledger is a file, and what SQLite keeps beside it while it is open or after a crash.
_PARTS = ("", "-wal", "-journal", "-shm")


def copy_of(source: Path, target: Path) -> Book:
    """The ledger at *source* copied to *target* and opened; the original is only read.

    :raises LedgerError: *source* is not a ledger, or is damaged
    """
    discard(target)
    for part in _PARTS[:-1]:
        if (beside := Path(f"{source}{part}")).exists():
            touch_private(copied := Path(f"{target}{part}"))
            shutil.copyfile(beside, copied)
    with closing(sqlite3.connect(target)) as db:
        db.execute("SELECT hash FROM entries LIMIT 1")  # an empty file would become a new, empty ledger
    return Book(target)


def set_aside(present: Path, kept: Path) -> None:
    """Keep the ledger at *present*, which nobody has open, under another name too.

    What a crash left beside it is taken up where it can still be opened, and kept beside the copy where it cannot.
    """
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(present)) as db:
        db.execute("SELECT COUNT(*) FROM sqlite_master")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for part in _PARTS:
        if (beside := Path(f"{present}{part}")).exists():
            touch_private(copied := Path(f"{kept}{part}"))
            shutil.copyfile(beside, copied)
            sync_file(copied)
    sync_folder(kept.parent)


def put_in_place(source: Path, present: Path) -> None:
    """Let the ledger at *source* be the one at *present*: at any moment there is the old one or the new one, whole and on disk.

    Neither is open.  What lies beside the old one goes first, for SQLite would carry it over into the new one.
    """
    sync_file(source)
    for part in _PARTS[1:]:
        Path(f"{present}{part}").unlink(missing_ok=True)
    sync_folder(present.parent)
    source.replace(present)
    sync_folder(present.parent)


def discard(path: Path) -> None:
    """Remove a ledger's file and what belongs to it, where they are."""
    for part in _PARTS:
        Path(f"{path}{part}").unlink(missing_ok=True)
