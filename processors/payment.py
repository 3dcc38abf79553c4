"""客户回款 6: a confirmed payment follows the customer; money that goes back does not."""

from __future__ import annotations

from ledger.journal import Entry
from policy.forms.payment import REFUND, Payment
from processors.effect import Accepted, FormEffects, follows


def _pays(row: Accepted) -> list[Entry]:
    return [] if row.values["kind"] == REFUND else follows(row)


PAYMENT = FormEffects(Payment, _pays)
