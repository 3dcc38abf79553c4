"""更正: a row that took effect is put right, or made void; what follows from it is computed anew (目的 1)."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.journal import Entry
from policy.forms.correction import MEND, Correction
from processors.effect import Accepted, FormEffects


def _entries(row: Accepted) -> list[Entry]:
    values, read = row.values, row.read
    payload = {
        "receipt_no": row.receipt_no, "form": read["of_form"], "action": values["action"], "reason": values["reason"],
    }  # fmt: skip
    if values["action"] != MEND:
        return [Entry("row.voided", values["receipt_no"], row.person, payload), *_back(row)]
    change = {"field": read["field"], "column": values["column_name"], "from": read["from"], "to": read["to"]}
    gone = [Entry("row.superseded", each, row.person, {"by": row.receipt_no}) for each in row.overtakes]
    return [*gone, Entry("row.corrected", values["receipt_no"], row.person, {**payload, **change})]


def _back(row: Accepted) -> Iterator[Entry]:
    """Customers whose transfer is void stand as they stood before it (客户转交 8)."""
    for each in row.read.get("restores", ()):
        stood = {name: each[name] for name in ("owner", "shared", "acquired_on", "previous_owner")}
        yield Entry("customer.returned", str(each["id"]), row.person, {**stood, "receipt_no": row.receipt_no})


CORRECTION = FormEffects(Correction, _entries)
