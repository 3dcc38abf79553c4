"""Questions about customers' names: those in the book, those of before, those that wait.

Asked for every new row: lists that only grow are kept, and only their newest
part is read again.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.book import Book

_KNOWN = """
SELECT name_key, name, COALESCE(owner, '公海') FROM s_customers
UNION ALL SELECT f.name_key, c.name, COALESCE(c.owner, '公海') FROM s_former_names AS f
    JOIN s_customers AS c ON c.id = f.customer_id WHERE f.name_key <> c.name_key
"""


@dataclass(frozen=True)
class Bearer:
    """Who bears a name, or bore it."""

    key: str  #: folded
    name: str  #: the present one
    owner: str


def known(book: Book) -> tuple[list[str], list[Bearer]]:
    """Folded names, and whose they are: every customer in the book, under its present and its former names."""
    return book.remembered("customer", ("known names",), lambda: _known(book))


def _known(book: Book) -> tuple[list[str], list[Bearer]]:
    bearers = [Bearer(*record) for record in book.db.execute(_KNOWN)]
    return [bearer.key for bearer in bearers], bearers


def submitted(book: Book) -> tuple[list[str], list[str]]:
    """Folded names and 受理号 of all 客户新增 ever received; most of them are decided by now."""
    return book.growing(
        "submitted names",
        "SELECT rowid, key, receipt_no FROM s_rows WHERE form = '客户新增' AND rowid > ? ORDER BY rowid",
    )


def waiting(book: Book, receipt_no: str) -> Bearer | None:
    """The customer that this 客户新增 asks for, if it still waits."""
    found = book.db.execute(
        "SELECT key, vals ->> 'name', person FROM s_rows WHERE receipt_no = ? AND status IN ('waiting', 'pending')",
        (receipt_no,),
    ).fetchone()
    return Bearer(*found) if found else None
