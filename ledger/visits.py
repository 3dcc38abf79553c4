"""Questions about visits: the history of a customer."""

from __future__ import annotations

from typing import Any

from ledger.book import Book

_APPROVED = """
SELECT v.visited_at, v.salesperson, v.met, v.purpose, v.content, v.next_purpose FROM visits AS v
JOIN s_rows AS r USING (receipt_no) WHERE r.customer_id = ? AND v.status = 'accepted'
ORDER BY v.visited_at DESC, receipt_no DESC
"""


def visits_to(book: Book, customer_id: int, limit: int = 50) -> list[dict[str, Any]]:
    """The approved visits to a customer, newest first."""
    return book.ask(f"{_APPROVED} LIMIT ?", customer_id, limit)


def last_visit(book: Book, customer_id: int) -> dict[str, Any] | None:
    """The newest approved visit, or None."""
    return next(iter(visits_to(book, customer_id, 1)), None)
