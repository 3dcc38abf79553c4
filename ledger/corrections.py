"""更正: rows that took effect and were put right or made void afterwards (目的 1)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ledger.book import Book
from ledger.known import FORGET, Question
from ledger.records import Row
from ledger.rows import several


def _numbered(book: Book, receipt_nos: Sequence[str]) -> dict[str, Row]:
    return several(book, receipt_nos)


#: 受理号 → the row as it stands now.
numbered: Question[str, Row | None] = Question(
    _numbered, None, dict.fromkeys(("row.received", "row.superseded", "row.completed", "decision.made"), FORGET)
)


def _voided(book: Book, receipt_nos: Sequence[str]) -> dict[str, str]:
    records = book.ask(_VOIDED, json.dumps(receipt_nos))
    return {record["of_receipt_no"]: record["receipt_no"] for record in records}


_VOIDED = """SELECT c.of_receipt_no, c.receipt_no FROM json_each(?) AS j
             JOIN s_corrections AS c ON c.of_receipt_no = j.value AND c.action = '作废'"""

#: 受理号 → 受理号 of the 更正 that made the row void.
voided: Question[str, str | None] = Question(_voided, None)


def overtaken(book: Book, correction: Row) -> tuple[str, ...]:
    """受理号 of the corrections in force that said something else of the same cell: they may be made again later."""
    given = (correction.receipt_no, correction.values["receipt_no"], correction.read.get("field"))
    return tuple(record["receipt_no"] for record in book.ask(_OVERTAKEN, *given))


_OVERTAKEN = """SELECT receipt_no FROM s_rows WHERE form = '更正' AND status = 'accepted' AND receipt_no <> ?
                AND vals ->> 'receipt_no' = ? AND read ->> 'field' = ? ORDER BY receipt_no"""
