"""The book: one SQLite file, its transaction, and the way entries get into it.

The questions that other rooms ask live beside this module, one noun a file:
``people``, ``rows``, ``customers``, ``photos``, ``sheets``, ``days``, ``deliveries``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ledger import journal, schema, state
from ledger.branches import Branches
from ledger.chain import KEYED, seal
from ledger.connection import copy_to, opened
from ledger.database import Database
from ledger.journal import Entry
from ledger.keys import CHAIN, NAME, SIGNING, Key, Keyring, new_key
from ledger.known import Known
from ledger.state_write import Writes


@dataclass(frozen=True)
class _Beside:
    """Something written with the entries that is not part of the truth: what was done, or is to be done, outside."""

    table: str
    sql: str
    values: tuple[Any, ...]


@dataclass
class _Nested:
    """A transaction, or a part of one."""

    begins: int  #: how many entries were waiting when it began
    saved: bool = False  #: the database knows the way back


class Book:
    """The ledger, open for one process that writes.

    Readers (Datasette, pandas) may have it open at the same time.
    """

    def __init__(self, path: Path) -> None:
        """Open the ledger at *path*, creating or migrating it.

        :raises sqlite3.DatabaseError: the file is not a ledger, or is damaged.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.keys = Keyring(path.parent / NAME)  #: what no ledger, backup or copy holds
        self._secrets: dict[str, bytes] = {}
        self._connection = opened(path)
        self._database = Database(self._connection)
        schema.prepare(self._database)
        self.known = Known(self)
        self.branches = Branches({})  #: the group's other books
        self._pending: list[tuple[Entry, datetime] | _Beside] = []
        self._nested: list[_Nested] = []
        self.writing = False  #: whether a transaction is open: nobody else can write meanwhile
        self._counters: dict[str, int] = {}

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: entries, the state they change and the deliveries they cause."""
        if self._nested:
            with self._part():
                yield
            return
        self._nested.append(_Nested(0))
        self.writing = True
        self.known.forget()
        self._counters.clear()
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._send()
            self._connection.execute("COMMIT")
        except BaseException:
            self._take_back()
            raise
        finally:
            self._nested.clear()
            self.writing = False

    def _take_back(self) -> None:
        self._pending.clear()
        self.known.forget()
        self._counters.clear()
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    @contextmanager
    def _part(self) -> Iterator[None]:
        """A part of a transaction that may fail on its own; costs a statement only if something was sent meanwhile."""
        part = _Nested(len(self._pending))
        self._nested.append(part)
        try:
            yield
        except BaseException:
            self.known.forget()
            self._counters.clear()
            if part.saved:
                self._pending.clear()
                self._connection.execute(f"ROLLBACK TO part{len(self._nested)}")
            else:
                del self._pending[part.begins :]
            raise
        finally:
            if part.saved:
                self._send()
                self._connection.execute(f"RELEASE part{len(self._nested)}")
            self._nested.pop()

    def post(self, entries: Iterable[Entry], at: datetime) -> None:
        """Append *entries* and bring the state up to date; inside :meth:`transaction`.

        They go down in sets, at the latest with the commit; whoever asks the database meanwhile sends them first.
        """
        if not self._nested:
            raise RuntimeError("entries are posted inside a transaction")
        for entry in entries:
            self._pending.append((entry, at))
            self.known.lay_over(entry, at)

    def beside(self, table: str, sql: str, *values: Any) -> None:
        """Write something with the entries that does not belong to the journal; inside :meth:`transaction`."""
        self._pending.append(_Beside(table, sql, values))

    def _send(self) -> None:
        """Write what was posted.  Where a part of the transaction begins among it, a way back is kept there."""
        begun = 0
        for depth, part in enumerate(self._nested[1:], start=2):
            if not part.saved:
                self._write(self._pending[begun : part.begins])
                begun = max(begun, part.begins)
                self._connection.execute(f"SAVEPOINT part{depth}")
                part.saved = True
        self._write(self._pending[begun:])
        self._pending.clear()

    def _write(self, pending: Sequence[tuple[Entry, datetime] | _Beside]) -> None:
        entries = [each for each in pending if not isinstance(each, _Beside)]
        writes = Writes(self._connection)
        for each in pending:
            if isinstance(each, _Beside):
                writes.run(each.table, each.sql, *each.values)
        if not entries:
            writes.send()
            return
        for posted in journal.append(self._connection, entries, self._secret(entries[0][1])):
            state.apply(writes, posted)
        writes.send()

    def _secret(self, at: datetime) -> bytes:
        """The key that hashes are made with.  The first posting keys the chain, and seals what an older version wrote.

        :raises KeyMissing: the chain goes on with a key that is not beside the ledger
        """
        name = journal.key_in_force(self._database)
        if name is None:
            name = self._put_in_force(self.keys.newest(CHAIN, at), at)
        if name not in self._secrets:
            self._secrets[name] = self.keys.named(CHAIN, name).raw
        return self._secrets[name]

    def _put_in_force(self, key: Key, at: datetime) -> str:
        seq, head = journal.head(self._database)
        entry = Entry(KEYED, "chain", "kebu", seal(key.id, head, seq))
        journal.append(self._connection, [(entry, at)], key.raw)
        return key.id

    def is_keyed(self) -> bool:
        """Whether the chain needs a key: not yet in a new ledger, or in one of an older version."""
        return journal.key_in_force(self.db) is not None

    def rekey(self, key: Key, at: datetime) -> None:
        """Go on with another key of the ring; inside :meth:`transaction`.  What was written stays provable with the old one."""
        self._send()
        self._put_in_force(key, at)

    def first_break(self) -> str | None:
        """The first place where the journal's chain does not hold, in words."""
        return journal.first_break(self.db, {key.id: key.raw for key in self.keys.keys(CHAIN)})

    def counter(self, name: str, newest: str) -> int:
        """The next of the numbers that *newest* (a question) gives the highest of; inside a transaction."""
        if name not in self._counters:
            self._counters[name] = int(self.one(newest) or 0)
        self._counters[name] += 1
        return self._counters[name]

    def give_back(self, name: str) -> None:
        """The number that :meth:`counter` gave last was not needed."""
        self._counters[name] -= 1

    @property
    def db(self) -> Database:
        """The database, with everything in it that was posted."""
        if self._pending:
            self._send()
        return self._database

    def others(self) -> Any:
        """Moves when another process has written: ``init`` beside ``watch``."""
        return self._connection.execute("PRAGMA data_version").fetchone()[0]

    def ask(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of a question, as dictionaries."""
        return list(self.db.query(sql, values))

    def one(self, sql: str, *values: Any) -> Any:
        """The single value of a question, or None."""
        found = self.db.execute(sql, values).fetchone()
        return found[0] if found else None

    def sent(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a question as the database stands: what was posted and not yet sent is for the caller to add."""
        return self._database.execute(sql, values).fetchall()

    def length(self) -> int:
        """How many entries the journal holds."""
        return int(self.one("SELECT COUNT(*) FROM entries"))

    def head(self) -> tuple[int, str]:
        """Number and hash of the newest entry, which stand for the whole journal."""
        return journal.head(self.db)

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy of the ledger to *path*, beside whatever others read or write; durable."""
        copy_to(self._connection, self.path, path)

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
