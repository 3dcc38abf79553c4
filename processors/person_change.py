"""人员新增 10: what changes about a colleague."""

from __future__ import annotations

from ledger.journal import Entry
from policy.forms.person_change import PersonChange
from processors.effect import Accepted, FormEffects


def _entries(row: Accepted) -> list[Entry]:
    values = row.values
    payload = {name: values[name] for name in ("effective_on", "new_name", "state", "department", "post", "phone")}
    payload |= {name: values[name] for name in ("max_customers", "max_follow_days", "region")}
    return [Entry("person.changed", values["name"], row.person, {**payload, "receipt_no": row.receipt_no})]


PERSON_CHANGE = FormEffects(PersonChange, _entries)
