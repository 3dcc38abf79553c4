"""Questions about visits: the history of a customer."""

from __future__ import annotations

from typing import Any

from ledger.book import Book

#: By the index ``s_rows_visited``: what was read of years must not be looked through for the newest few.
_APPROVED = """SELECT read ->> 'visited_at' AS visited_at, person AS salesperson, vals ->> 'met' AS met,
    vals ->> 'purpose' AS purpose, vals ->> 'content' AS content, vals ->> 'next_purpose' AS next_purpose
    FROM s_rows WHERE form = '拜访记录' AND status = 'accepted' AND customer_id = ?
    ORDER BY read ->> 'visited_at' DESC, receipt_no DESC LIMIT ?"""


def visits_to(book: Book, customer_id: int, limit: int = 50) -> list[dict[str, Any]]:
    """The approved visits to a customer, newest first."""
    return book.ask(_APPROVED, customer_id, limit)


def last_visit(book: Book, customer_id: int) -> dict[str, Any] | None:
    """The newest approved visit, or None."""
    return next(iter(visits_to(book, customer_id, 1)), None)
