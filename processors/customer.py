"""客户新增 3: the customer enters the book."""

from __future__ import annotations

from ledger.journal import Entry
from policy.forms.customer import NewCustomer
from processors.effect import Accepted, FormEffects


def _entries(row: Accepted) -> list[Entry]:
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


CUSTOMER = FormEffects(NewCustomer, _entries)
