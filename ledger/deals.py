"""Questions about orders, and what was paid for them (客户成交 5, 客户回款 6)."""

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

LIVE = "('waiting', 'pending', 'accepted')"


@dataclass(frozen=True)
class Deal:
    """A live order, as far as another one may be the same."""

    receipt_no: str
    person: str


DECISIONS: Mapping[str, Change] = dict.fromkeys(("row.completed", "decision.made"), FORGET)


def gone(answers: Answers, entry: Entry) -> None:
    """Take the entry's row out of *answers*, which hold records with a 受理号."""
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
    ON r.form = '{ORDER}' AND r.read ->> 'contract_key' = j.value AND +r.status IN {LIVE} ORDER BY r.receipt_no"""

#: folded 合同编号 → the live orders that name it.
contracts: Question[str, tuple[Deal, ...]] = Question(
    _contracts,
    (),
    {
        **DECISIONS,
        "row.received": lambda answers, entry: _add(answers, entry.payload["read"].get("contract_key"), entry),
        "row.superseded": gone,
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
    AND r.vals ->> 'signed_on' = j.value ->> 1 AND r.vals ->> 'amount_fen' = j.value ->> 2 AND +r.status IN {LIVE}
ORDER BY r.receipt_no"""


def _deal_received(answers: Answers, entry: Entry) -> None:
    values = entry.payload["vals"]
    if entry.payload["form"] == ORDER and values.get("signed_on"):
        day = date.fromisoformat(values["signed_on"])
        _add(answers, (entry.payload["read"].get("customer_key"), day, values.get("amount_fen")), entry)


#: (folded customer, day, fen) → the live orders of just that.
same_deals: Question[SameDeal, tuple[Deal, ...]] = Question(
    _same_deals, (), {**DECISIONS, "row.received": _deal_received, "row.superseded": gone}
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
        AND (r.receipt_no = n.receipt_no OR (n.key <> '' AND r.status IN {LIVE}))
    ORDER BY r.status IN {LIVE} DESC, r.receipt_no = n.receipt_no DESC"""


def _order_received(answers: Answers, entry: Entry) -> None:
    if entry.payload["form"] == ORDER:
        answers.clear()


#: 受理号 → the order that counts under it, if it is one.
orders: Question[str, Ordered | None] = Question(
    _orders, None, {**DECISIONS, "row.received": _order_received, "row.superseded": FORGET}
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
    CROSS JOIN s_rows AS r ON r.form = '{PAYMENT}' AND r.vals ->> 'order_no' = +n.receipt_no AND +r.status IN {LIVE}
    UNION ALL SELECT j.value, r.receipt_no, r.read ->> 'opening_paid_fen' FROM json_each(?1) AS j
    CROSS JOIN s_rows AS r ON r.receipt_no = j.value WHERE r.read ->> 'opening_paid_fen' > 0"""


def _payment_received(answers: Answers, entry: Entry) -> None:
    if entry.payload["form"] in (ORDER, PAYMENT):
        answers.clear()


#: 受理号 of an order → (受理号 of a payment → fen): those confirmed and those that wait for the cashier.
paid: Question[str, Mapping[str, int]] = Question(
    _paid, {}, {**DECISIONS, "row.received": _payment_received, "row.superseded": FORGET}
)


def open_orders(book: Book) -> dict[int, tuple[str, ...]]:
    """Customer that somebody owns → 受理号 of its approved orders that are not yet fully paid."""
    found: dict[int, tuple[str, ...]] = {}
    for order in book.ask(_OWED):
        found[order["customer_id"]] = (*found.get(order["customer_id"], ()), order["receipt_no"])
    return found


_OWED = """SELECT o.customer_id, o.receipt_no FROM s_unpaid AS u CROSS JOIN s_rows AS o USING (receipt_no)
    JOIN s_customers AS c ON c.id = o.customer_id WHERE c.owner IS NOT NULL ORDER BY o.receipt_no"""
