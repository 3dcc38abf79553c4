"""Marks outside the ledger: how long the journal was at a moment, and what its newest hash was.

A mark is a line of JSON, signed with the chain's key, in files that only grow.  One lies beside the ledger; another may
lie on another machine.  A journal that was cut, made anew or exchanged for an older one contradicts them.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from disk.private import FILE
from ledger import journal
from ledger.book import Book, LedgerError
from ledger.journal import canonical
from ledger.keys import CHAIN, Key

RESTORED = "restored"
_TAIL = 4096  #: bytes at the end of the file, in which the last line stands


class OlderBook(LedgerError):
    """The ledger contradicts its marks: it was cut, made anew, or an older one was put in its place."""


@dataclass(frozen=True)
class JournalMark:
    """The journal at a moment."""

    at: str  #: ISO time
    event: str  #: what was done: ``round``, ``night``, ``month``, ``backup``, ``restored``
    length: int
    head: str  #: hash of the newest entry
    back_to: int = 0  #: ``restored`` only: the length to which the journal went back

    def line(self, key: Key) -> str:
        """The mark as it is written, signed."""
        return canonical({**vars(self), "key": key.id, "mac": _mac(vars(self), key.raw)})


def _mac(said: Mapping[str, object], secret: bytes) -> str:
    return hmac.digest(secret, canonical(dict(said)).encode(), "sha256").hex()


def mark_of(book: Book, event: str, at: str, back_to: int = 0) -> JournalMark:
    """The present end of the journal."""
    length, head = journal.head(book.db)
    return JournalMark(at, event, length, head, back_to)


def leave(path: Path, mark: JournalMark, key: Key) -> None:
    """Add *mark* to the file, to the disk.  A line that a power cut left half is closed first.

    :raises OSError: the file cannot be reached or written
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, FILE)
    with os.fdopen(descriptor, "r+b") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(size - 1, 0))
        torn = stream.read(1) not in (b"", b"\n")
        stream.write(("\n" if torn else "").encode() + mark.line(key).encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def marks(path: Path, keys: Mapping[str, bytes]) -> Iterator[JournalMark | str]:
    """The marks in a file in order; a sentence for a line that our key did not sign."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return
    for number, line in enumerate(lines, 1):
        if line:
            found = _signed(line, keys)
            if found is not None:
                yield found
            elif number < len(lines):  # the last line may be half written: the power failed
                yield f"{path.name} 第 {number} 行不是本系统写的，或被改动过"


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
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return mark if hmac.compare_digest(_mac(vars(mark), secret), mac) else None


def standing(found: Iterable[JournalMark]) -> list[JournalMark]:
    """The marks that still bind: a restoring, which is a mark itself, sets aside those beyond where it went back to."""
    kept: list[JournalMark] = []
    for mark in found:
        if mark.event == RESTORED:
            kept = [each for each in kept if each.length <= mark.back_to]
        kept.append(mark)
    return kept


def contradiction(book: Book, mark: JournalMark) -> str | None:
    """How the ledger contradicts a mark, in words; None if it agrees."""
    there = journal.hash_at(book.db, mark.length)
    when = mark.at[:16].replace("T", " ")
    if there is None and mark.length:
        return f"{when} 时账本有 {mark.length} 条记录，现在只有 {book.length()} 条：被截短过，或换回了旧账本"
    if mark.length and there != mark.head:
        return f"第 {mark.length} 条记录与 {when} 留下的校验值不符：账本被改写过，或换成了另一本"
    return None


def secrets_of(book: Book) -> dict[str, bytes]:
    """The chain's keys by their public names."""
    return {key.id: key.raw for key in book.keys.keys(CHAIN)}
