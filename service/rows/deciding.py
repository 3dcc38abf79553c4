"""Approval sheets taken back: each row's signature, cells and decision looked at, then posted or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from itsdangerous import BadSignature

from intake.raw import CellValue, Sheet
from ledger import customers, rows, sheets
from ledger.records import Outcome, Row, Status
from outbox.approvals.compose import own_header
from outbox.approvals.model import APPROVE, COMMENT, DECISION, FLAGS, RECEIPT_NO, REST, TOKEN, has_flag
from outbox.receipts.model import Note, ReceiptRow, ReceiptSheet
from policy.columns import as_text
from policy.words import header_key
from processors.approval import Hindrance, Office, Refused, Repeated, Returned, customer_missing, decide, understood
from service.company import Service
from service.rows.admission import absence
from service.rows.authority import instead_of, may_decide
from service.rows.cashier import EXTRA
from service.rows.issuing import signer
from service.rows.settling import settle

_WRITTEN = frozenset({"", DECISION, COMMENT, *EXTRA})
_MARKS = {header_key(name) for name in (RECEIPT_NO, DECISION, COMMENT)}


def is_approval(sheet: Sheet) -> bool:
    """Whether *sheet* is an approval sheet, whatever it is called now."""
    return _header_at(sheet) is not None


def _header_at(sheet: Sheet) -> int | None:
    for index, (_number, cells) in enumerate(sheet.rows[:20]):
        if {header_key(as_text(cell)) for cell in cells if cell is not None} >= _MARKS:
            return index
    return None


def take_decisions(
    service: Service, sheet: Sheet, person: str, decided_at: datetime, now: datetime
) -> tuple[ReceiptSheet, list[str]]:
    """Take every decision on *sheet*; gives the approver's receipt and the 受理号 decided.  Inside a transaction."""
    at = _header_at(sheet)
    assert at is not None
    headers = tuple(as_text(cell) for cell in sheet.rows[at][1])
    rest = _rest_of(sheet, at)
    told, decided = [], []
    spoilt = _spoilt(sheet, headers)
    for number, cells in sheet.rows[at + 1 :]:
        if number in spoilt:
            told.append(_spoilt_row(headers, cells, spoilt[number]))
            continue
        if _is_below_a_picture(headers, cells):
            continue
        values = _with_rest(service, _values(headers, cells), rest)
        made, receipt_no = _take_row(service, headers, cells, values, person, decided_at, now)
        told.append(made)
        decided += [receipt_no] if receipt_no else []
    kept = tuple(headers[i] for i in _shown(headers))
    return ReceiptSheet(sheet.name, kept, tuple(told), hidden_headers=frozenset({TOKEN})), decided


def _spoilt(sheet: Sheet, headers: Sequence[str]) -> dict[int, Refused]:
    """Row → why a cell that decides in it cannot be used: a formula without a result is no blank (其余同意 would fill it)."""
    deciding = {n: header for n, header in enumerate(headers, 1) if header in (DECISION, COMMENT, *EXTRA)}
    return {
        each.row: Refused(Hindrance.CELL, deciding[each.column], each.message, each.remedy)
        for each in sheet.troubles
        if each.column in deciding
    }


def _spoilt_row(headers: tuple[str, ...], cells: Sequence[CellValue], why: Refused) -> ReceiptRow:
    kept = tuple(cells[i] if i < len(cells) else None for i in _shown(headers))
    return _returned(_values(headers, cells).get(RECEIPT_NO, ""), kept, why)


def _is_below_a_picture(headers: Sequence[str], cells: Sequence[CellValue]) -> bool:
    """Whether a row is one over which the picture above it lies: nothing stands in it but what a program may fill in."""
    return not any(as_text(cell) for header, cell in zip(headers, cells, strict=False) if header not in _WRITTEN)


def _rest_of(sheet: Sheet, head: int) -> str:
    """What stands in the cell of 其余同意 above the table; '' on sheets without it."""
    for _number, cells in sheet.rows[:head]:
        words = [as_text(cell) for cell in cells]
        if REST in words:
            return understood(words[words.index(REST) + 1]) if words[-1] != REST else ""
    return ""


def _with_rest(service: Service, values: dict[str, str], rest: str) -> dict[str, str]:
    """The row as the approver means it: 其余同意 decides what has no flag, no decision or comment, and no blank of theirs.

    A row that nothing vouches for goes to its refusal like any other.
    """
    values = {**values, REST: rest}
    undecided = not any(values.get(header) for header in (DECISION, COMMENT))
    if rest != APPROVE or not undecided or any(not values[header] for header in EXTRA if header in values):
        return values
    token = _vouched(service, values.get(TOKEN, ""))
    issued = sheets.issued_row(service.book, *token) if token else None
    row = rows.row(service.book, token[1]) if token else None
    wants_own = issued is not None and has_flag(str(issued.cells[FLAGS]))
    settled = row is not None and row.status is not Status.PENDING
    return values if wants_own or settled else {**values, DECISION: APPROVE}


def returned_rows(sheet: Sheet) -> list[dict[str, str]]:
    """The rows of an approval sheet, header → text; none if it is no approval sheet."""
    at = _header_at(sheet)
    if at is None:
        return []
    headers = tuple(as_text(cell) for cell in sheet.rows[at][1])
    return [_values(headers, cells) for _number, cells in sheet.rows[at + 1 :]]


