"""Questions about what 企管部 was asked on daily reports, and what they said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.book import Book

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


def moved_since(book: Book, since: datetime, first: date, last: date) -> bool:
    """Whether anything came after *since* that may change a fine between two days.

    Leave, a decision, a 更正 that took effect, a change of people: facts, and never what only waits.
    """
    at, begin, end = since.isoformat(), first.isoformat(), last.isoformat()
    return bool(
        book.one(
            """SELECT EXISTS (SELECT 1 FROM s_exemptions WHERE granted_at >= ?1 AND start <= ?3 AND "end" >= ?2)
               OR EXISTS (SELECT 1 FROM s_rows WHERE form IN (?4, ?5) AND day BETWEEN ?2 AND ?3
                          AND (submitted_at >= ?1 OR decided_at >= ?1))
               OR EXISTS (SELECT 1 FROM s_corrections WHERE form IN ('销售日报', '日报豁免', ?4, ?5) AND at >= ?1)
               OR EXISTS (SELECT 1 FROM s_rows WHERE form = '人员变更'
                          AND (submitted_at >= ?1 OR decided_at >= ?1))""",
            at, begin, end, CHARGE, APPEAL,
        )
    )  # fmt: skip
