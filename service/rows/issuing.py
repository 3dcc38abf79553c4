"""Approval sheets issued: one for each approver and form, for all rows that stand on no open sheet (客户拜访 5.3)."""

from __future__ import annotations

from datetime import datetime

from itsdangerous import URLSafeSerializer

from ledger import rows, sheets
from ledger.book import Book
from ledger.journal import Entry
from ledger.records import Row
from outbox.approvals.compose import approval_row, flags, issued_cells, judged_columns, shown_headers
from outbox.approvals.model import ApprovalSheet, has_flag
from outbox.queue import tell_anew, words_for
from policy.posts import Approver
from service.company import Service
from service.rows.album import Album, album, queue_album
from service.rows.authority import approver_of, still_decides
from service.rows.cashier import EXTRA, is_payment, prefilled
from service.rows.seeing import compare_rows


def signer(book: Book) -> URLSafeSerializer:
    """What signs the rows of approval sheets, and proves them when they come back."""
    return URLSafeSerializer(book.signing_secrets(), salt="approval")


def withdraw_sheets(service: Service, now: datetime) -> None:
    """Take rows back from approvers who have left, changed their post or are away: the next, or the deputy, gets them."""
    with service.book.transaction():
        issued = sheets.open_rows(service.book)
        known = rows.several(service.book, [each.receipt_no for each in issued])
        gone = [
            Entry("sheet.withdrawn", each.receipt_no, "kebu", {"number": each.number})
            for each in issued
            if each.receipt_no in known and not still_decides(service, each.approver, known[each.receipt_no], now)
        ]
        service.book.post(gone, now)


def issue_sheets(service: Service, now: datetime) -> int:
    """Issue all sheets that are due; gives how many."""
    withdraw_sheets(service, now)
    compare_rows(service, now)
    due = _due(service, now)
    for (approver_name, form), waiting in sorted(due.items()):
        waiting.sort(key=_reading_order)
        number = sheets.next_number(service.book, form, now.date())
        pictures = album(service, number, waiting)
        with service.book.transaction():
            _issue(service, approver_name, form, waiting, pictures, now)
    return len(due)


def _due(service: Service, now: datetime) -> dict[tuple[str, str], list[Row]]:
    """(approver, form) → the rows that are to be decided and stand on no open sheet."""
    due: dict[tuple[str, str], list[Row]] = {}
    with service.book.transaction():  # nobody changes the register between two rows
        for row in rows.unissued(service.book):
            approver = approver_of(service, row, now)
            if isinstance(approver, Approver):
                due.setdefault((approver.name, row.form), []).append(row)
    return due


def _reading_order(row: Row) -> tuple[bool, str, datetime, str]:
    """What wants a look comes first, then one submitter after the other."""
    return (not has_flag(flags(row)), row.person, row.submitted_at, row.receipt_no)


def _issue(service: Service, approver: str, form: str, waiting: list[Row], pictures: Album, now: datetime) -> None:
    number, headers = pictures.number, shown_headers(form)
    ready = prefilled(service, waiting) if is_payment(form) else {}
    issued = [(row, issued_cells(row, headers, number)) for row in waiting]
    sign = signer(service.book).dumps
    made = ApprovalSheet(
        number=number,
        form=form,
        approver=approver,
        issued_at=now,
        headers=headers,
        rows=tuple(
            approval_row(
                row, cells, headers, pictures.shown(row), sign([number, row.receipt_no]), ready.get(row.receipt_no, ())
            )
            for row, cells in issued
        ),
        extra_headers=EXTRA if is_payment(form) else (),
        token=sign([number, ""]),
        judged=judged_columns(form),
    )
    payload = {
        "form": form,
        "approver": approver,
        "rows": [
            {"receipt_no": row.receipt_no, "fingerprint": row.fingerprint, "cells": cells} for row, cells in issued
        ],
    }
    service.book.post([Entry("sheet.issued", number, "kebu", payload)], now)
    word, folder = "确认" if is_payment(form) else "审批", service.settings.folders.approvals
    queue_album(service, pictures, waiting, approver, now)
    tell_anew(service.book, approver, folder, f"{word}_{number}.xlsx", words_for(made), f"approval:{number}", now)
