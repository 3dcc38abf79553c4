"""Marks outside the ledger: how long the journal was at a moment, and what its newest hash was.

A mark is a line of JSON, signed with the chain's key, in files that only grow.  One lies beside the ledger; another may
lie on another machine.  A journal that was cut, made anew or exchanged for an older one contradicts them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from disk.private import FILE
from disk.sync import sync_folder
from ledger import journal
from ledger.book import Book
from ledger.connection import LedgerError
from ledger.journal import canonical
from ledger.keys import CHAIN, Key

RESTORING = "restoring"  #: another book is about to take this one's place
RESTORED = "restored"
UNDONE = "restoring undone"  #: it has not, and will not
_TAIL = 4096  #: bytes at the end of the file, in which the last line stands


class OlderBook(LedgerError):
    """The ledger contradicts its marks: it was cut, made anew, or an older one was put in its place."""


@dataclass(frozen=True)
class JournalMark:
    """The journal at a moment.

    ``restoring`` says what bound until then, and which book may stand there instead from now on: until the next mark,
    the ledger is right if it agrees with either.
    """

    at: str  #: ISO time
    event: str  #: what was done: ``round``, ``night``, ``month``, ``backup``, ``restored``
    length: int
    head: str  #: hash of the newest entry
    back_to: int = 0  #: ``restoring`` and ``restored`` only: the length to which the journal went back
    to_length: int = 0  #: ``restoring`` only: how long the book is that is put in place
    to_head: str = ""  #: ``restoring`` only: the hash of that book's newest entry
    after: str = ""  #: over what stands before it in the file, from the last mark on; '' in marks of older versions

    def line(self, key: Key) -> str:
        """The mark as it is written, signed."""
        return canonical({**self.said(), "key": key.id, "mac": _mac(self.said(), key.raw)})

    def said(self) -> dict[str, object]:
        """What is signed."""
        return {name: value for name, value in vars(self).items() if name not in _IF_ANY or value}


_IF_ANY = frozenset({"after", "to_length", "to_head"})  #: older versions do not know them


def _mac(said: Mapping[str, object], secret: bytes) -> str:
    return hmac.digest(secret, canonical(dict(said)).encode(), "sha256").hex()


def mark_of(book: Book, event: str, at: str, back_to: int = 0) -> JournalMark:
    """The present end of the journal."""
    length, head = journal.head(book.db)
    return JournalMark(at, event, length, head, back_to)


def restoring(before: JournalMark | None, book: Book, at: str, back_to: int) -> JournalMark:
    """That *book*, which goes back to entry *back_to*, is about to be put in place; what bound *before* still does."""
    length, head = (before.length, before.head) if before else (0, "")
    to_length, to_head = journal.head(book.db)
    return JournalMark(at, RESTORING, length, head, back_to, to_length, to_head)


def leave(path: Path, mark: JournalMark, key: Key, keys: Mapping[str, bytes]) -> None:
    """Add *mark* to the file, to the disk.  A line that a power cut left half is closed first, and vouched for.

    :raises OSError: the file cannot be reached or written
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), FILE)
    with os.fdopen(descriptor, "r+b") as stream:
        before = _since_the_last(stream, keys)
        if before and not before.endswith(b"\n"):
            stream.write(b"\n")
            before += b"\n"
        stream.write(replace(mark, after=_over(before)).line(key).encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
        if not before:  # the file may be new
            sync_folder(path.parent)


def _since_the_last(stream: BinaryIO, keys: Mapping[str, bytes]) -> bytes:
    """What stands in the file from its last mark on; all of it if there is none."""
    size = stream.seek(0, os.SEEK_END)
    tail = _TAIL
    while True:
        stream.seek(max(size - tail, 0))
        data = stream.read()
        found = [start for start, line in _lines(data) if _signed(line, keys)]
        if found or tail >= size:
            return data[found[-1] :] if found else data
        tail *= 16


def _over(before: bytes) -> str:
    return hashlib.sha256(before).hexdigest()[:32]


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each line, and where it begins."""
    at = 0
    for line in data.split(b"\n"):
        yield at, line
        at += len(line) + 1


def marks(path: Path, keys: Mapping[str, bytes]) -> Iterator[JournalMark | str]:
    """The marks in a file in order; a sentence for a line that our key did not sign, and where something is missing.

    Half a line, from a power cut, is vouched for by the mark after it.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    begin, odd, last = 0, list[str](), data.count(b"\n") + 1
    for number, (start, line) in enumerate(_lines(data), 1):
        found = _signed(line, keys) if line else None
        if found is None:
            if line and number < last:  # the last line may be half written: the power failed
                odd.append(f"{path.name} 第 {number} 行不是本系统写的，或被改动过")
            continue
        if found.after != _over(data[begin:start]):
            yield from odd
            if found.after:
                yield f"{path.name} 第 {number} 行之前的内容被删除、调换或改动过"
        begin, odd = start, []
        yield found
    yield from odd


def last_mark(path: Path, keys: Mapping[str, bytes]) -> JournalMark | None:
    """The newest mark of a file that is ours; None if there is none.

    :raises OSError: the file cannot be read
    """
    try:
        with path.open("rb") as stream:
            stream.seek(max(stream.seek(0, os.SEEK_END) - _TAIL, 0))
            lines = stream.read().split(b"\n")
    except FileNotFoundError:
        return None
    return next((found for line in reversed(lines) if line and (found := _signed(line, keys))), None)


def _signed(line: bytes, keys: Mapping[str, bytes]) -> JournalMark | None:
    try:
        said = json.loads(line)
        mac, secret = str(said.pop("mac")), keys[said.pop("key")]
        mark = JournalMark(**said)
        written = canonical({**said, "key": json.loads(line)["key"], "mac": mac}).encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return mark if line == written and hmac.compare_digest(_mac(mark.said(), secret), mac) else None


def standing(found: Sequence[JournalMark], book: Book) -> list[JournalMark]:
    """The marks that still bind: a restoring, which is a mark itself, sets aside those beyond where it went back to.

    One that was only begun does so if its book is the one that stands there, and nothing was marked since.
    """
    kept: list[JournalMark] = []
    for mark in found:
        if mark.event == RESTORED or (mark is found[-1] and in_place(book, mark)):
            kept = [each for each in kept if each.length <= mark.back_to]
        if mark.event != RESTORING or mark is found[-1]:
            kept.append(mark)
    return kept


def in_place(book: Book, mark: JournalMark) -> bool:
    """Whether *mark* announces a book, and *book* is it."""
    return mark.event == RESTORING and journal.hash_at(book.db, mark.to_length) == mark.to_head


def contradiction(book: Book, mark: JournalMark) -> str | None:
    """How the ledger contradicts a mark, in words; None if it agrees."""
    if in_place(book, mark):
        return None
    there = journal.hash_at(book.db, mark.length)
    when = mark.at[:16].replace("T", " ")
    if there is None and mark.length:
        return f"{when} 时账本有 {mark.length} 条记录，现在只有 {book.length()} 条：被截短过，或换回了旧账本"
    if mark.length and there != mark.head:
        return f"第 {mark.length} 条记录与 {when} 留下的校验值不符：账本被改写过，或换成了另一本"
    return None


def remember(book: Book, mark: JournalMark) -> None:
    """Note in the ledger that *mark* is in the file beside it, to the disk: should it vanish, it is missed."""
    with book.transaction():
        book.beside("anchored", "INSERT OR REPLACE INTO anchored VALUES (1, ?)", mark.length)


def was_cut(book: Book, found: Iterable[JournalMark]) -> bool:
    """Whether the newest mark of which the ledger knows is not among those *found*."""
    newest = int(book.one("SELECT length FROM anchored") or 0)
    return newest > max((mark.length for mark in found), default=0)


def secrets_of(book: Book) -> dict[str, bytes]:
    """The chain's keys by their public names."""
    return {key.id: key.raw for key in book.keys.keys(CHAIN)}
