"""Questions about payments and lines of bank statements (客户回款 6)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.book import Book
from ledger.deals import DECISIONS, LIVE, gone
from ledger.journal import Entry
from ledger.known import Answers, Question
from ledger.unpaid import PAYMENT


@dataclass(frozen=True)
class Credit:
    """A line of the bank statement."""

    serial: str
    arrived_on: date
    payer: str
    amount_fen: int
    used_by: str | None  #: 受理号 of the payment that it confirms
    memo: str = ""  #: 摘要


@dataclass(frozen=True)
class Paid:
    """A live payment, as far as another one may be the same money."""

    receipt_no: str
    person: str
    serial: str | None


SamePaid = tuple[str, date, int]  #: folded customer, day, fen


def _same_payments(book: Book, keys: Sequence[SamePaid]) -> dict[SamePaid, tuple[Paid, ...]]:
    found: dict[SamePaid, tuple[Paid, ...]] = {}
    asked = json.dumps([(customer, day.isoformat(), fen) for customer, day, fen in keys])
    for record in book.ask(_SAME_PAYMENTS, asked):
        key = (record["customer"], date.fromisoformat(record["day"]), record["fen"])
        found[key] = (*found.get(key, ()), Paid(record["receipt_no"], record["person"], record["serial"]))
    return found


_SAME_PAYMENTS = f"""
SELECT j.value ->> 0 AS customer, j.value ->> 1 AS day, j.value ->> 2 AS fen, r.receipt_no, r.person,
    r.vals ->> 'serial' AS serial
FROM json_each(?) AS j CROSS JOIN s_rows AS r ON r.form = '{PAYMENT}' AND r.read ->> 'customer_key' = j.value ->> 0
    AND r.vals ->> 'paid_on' = j.value ->> 1 AND r.vals ->> 'amount_fen' = j.value ->> 2 AND +r.status IN {LIVE}
    AND r.vals ->> 'kind' <> '退款'
ORDER BY r.receipt_no"""


def _same_payment_received(answers: Answers, entry: Entry) -> None:
    given, values = entry.payload, entry.payload["vals"]
    if given["form"] != PAYMENT or given["status"] == "rejected" or values.get("kind") == "退款":
        return
    key = (given["read"].get("customer_key"), date.fromisoformat(values["paid_on"]), values["amount_fen"])
    if key in answers:
        among = (*answers[key], Paid(entry.subject, entry.actor, values.get("serial")))
        answers[key] = tuple(sorted(among, key=lambda each: each.receipt_no))


#: (folded customer, day, fen) → the live payments of just that, refunds left out.
same_payments: Question[SamePaid, tuple[Paid, ...]] = Question(
    _same_payments, (), {**DECISIONS, "row.received": _same_payment_received, "row.superseded": gone}
)


def unused_lines(book: Book) -> list[Credit]:
    """Bank lines that confirm no payment yet, oldest first."""
    found = book.ask("SELECT * FROM s_bank_lines WHERE used_by IS NULL ORDER BY arrived_on, serial")
    return [_line(record) for record in found]


def lines_of(book: Book, arrived_on: date, amount_fen: int) -> list[Credit]:
    """The bank lines of one day and amount, used or not."""
    found = book.ask(
        "SELECT * FROM s_bank_lines WHERE amount_fen = ? AND arrived_on = ? ORDER BY serial",
        amount_fen, arrived_on.isoformat(),
    )  # fmt: skip
    return [_line(record) for record in found]


def used_by(book: Book, serial: str) -> str | None:
    """受理号 of the payment that the bank line of this number confirms, if there is one."""
    found = book.one("SELECT used_by FROM s_bank_lines WHERE serial = ?", serial)
    return None if found is None else str(found)


def _line(record: dict[str, Any]) -> Credit:
    return Credit(
        serial=record["serial"],
        arrived_on=date.fromisoformat(record["arrived_on"]),
        payer=record["payer"],
        amount_fen=int(record["amount_fen"]),
        used_by=record["used_by"],
        memo=record["memo"] or "",
    )


def payments_waiting(book: Book) -> list[dict[str, Any]]:
    """Payments that nobody has confirmed yet, oldest first, with when they were handed in."""
    return book.ask(
        """SELECT p.*, r.submitted_at FROM s_rows AS r JOIN payments AS p USING (receipt_no)
           WHERE r.form = '客户回款' AND r.status = 'pending' ORDER BY r.submitted_at, p.receipt_no"""
    )