def vouched(service: Service, values: Mapping[str, str]) -> tuple[str, str] | None:
    """(表单编号, 受理号) that the signature of a returned row vouches for; None if it does not hold."""
    return _vouched(service, values.get(TOKEN, ""))


_FRONT = ("结果", "说明", RECEIPT_NO)


def _values(headers: tuple[str, ...], cells: Sequence[CellValue]) -> dict[str, str]:
    """Header → text; on sheets issued by older versions 受理号 came twice, the row's first and then the order's."""
    values: dict[str, str] = {}
    for i, header in enumerate(headers):
        if header:
            values.setdefault(
                own_header(header) if header in values else header, as_text(cells[i]) if i < len(cells) else ""
            )
    return values


def _shown(headers: tuple[str, ...]) -> list[int]:
    """Indices of the columns that the receipt repeats: all but those that it puts in front itself."""
    ours = {headers.index(name) for name in _FRONT if name in headers}
    return [i for i, header in enumerate(headers) if header and i not in ours]


def _take_row(
    service: Service, headers: tuple[str, ...], cells: Sequence[CellValue], values: dict[str, str], person: str,
    decided_at: datetime, now: datetime,
) -> tuple[ReceiptRow, str]:  # fmt: skip
    kept = tuple(cells[i] if i < len(cells) else None for i in _shown(headers))
    receipt_no = values.get(RECEIPT_NO, "")
    if not values.get(DECISION, "") and not values.get(COMMENT, ""):
        return _left_blank(service, receipt_no, kept, values), ""
    away = absence(service.people(decided_at.date())[person], decided_at.date())
    result = (
        Refused(Hindrance.AWAY, DECISION, away.message, "这一行由接任的审批人审批")
        if away
        else _decide(service, values, person, decided_at)
    )
    if isinstance(result, Refused):
        return _returned(receipt_no, kept, result), ""
    if isinstance(result, Repeated):
        return ReceiptRow(Outcome.DUPLICATE.value, receipt_no, kept, (Note("", "note", result.message),)), ""
    settled = settle(service, result, values, now)
    if isinstance(settled, Refused):
        return _returned(receipt_no, kept, settled), ""
    return ReceiptRow(Outcome.ACCEPTED.value, receipt_no, kept, (settled,)), receipt_no


def _left_blank(service: Service, receipt_no: str, kept: tuple[CellValue, ...], values: dict[str, str]) -> ReceiptRow:
    """A row without a decision stays open, unless it was decided before: nobody is asked for what is done."""
    token = _vouched(service, values.get(TOKEN, ""))
    row = rows.row(service.book, token[1]) if token else None
    if row is None or row.status is Status.PENDING:
        return ReceiptRow(Outcome.PENDING.value, receipt_no, kept, (Note(DECISION, "note", _why_open(values)),))
    done = f"已于 {row.decided_at:%m-%d %H:%M} 由{row.decided_by}审批" if row.decided_by else "已不在等待审批"
    return ReceiptRow(Outcome.DUPLICATE.value, receipt_no, kept, (Note("", "note", f"这一行{done}，不用再填"),))


def _why_open(values: dict[str, str]) -> str:
    rest = values.get(REST, "")
    if rest == APPROVE:
        own = "到账三项没有填全" if any(not values[header] for header in EXTRA if header in values) else "有“⚠”提示"
        return f"这一行{own}，“{REST}”管不到它；请单独填写后把文件再投递一次"
    if rest:
        return f"“{REST}”里只能填“{APPROVE}”，不能填“{rest}”；这一行还等着您的审批结论"
    return "还没有填写审批结论；填好后把文件再投递一次即可"


def _returned(receipt_no: str, cells: tuple[CellValue, ...], why: Refused) -> ReceiptRow:
    note = Note(why.column, "refuse", f"{why.message}。{why.remedy}。")
    return ReceiptRow(Outcome.RETURNED.value, receipt_no, cells, (note,))


def _decide(service: Service, values: dict[str, str], person: str, decided_at: datetime) -> Any:
    token = _vouched(service, values.get(TOKEN, ""))
    returned = Returned(
        person=person,
        receipt_no=values.get(RECEIPT_NO, ""),
        token=token,
        cells=values,
        decision=understood(values.get(DECISION, "")),
        comment=values.get(COMMENT, ""),
        decided_at=decided_at,
    )
    issued = sheets.issued_row(service.book, *token) if token else None
    row = rows.row(service.book, token[1]) if token else None
    return decide(
        returned, issued, row, hindrance=_hindrance(service, row), office=_office(service, person, row, decided_at)
    )


def _office(service: Service, person: str, row: Row | None, at: datetime) -> Office:
    """In what place *person* decides: their own, a colleague's in the same post, or as a deputy."""
    if row is None:
        return Office()
    return Office(may_decide(service, person, row, at), instead_of(service, person, row, at))


def _vouched(service: Service, token: str) -> tuple[str, str] | None:
    try:
        number, receipt_no = signer(service.book).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return str(number), str(receipt_no)


def _hindrance(service: Service, row: Row | None) -> Refused | None:
    """Why *row* cannot be approved yet: its customer is not in the book."""
    key = row.read.get("customer_key") if row and row.customer_id is None else None
    return customer_missing(customers.awaiting_approval(service.book, key)) if key else None
