"""Questions about what should lie in 取件: everything as it was last put there, until it leaves by rule.

The table ``lying`` is kept by triggers: a newer file of the same name takes its place, a finished approval sheet and
what has grown old leave it.  As long as something stands there its words are kept, so that it can be drawn again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from ledger.book import Book


@dataclass(frozen=True)
class Lying:
    """A file that should lie in somebody's pick-up folder."""

    id: int  #: of its delivery
    person: str
    path: str  #: below the share
    shipped_at: str
    words: bool  #: it can be drawn again: what it says is kept

    @property
    def shipped_on(self) -> date:
        """The day on which it was put there."""
        return datetime.fromisoformat(self.shipped_at).date()


_ALL = """SELECT l.delivery_id AS id, d.person, l.path, s.shipped_at,
                 EXISTS (SELECT 1 FROM told AS t WHERE t.sha256 = l.told) AS words
          FROM lying AS l JOIN s_deliveries AS d ON d.id = l.delivery_id JOIN shipped AS s ON s.delivery_id = d.id
          WHERE d.id NOT IN (SELECT delivery_id FROM due)
          AND d.id NOT IN (SELECT delivery_id FROM standing AS g WHERE NOT EXISTS
              (SELECT 1 FROM s_sheet_rows AS r WHERE r.number = g.number AND r.open = 1))"""
_STANDING = " AND d.id IN (SELECT delivery_id FROM standing)"


def paths(book: Book) -> Iterator[str]:
    """Where something should lie, below the share, as long as it is not on its way there or a finished sheet.

    Most of it does: only of what does not lie there the rest is asked (:func:`of_paths`).
    """
    return (path for (path,) in book.db.execute("SELECT path FROM lying"))


def of_paths(book: Book, among: Collection[str]) -> list[Lying]:
    """What should lie at these paths, oldest first; without what is on its way there, and finished sheets."""
    return (
        _asked(book, f"{_ALL} AND l.path IN (SELECT value FROM json_each(?))", json.dumps(list(among))) if among else []
    )


def open_sheets(book: Book) -> list[Lying]:
    """Approval sheets on which something is still open, and their pictures."""
    return _asked(book, _ALL + _STANDING)


def _asked(book: Book, question: str, *values: str) -> list[Lying]:
    records = book.ask(f"{question} ORDER BY l.delivery_id", *values)
    return [Lying(**{**record, "words": bool(record["words"])}) for record in records]


def due_again(book: Book, lost: Iterable[Lying]) -> None:
    """These are to be drawn from their words and put there once more; whatever cuts that short leaves them due."""
    book.db.execute(
        "INSERT OR IGNORE INTO due SELECT value, NULL FROM json_each(?)", (json.dumps([each.id for each in lost]),)
    )


def lies_no_more(book: Book, deliveries: Iterable[int]) -> None:
    """These have left by rule: nobody misses them."""
    book.db.execute(
        "DELETE FROM lying WHERE delivery_id IN (SELECT value FROM json_each(?))", (json.dumps(list(deliveries)),)
    )
