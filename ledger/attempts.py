"""Questions about what people handed in and what was not accepted: nobody is fined for a day on which they tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from ledger.book import Book
from ledger.days import DAILY_REPORT


@dataclass(frozen=True)
class Attempt:
    """Something that was handed in and came back."""

    person: str
    at: datetime  #: when it arrived
    what: str  #: what it was, as staff know it
    why: str  #: the reason that the receipt gave
    report: bool  #: it was, or may have been, a daily report

    def __str__(self) -> str:
        return f"{self.at:%m-%d %H:%M} 投递的{self.what}没有被接受（{self.why}）"


def attempts_on(book: Book, day: date) -> dict[str, list[Attempt]]:
    """Person → what they handed in on *day*, or for it, and got back; by arrival."""
    found: dict[str, list[Attempt]] = {}
    every = (*_rows(book, day), *_void(book, day), *_files(book, day), *_sheets(book, day))
    for attempt in sorted(every, key=lambda each: (each.person, each.at, each.what)):
        found.setdefault(attempt.person, []).append(attempt)
    return found


def _rows(book: Book, day: date) -> Iterator[Attempt]:
    """Rows that the rules returned.  A report of no readable day, or of a day to come, may be the one of its arrival."""
    for record in book.ask(
        """SELECT r.person, r.receipt_no, r.form, r.submitted_at,
                  (SELECT group_concat(message, '；') FROM (SELECT message FROM s_findings AS f
                   WHERE f.receipt_no = r.receipt_no AND f.severity = 'refuse' ORDER BY f.n)) AS why
           FROM (
               SELECT receipt_no FROM s_rows WHERE form = ?1 AND day = ?2
               UNION ALL SELECT receipt_no FROM s_rows
                   WHERE substr(submitted_at, 1, 10) = ?2 AND status = 'rejected' AND decided_by IS NULL
                   AND (form <> ?1 OR day IS NULL OR day > ?2)
           ) CROSS JOIN s_rows AS r USING (receipt_no) WHERE r.status = 'rejected' AND r.decided_by IS NULL""",
        DAILY_REPORT,
        day.isoformat(),
    ):
        what = f"{record['form']}（受理号 {record['receipt_no']}）"
        yield Attempt(record["person"], _time(record["submitted_at"]), what, record["why"] or "有内容要改",
                      record["form"] == DAILY_REPORT)  # fmt: skip


def _void(book: Book, day: date) -> Iterator[Attempt]:
    """Reports that were made void: handed in all the same, so that somebody is asked before it costs money (目的 1)."""
    for record in book.ask(
        """SELECT r.person, r.receipt_no, r.submitted_at, c.receipt_no AS by, c.reason FROM s_rows AS r
           JOIN s_corrections AS c ON c.of_receipt_no = r.receipt_no AND c.action = '作废'
           WHERE r.form = ? AND r.day = ?""",
        DAILY_REPORT,
        day.isoformat(),
    ):
        what, why = (
            f"{DAILY_REPORT}（受理号 {record['receipt_no']}）",
            f"已由受理号 {record['by']} 作废：{record['reason']}",
        )
        yield Attempt(record["person"], _time(record["submitted_at"]), what, why, report=True)


def _files(book: Book, day: date) -> Iterator[Attempt]:
    """Files that were refused as they were: what stood in them nobody knows."""
    for record in book.ask(
        """SELECT person, name, arrived_at, reason, kind FROM s_files
           WHERE outcome = 'refused' AND by_machine = 0 AND substr(arrived_at, 1, 10) = ?""",
        day.isoformat(),
    ):
        what = f"{'照片' if record['kind'] == 'photo' else '文件'}“{record['name']}”"
        yield Attempt(record["person"], _time(record["arrived_at"]), what, record["reason"], record["kind"] != "photo")


def _sheets(book: Book, day: date) -> Iterator[Attempt]:
    """Sheets that were returned or passed over as a whole."""
    for record in book.ask(
        "SELECT * FROM s_unfit_sheets WHERE substr(arrived_at, 1, 10) = ? ORDER BY file_id, sheet", day.isoformat()
    ):
        what = f"文件“{record['name']}”" + (f"的工作表“{record['sheet']}”" if record["sheet"] else "")
        report = record["form"] in ("", DAILY_REPORT)
        yield Attempt(record["person"], _time(record["arrived_at"]), what, record["reason"], report)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
