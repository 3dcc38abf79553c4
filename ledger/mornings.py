"""What waits for people when a day begins: rows that came back and were not put right, rows whose pictures are missing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ledger.book import Book
from ledger.records import Status


@dataclass(frozen=True)
class Unsettled:
    """A row that its submitter has to do something about."""

    person: str
    receipt_no: str
    form: str
    about: str  #: the first cell of the row
    status: Status  #: rejected, or waiting for pictures
    submitted_at: datetime
    decided_by: str  #: who turned it down; '' when it broke a rule
    reason: str


def unsettled(book: Book, people: Sequence[str], forms: Sequence[str], since: datetime) -> dict[str, list[Unsettled]]:
    """Person → what they handed in since then and that waits for them, oldest first; asked for all of them at once.

    A row that was handed in again, under its key or about the same, is not asked for any more.
    """
    asked = (json.dumps(list(forms)), json.dumps(list(people)))
    found: dict[str, list[Unsettled]] = {}
    for each in book.ask(_UNSETTLED, *asked, since.isoformat()):
        found.setdefault(each["person"], []).append(
            Unsettled(
                person=each["person"], receipt_no=each["receipt_no"], form=each["form"], about=each["about"] or "",
                status=Status(each["status"]), submitted_at=datetime.fromisoformat(each["submitted_at"]),
                decided_by=each["decided_by"] or "", reason=each["comment"] or each["reason"] or "",
            )
        )  # fmt: skip
    return found


_UNSETTLED = """
SELECT r.person, r.receipt_no, r.form, r.cells ->> '$[0][1]' AS about, r.status, r.submitted_at, r.decided_by, r.comment,
    (SELECT group_concat(message, '；') FROM s_findings WHERE receipt_no = r.receipt_no AND severity = 'refuse') AS reason
FROM json_each(?1) AS f CROSS JOIN json_each(?2) AS p
CROSS JOIN s_rows AS r ON r.form = f.value AND r.person = p.value AND r.submitted_at >= ?3
    AND r.status IN ('rejected', 'waiting')
WHERE NOT EXISTS (
    SELECT 1 FROM s_rows AS n WHERE n.form = r.form AND n.person = r.person AND n.submitted_at >= r.submitted_at
    AND n.rowid > r.rowid
    AND ((r.key <> '' AND n.key = r.key) OR n.cells ->> '$[0][1]' = r.cells ->> '$[0][1]'))
ORDER BY r.submitted_at, r.receipt_no
"""
