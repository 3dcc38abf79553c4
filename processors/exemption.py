"""日报豁免: a person owes no report on some days."""

from __future__ import annotations

from ledger.journal import Entry
from policy.forms.exemption import Exemption
from processors.effect import Accepted, FormEffects


def _entries(row: Accepted) -> list[Entry]:
    values = row.values
    payload = {"person": values["name"], **{name: values[name] for name in ("start", "end", "reason")}}
    return [Entry("exemption.granted", row.receipt_no, row.person, payload)]


EXEMPTION = FormEffects(Exemption, _entries)
