"""The forms, in the order in which people meet them."""

from __future__ import annotations

from policy.form import Form
from policy.forms.customer import NewCustomer
from policy.forms.daily_report import DailyReport
from policy.forms.exemption import Exemption
from policy.forms.person import NewPerson
from policy.forms.visit import Visit

FORMS: tuple[type[Form], ...] = (NewPerson, NewCustomer, Visit, DailyReport, Exemption)


def form_named(sheet: str) -> type[Form] | None:
    """The form whose sheet has this name, or None."""
    return next((form for form in FORMS if form.sheet == sheet), None)
