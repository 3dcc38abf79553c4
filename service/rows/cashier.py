"""The cashier's 确认单: filled in beforehand where the bank statement has a match, compared when it comes back (客户回款 6.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ledger import customers, payments
from ledger.journal import Entry
from ledger.payments import Credit
from ledger.records import Row, Status
from ledger.unpaid import PAYMENT
from policy.columns import Day, Fen
from policy.forms.payment import REFUND
from processors.approval import REJECT, Hindrance, Refused
from processors.reconcile import Expected, compare, given_kept, line_used, lines_meant, propose_all
from service.company import Service

PAYER, ARRIVED_ON, AMOUNT = "到账客户名称", "到账日期", "到账金额"
EXTRA = (PAYER, ARRIVED_ON, AMOUNT)

_DAY: TypeAdapter[date] = TypeAdapter(Day)
_FEN: TypeAdapter[int] = TypeAdapter(Fen)


@dataclass(frozen=True)
class Given:
    """What the cashier wrote."""

    payer: str
    arrived_on: date
    amount_fen: int


def expected_of(service: Service, row: Row) -> Expected:
    """What the payment claims."""
    borne = service.book.known(customers.names_of, row.customer_id) if row.customer_id else ()
    return Expected(
        names=tuple(dict.fromkeys((str(row.values["customer"]), *borne))),
        paid_on=date.fromisoformat(row.values["paid_on"]),
        amount_fen=int(row.values["amount_fen"]),
        serial=row.values.get("serial") or "",
    )


def prefilled(service: Service, rows: Sequence[Row]) -> dict[str, tuple[str | float | date | None, ...]]:
    """受理号 → what the bank statement says, where exactly one unused line fits."""
    coming_in = [row for row in rows if not is_refund(row)]
    service.book.known.ahead([partial(expected_of, service, row) for row in coming_in])
    wanted = {row.receipt_no: expected_of(service, row) for row in coming_in}
    found = propose_all(wanted, payments.unused_lines(service.book))
    return {number: (line.payer, line.arrived_on, line.amount_fen / 100) for number, line in found.items()}


def confirm(
    service: Service, decision: Entry, row: Row, values: Mapping[str, str]
) -> tuple[Entry, list[Entry]] | Refused:
    """A decision on a payment: agreement in all three confirms it, a difference sends it back with both values."""
    if decision.payload["decision"] == REJECT:
        return decision, []
    given = _given(values)
    if isinstance(given, Refused):
        return given
    compared = compare(expected_of(service, row), given.payer, given.arrived_on, given.amount_fen)
    payload: dict[str, Any] = {**decision.payload, "given": given_kept(compared)}
    if not all(each.agrees for each in compared):
        words = "；".join(map(str, sorted(compared, key=lambda each: each.agrees)))  # what differs is read first
        comment = f"{words}。{decision.payload['comment']}".rstrip("。")
        payload |= {"status": Status.REJECTED.value, "decision": REJECT, "comment": comment}
        return replace(decision, payload=payload), []
    line = None if is_refund(row) else _line_used(service, given, row)  # the statement tells what came in
    if isinstance(line, Refused):
        return line
    used = [Entry("bank.used", line.serial, decision.actor, {"receipt_no": row.receipt_no})] if line else []
    return replace(decision, payload=payload), used


def _line_used(service: Service, given: Given, row: Row) -> Credit | Refused | None:
    """The line of the bank statement that this money is; none where no statement was handed in for that day."""
    wanted = (given.payer, given.arrived_on, given.amount_fen)
    known = payments.lines_of(service.book, given.arrived_on, given.amount_fen)
    unused = [each for each in known if each.used_by is None]
    named = [each for each in unused if each.serial == row.values.get("serial")]
    line = line_used(named, *wanted) or line_used(unused, *wanted)
    spent = lines_meant((each for each in known if each.used_by is not None), *wanted)
    if line is None and spent:
        words = f"这三项的银行流水 {spent[0].serial} 已用于受理号 {spent[0].used_by}"
        return Refused(Hindrance.SPENT, AMOUNT, words, "同一笔到账不能确认两次；确是另一笔的，请先投递它的银行流水")
    return line


def _given(values: Mapping[str, str]) -> Given | Refused:
    blank = next((header for header in EXTRA if not values.get(header)), None)
    if blank is not None:
        return Refused(Hindrance.BLANK, blank, f"“{blank}”没有填写", "请按银行到账情况填写客户名称、日期和金额三项")
    try:
        arrived_on = _DAY.validate_python(values[ARRIVED_ON])
    except ValidationError as error:
        return Refused(Hindrance.DATE, ARRIVED_ON, str(error.errors()[0]["msg"]), "请写成 2026-11-23")
    try:
        amount_fen = _FEN.validate_python(values[AMOUNT])
    except ValidationError as error:
        return Refused(Hindrance.AMOUNT, AMOUNT, str(error.errors()[0]["msg"]), "请只填数字金额")
    return Given(values[PAYER], arrived_on, amount_fen)


def is_refund(row: Row) -> bool:
    """Whether the payment is money that goes back to the customer."""
    return bool(row.values["kind"] == REFUND)


def is_payment(form: str) -> bool:
    """Whether the form is the cashier's to confirm."""
    return form == PAYMENT
