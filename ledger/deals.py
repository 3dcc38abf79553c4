"""Questions about orders, payments and bank lines (客户成交 5, 客户回款 6)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.book import Book
from ledger.journal import Entry
from ledger.known import FORGET, Answers, Change, Question
from ledger.unpaid import BROUGHT, ORDER, PAYMENT

_LIVE = "('waiting', 'pending', 'accepted')"


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
class Deal:
    """A live order, as far as another one may be the same."""

    receipt_no: str
    person: str


_DECISIONS: Mapping[str, Change] = dict.fromkeys(("row.completed", "decision.made"), FORGET)


def _gone(answers: Answers, entry: Entry) -> None:
    for key, among in answers.items():
        answers[key] = tuple(each for each in among if each.receipt_no != entry.subject)


def _add(answers: Answers, key: Any, entry: Entry) -> None:
    if key in answers and entry.payload["form"] == ORDER and entry.payload["status"] != "rejected":
        among = (*answers[key], Deal(entry.subject, entry.actor))
        answers[key] = tuple(sorted(among, key=lambda each: each.receipt_no))


def _contracts(book: Book, contract_keys: Sequence[str]) -> dict[str, tuple[Deal, ...]]:
    found: dict[str, tuple[Deal, ...]] = {}
    for record in book.ask(_CONTRACTS, json.dumps(contract_keys)):
        found[record["key"]] = (*found.get(record["key"], ()), Deal(record["receipt_no"], record["person"]))
    return found


_CONTRACTS = f"""SELECT j.value AS key, r.receipt_no, r.person FROM json_each(?) AS j CROSS JOIN s_rows AS r
    ON r.form = '{ORDER}' AND r.read ->> 'contract_key' = j.value AND +r.status IN {_LIVE} ORDER BY r.receipt_no"""

#: folded 合同编号 → the live orders that name it.
contracts: Question[str, tuple[Deal, ...]] = Question(
    _contracts,
    (),
    {
        **_DECISIONS,
        "row.received": lambda answers, entry: _add(answers, entry.payload["read"].get("contract_key"), entry),
        "row.superseded": _gone,
    },
)

SameDeal = tuple[str, date, int]  #: folded customer, day of signing, fen


def _same_deals(book: Book, keys: Sequence[SameDeal]) -> dict[SameDeal, tuple[Deal, ...]]:
    found: dict[SameDeal, tuple[Deal, ...]] = {}
    asked = json.dumps([(customer, day.isoformat(), fen) for customer, day, fen in keys])
    for record in book.ask(_SAME_DEALS, asked):
        key = (record["customer"], date.fromisoformat(record["day"]), record["fen"])
        found[key] = (*found.get(key, ()), Deal(record["receipt_no"], record["person"]))
    return found


_SAME_DEALS = f"""
SELECT j.value ->> 0 AS customer, j.value ->> 1 AS day, j.value ->> 2 AS fen, r.receipt_no, r.person
FROM json_each(?) AS j CROSS JOIN s_rows AS r ON r.form = '{ORDER}' AND r.read ->> 'customer_key' = j.value ->> 0
    AND r.vals ->> 'signed_on' = j.value ->> 1 AND r.vals ->> 'amount_fen' = j.value ->> 2 AND +r.status IN {_LIVE}
