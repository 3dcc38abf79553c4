"""日报申诉: a granted objection exempts the day, with its reason."""

from __future__ import annotations

from ledger.journal import Entry
from policy.forms.appeal import Appeal
from processors.effect import Accepted, FormEffects


def _entries(row: Accepted) -> list[Entry]:
    day, reason = row.values["date"], f"申诉成立：{row.values['reason']}"
    payload = {"person": row.person, "start": day, "end": day, "reason": reason}
    return [Entry("exemption.granted", row.receipt_no, row.decided_by, payload)]


APPEAL = FormEffects(Appeal, _entries)
