"""客户转交 8: the receiver gets the customers."""

from __future__ import annotations

from ledger.journal import Entry
from policy.forms.transfer import Transfer
from processors.effect import Accepted, FormEffects, hands_over


def _entries(row: Accepted) -> list[Entry]:
    payload = hands_over(row, row.values["receiver"])
    return [Entry("customer.transferred", str(each), row.person, payload) for each in row.read["moving"]]


TRANSFER = FormEffects(Transfer, _entries)
