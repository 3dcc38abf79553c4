"""The book: one SQLite file, its transaction, and the way entries get into it.

The questions that other rooms ask live beside this module, one noun a file:
``people``, ``rows``, ``customers``, ``photos``, ``sheets``, ``days``, ``deliveries``.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from disk.private import FILE
from ledger import journal, schema, state
from ledger.chain import KEYED, seal
from ledger.database import Database
from ledger.journal import Entry
from ledger.keys import CHAIN, NAME, SIGNING, Key, Keyring, new_key

T = TypeVar("T")
LedgerError = sqlite3.DatabaseError  #: the file is not a ledger, is damaged, or cannot be written
_WAL_SAFE = (3, 51, 3)  # older versions may corrupt a write-ahead log when it is reset


class Book:
    """The ledger, open for one process that writes.

    Readers (Datasette, pandas) may have it open at the same time.
    """

    def __init__(self, path: Path) -> None:
        """Open the ledger at *path*, creating or migrating it.

        :raises sqlite3.DatabaseError: the file is not a ledger, or is damaged.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_private(path)
        self.path = path
        self.keys = Keyring(path.parent / NAME)  #: what no ledger, backup or copy holds
        self._secrets: dict[str, bytes] = {}
        connection = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
        self.db = Database(connection)
        if sqlite3.sqlite_version_info >= _WAL_SAFE:
            self.db.execute("PRAGMA journal_mode = WAL")
            self.db.execute("PRAGMA synchronous = FULL")
        else:
            self.db.execute("PRAGMA journal_mode = DELETE")
            self.db.execute("PRAGMA synchronous = EXTRA")
        self.db.execute("PRAGMA foreign_keys = ON")
        schema.prepare(self.db)
        self._versions: Counter[str] = Counter()
        self._answers: dict[tuple[Any, ...], tuple[int, Any]] = {}
        self._grown: dict[str, tuple[int, list[str], list[str]]] = {}
        self._others = -1

    def close(self) -> None:
        """Close the file."""
        self.db.conn.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: entries, the state they change and the deliveries they cause."""
        try:
            with self.db.atomic():
                yield
        except BaseException:
            self._answers.clear()
            self._grown.clear()
            raise

    def post(self, entries: Iterable[Entry], at: datetime) -> None:
        """Append *entries* and bring the state up to date; inside :meth:`transaction`."""
        if not self.db.conn.in_transaction:
            raise RuntimeError("entries are posted inside a transaction")
        for posted in journal.append(self.db, entries, at, self._secret(at)):
            state.apply(self.db, posted)
            self._versions[posted.entry.kind.split(".")[0]] += 1

    def _secret(self, at: datetime) -> bytes:
        """The key that hashes are made with.  The first posting keys the chain, and seals what an older version wrote.

        :raises KeyMissing: the chain goes on with a key that is not beside the ledger
        """
        name = journal.key_in_force(self.db)
        if name is None:
            name = self._put_in_force(self.keys.newest(CHAIN, at), at)
        if name not in self._secrets:
            self._secrets[name] = self.keys.named(CHAIN, name).raw
        return self._secrets[name]

    def _put_in_force(self, key: Key, at: datetime) -> str:
        seq, head = journal.head(self.db)
        entry = Entry(KEYED, "chain", "kebu", seal(key.id, head, seq))
        journal.append(self.db, [entry], at, key.raw)
        return key.id

    def rekey(self, key: Key, at: datetime) -> None:
        """Go on with another key of the ring; inside :meth:`transaction`.  What was written stays provable with the old one."""
        self._put_in_force(key, at)

    def first_break(self) -> str | None:
        """The first place where the journal's chain does not hold, in words."""
        return journal.first_break(self.db, {key.id: key.raw for key in self.keys.keys(CHAIN)})

    def remembered(self, noun: str, question: tuple[Any, ...], answer: Callable[[], T]) -> T:
        """The answer to *question*, asked again only after an entry about *noun* (``person``, ``photo``, ...)."""
        others = self.one("PRAGMA data_version")  # moves when another process writes: `init` beside `watch`
        if others != self._others:
            self._others = others
            self._answers.clear()
        version, found = self._answers.get(question, (-1, None))
        if version == self._versions[noun]:
            return cast("T", found)
        fresh = answer()
        self._answers[question] = (self._versions[noun], fresh)
        return fresh

    def growing(self, question: str, sql: str) -> tuple[list[str], list[str]]:
        """Two columns of rows that are only ever added: what is new since the last time is put to what is known.

        :param sql: gives rowid and the two columns of the rows after the rowid ``?``, in order
        """
        last, first, second = self._grown.get(question, (0, [], []))
        for rowid, one, other in self.db.execute(sql, (last,)):
            last = rowid
            first.append(one)
            second.append(other)
        self._grown[question] = (last, first, second)
        return first, second

    def ask(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of a question, as dictionaries."""
        return list(self.db.query(sql, values))

    def one(self, sql: str, *values: Any) -> Any:
        """The single value of a question, or None."""
        found = self.db.execute(sql, values).fetchone()
        return found[0] if found else None

    def length(self) -> int:
        """How many entries the journal holds."""
        return int(self.one("SELECT COUNT(*) FROM entries"))

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy of the ledger to *path*, beside whatever others read or write."""
        _make_private(path)
        with closing(sqlite3.connect(path)) as copy:
            self.db.conn.backup(copy)

    def signing_secrets(self) -> list[str]:
        """What signs approval sheets, the newest last; older ones still prove sheets that are open."""
        found = self.keys.keys(SIGNING) or (self.keys.add(SIGNING, new_key("")),)
        return [key.secret for key in found]

    def move_secrets_out(self) -> bool:
        """Put the signing key that older versions kept in the ledger into the keyring, and overwrite it here.

        The key's ``since`` stays empty: whoever could read the ledger may have it, so it wants to be replaced.
        """
        found = self.one("SELECT value FROM secrets WHERE name = 'signing'")
        if found is None:
            return False
        self.keys.put_first(SIGNING, new_key("", str(found)))
        self.db.execute("PRAGMA secure_delete = ON")  # else it would stay readable in free pages
        self.db.execute("DELETE FROM secrets")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return True


#: A ledger is a file, and what SQLite keeps beside it while it is open or after a crash.
_PARTS = ("", "-wal", "-journal", "-shm")


def copy_of(source: Path, target: Path) -> Book:
    """The ledger at *source* copied to *target* and opened; the original is only read.

    :raises LedgerError: *source* is not a ledger, or is damaged
    """
    discard(target)
    for part in _PARTS[:-1]:
        if (beside := Path(f"{source}{part}")).exists():
            _make_private(copied := Path(f"{target}{part}"))
            shutil.copyfile(beside, copied)
    with closing(sqlite3.connect(target)) as db:
        db.execute("SELECT hash FROM entries LIMIT 1")  # an empty file would become a new, empty ledger
    return Book(target)


def _make_private(path: Path) -> None:
    """An empty file that nobody else may read, if there is none: what SQLite keeps beside it inherits that."""
    path.touch(mode=FILE)


def move(source: Path, target: Path) -> None:
    """Move a ledger that nobody has open, with what belongs to it."""
    discard(target)
    for part in _PARTS:
        if (beside := Path(f"{source}{part}")).exists():
            beside.replace(Path(f"{target}{part}"))


def discard(path: Path) -> None:
    """Remove a ledger's file and what belongs to it, where they are."""
    for part in _PARTS:
        Path(f"{path}{part}").unlink(missing_ok=True)


def replayed(book: Book) -> Database:
    """A ledger in memory, built from nothing but the journal."""
    fresh = Database.in_memory()
    schema.prepare(fresh)
    for posted in journal.read(book.db):
        state.apply(fresh, posted)
    return fresh


def first_difference(book: Book) -> str | None:
    """Where the state differs from what the journal gives, in words; None when they agree."""
    fresh = replayed(book)
    for table in schema.state_tables(book.db):
        kept = sorted(map(repr, book.db.execute(f"SELECT * FROM {table}")))
        derived = sorted(map(repr, fresh.execute(f"SELECT * FROM {table}")))
        if kept != derived:
            odd = sorted(set(kept) ^ set(derived))
            return f"{table}: state differs from the journal, first at {odd[0] if odd else 'repeated rows'}"
    return None
