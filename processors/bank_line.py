"""客户回款 6.2: money has arrived."""

from __future__ import annotations

from ledger.journal import Entry
from policy.forms.bank_line import BankLine
from processors.effect import Accepted, FormEffects


def _entries(row: Accepted) -> list[Entry]:
    values = row.values
    payload = {name: values[name] for name in ("arrived_on", "payer", "amount_fen", "memo")}
    return [Entry("bank.received", values["serial"], row.person, {**payload, "receipt_no": row.receipt_no})]


BANK_LINE = FormEffects(BankLine, _entries)
