"""How far the book was proved: a copy of it at that point, from which proving goes on.

What was true at the point is compared with the copy, by the database itself, and only what came after is hashed and
replayed.  Nothing is taken on trust: an entry or a row of the state that was changed since differs from the copy, and a
copy that was touched, or made by other code, counts for nothing; then the book is proved from its beginning.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from disk.private import FILE, make_private_folder, write_private
from disk.sync import sync_folder
from ledger import journal, schema
from ledger.book import Book
from ledger.book_files import discard
from ledger.database import Database
from ledger.keys import CHAIN
from ledger.replay import apply_all, drifted

NoRoom = sqlite3.OperationalError  #: the copy cannot be written
FOLDER = "proved"  #: below the book's folder
_COPY, _NOW, _WORK, _POINT = "ledger.db", "now.db", "work.db", "point.json"


class FileState(NamedTuple):
    """What the file system said of an original when its content was hashed: nobody changes a file without changing this."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


@dataclass(frozen=True)
class ProvedPoint:
    """Where the book was proved."""

    at: str  #: ISO time
    length: int
    head: str  #: hash of the newest entry then
    made_by: str  #: the code that derives the state from the journal
    sha256: str  #: of the copy


@contextmanager
def snapshot(book: Book) -> Iterator[Database]:
    """The book as it stands, in a copy that nobody writes meanwhile; gone afterwards unless it was recorded.

    :raises NoRoom: it cannot be written
    """
    folder = _folder(book)
    make_private_folder(folder)
    discard(folder / _NOW)
    try:
        book.copy_to(folder / _NOW)
        with closing(sqlite3.connect(folder / _NOW, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            yield Database(connection)
    finally:
        discard(folder / _NOW)


def standing_point(book: Book) -> ProvedPoint | None:
    """The last point, if its copy is what was recorded and the book may have grown out of it."""
    folder = _folder(book)
    try:
        said = json.loads((folder / _POINT).read_bytes())
        signed = said.pop("mac")
        point = ProvedPoint(**said)
        secrets = [key.raw for key in book.keys.keys(CHAIN)]
        ours = any(hmac.compare_digest(signed, _mac(point, secret)) for secret in secrets)
        whole = ours and point.made_by == _made_by() and point.sha256 == _sha256(folder / _COPY)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return point if whole and point.length <= book.length() else None


def forget(book: Book) -> None:
    """Prove from the beginning the next time: another ledger is put in this one's place.  A power cut brings nothing back."""
    (_folder(book) / _POINT).unlink(missing_ok=True)
    discard(_folder(book) / _COPY)
    if _folder(book).is_dir():
        sync_folder(_folder(book))


def seen_then(book: Book) -> dict[str, FileState]:
    """Original → what was seen of it at the last point."""
    with closing(sqlite3.connect(_folder(book) / _COPY)) as copy:
        return {path: FileState(*about) for path, *about in copy.execute("SELECT * FROM archive_seen")}


def record(book: Book, now: Database, at: str, seen: Mapping[str, FileState]) -> None:
    """The snapshot *now* has been proved: it is the point from which the next proof goes on."""
    folder, secret = _folder(book), book.keys.keys(CHAIN)
    if not secret:
        return  # an empty book: nothing to begin from
    length, head = journal.head(now)
    now.execute("DROP TABLE IF EXISTS archive_seen")
    now.execute(
        "CREATE TABLE archive_seen (path TEXT, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER)"
    )
    with now.atomic():
        now.conn.executemany(
            "INSERT INTO archive_seen VALUES (?, ?, ?, ?, ?)", ((path, *about) for path, about in sorted(seen.items()))
        )
    (folder / _POINT).unlink(missing_ok=True)  # between here and the end there is no point
    (folder / _NOW).replace(folder / _COPY)
    point = ProvedPoint(at, length, head, _made_by(), _sha256(folder / _COPY))
    write_private(folder / _POINT, json.dumps({**vars(point), "mac": _mac(point, secret[-1].raw)}).encode())


def first_break(book: Book, now: Database, point: ProvedPoint | None) -> str | None:
    """Where the chain of *now* does not hold, in words; None if it does: older entries are held against the copy's."""
    keys = {key.id: key.raw for key in book.keys.keys(CHAIN)}
    if point is None:
        return journal.first_break(now, keys)
    odd = _differing(now, _folder(book) / _COPY, "entries", f"WHERE seq <= {point.length}")
    if odd:
        return f"journal entry {odd[0]} is not as it was proved on {point.at}"
    return journal.first_break(now, keys, after=point.length)


def first_difference(book: Book, now: Database, point: ProvedPoint | None) -> str | None:
    """Where the state of *now* is not what the journal gives, in words: the copy's, brought up to date, is held against it."""
    if point is None:
        return drifted(now)
    work = _folder(book) / _WORK
    discard(work)
    work.touch(FILE)
    shutil.copyfile(_folder(book) / _COPY, work)
    try:
        with closing(sqlite3.connect(work, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            with Database(connection).atomic():
                apply_all(connection, journal.read(now, after=point.length))
        return _drifted(now, work)
    finally:
        discard(work)


def _drifted(now: Database, work: Path) -> str | None:
    for table in schema.state_tables(now):
        odd = _differing(now, work, table)
        if odd:
            return f"{table}: state differs from the journal, first at {odd}"
    return None


def _differing(now: Database, beside: Path, table: str, where: str = "") -> tuple[object, ...] | None:
    """A row that stands in one of the two files and not, or not as often, in the other."""
    now.execute("ATTACH ? AS beside", (str(beside),))
    try:
        columns = ", ".join(f'"{name}"' for _n, name, *_rest in now.execute(f"PRAGMA table_info({table})"))
        one, other = (
            f"SELECT {columns}, COUNT(*) FROM {place}.{table} {where} GROUP BY {columns}"
            for place in ("main", "beside")
        )
        for first, second in ((one, other), (other, one)):
            found = now.execute(f"{first} EXCEPT {second} LIMIT 1").fetchone()
            if found:
                return tuple(found[:-1])
        return None
    finally:
        now.execute("DETACH beside")


def _folder(book: Book) -> Path:
    return book.path.parent / FOLDER


def _mac(point: ProvedPoint, secret: bytes) -> str:
    return hmac.digest(secret, journal.canonical(vars(point)).encode(), "sha256").hex()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@cache
def _made_by() -> str:
    """The code of this room: a state that other code has derived is derived anew."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
