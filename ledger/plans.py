"""Questions about visit plans."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.book import Book
from ledger.journal import Entry
from ledger.known import FORGET, Answers, Question

# A customer that was renamed meanwhile is the same customer; one that waits for approval has only its name.
_SAME_CUSTOMER = "(v.customer_id = p.customer_id OR v.read ->> 'customer_key' = p.read ->> 'customer_key')"
_NOT_CARRIED_OUT = f"""
SELECT p.receipt_no, p.person AS salesperson, p.vals ->> 'customer' AS customer, p.day AS planned_on,
       p.vals ->> 'purpose' AS purpose
FROM s_rows AS p WHERE p.form = '拜访计划' AND p.status = 'accepted' AND p.day BETWEEN ? AND ?
AND NOT EXISTS (
    SELECT 1 FROM s_rows AS v WHERE v.form = '拜访记录' AND v.person = p.person AND v.submitted_at >= p.day
    AND v.status IN ('waiting', 'pending', 'accepted') AND {_SAME_CUSTOMER}
    AND substr(COALESCE(NULLIF(v.read ->> 'visited_at', ''), v.submitted_at), 1, 10) = p.day)
ORDER BY p.day DESC, p.person, p.receipt_no
"""


def not_carried_out(book: Book, start: date, end: date) -> list[dict[str, Any]]:
    """Approved plans between two days (both included) without a visit to that customer on that day."""
    return book.ask(_NOT_CARRIED_OUT, start.isoformat(), end.isoformat())


@dataclass(frozen=True)
class ApprovedPlan:
    """An approved plan of a visit."""

    receipt_no: str
    purpose: str
    customer_id: int | None
    customer_key: str


def _plans(book: Book, keys: Sequence[tuple[str, date]]) -> dict[tuple[str, date], tuple[ApprovedPlan, ...]]:
    found: dict[tuple[str, date], tuple[ApprovedPlan, ...]] = {}
    for record in book.ask(_PLANS, json.dumps([(person, day.isoformat()) for person, day in keys])):
        key = (record.pop("person"), date.fromisoformat(record.pop("day")))
        found[key] = (*found.get(key, ()), ApprovedPlan(**record))
    return found


_PLANS = """SELECT r.person, r.day, r.receipt_no, r.vals ->> 'purpose' AS purpose, r.customer_id,
    r.read ->> 'customer_key' AS customer_key FROM json_each(?) AS j CROSS JOIN s_rows AS r
    ON r.person = j.value ->> 0 AND r.form = '拜访计划' AND r.day = j.value ->> 1 AND r.status = 'accepted'
    ORDER BY r.receipt_no"""


def _planned(answers: Answers, entry: Entry) -> None:
    if entry.payload["form"] == "拜访计划":
        answers.clear()


#: (person, day) → the approved plans.
approved: Question[tuple[str, date], tuple[ApprovedPlan, ...]] = Question(
    _plans,
    (),
    {
        "row.received": _planned,
        **dict.fromkeys(("row.superseded", "row.completed", "decision.made", "customer.added"), FORGET),
    },
)


def approved_plan(
    book: Book, person: str, day: date, customer_id: int | None, customer_key: str
) -> ApprovedPlan | None:
    """The approved plan of *person* for this customer and day."""
    return next(
        (
            plan
            for plan in book.known(approved, (person, day))
            if (customer_id is not None and plan.customer_id == customer_id) or plan.customer_key == customer_key
        ),
        None,
    )
