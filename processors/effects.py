"""What a row does to the book once it is accepted: the entries that follow from it, form by form."""

from __future__ import annotations

from ledger.journal import Entry
from processors import (
    appeal,
    bank_line,
    charge,
    claim,
    correction,
    customer,
    customer_change,
    daily_report,
    deputy,
    exemption,
    opening,
    opportunity,
    order,
    payment,
    person,
    person_change,
    target,
    transfer,
    visit,
    visit_plan,
)
from processors.effect import Accepted, FormEffects

#: What each form does, in the order in which people meet the forms.
FORM_EFFECTS: tuple[FormEffects, ...] = (
    person.PERSON, person_change.PERSON_CHANGE, customer.CUSTOMER, claim.CLAIM, visit_plan.VISIT_PLAN, visit.VISIT,
    order.ORDER, payment.PAYMENT, bank_line.BANK_LINE, daily_report.DAILY_REPORT, exemption.EXEMPTION,
    transfer.TRANSFER, customer_change.CUSTOMER_CHANGE, target.TARGET, appeal.APPEAL, charge.CHARGE,
    deputy.DEPUTY, correction.CORRECTION, opportunity.OPPORTUNITY,
    opening.OPENING,
)  # fmt: skip
_BY_SHEET = {each.form.sheet: each for each in FORM_EFFECTS}


def effects(row: Accepted) -> list[Entry]:
    """The entries that a row causes when it takes effect; none for forms that only stand in the record."""
    return _BY_SHEET[row.form].entries(row)