ORDER BY r.receipt_no"""


def _deal_received(answers: Answers, entry: Entry) -> None:
    values = entry.payload["vals"]
    if entry.payload["form"] == ORDER and values.get("signed_on"):
        day = date.fromisoformat(values["signed_on"])
        _add(answers, (entry.payload["read"].get("customer_key"), day, values.get("amount_fen")), entry)


#: (folded customer, day, fen) → the live orders of just that.
same_deals: Question[SameDeal, tuple[Deal, ...]] = Question(
    _same_deals, (), {**_DECISIONS, "row.received": _deal_received, "row.superseded": _gone}
)


@dataclass(frozen=True)
class Ordered:
    """An order, whatever became of it; one that was handed in anew is the one that stands in its place now."""

    receipt_no: str
    person: str
    customer_key: str
    status: str
    amount_fen: int


def _orders(book: Book, receipt_nos: Sequence[str]) -> dict[str, Ordered]:
    found: dict[str, Ordered] = {}
    for record in book.ask(_ORDERS, json.dumps(receipt_nos)):
        named = record.pop("named")
        found.setdefault(named, Ordered(**record))
    return found


#: The order itself while it counts, else the live one under its key: it was replaced, or rejected and handed in again.
_ORDERS = f"""SELECT n.receipt_no AS named, r.receipt_no, r.person, r.read ->> 'customer_key' AS customer_key, r.status,
    r.vals ->> 'amount_fen' AS amount_fen
    FROM json_each(?) AS j CROSS JOIN s_rows AS n ON n.receipt_no = j.value AND n.form = '{ORDER}'
    CROSS JOIN s_rows AS r ON r.form = n.form AND r.key = n.key
        AND (r.receipt_no = n.receipt_no OR (n.key <> '' AND r.status IN {_LIVE}))
    ORDER BY r.status IN {_LIVE} DESC, r.receipt_no = n.receipt_no DESC"""


def _order_received(answers: Answers, entry: Entry) -> None:
    if entry.payload["form"] == ORDER:
        answers.clear()


#: 受理号 → the order that counts under it, if it is one.
orders: Question[str, Ordered | None] = Question(
    _orders, None, {**_DECISIONS, "row.received": _order_received, "row.superseded": FORGET}
)


def _paid(book: Book, order_nos: Sequence[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for record in book.ask(_PAID, json.dumps(order_nos)):
        found.setdefault(record["order_no"], {})[record["receipt_no"]] = int(record["fen"])
    return found


#: The bare + lets the index on the order's number be used: SQLite takes it for no text, unlike the column beside it.
#: Payments that name an order in whose place another came are that one's payments; so is what came before the book.
_PAID = f"""SELECT j.value AS order_no, r.receipt_no, {BROUGHT} AS fen FROM json_each(?1) AS j
    CROSS JOIN s_rows AS o ON o.receipt_no = j.value
    CROSS JOIN s_rows AS n ON n.form = o.form AND n.key = o.key AND (n.receipt_no = o.receipt_no OR o.key <> '')
    CROSS JOIN s_rows AS r ON r.form = '{PAYMENT}' AND r.vals ->> 'order_no' = +n.receipt_no AND +r.status IN {_LIVE}
    UNION ALL SELECT j.value, r.receipt_no, r.read ->> 'opening_paid_fen' FROM json_each(?1) AS j
    CROSS JOIN s_rows AS r ON r.receipt_no = j.value WHERE r.read ->> 'opening_paid_fen' > 0"""


def _payment_received(answers: Answers, entry: Entry) -> None:
    if entry.payload["form"] in (ORDER, PAYMENT):
        answers.clear()


#: 受理号 of an order → (受理号 of a payment → fen): those confirmed and those that wait for the cashier.
paid: Question[str, Mapping[str, int]] = Question(
    _paid, {}, {**_DECISIONS, "row.received": _payment_received, "row.superseded": FORGET}
)


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
    AND r.vals ->> 'paid_on' = j.value ->> 1 AND r.vals ->> 'amount_fen' = j.value ->> 2 AND +r.status IN {_LIVE}
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
    _same_payments, (), {**_DECISIONS, "row.received": _same_payment_received, "row.superseded": _gone}
)


def open_orders(book: Book) -> dict[int, tuple[str, ...]]:
    """Customer that somebody owns → 受理号 of its approved orders that are not yet fully paid."""
    found: dict[int, tuple[str, ...]] = {}
    for order in book.ask(_OWED):
        found[order["customer_id"]] = (*found.get(order["customer_id"], ()), order["receipt_no"])
    return found


_OWED = """SELECT o.customer_id, o.receipt_no FROM s_unpaid AS u CROSS JOIN s_rows AS o USING (receipt_no)
    JOIN s_customers AS c ON c.id = o.customer_id WHERE c.owner IS NOT NULL ORDER BY o.receipt_no"""


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


def achieved(book: Book, start: date, end: date) -> list[dict[str, Any]]:
    """What each person reached between two days (both included): person, kind, n (fen or times); no opening orders."""
    span = (start.isoformat(), end.isoformat())
    return book.ask(
        f"""SELECT person, 'orders_fen' AS kind, SUM(vals ->> 'amount_fen') AS n FROM s_rows INDEXED BY s_rows_signed
             WHERE form = '成交订单' AND status = 'accepted' AND vals ->> 'signed_on' BETWEEN ? AND ?
             AND read ->> 'opening_paid_fen' IS NULL GROUP BY person
           UNION ALL SELECT COALESCE(read ->> 'for_person', person), 'payments_fen', SUM({BROUGHT})
             FROM s_rows AS r INDEXED BY s_rows_came
             WHERE form = '客户回款' AND status = 'accepted' AND vals ->> 'paid_on' BETWEEN ? AND ? GROUP BY 1
           UNION ALL SELECT person, 'visits', COUNT(*) FROM s_rows INDEXED BY s_rows_seen
             WHERE form = '拜访记录' AND status = 'accepted'
             AND substr(COALESCE(NULLIF(read ->> 'visited_at', ''), submitted_at), 1, 10) BETWEEN ? AND ? GROUP BY person
           UNION ALL SELECT COALESCE(vals ->> 'owner', person), 'new_customers', COUNT(*) FROM s_rows INDEXED BY s_rows_brought
             WHERE form = '客户新增' AND status = 'accepted' AND substr(submitted_at, 1, 10) BETWEEN ? AND ? GROUP BY 1
           ORDER BY 1, 2""",
        *span, *span, *span, *span,
    )  # fmt: skip
