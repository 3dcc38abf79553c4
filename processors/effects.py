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


def _person_changes(row: Accepted) -> list[Entry]:
    values = row.values
    payload = {name: values[name] for name in ("effective_on", "state", "department", "post", "phone")}
    payload |= {name: values[name] for name in ("max_customers", "max_follow_days", "region")}
    return [Entry("person.changed", values["name"], row.person, {**payload, "receipt_no": row.receipt_no})]


def _customer_is_claimed(row: Accepted) -> list[Entry]:
    return [Entry("customer.claimed", str(row.customer_id), row.person, _hands(row, row.person))]


def _customers_are_transferred(row: Accepted) -> list[Entry]:
    payload = _hands(row, row.values["receiver"])
    return [Entry("customer.transferred", str(each), row.person, payload) for each in row.read["moving"]]


def _hands(row: Accepted, owner: str) -> dict[str, Any]:
    return {
        "owner": owner,
        "shared": [name for name in row.values["shared"] if name != owner],
        "day": row.today.isoformat(),
        "receipt_no": row.receipt_no,
    }


def _customer_changes(row: Accepted) -> list[Entry]:
    payload = {"changes": row.read["changes"], "receipt_no": row.receipt_no}
    return [Entry("customer.changed", str(row.customer_id), row.person, payload)]


def _order_counts(row: Accepted) -> list[Entry]:
    """An approved order or confirmed payment counts as following the customer."""
    if row.customer_id is None:
        return []
    payload = {"day": row.today.isoformat(), "receipt_no": row.receipt_no}
    return [Entry("customer.followed", str(row.customer_id), row.person, payload)]


def _bank_line_arrives(row: Accepted) -> list[Entry]:
    values = row.values
    payload = {name: values[name] for name in ("arrived_on", "payer", "amount_fen", "memo")}
    return [Entry("bank.received", values["serial"], row.person, {**payload, "receipt_no": row.receipt_no})]


_EFFECTS: Mapping[str, Callable[[Accepted], list[Entry]]] = {
    "人员新增": _person_joins,
    "客户新增": _customer_enters,
    "拜访记录": _customer_is_followed,
    "日报豁免": _exemption_holds,
    "人员变更": _person_changes,
    "客户申领": _customer_is_claimed,
    "客户转交": _customers_are_transferred,
    "信息变更": _customer_changes,
    "成交订单": _order_counts,
    "客户回款": _order_counts,
    "银行流水": _bank_line_arrives,
}


def effects(row: Accepted) -> list[Entry]:
    """The entries that a row causes when it takes effect; none for forms that only stand in the record."""
    found = _EFFECTS.get(row.form)
    return found(row) if found else []
