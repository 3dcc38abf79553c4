"""Questions about approval sheets: what was issued to whom, and what still waits on them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ledger.book import Book


@dataclass(frozen=True)
class IssuedRow:
    """A row as it stands on an approval sheet."""

    number: str  #: 表单编号
    form: str
    approver: str
    issued_at: datetime
    receipt_no: str
    fingerprint: str  #: of the row when the sheet was issued
    cells: dict[str, Any]  #: header → value, as written into the locked cells
    open: bool


def issued_row(book: Book, number: str, receipt_no: str) -> IssuedRow | None:
    """What was issued on sheet *number* for this row, or None."""
    records = book.ask(
        "SELECT * FROM s_sheet_rows JOIN s_sheets USING (number) WHERE number = ? AND receipt_no = ?",
        number,
        receipt_no,
    )
    return _issued(records[0]) if records else None


def open_rows(book: Book) -> list[IssuedRow]:
    """Every row that stands on an open sheet, oldest sheet first."""
    records = book.ask(
        "SELECT * FROM s_sheet_rows JOIN s_sheets USING (number) WHERE open = 1 ORDER BY issued_at, number, receipt_no"
    )
    return [_issued(record) for record in records]


def first_issued_at(book: Book, receipt_no: str) -> datetime | None:
    """When an approver was first given this row, or None."""
    found = book.one(
        "SELECT MIN(issued_at) FROM s_sheet_rows JOIN s_sheets USING (number) WHERE receipt_no = ?", receipt_no
    )
    return datetime.fromisoformat(found) if found else None


def next_number(book: Book, form: str, day: date) -> str:
    """The next 表单编号 of this form and day, e.g. ``拜访记录_20261123-1``; inside a transaction."""
    prefix = f"{form}_{day:%Y%m%d}-"
    highest = book.one(
        "SELECT MAX(CAST(substr(number, ?) AS INTEGER)) FROM s_sheets WHERE number BETWEEN ? AND ?",
        len(prefix) + 1, prefix, f"{prefix}:",  # the sign behind the figures
    )  # fmt: skip
    return f"{prefix}{(highest or 0) + 1}"


def is_issued(book: Book, number: str) -> bool:
    """Whether a sheet of this number was issued."""
    return book.one("SELECT 1 FROM s_sheets WHERE number = ?", number) is not None


def decisions_on(book: Book, receipt_no: str) -> list[dict[str, Any]]:
    """The decisions taken on a row, oldest first."""
    return book.ask("SELECT * FROM s_decisions WHERE receipt_no = ? ORDER BY decided_at", receipt_no)


def decided_on(book: Book, day: date) -> dict[str, str]:
    """受理号 → decision of everything that was decided on *day*, oldest first."""
    records = book.ask(
        "SELECT receipt_no, decision FROM s_decisions WHERE substr(decided_at, 1, 10) = ? ORDER BY decided_at, receipt_no",
        day.isoformat(),
    )
    return {record["receipt_no"]: record["decision"] for record in records}


def _issued(record: dict[str, Any]) -> IssuedRow:
    return IssuedRow(
        number=record["number"],
        form=record["form"],
        approver=record["approver"],
        issued_at=datetime.fromisoformat(record["issued_at"]),
        receipt_no=record["receipt_no"],
        fingerprint=record["fingerprint"],
        cells=json.loads(record["cells"]),
        open=bool(record["open"]),
    )


def last_issue(book: Book) -> datetime | None:
    """When a sheet was last issued, or None."""
    found = book.one("SELECT MAX(issued_at) FROM s_sheets")
    return datetime.fromisoformat(found) if found else None


def unissued_since(book: Book) -> datetime | None:
    """When the oldest pending row that stands on no open sheet came, or None."""
    found = book.one(
        """SELECT MIN(submitted_at) FROM s_rows WHERE status = 'pending' AND receipt_no NOT IN
           (SELECT receipt_no FROM s_sheet_rows WHERE open = 1)"""
    )
    return datetime.fromisoformat(found) if found else None


def finished(book: Book) -> dict[str, list[str]]:
    """表单编号 → paths below the share of sheets on which nothing is open any more and that still lie with their approver."""
    return _lying(book, "key = number")


def finished_pictures(book: Book) -> dict[str, list[str]]:
    """The same for the pictures of such sheets, under the key by which :func:`cleared` remembers them."""
    return _lying(book, "key <> number")


def _lying(book: Book, which: str) -> dict[str, list[str]]:
    records = book.db.execute(
        f"""SELECT key, path FROM standing WHERE {which} AND number IN (SELECT number FROM s_sheets)
            AND NOT EXISTS (SELECT 1 FROM s_sheet_rows AS r WHERE r.number = standing.number AND r.open = 1)
            ORDER BY number, delivery_id"""
    )
    found: dict[str, list[str]] = {}
    for key, path in records:
        found.setdefault(str(key), []).append(str(path))
    return found


def cleared(book: Book, number: str) -> None:
    """What belonged to the finished sheet has left its approver's folder."""
    book.db.execute("INSERT OR IGNORE INTO cleared VALUES (?)", (number,))
