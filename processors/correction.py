"""更正: a row that took effect is put right, or made void; what follows from it is computed anew (目的 1)."""

from __future__ import annotations

from ledger.journal import Entry
from policy.forms.correction import MEND, Correction
from processors.effect import Accepted, FormEffects


def _entries(row: Accepted) -> list[Entry]:
    values, read = row.values, row.read
    payload = {
        "receipt_no": row.receipt_no, "form": read["of_form"], "action": values["action"], "reason": values["reason"],
    }  # fmt: skip
    if values["action"] != MEND:
        return [Entry("row.voided", values["receipt_no"], row.person, payload)]
    change = {"field": read["field"], "column": values["column_name"], "from": read["from"], "to": read["to"]}
    gone = [Entry("row.superseded", each, row.person, {"by": row.receipt_no}) for each in row.overtakes]
    return [*gone, Entry("row.corrected", values["receipt_no"], row.person, {**payload, **change})]


CORRECTION = FormEffects(Correction, _entries)
