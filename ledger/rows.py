"""Questions about rows: what was received, what waits for whom, what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ledger.book import Book
from ledger.journal import Entry
from ledger.known import FORGET, Answers, Question
from ledger.records import Finding, Row, Severity, Status

LIVE = frozenset({Status.WAITING, Status.PENDING, Status.ACCEPTED})  #: states of rows that count
LIVE_SQL = "('waiting', 'pending', 'accepted')"


def new_receipt_no(book: Book, day: date) -> str:
    """The next 受理号: the day it was received and a running number, e.g. ``261123-0042``; inside a transaction."""
    prefix = f"{day:%y%m%d}-"
    newest = f"""SELECT CAST(substr(receipt_no, 8) AS INTEGER) FROM s_rows WHERE receipt_no >= '{prefix}'
        AND receipt_no < '{prefix}~' ORDER BY length(receipt_no) DESC, receipt_no DESC LIMIT 1"""
    return f"{prefix}{book.counter(prefix, newest):04d}"


def give_back(book: Book, receipt_no: str) -> None:
    """The 受理号 that was given last was not needed: the row had been received before."""
    book.give_back(receipt_no[:7])


def row(book: Book, receipt_no: str) -> Row | None:
    """The row of a 受理号, or None."""
    return next(iter(_rows(book, "receipt_no = ?", receipt_no)), None)


def several(book: Book, receipt_nos: Sequence[str]) -> dict[str, Row]:
    """受理号 → row, for those that there are."""
    among = "receipt_no IN (SELECT value FROM json_each(?))"
    return {each.receipt_no: each for each in _rows(book, among, json.dumps(receipt_nos))}


def _under_key(book: Book, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[Row, ...]]:
    found: dict[tuple[str, str], tuple[Row, ...]] = {}
    for each in _found(book, _UNDER_KEY, json.dumps(keys)):
        found[each.form, each.key] = (*found.get((each.form, each.key), ()), each)
    return found


_UNDER_KEY = """SELECT r.* FROM json_each(?) AS j CROSS JOIN s_rows AS r
                ON r.form = j.value ->> 0 AND r.key = j.value ->> 1 ORDER BY r.receipt_no DESC"""


def _received(answers: Answers, entry: Entry) -> None:
    key = (entry.payload["form"], entry.payload["key"])
    if key in answers:
        among = (row_received(entry), *answers[key])
        answers[key] = tuple(sorted(among, key=lambda each: each.receipt_no, reverse=True))


def _superseded(answers: Answers, entry: Entry) -> None:
    for key, among in answers.items():
        if any(each.receipt_no == entry.subject for each in among):
            answers[key] = tuple(
                replace(each, status=Status.SUPERSEDED) if each.receipt_no == entry.subject else each for each in among
            )
            return


def _customer_added(answers: Answers, entry: Entry) -> None:
    """Rows that named the customer while it was waiting belong to it from now on."""
    given = entry.payload
    for key, among in answers.items():
        if any(_names(each, given["name_key"]) for each in among):
            answers[key] = tuple(
                replace(each, customer_id=given["id"]) if _names(each, given["name_key"]) else each for each in among
            )


def _names(each: Row, name_key: str) -> bool:
    return each.customer_id is None and each.read.get("customer_key") == name_key


#: (sheet name, key) → the rows under it in whatever state, newest first.
under_key: Question[tuple[str, str], tuple[Row, ...]] = Question(
    _under_key,
    (),
    {
        "row.received": _received,
        "row.superseded": _superseded,
        "row.completed": FORGET,
        "row.compared": FORGET,
        "decision.made": FORGET,
        "customer.added": _customer_added,
    },
)


def live_row(book: Book, form: str, key: str) -> Row | None:
    """The row of this form and key that counts: waiting, pending or accepted; None if there is none."""
    return next((each for each in book.known(under_key, (form, key)) if each.status in LIVE), None)


def turned_down(book: Book, form: str, fingerprint: str, key: str) -> Row | None:
    """The very same row, if an approver has rejected it before."""
    same = (each for each in book.known(under_key, (form, key)) if each.fingerprint == fingerprint)
    return next((each for each in same if each.status is Status.REJECTED and each.decided_by is not None), None)


def replaced(book: Book, form: str, fingerprint: str, key: str) -> Row | None:
    """The very same row, if its submitter has replaced it before."""
    same = (each for each in book.known(under_key, (form, key)) if each.fingerprint == fingerprint)
    return next((each for each in same if each.status is Status.SUPERSEDED), None)


def submitted_since(book: Book, person: str, since: datetime) -> list[Row]:
    """Everything that *person* submitted since then, newest first."""
    where = "person = ? AND submitted_at >= ? ORDER BY submitted_at DESC, receipt_no DESC"
    return _rows(book, where, person, since.isoformat())


def rows_with(book: Book, status: Status, *, person: str | None = None) -> list[Row]:
    """All rows in this state, oldest first; of one person, or of everybody."""
    if person is None:
        return _rows(book, "status = ? ORDER BY submitted_at, receipt_no", status.value)
    return _rows(book, "status = ? AND person = ? ORDER BY submitted_at, receipt_no", status.value, person)


def of_day(book: Book, form: str, person: str, day: date) -> list[Row]:
    """Everything that *person* handed in on a form for *day*, whatever became of it, oldest first."""
    where = "form = ? AND person = ? AND day = ? ORDER BY submitted_at, receipt_no"
    return _rows(book, where, form, person, day.isoformat())


def unissued(book: Book) -> list[Row]:
    """Pending rows that stand on no open approval sheet, oldest first."""
    return _rows(
        book,
        """status = 'pending' AND NOT EXISTS (
               SELECT 1 FROM s_sheet_rows AS i WHERE i.receipt_no = s_rows.receipt_no AND i.open = 1)
           ORDER BY submitted_at, receipt_no""",
    )


def _rows(book: Book, where: str, *values: Any) -> list[Row]:
    return _found(book, f"SELECT * FROM s_rows WHERE {where}", *values)


def _found(book: Book, question: str, *values: Any) -> list[Row]:
    records = book.ask(question, *values)
    found = _findings(book, [record["receipt_no"] for record in records])
    return [_row(record, tuple(found.get(record["receipt_no"], ()))) for record in records]


def _findings(book: Book, receipt_nos: Sequence[str]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    if receipt_nos:
        for record in book.ask(_FINDINGS, json.dumps(receipt_nos)):
            found.setdefault(record["receipt_no"], []).append(finding_from(record))
    return found


_FINDINGS = """SELECT f.* FROM json_each(?) AS j CROSS JOIN s_findings AS f ON f.receipt_no = j.value
               ORDER BY f.receipt_no, f.n"""


def finding_from(record: Mapping[str, Any]) -> Finding:
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


def row_received(entry: Entry) -> Row:
    """The row that a ``row.received`` brings, as it stands right after it."""
    given = entry.payload
    return Row(
        receipt_no=entry.subject,
        person=entry.actor,
        submitted_at=datetime.fromisoformat(given["submitted_at"]),
        values=given["vals"],
        photos=tuple(given["photos"]),
        embedded={header: tuple(shas) for header, shas in given["embedded"].items()},
        status=Status(given["status"]),
        findings=tuple(finding_from(finding) for finding in given["findings"]),
        **{name: given[name] for name in _AS_GIVEN},
    )


_AS_GIVEN = (
    "form", "department", "key", "fingerprint", "read", "cells", "file_id", "sheet", "row_no", "customer_id",
)  # fmt: skip
