"""What was erased, beside the archive: so that restoring an older ledger does not take it for lost, or for still there.

It names originals and entries, and says nothing of what stood in them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from disk.private import FILE

NAME = "erased.log"  #: in the book's folder


@dataclass(frozen=True)
class Erased:
    """One erasing."""

    at: str  #: ISO time
    originals: Sequence[Sequence[str]]  #: archived_as, sha256
    entries: Sequence[int]  #: numbers of those out of which words were taken


def note(book: Path, erased: Erased) -> None:
    """Add it to the list, to the disk.

    :raises OSError: the list cannot be written
    """
    descriptor = os.open(book / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), FILE)
    with os.fdopen(descriptor, "ab") as stream:
        stream.write(b"\n" + json.dumps(asdict(erased), ensure_ascii=False).encode() + b"\n")  # after a torn line, too
        stream.flush()
        os.fsync(stream.fileno())


def noted(book: Path) -> list[Erased]:
    """All that was erased, oldest first."""
    try:
        lines = (book / NAME).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            found.append(Erased(**json.loads(line)))
        except (ValueError, TypeError):
            continue  # empty, or half a line from a power cut
    return found
