"""Approval sheets of which the book does not know, known again by their signatures: they were issued after the backup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from intake.raw import Sheet
from ledger import rows, sheets
from ledger.journal import Entry
from ledger.records import Row, Status
from outbox.approvals.compose import issued_cells, shown_headers
from policy.forms.person_change import PersonChange
from policy.posts import Approver
from service.company import Service
from service.files.reads import Taken
from service.rows.authority import approver_of
from service.rows.deciding import returned_rows, vouched
from validators.layout import form_of


def has_decisions(each: Taken) -> bool:
    """Whether the workbook is an approval sheet that came back."""
    return any(returned_rows(sheet) for sheet in _pages(each))


def changes_people(each: Taken) -> bool:
    """Whether the workbook changes somebody's name, department or post."""
    return any(form_of(sheet) is PersonChange for sheet in _pages(each))


def know_sheets(service: Service, batch: Sequence[Taken], now: datetime) -> None:
    """An approval sheet that was issued after the backup is known again by its signature.

    Only we can have signed that this row stood on this sheet; whether its locked cells still say what the row says is
    judged as always, when the decision is taken.
    """
    found: dict[str, list[Row]] = {}
    for values in (values for each in batch for sheet in _pages(each) for values in returned_rows(sheet)):
        token = vouched(service, values)
        row = rows.row(service.book, token[1]) if token else None
        if token and row and row.status is Status.PENDING and not sheets.is_issued(service.book, token[0]):
            found.setdefault(token[0], []).append(row)
    for number, on_it in found.items():
        approver = approver_of(service, on_it[0], now)
        if isinstance(approver, Approver):
            with service.book.transaction():
                service.book.post(
                    [Entry("sheet.issued", number, "kebu", _as_issued(number, approver.name, on_it))], now
                )


def _as_issued(number: str, approver: str, on_it: Sequence[Row]) -> dict[str, Any]:
    headers = shown_headers(on_it[0].form)
    return {
        "form": on_it[0].form,
        "approver": approver,
        "rows": [
            {"receipt_no": row.receipt_no, "fingerprint": row.fingerprint, "cells": issued_cells(row, headers, number)}
            for row in on_it
        ],
    }


def _pages(each: Taken) -> tuple[Sheet, ...]:
    return tuple(each.workbook.sheets) if each.workbook else ()
