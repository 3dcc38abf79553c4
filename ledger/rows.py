"""Questions about rows: what was received, what waits for whom, what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from ledger.book import Book
from ledger.records import Finding, Row, Severity, Status

_LIVE = "('waiting', 'pending', 'accepted')"


def new_receipt_no(book: Book, day: date) -> str:
    """The next 受理号: the day it was received and a running number, e.g. ``261123-0042``; inside a transaction."""
    prefix = f"{day:%y%m%d}-"
    last = book.one(
        "SELECT receipt_no FROM s_rows WHERE receipt_no >= ? AND receipt_no < ? ORDER BY length(receipt_no) DESC, "
        "receipt_no DESC LIMIT 1",
        prefix,
        prefix + "~",
    )
    return f"{prefix}{int(last.split('-')[1]) + 1 if last else 1:04d}"


def row(book: Book, receipt_no: str) -> Row | None:
    """The row of a 受理号, or None."""
    return next(iter(_rows(book, "receipt_no = ?", receipt_no)), None)


def live_row(book: Book, form: str, key: str) -> Row | None:
    """The row of this form and key that counts: waiting, pending or accepted; None if there is none."""
    found = _rows(book, f"form = ? AND key = ? AND status IN {_LIVE} ORDER BY receipt_no DESC", form, key)
    return next(iter(found), None)


def turned_down(book: Book, form: str, fingerprint: str, key: str) -> Row | None:
    """The very same row, if an approver has rejected it before.

    A payment that went back because the cashier's figures differed may come again as it is: the slip may have
    been the cashier's.
    """
    return _same(book, form, fingerprint, key, f"status = 'rejected' AND decided_by IS NOT NULL AND NOT {_DIFFERED}")


def replaced(book: Book, form: str, fingerprint: str, key: str) -> Row | None:
    """The very same row, if its submitter has replaced it before."""
    return _same(book, form, fingerprint, key, "status = 'superseded'")


_DIFFERED = """EXISTS (SELECT 1 FROM s_decisions AS d, json_each(d.given) AS g
                         WHERE d.receipt_no = s_rows.receipt_no AND g.value ->> 'agrees' = 0)"""


def _same(book: Book, form: str, fingerprint: str, key: str, state: str) -> Row | None:
    where = f"form = ? AND key = ? AND fingerprint = ? AND {state} ORDER BY receipt_no DESC LIMIT 1"
    return next(iter(_rows(book, where, form, key, fingerprint)), None)


def rows_with(book: Book, status: Status, *, person: str | None = None) -> list[Row]:
    """All rows in this state, oldest first; of one person, or of everybody."""
    if person is None:
        return _rows(book, "status = ? ORDER BY submitted_at, receipt_no", status.value)
    return _rows(book, "status = ? AND person = ? ORDER BY submitted_at, receipt_no", status.value, person)


def unissued(book: Book) -> list[Row]:
    """Pending rows that stand on no open approval sheet, oldest first."""
    return _rows(
        book,
        """status = 'pending' AND NOT EXISTS (
               SELECT 1 FROM s_sheet_rows AS i WHERE i.receipt_no = s_rows.receipt_no AND i.open = 1)
           ORDER BY submitted_at, receipt_no""",
    )


def recent_texts(
    book: Book, form: str, person: str, field: str, before: str, limit: int = 200
) -> list[tuple[str, str]]:
    """Earlier texts of one field by one person: (受理号, text), newest first, refused rows left out."""
    question = f"""SELECT receipt_no, vals ->> ? AS text FROM s_rows
                   WHERE form = ? AND person = ? AND status IN {_LIVE} AND receipt_no <> ? AND text IS NOT NULL
                   ORDER BY submitted_at DESC, receipt_no DESC LIMIT ?"""
    return list(book.db.execute(question, (field, form, person, before, limit)))


def _rows(book: Book, where: str, *values: Any) -> list[Row]:
    records = book.ask(f"SELECT * FROM s_rows WHERE {where}", *values)
    found = _findings(book, [record["receipt_no"] for record in records])
    return [_row(record, found.get(record["receipt_no"], ())) for record in records]


def _findings(book: Book, receipt_nos: Iterable[str]) -> dict[str, tuple[Finding, ...]]:
    found: dict[str, tuple[Finding, ...]] = {}
    for receipt_no in receipt_nos:
        records = book.ask("SELECT * FROM s_findings WHERE receipt_no = ? ORDER BY n", receipt_no)
        found[receipt_no] = tuple(finding_from(record) for record in records)
    return found


def finding_from(record: dict[str, Any]) -> Finding:
    """A finding from its record."""
    return Finding(
        rule=record["rule"],
        clause=record["clause"],
        severity=Severity(record["severity"]),
        column=record["column"],
        message=record["message"],
        remedy=record["remedy"],
    )


def _row(record: dict[str, Any], findings: tuple[Finding, ...]) -> Row:
    return Row(
        receipt_no=record["receipt_no"],
        form=record["form"],
        person=record["person"],
        department=record["department"],
        submitted_at=datetime.fromisoformat(record["submitted_at"]),
        key=record["key"],
        fingerprint=record["fingerprint"],
        values=json.loads(record["vals"]),
        read=json.loads(record["read"]),
        cells=json.loads(record["cells"]),
        photos=tuple(json.loads(record["photos"])),
        embedded={header: tuple(shas) for header, shas in json.loads(record["embedded"]).items()},
        status=Status(record["status"]),
        file_id=record["file_id"],
        sheet=record["sheet"],
        row_no=record["row_no"],
        customer_id=record["customer_id"],
        decided_at=datetime.fromisoformat(record["decided_at"]) if record["decided_at"] else None,
        decided_by=record["decided_by"],
        comment=record["comment"] or "",
        findings=findings,
    )
