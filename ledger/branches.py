"""What the group's other books say: read-only copies that arrive by backup or Litestream, one a branch.

A copy that cannot be read, or does not answer in time, gives no answer: that is "not known", and it is named.  What a
branch said when a row was judged stands in the row's findings; replaying asks nobody.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.known import Question

if TYPE_CHECKING:
    from ledger.book import Book

REST = 60.0  #: seconds after which a branch that did not answer is asked again
Records = list[dict[str, Any]]


@dataclass(frozen=True)
class Said:
    """What a branch says: of a picture who used it and where, of a customer whose it is, of a phone whose it is."""

    branch: str
    person: str  #: '' for a customer in the pool
    receipt_no: str = ""
    at: str = ""  #: ISO time


class BranchSilent(Exception):
    """A branch that gave no answer; the message says why, in Chinese."""


class Branches:
    """The other books, by the names of their branches."""

    def __init__(self, ledgers: Mapping[str, Path], patience: float = 5.0) -> None:
        """*patience*: seconds that a branch is waited for: a share that hangs must not hang the company."""
        self._ledgers, self._patience = dict(ledgers), patience
        self._resting: dict[str, tuple[float, str]] = {}

    def __bool__(self) -> bool:
        return bool(self._ledgers)

    @property
    def names(self) -> tuple[str, ...]:
        """The branches."""
        return tuple(self._ledgers)

    def away(self) -> dict[str, str]:
        """Branches that do not answer now, each with the reason."""
        for name in self._ledgers:
            self.everywhere_of(name, "SELECT 1 AS one FROM entries LIMIT 1")
        return self.unheard()

    def unheard(self) -> dict[str, str]:
        """Branches that did not answer when they were last asked, each with the reason."""
        return {name: why for name, (_until, why) in self._resting.items()}

    def everywhere(self, sql: str, *values: Any) -> dict[str, Records]:
        """The answers of all that answer."""
        found = {name: self.everywhere_of(name, sql, *values) for name in self._ledgers}
        return {name: records for name, records in found.items() if records is not None}

    def everywhere_of(self, name: str, sql: str, *values: Any) -> Records | None:
        """One branch's answer; None: not known."""
        until, _why = self._resting.get(name, (0.0, ""))
        if time.monotonic() < until:
            return None
        try:
            found = _in_time(lambda: _asked(self._ledgers[name], sql, values), self._patience)
        except BranchSilent as error:
            self._resting[name] = (time.monotonic() + REST, str(error))
            return None
        self._resting.pop(name, None)
        return found


def _asked(ledger: Path, sql: str, values: Sequence[Any]) -> Records:
    if not ledger.exists():
        raise BranchSilent(f"没有这个文件：{ledger}")
    try:
        return _read(f"{ledger.resolve().as_uri()}?mode=ro", sql, values)
    except sqlite3.OperationalError as error:
        if "unable to open" not in str(error):
            raise
    # A copy in WAL mode on a share that is mounted read-only: nobody can write it, so it needs no lock.
    return _read(f"{ledger.resolve().as_uri()}?mode=ro&immutable=1", sql, values)


def _read(address: str, sql: str, values: Sequence[Any]) -> Records:
    with closing(sqlite3.connect(address, uri=True, timeout=1)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql, values)]


def _in_time(act: Callable[[], Records], patience: float) -> Records:
    """What *act* gives, in a thread of its own that is left behind when it hangs.

    :raises BranchSilent: it failed, or took too long
    """
    done: list[Records] = []
    wrong: list[BaseException] = []

    def run() -> None:
        try:
            done.append(act())
        except (BranchSilent, OSError, sqlite3.Error) as error:
            wrong.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(patience)
    if done:
        return done[0]
    raise BranchSilent(str(wrong[0]) if wrong else f"{patience:g} 秒没有回答")


def _from_all(book: Book, sql: str, keys: Iterable[str]) -> dict[str, tuple[Said, ...]]:
    found: dict[str, tuple[Said, ...]] = {}
    for branch, records in book.branches.everywhere(sql, json.dumps(list(keys))).items():
        for record in records:
            said = Said(branch, record["person"] or "", record["receipt_no"] or "", record["at"] or "")
            found[record["key"]] = (*found.get(record["key"], ()), said)
    return found


_PHOTOS = """SELECT j.value AS key, u.person, u.receipt_no, u.used_at AS at FROM json_each(?) AS j
             CROSS JOIN s_photo_uses AS u ON u.sha256 IN (
                 SELECT j.value UNION SELECT sha256 FROM s_photos WHERE pixel_hash = j.value)
             GROUP BY j.value, u.receipt_no ORDER BY u.used_at"""
_CUSTOMERS = """SELECT j.value AS key, c.owner AS person, c.receipt_no, c.acquired_on AS at FROM json_each(?) AS j
                CROSS JOIN s_customers AS c ON c.name_key = j.value"""
_PHONES = """SELECT j.value AS key, p.name AS person, '' AS receipt_no, p.registered_at AS at FROM json_each(?) AS j
             CROSS JOIN s_people AS p ON p.phone = j.value
             WHERE EXISTS (SELECT 1 FROM s_employments AS e WHERE e.person = p.name AND e.left_on IS NULL)"""

#: Content or pixel hash of a picture → its uses in other branches.
photo_elsewhere: Question[str, tuple[Said, ...]] = Question(lambda book, keys: _from_all(book, _PHOTOS, keys), ())
#: Folded name of a customer → the branches that have it.
customer_elsewhere: Question[str, tuple[Said, ...]] = Question(lambda book, keys: _from_all(book, _CUSTOMERS, keys), ())
#: Phone → who has it in another branch's register, and is there.
phone_elsewhere: Question[str, tuple[Said, ...]] = Question(lambda book, keys: _from_all(book, _PHONES, keys), ())
