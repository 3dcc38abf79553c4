"""人员新增 10: a new colleague joins."""

from __future__ import annotations

from ledger.journal import Entry
from policy.forms.person import NewPerson
from processors.effect import Accepted, FormEffects


def _entries(row: Accepted) -> list[Entry]:
    values = row.values
    payload = {
        **{name: values[name] for name in ("phone", "gender", "department", "post", "max_customers")},
        **{name: values[name] for name in ("max_follow_days", "joined_on", "region")},
        "plain_name": values["name"],
        "root": row.read.get("root", row.read["register_name"]),
        "receipt_no": row.receipt_no,
    }
    return [Entry("person.joined", row.read["register_name"], row.person, payload)]


PERSON = FormEffects(NewPerson, _entries)
