"""客户申领 4: the claimer gets the customer."""

from __future__ import annotations

from ledger.journal import Entry
from policy.forms.claim import Claim
from processors.effect import Accepted, FormEffects, hands_over


def _entries(row: Accepted) -> list[Entry]:
    return [Entry("customer.claimed", str(row.customer_id), row.person, hands_over(row, row.person))]


CLAIM = FormEffects(Claim, _entries)
