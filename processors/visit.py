"""客户拜访 5: an approved visit follows the customer."""

from __future__ import annotations

from ledger.journal import Entry
from policy.forms.visit import Visit
from processors.effect import Accepted, FormEffects


def _entries(row: Accepted) -> list[Entry]:
    if row.customer_id is None:
        return []
    visited = row.read["拜访时间"][:10] or row.today.isoformat()
    return [
        Entry("customer.followed", str(row.customer_id), row.person, {"day": visited, "receipt_no": row.receipt_no})
    ]


VISIT = FormEffects(Visit, _entries)
