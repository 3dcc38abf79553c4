"""What a row does to the book once it is accepted: the entries that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.journal import Entry


@dataclass(frozen=True)
class Accepted:
    """A row that takes effect."""

    form: str
    receipt_no: str
    person: str
    values: Mapping[str, Any]
    read: Mapping[str, Any]
    customer_id: int | None
    today: date
    next_customer_id: int


def _person_joins(row: Accepted) -> list[Entry]:
    values = row.values
    payload = {
        **{name: values[name] for name in ("phone", "gender", "department", "post", "max_customers")},
        **{name: values[name] for name in ("max_follow_days", "joined_on", "region")},
        "plain_name": values["name"],
        "receipt_no": row.receipt_no,
    }
    return [Entry("person.joined", row.read["register_name"], row.person, payload)]


def _customer_enters(row: Accepted) -> list[Entry]:
    values, read = row.values, row.read
    payload = {
        **{name: values[name] for name in ("name", "source", "type", "region", "address", "contact", "phone")},
        **read["area"],
        **{name: read[name] for name in ("lat", "lon", "owner", "name_key")},
        "id": row.next_customer_id,
        "shared": values["shared"],
        "acquired_on": row.today.isoformat(),
        "last_followed_on": None,
        "receipt_no": row.receipt_no,
    }
    return [Entry("customer.added", str(row.next_customer_id), row.person, payload)]


def _customer_is_followed(row: Accepted) -> list[Entry]:
    if row.customer_id is None:
        return []
    visited = row.read["拜访时间"][:10] or row.today.isoformat()
    return [
        Entry("customer.followed", str(row.customer_id), row.person, {"day": visited, "receipt_no": row.receipt_no})
    ]


def _exemption_holds(row: Accepted) -> list[Entry]:
    values = row.values
    payload = {"person": values["name"], **{name: values[name] for name in ("start", "end", "reason")}}
    return [Entry("exemption.granted", row.receipt_no, row.person, payload)]


_EFFECTS: Mapping[str, Callable[[Accepted], list[Entry]]] = {
    "人员新增": _person_joins,
    "客户新增": _customer_enters,
    "拜访记录": _customer_is_followed,
    "日报豁免": _exemption_holds,
}


def effects(row: Accepted) -> list[Entry]:
    """The entries that a row causes when it takes effect; none for forms that only stand in the record."""
    found = _EFFECTS.get(row.form)
    return found(row) if found else []
