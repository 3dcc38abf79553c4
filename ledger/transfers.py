"""客户转交 looked back at: how the customers stood before it, and what has come of them since (客户转交 8)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ledger.book import Book
from ledger.people import bearer_at
from ledger.records import Row


def followed(book: Book, transfer: Row) -> str:
    """What has come of the customers since they were handed over, in words; '' if nothing has."""
    moving = json.dumps(transfer.read["moving"])
    since = (transfer.decided_at or transfer.submitted_at).isoformat()
    for record in book.ask(_ROWS, moving, since, transfer.receipt_no):
        return f"{record['customer']}已有受理号 {record['receipt_no']}（{record['form']}，{record['person']}）"
    for record in book.ask(_MOVED, transfer.receipt_no, moving):
        return f"{record['customer']}后来又有{record['kind']}"
    return ""


_ROWS = """SELECT c.name AS customer, r.receipt_no, r.form, r.person FROM json_each(?) AS j
    JOIN s_customers AS c ON c.id = j.value
    JOIN s_rows AS r ON r.status IN ('waiting', 'pending', 'accepted') AND r.form <> '更正' AND r.submitted_at >= ?
        AND r.receipt_no <> ? AND (r.customer_id = c.id
            OR EXISTS (SELECT 1 FROM json_each(r.read, '$.moving') AS m WHERE m.value = c.id))
    ORDER BY r.receipt_no LIMIT 1"""
_MOVED = """SELECT c.name AS customer, later.kind FROM s_changes AS own
    JOIN s_changes AS later ON later.customer_id = own.customer_id AND later.rowid > own.rowid AND later.field = 'owner'
    JOIN s_customers AS c ON c.id = own.customer_id
    WHERE own.receipt_no = ? AND own.field = 'owner' AND own.customer_id IN (SELECT value FROM json_each(?))
    ORDER BY later.rowid LIMIT 1"""


def before(book: Book, transfer: Row) -> tuple[dict[str, Any], ...]:
    """How each of the customers stood before the transfer: id, owner, shared, acquired_on, previous_owner."""
    stood: dict[str, dict[str, Any]] = {}
    reached = set[str]()
    for record in book.ask(_HISTORY, json.dumps([str(each) for each in transfer.read["moving"]])):
        subject, given = record["subject"], json.loads(record["payload"])
        if given.get("receipt_no") == transfer.receipt_no:
            reached.add(subject)
        if subject not in reached:
            at = datetime.fromisoformat(record["at"])
            stood[subject] = _after(book, stood.get(subject, {}), record["kind"], given, at)
    return tuple({"id": int(subject), **stood[subject]} for subject in sorted(stood, key=int))


_HISTORY = """SELECT at, kind, subject, payload FROM entries
    WHERE kind IN ('customer.added', 'customer.claimed', 'customer.transferred', 'customer.returned',
                   'customer.changed', 'customer.recycled') AND subject IN (SELECT value FROM json_each(?)) ORDER BY seq"""


def _after(book: Book, stood: dict[str, Any], kind: str, given: dict[str, Any], at: datetime) -> dict[str, Any]:
    """How a customer stands after an entry; people under the names that they bear now."""

    def now(names: Sequence[str]) -> list[str]:
        return [bearer_at(book, name, at) for name in names]

    owner = bearer_at(book, given["owner"], at) if given.get("owner") else None
    match kind:
        case "customer.added":
            return {
                "owner": owner,
                "shared": now(given["shared"]),
                "acquired_on": given["acquired_on"],
                "previous_owner": None,
            }
        case "customer.changed":
            shared = given["changes"].get("shared")
            return stood if shared is None else {**stood, "shared": now(shared)}
        case "customer.recycled":
            return {**stood, "owner": None, "shared": [], "previous_owner": stood["owner"]}
        case "customer.returned":
            former = given["previous_owner"]
            return {
                "owner": owner, "shared": now(given["shared"]), "acquired_on": given["acquired_on"],
                "previous_owner": bearer_at(book, former, at) if former else None,
            }  # fmt: skip
    last = stood["owner"] or stood["previous_owner"]
    return {"owner": owner, "shared": now(given["shared"]), "acquired_on": given["day"], "previous_owner": last}
