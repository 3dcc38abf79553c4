"""信息变更 9: the customer's particulars change."""

from __future__ import annotations

from ledger.journal import Entry
from policy.forms.customer_change import CustomerChange
from processors.effect import Accepted, FormEffects


def _entries(row: Accepted) -> list[Entry]:
    payload = {"changes": row.read["changes"], "receipt_no": row.receipt_no}
    return [Entry("customer.changed", str(row.customer_id), row.person, payload)]


CUSTOMER_CHANGE = FormEffects(CustomerChange, _entries)
