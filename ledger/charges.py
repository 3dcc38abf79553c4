"""Questions about what 企管部 was asked on daily reports, and what they said."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime

from ledger.book import Book
from ledger.keys import CHAIN

CHARGE, APPEAL = "扣款核定", "日报申诉"


@dataclass(frozen=True)
class Ruling:
    """What 企管部 decided on a person's day."""

    receipt_no: str
    counts: bool
    by: str
    comment: str


def rulings_on(book: Book, day: date) -> dict[str, Ruling]:
    """Person → the last decision on their *day*; one that was made void is to be made again."""
    return {
        record["person"]: Ruling(
            record["receipt_no"], record["status"] == "accepted", record["decided_by"], record["comment"] or ""
        )
        for record in book.ask(
            """SELECT * FROM s_rows WHERE form = ? AND day = ? AND decided_by IS NOT NULL AND status <> 'superseded'
               ORDER BY decided_at, rowid""",
            CHARGE,
            day.isoformat(),
        )
    }


def open_on(book: Book, form: str, day: date) -> dict[str, str]:
    """Person → 受理号 of what waits for a decision on their *day*."""
    question = "SELECT person, receipt_no FROM s_rows WHERE form = ? AND day = ? AND status IN ('pending', 'waiting')"
    return {record["person"]: record["receipt_no"] for record in book.ask(question, form, day.isoformat())}


def refused_appeals_on(book: Book, day: date) -> dict[str, str]:
    """Person → why their objection to *day* was not granted."""
    question = "SELECT person, comment FROM s_rows WHERE form = ? AND day = ? AND status = 'rejected' AND decided_by IS NOT NULL"
    return {record["person"]: record["comment"] or "" for record in book.ask(question, APPEAL, day.isoformat())}


@dataclass(frozen=True)
class Span:
    """Days, the first and the last included, on which a fine may stand otherwise than it was written."""

    first: str  #: ISO day
    last: str


def moved_since(book: Book, seq: int) -> list[Span]:
    """The days that what came after entry *seq* may concern.

    Leave, a decision, a 更正 that took effect, a change of people: facts, and never what only waits.
    """
    return [Span(first, last) for first, last in book.db.execute(_MOVED, (seq, CHARGE, APPEAL))]


_MOVED = """
SELECT DISTINCT first, last FROM (
    SELECT CASE WHEN e.kind = 'exemption.granted' THEN e.payload ->> 'start'
                WHEN e.kind = 'person.changed' THEN e.payload ->> 'effective_on'
                WHEN e.kind IN ('row.corrected', 'row.voided')
                    THEN CASE WHEN e.payload ->> 'form' IN ('销售日报', '日报豁免', ?2, ?3) THEN '0000-01-01' END
                WHEN r.form IN (?2, ?3) THEN r.day END AS first,
           CASE WHEN e.kind = 'exemption.granted' THEN e.payload ->> 'end'
                WHEN r.form IN (?2, ?3) THEN r.day ELSE '9999-12-31' END AS last
    FROM entries AS e LEFT JOIN s_rows AS r
        ON r.receipt_no = e.subject AND e.kind IN ('row.received', 'row.completed', 'row.superseded', 'decision.made')
    WHERE e.seq > ?1 AND e.kind IN ('exemption.granted', 'person.changed', 'row.corrected', 'row.voided', 'row.received',
        'row.completed', 'row.superseded', 'decision.made'))
WHERE first IS NOT NULL
"""


def looked_until(book: Book) -> int:
    """The number of the last entry of which every month already reported was looked through.

    0 where that was never done, or where somebody changed what was noted: then everything is looked through again, so that
    nobody's fine outlives what would have struck it out.
    """
    return int(book.one("SELECT seq FROM renewed_mark") or 0) if is_ours(book) else 0


def look_until(book: Book, seq: int, at: datetime) -> None:
    """Remember that every month says what entries up to *seq* make of it; inside the transaction that renews them."""
    mac = _mac(seq, book.keys.newest(CHAIN, at).raw)
    book.beside("renewed_mark", "INSERT OR REPLACE INTO renewed_mark (one, seq, mac) VALUES (1, ?, ?)", seq, mac)


def is_ours(book: Book) -> bool:
    """Whether what is noted of that was signed with a key of the chain's; also where nothing is noted."""
    return all(
        any(hmac.compare_digest(str(mac).encode(), _mac(seq, key.raw).encode()) for key in book.keys.keys(CHAIN))
        for seq, mac in book.sent("SELECT seq, mac FROM renewed_mark")
    )


def _mac(seq: object, secret: bytes) -> str:
    return hmac.digest(secret, f"renewed {seq}".encode(), "sha256").hex()
