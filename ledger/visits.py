"""Questions about visits: the history of a customer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ledger.book import Book

#: By the index ``s_rows_visited``: what was read of years must not be looked through for the newest few.
_APPROVED = """SELECT r.customer_id, r.read ->> 'visited_at' AS visited_at, r.person AS salesperson,
    r.vals ->> 'met' AS met, r.vals ->> 'purpose' AS purpose, r.vals ->> 'content' AS content,
    r.vals ->> 'next_purpose' AS next_purpose
    FROM json_each(?) AS w CROSS JOIN s_rows AS r ON r.receipt_no IN (
        SELECT receipt_no FROM s_rows WHERE form = '拜访记录' AND status = 'accepted' AND customer_id = w.value
        ORDER BY read ->> 'visited_at' DESC, receipt_no DESC LIMIT ?)
    ORDER BY r.customer_id, r.read ->> 'visited_at' DESC, r.receipt_no DESC"""


def histories(book: Book, customer_ids: Sequence[int], limit: int = 50) -> dict[int, list[dict[str, Any]]]:
    """Customer's id → their approved visits, newest first; asked for all of them at once."""
    found: dict[int, list[dict[str, Any]]] = {}
    for record in book.ask(_APPROVED, json.dumps(list(customer_ids)), limit):
        found.setdefault(record["customer_id"], []).append(record)
    return found
