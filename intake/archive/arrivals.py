"""Who dropped what, and when: a line for each original, written with it and before the ledger knows of it.

The archive alone says what arrived, not from whom.  With these lines a ledger that was restored from a backup can be
given everything again that came after it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from disk.private import FILE, write_private

NAME = "arrivals.log"  #: in the book's folder


@dataclass(frozen=True)
class Arrival:
    """An original as it came."""

    person: str
    name: str  #: below the drop folder
    sha256: str
    archived_as: str  #: below the book's folder
    arrived_at: str  #: ISO time


def note(book: Path, arrivals: Iterable[Arrival]) -> None:
    """Add *arrivals* to the list, to the disk.

    :raises OSError: the list cannot be written
    """
    lines = [json.dumps(asdict(each), ensure_ascii=False, sort_keys=True) + "\n" for each in arrivals]
    if not lines:
        return
    descriptor = os.open(book / NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), FILE)
    with os.fdopen(descriptor, "r+b") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(size - 1, 0))
        torn = stream.read(1) not in (b"", b"\n")  # a power cut: what follows must be readable all the same
        stream.write(("\n" if torn else "").encode() + "".join(lines).encode())
        stream.flush()
        os.fsync(stream.fileno())


def noted(book: Path) -> Iterator[Arrival]:
    """All arrivals that can be read, in the order in which they were written."""
    try:
        lines = (book / NAME).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield Arrival(**json.loads(line))
        except (ValueError, TypeError):
            continue  # half a line, from a power cut


def rewrite(book: Path, change: Callable[[str], str]) -> None:
    """Change every line, all at once.

    :raises OSError: the list cannot be written
    """
    path = book / NAME
    if path.exists():
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
        write_private(path, "".join(map(change, lines)).encode())
