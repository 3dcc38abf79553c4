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
