"""What stands on an approval sheet, put together from the rows that wait."""

from __future__ import annotations

from typing import Any

from ledger.records import Row, Severity
from outbox.approvals.model import (
    FLAG_MARK,
    FLAGS,
    NUMBER,
    RECEIPT_NO,
    SUBMITTER,
    ApprovalRow,
    ShownPicture,
)
from outbox.xlsx.cell import CellValue
from policy.columns import as_text
from policy.form import NOT_READ, PICTURES_SAY, columns, judged_headers, words_of
from policy.forms import form_named


def judged_columns(sheet: str) -> tuple[str, ...]:
    """Those of them that are read beside the decision."""
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
    unread = {PICTURES_SAY: NOT_READ} if row.photos else {}
    shown = {header: row.read.get(header, dropped.get(header, unread.get(header))) or "" for header in headers}
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


def approval_row(
    row: Row,
    cells: dict[str, Any],
    headers: tuple[str, ...],
    pictures: tuple[ShownPicture, ...],
    token: str,
    prefilled: tuple[CellValue, ...],
) -> ApprovalRow:
    """A row as the approver sees it; *cells* as :func:`issued_cells` gives them."""
    return ApprovalRow(
        receipt_no=row.receipt_no,
        submitter=row.person,
        submitted_at=row.submitted_at,
        cells=tuple(as_text(cells[header]) for header in headers),
        flags=cells[FLAGS],
        pictures=pictures,
        token=token,
        prefilled=prefilled,
    )
