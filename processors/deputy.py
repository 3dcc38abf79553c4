"""审批代理: sheets go to the deputy from the first day to the last."""

from __future__ import annotations

from ledger.journal import Entry
from policy.forms.deputy import Deputy
from processors.effect import Accepted, FormEffects


def _entries(row: Accepted) -> list[Entry]:
    names = ("principal", "deputy", "start", "end", "reason")
    return [Entry("deputy.named", row.receipt_no, row.person, {name: row.values[name] for name in names})]


DEPUTY = FormEffects(Deputy, _entries)
