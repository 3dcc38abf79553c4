"""Approval sheets issued: one for each approver and form, for all rows that stand on no open sheet (客户拜访 5.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from itsdangerous import URLSafeSerializer

from ledger import rows, sheets
from ledger.book import Book
from ledger.journal import Entry
from ledger.records import Row, Severity
from outbox.approvals.model import (
    FLAG_MARK,
    FLAGS,
    NUMBER,
    RECEIPT_NO,
    SUBMITTER,
    ApprovalRow,
    ApprovalSheet,
    has_flag,
)
from outbox.approvals.sheet import render_approval_sheet
from policy.columns import as_text
from policy.form import columns, judged_headers, words_of
from policy.forms import form_named
from policy.posts import DEPARTMENT_MANAGER, Approver, Missing, approver_for, chain_for
from service.album import Album, album, queue_album
from service.cashier import EXTRA, is_payment, prefilled
from service.company import Service
from service.receipts import queue_file


def signer(book: Book) -> URLSafeSerializer:
    """What signs the rows of approval sheets, and proves them when they come back."""
    return URLSafeSerializer(book.signing_secrets(), salt="approval")


def approver_of(service: Service, row: Row, now: datetime) -> Approver | Missing:
    """Who decides on *row*: by the chain of posts in the config, never the submitter."""
    day = now.date()
    people = service.people(day)
    active = [person for person in people.values() if person.active_on(day)]
    submitter = people[row.person]
    chain = chain_for(row.form, submitter, row.values.get("name"), service.settings.as_of(day).approval)
    return approver_for(chain, submitter, active)


def _still_decides(service: Service, approver: str, row: Row, now: datetime) -> bool:
    """Whether whoever holds the sheet may still decide: here, and in a post of the row's chain."""
    people, day = service.people(now.date()), now.date()
    holder, submitter = people[approver], people[row.person]
    chain = chain_for(row.form, submitter, row.values.get("name"), service.settings.as_of(day).approval)
    far = holder.post == DEPARTMENT_MANAGER and holder.department != submitter.department
    return holder.active_on(day) and holder.post in chain and not far


def withdraw_sheets(service: Service, now: datetime) -> None:
    """Take rows back from approvers who have left or changed their post, so that the next in the chain gets them."""
    gone = []
    for issued in sheets.open_rows(service.book):
        row = rows.row(service.book, issued.receipt_no)
        if row is not None and not _still_decides(service, issued.approver, row, now):
            gone.append(Entry("sheet.withdrawn", issued.receipt_no, "kebu", {"number": issued.number}))
    if gone:
        with service.book.transaction():
            service.book.post(gone, now)


def issue_sheets(service: Service, now: datetime) -> int:
    """Issue all sheets that are due; gives how many."""
    withdraw_sheets(service, now)
    due: dict[tuple[str, str], list[Row]] = {}
    for row in rows.unissued(service.book):
        approver = approver_of(service, row, now)
        if isinstance(approver, Approver):
            due.setdefault((approver.name, row.form), []).append(row)
    for (approver_name, form), waiting in sorted(due.items()):
        waiting.sort(key=_reading_order)
        number = sheets.next_number(service.book, form, now.date())
        pictures = album(service, number, waiting)
        with service.book.transaction():
            _issue(service, approver_name, form, waiting, pictures, now)
    return len(due)


def _reading_order(row: Row) -> tuple[bool, str, datetime, str]:
    """What wants a look comes first, then one submitter after the other."""
    return (not has_flag(flags(row)), row.person, row.submitted_at, row.receipt_no)


def _issue(service: Service, approver: str, form: str, waiting: list[Row], pictures: Album, now: datetime) -> None:
    number, headers = pictures.number, shown_headers(form)
    ready = prefilled(service, waiting) if is_payment(form) else {}
    issued = [(row, issued_cells(row, headers, number)) for row in waiting]
    made = ApprovalSheet(
        number=number,
        form=form,
        approver=approver,
        issued_at=now,
        headers=headers,
        rows=tuple(
            replace(_row(service, row, cells, headers, pictures), prefilled=ready.get(row.receipt_no, ()))
            for row, cells in issued
        ),
        extra_headers=EXTRA if is_payment(form) else (),
        token=signer(service.book).dumps([number, ""]),
        judged=_judged(form),
    )
    payload = {
        "form": form,
        "approver": approver,
        "rows": [
            {"receipt_no": row.receipt_no, "fingerprint": row.fingerprint, "cells": cells} for row, cells in issued
        ],
    }
    service.book.post([Entry("sheet.issued", number, "kebu", payload)], now)
    folder = service.settings.folders.approvals
    word = "确认" if is_payment(form) else "审批"
    queue_album(service, pictures, waiting, approver, now)
    queue_file(
        service, approver, folder, f"{word}_{number}.xlsx", render_approval_sheet(made), f"approval:{number}", now
    )


def _judged(sheet: str) -> tuple[str, ...]:
    form = form_named(sheet)
    assert form is not None
    return tuple(map(own_header, judged_headers(form)))


def shown_headers(sheet: str) -> tuple[str, ...]:
    """The columns of an approval sheet that come from the row: the form's, and those that the software read."""
    form = form_named(sheet)
    assert form is not None
    return (*(own_header(column.header) for column in columns(form)), *form.read_columns)


def own_header(header: str) -> str:
    """A form's column on the sheet: 更正 has a 受理号 of its own, which must not be taken for the row's."""
    return f"{header}（表内）" if header == RECEIPT_NO else header


def issued_cells(row: Row, headers: tuple[str, ...], number: str) -> dict[str, Any]:
    """What stands in the locked cells of *row*, all as text, so that no program can show it differently."""
    form = form_named(row.form)
    assert form is not None
    by_header = dict(row.cells)
    dropped = {own_header(column.header): words_of(column, by_header) for column in columns(form)} | _money(row)
    shown = {header: row.read.get(header, dropped.get(header)) or "" for header in headers}
    return {
        RECEIPT_NO: row.receipt_no,
        SUBMITTER: row.person,
        **shown,
        FLAGS: flags(row),
        NUMBER: number,
    }


def _money(row: Row) -> dict[str, str]:
    """Amounts as they were understood and will take effect: 12.8万 is decided on as 128,000.00."""
    form = form_named(row.form)
    fields = {column.header: column.field for column in columns(form) if column.kind == "money"} if form else {}
    return {
        header: f"{row.values[field] / 100:,.2f}"
        for header, field in fields.items()
        if row.values.get(field) is not None
    }


def flags(row: Row) -> str:
    """What the rules want the approver to look at, in words."""
    weighty = [finding for finding in row.findings if finding.severity is not Severity.OFF]
    return "\n".join(
        f"{FLAG_MARK if finding.severity is Severity.FLAG else '·'} {finding.message}" for finding in weighty
    )


def _row(service: Service, row: Row, cells: dict[str, Any], headers: tuple[str, ...], pictures: Album) -> ApprovalRow:
    return ApprovalRow(
        receipt_no=row.receipt_no,
        submitter=row.person,
        submitted_at=row.submitted_at,
        cells=tuple(as_text(cells[header]) for header in headers),
        flags=cells[FLAGS],
        pictures=pictures.shown(row),
        token=signer(service.book).dumps([pictures.number, row.receipt_no]),
    )
