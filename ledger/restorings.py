"""What the journal says of restorings: from which backup, and whether what came after it was taken again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.journal import Entry

if TYPE_CHECKING:
    from ledger.book import Book

RESTORED, RETAKEN = "book.restored", "book.retaken"


@dataclass(frozen=True)
class Unfinished:
    """A backup that was put in place; what came after it was not taken again yet, or not all of it."""

    set_aside: str | None  #: name of the ledger that was in use before; None: there was none


def put_back(book: Book, backup: str, set_aside: str | None) -> Entry:
    """The entry that a backup was put in place, and that what came after it is to be taken again."""
    length, head = book.head()
    payload = {"from": backup, "length": length, "head": head, "set_aside": set_aside, "awaits": RETAKEN}
    return Entry(RESTORED, "ledger.db", "kebu", payload)


def taken_again(files: int) -> Entry:
    """The entry that everything was taken again which can be."""
    return Entry(RETAKEN, "ledger.db", "kebu", {"files": files})


def unfinished(book: Book) -> Unfinished | None:
    """The newest restoring, if nobody has taken again yet what came after it.  Those of older versions await nothing."""
    found = book.db.execute(_NEWEST).fetchone()
    said = json.loads(found[0]) if found else {}
    return Unfinished(said["set_aside"]) if said.get("awaits") == RETAKEN else None


#: By the index ``entries_restored``, which has these very words.
_NEWEST = "SELECT payload FROM entries WHERE kind IN ('book.restored', 'book.retaken') ORDER BY seq DESC LIMIT 1"
