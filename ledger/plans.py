"""Questions about visit plans."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.book import Book

# A customer that was renamed meanwhile is the same customer; one that waits for approval has only its name.
_SAME_CUSTOMER = "(v.customer_id = p.customer_id OR v.read ->> 'customer_key' = p.read ->> 'customer_key')"
_NOT_CARRIED_OUT = f"""
SELECT p.receipt_no, p.person AS salesperson, p.vals ->> 'customer' AS customer, p.day AS planned_on,
       p.vals ->> 'purpose' AS purpose
FROM s_rows AS p WHERE p.form = '拜访计划' AND p.status = 'accepted' AND p.day BETWEEN ? AND ?
AND NOT EXISTS (
    SELECT 1 FROM s_rows AS v WHERE v.form = '拜访记录' AND v.person = p.person
    AND v.status IN ('waiting', 'pending', 'accepted') AND {_SAME_CUSTOMER}
    AND substr(COALESCE(NULLIF(v.read ->> 'visited_at', ''), v.submitted_at), 1, 10) = p.day)
ORDER BY p.day DESC, p.person, p.receipt_no
"""


def not_carried_out(book: Book, start: date, end: date) -> list[dict[str, Any]]:
    """Approved plans between two days (both included) without a visit to that customer on that day."""
    return book.ask(_NOT_CARRIED_OUT, start.isoformat(), end.isoformat())


def approved_plan(
    book: Book, person: str, day: date, customer_id: int | None, customer_key: str
) -> dict[str, Any] | None:
    """The approved plan of *person* for this customer and day: its ``receipt_no`` and ``purpose``."""
    records = book.ask(
        """SELECT receipt_no, vals ->> 'purpose' AS purpose FROM s_rows
           WHERE form = '拜访计划' AND status = 'accepted' AND person = ? AND day = ?
           AND (customer_id = ? OR read ->> 'customer_key' = ?) ORDER BY receipt_no LIMIT 1""",
        person, day.isoformat(), customer_id, customer_key,
    )  # fmt: skip
    return records[0] if records else None
