"""Entry → state for a customer's life: added, followed, claimed, transferred, changed, recycled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ledger.journal import Posted
from ledger.state_write import Apply, Writes


def _added(writes: Writes, posted: Posted) -> None:
    given = dict(posted.entry.payload)
    shared, kind = given.pop("shared"), given.pop("kind", "客户新增")  # older entries know of new customers only
    record = {**given, "pooled_on": None, "previous_owner": None}
    writes.insert("s_customers", record, rows=(given["id"],))
    _share(writes, given["id"], shared)
    # Rows that came in while the customer was still waiting for approval belong to it from now on.
    writes.run(
        "s_rows",
        "UPDATE s_rows SET customer_id = ? WHERE customer_id IS NULL AND read ->> 'customer_key' = ?",
        given["id"],
        given["name_key"],
        rows=(("customer", given["name_key"]),),
    )
    _note(writes, posted, kind, [("owner", None, given["owner"])])


def _share(writes: Writes, customer_id: int, people: Iterable[str]) -> None:
    writes.run("s_members", "DELETE FROM s_members WHERE customer_id = ?", customer_id, rows=(customer_id,))
    for person in people:
        writes.insert("s_members", {"customer_id": customer_id, "person": person}, rows=(customer_id,))


def _note(writes: Writes, posted: Posted, kind: str, changes: Iterable[tuple[str, Any, Any]]) -> None:
    """The customer's history: who changed what, from what, to what, when."""
    for field, before, after in changes:
        writes.insert(
            "s_changes",
            {
                "customer_id": int(posted.entry.subject),
                "at": posted.at,
                "receipt_no": posted.entry.payload.get("receipt_no", ""),
                "actor": posted.entry.actor,
                "kind": kind,
                "field": field,
                "from": before,
                "to": after,
            },
        )


def _followed(writes: Writes, posted: Posted) -> None:
    day = posted.entry.payload["day"]
    customer_id = int(posted.entry.subject)
    writes.run(
        "s_customers",
        "UPDATE s_customers SET last_followed_on = ? WHERE id = ? AND COALESCE(last_followed_on, '') < ?",
        day,
        customer_id,
        day,
        rows=(customer_id,),
    )


def _claimed(writes: Writes, posted: Posted) -> None:
    _to_owner(writes, posted, "客户申领")


def _transferred(writes: Writes, posted: Posted) -> None:
    """The history stays with the customer; its new owner gets the full time to follow it."""
    _to_owner(writes, posted, "客户转交")


def _returned(writes: Writes, posted: Posted) -> None:
    """The transfer was made void: the customer stands as it stood before."""
    given, customer_id = posted.entry.payload, int(posted.entry.subject)
    ((before,),) = writes.ask("SELECT owner FROM s_customers WHERE id = ?", customer_id)
    writes.run(
        "s_customers",
        "UPDATE s_customers SET owner = ?, acquired_on = ?, previous_owner = ? WHERE id = ?",
        given["owner"],
        given["acquired_on"],
        given["previous_owner"],
        customer_id,
        rows=(customer_id,),
    )
    _share(writes, customer_id, given["shared"])
    _note(writes, posted, "转交作废", [("owner", before, given["owner"])])


def _to_owner(writes: Writes, posted: Posted, kind: str) -> None:
    given, customer_id = posted.entry.payload, int(posted.entry.subject)
    ((before,),) = writes.ask("SELECT owner FROM s_customers WHERE id = ?", customer_id)
    writes.run(
        "s_customers",
        "UPDATE s_customers SET owner = ?, acquired_on = ?, pooled_on = NULL, previous_owner = COALESCE(owner, previous_owner) WHERE id = ?",
        given["owner"],
        given["day"],
        customer_id,
        rows=(customer_id,),
    )
    _share(writes, customer_id, given["shared"])
    _note(writes, posted, kind, [("owner", before, given["owner"])])


def _recycled(writes: Writes, posted: Posted) -> None:
    given, customer_id = posted.entry.payload, int(posted.entry.subject)
    ((before,),) = writes.ask("SELECT owner FROM s_customers WHERE id = ?", customer_id)
    writes.run(
        "s_customers",
        "UPDATE s_customers SET owner = NULL, pooled_on = ?, previous_owner = ? WHERE id = ?",
        given["day"],
        before,
        customer_id,
        rows=(customer_id,),
    )
    _share(writes, customer_id, ())
    _note(writes, posted, "回收公海", [("owner", before, None)])


def _changed(writes: Writes, posted: Posted) -> None:
    """Particulars change field by field; a former name stays findable."""
    given, customer_id = posted.entry.payload, int(posted.entry.subject)
    changes: dict[str, Any] = dict(given["changes"])
    shared = changes.pop("shared", None)
    names = [name for name in changes if name in _FIELDS]
    (record,) = writes.ask(f"SELECT {', '.join(_FIELDS)} FROM s_customers WHERE id = ?", customer_id)
    before = dict(zip(_FIELDS, record, strict=True))
    if "name_key" in names and changes["name_key"] != before["name_key"]:
        former = {
            "customer_id": customer_id,
            "name": before["name"],
            "name_key": before["name_key"],
            "until": posted.at,
        }
        writes.insert("s_former_names", former)
    for name in names:
        sql = f"UPDATE s_customers SET {name} = ? WHERE id = ?"
        writes.run("s_customers", sql, changes[name], customer_id, rows=(customer_id,))
    told = [
        (name, _text(before[name]), _text(changes[name])) for name in names if name not in ("name_key", "lat", "lon")
    ]
    if shared is not None:
        members = writes.ask("SELECT person FROM s_members WHERE customer_id = ? ORDER BY person", customer_id)
        told.append(("shared", "、".join(person for (person,) in members), "、".join(shared)))
        _share(writes, customer_id, shared)
    _note(writes, posted, "信息变更", told)


_FIELDS = (
    "name", "name_key", "source", "type", "region", "province", "city", "district", "address", "contact", "phone",
    "lat", "lon",
)  # fmt: skip


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


CUSTOMER_ENTRIES: Mapping[str, Apply] = {
    "customer.added": _added,
    "customer.followed": _followed,
    "customer.claimed": _claimed,
    "customer.transferred": _transferred,
    "customer.returned": _returned,
    "customer.changed": _changed,
    "customer.recycled": _recycled,
}
