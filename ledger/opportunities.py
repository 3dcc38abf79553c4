"""Questions about opportunities: the steps that they have taken, and the orders that have won them (目的 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.book import Book
from policy.words import fold

OPPORTUNITY = "商机"

Matter = tuple[str, str]  #: which opportunity it is: its customer, whatever the customer is called by now, and its name


@dataclass(frozen=True)
class Step:
    """One row of 商机 that was not sent back, voided or turned down, as things stood at the end of the day asked for."""

    receipt_no: str
    matter: Matter
    customer: str
    name: str
    person: str  #: whose it is: the customer's owner on that day, or who handed the step in where nobody owned it
    stage: str
    amount_fen: int
    expected_on: date
    next_step: str
    on: date  #: when it took effect
    submitted_on: date
    decided: bool  #: by an approver; companies may do without


@dataclass(frozen=True)
class Win:
    """An approved order that names an opportunity."""

    matter: Matter
    signed_on: date
    amount_fen: int


def _then(field: str) -> str:
    """What a customer's *field* said at the end of the day ``?1``: what the first later change replaced, or what it says now."""
    later = f"FROM s_changes AS h WHERE h.customer_id = c.id AND h.field = '{field}' AND substr(h.at, 1, 10) > ?1"
    return f"""CASE WHEN EXISTS (SELECT 1 {later}) THEN (SELECT h."from" {later} ORDER BY h.at, h.rowid LIMIT 1)
                    ELSE c.{field} END"""


_MATTER = "COALESCE(CAST(r.customer_id AS TEXT), r.read ->> 'customer_key') AS of_customer"
_STEPS = f"""
SELECT r.receipt_no, {_MATTER}, COALESCE({_then("name")}, r.vals ->> 'customer') AS customer, r.vals ->> 'name' AS name,
       COALESCE({_then("owner")}, r.person) AS person, r.vals ->> 'stage' AS stage,
       r.vals ->> 'amount_fen' AS amount_fen, r.vals ->> 'expected_on' AS expected_on,
       COALESCE(r.vals ->> 'next_step', '') AS next_step, substr(r.submitted_at, 1, 10) AS submitted_on,
       substr(COALESCE(r.decided_at, r.submitted_at), 1, 10) AS took_effect, r.decided_by IS NOT NULL AS decided
FROM s_rows AS r LEFT JOIN s_customers AS c ON c.id = r.customer_id
WHERE r.form = '{OPPORTUNITY}' AND r.status IN ('accepted', 'superseded') AND took_effect <= ?1
  AND NOT EXISTS (SELECT 1 FROM s_corrections AS k WHERE k.of_receipt_no = r.receipt_no AND k.action = '作废')
ORDER BY took_effect, r.receipt_no
"""
_WINS = f"""
SELECT {_MATTER}, r.vals ->> 'opportunity' AS name, r.vals ->> 'signed_on' AS signed_on,
       r.vals ->> 'amount_fen' AS amount_fen
FROM s_rows AS r WHERE r.form = '成交订单' AND r.status = 'accepted' AND COALESCE(r.vals ->> 'opportunity', '') <> ''
  AND r.vals ->> 'signed_on' <= ?1
ORDER BY signed_on, r.receipt_no
"""


def steps(book: Book, until: date) -> list[Step]:
    """Every step taken up to the end of a day, oldest first; names and owners as they were on that day."""
    return [
        Step(
            receipt_no=record["receipt_no"],
            matter=_matter(record),
            customer=record["customer"],
            name=record["name"],
            person=record["person"],
            stage=record["stage"],
            amount_fen=int(record["amount_fen"]),
            expected_on=date.fromisoformat(record["expected_on"]),
            next_step=record["next_step"],
            on=date.fromisoformat(record["took_effect"]),
            submitted_on=date.fromisoformat(record["submitted_on"]),
            decided=bool(record["decided"]),
        )
        for record in book.ask(_STEPS, until.isoformat())
    ]


def wins(book: Book, until: date) -> list[Win]:
    """The orders signed up to a day that name an opportunity, oldest first."""
    return [
        Win(_matter(record), date.fromisoformat(record["signed_on"]), int(record["amount_fen"]))
        for record in book.ask(_WINS, until.isoformat())
    ]


def _matter(record: dict[str, Any]) -> Matter:
    return (str(record["of_customer"]), fold(record["name"]))
