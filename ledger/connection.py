"""The ledger's file, opened so that what is committed is on the disk; and copied while others use it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from disk.copying import copied
from disk.private import touch_private
from disk.sync import syncs

LedgerError = sqlite3.DatabaseError  #: the file is not a ledger, is damaged, or cannot be written


_PATIENCE = 30  #: seconds that another writer is waited for


LARGE = 2**26  #: bytes; a smaller ledger is copied before the system's program would have started


_WAL_SAFE = (3, 51, 3)  # older versions may corrupt a write-ahead log when it is reset


def opened(path: Path) -> sqlite3.Connection:
    """The file at *path*, made for nobody else to read if there is none.

    :raises LedgerError: it is no database, or another program holds it in a way that this SQLite may corrupt
    """
    touch_private(path)
    connection = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE, check_same_thread=False)
    if sqlite3.sqlite_version_info >= _WAL_SAFE:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    else:
        _leave_wal(connection)
        # EXTRA syncs the folder at each commit, and fails after it where the file system refuses that.
        connection.execute(f"PRAGMA synchronous = {'EXTRA' if syncs(path.parent) else 'FULL'}")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _leave_wal(connection: sqlite3.Connection) -> None:
    """Write without a write-ahead log, which this SQLite may corrupt.

    :raises LedgerError: another program (Litestream) holds the ledger in that mode
    """
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        connection.close()
        wanted = ".".join(map(str, _WAL_SAFE))
        raise LedgerError(
            f"账本正被另一个程序以 WAL 方式打开（例如 Litestream），而这里的 SQLite {sqlite3.sqlite_version} 的 WAL 可能损坏账本："
            f"请停掉那个程序，或换用带 SQLite {wanted} 以上的 Python"
        ) from error


def copy_to(connection: sqlite3.Connection, path: Path, target: Path) -> None:
    """Write a consistent copy of the ledger at *path*, which *connection* has open, to *target*; durable."""
    touch_private(target)
    if path.stat().st_size >= LARGE and not connection.in_transaction and _copied_as_a_file(connection, path, target):
        return
    with closing(sqlite3.connect(target)) as copy:
        connection.backup(copy)


def _copied_as_a_file(connection: sqlite3.Connection, path: Path, target: Path) -> bool:
    """Copy the file itself, while a reading of ours keeps everybody from writing into it.

    Not where a log of writes holds what the file does not.  If it holds nothing once we read, we read the file
    alone, and as long as we do nobody moves into the file what is logged meanwhile.
    """
    connection.execute("PRAGMA busy_timeout = 1000")  # who writes right now is not waited for
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")
    connection.execute("BEGIN")
    try:
        connection.execute("SELECT hash FROM entries LIMIT 1").fetchone()
        logged = Path(f"{path}-wal")
        if logged.exists() and logged.stat().st_size:
            return False
        whole = copied(path, target)
        if not whole:
            target.write_bytes(b"")
        return whole
    finally:
        connection.execute("ROLLBACK")
