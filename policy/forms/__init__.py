"""The forms, in the order in which people meet them."""

from __future__ import annotations

from policy.form import Form
from policy.forms.appeal import Appeal
from policy.forms.bank_line import BankLine
from policy.forms.charge import Charge
from policy.forms.claim import Claim
from policy.forms.correction import Correction
from policy.forms.customer import NewCustomer
from policy.forms.customer_change import CustomerChange
from policy.forms.daily_report import DailyReport
from policy.forms.deputy import Deputy
from policy.forms.exemption import Exemption
from policy.forms.opening import OpeningCustomer
from policy.forms.opportunity import Opportunity
from policy.forms.order import Order
from policy.forms.payment import Payment
from policy.forms.person import NewPerson
from policy.forms.person_change import PersonChange
from policy.forms.target import Target
from policy.forms.transfer import Transfer
from policy.forms.visit import Visit
from policy.forms.visit_plan import VisitPlan

FORMS: tuple[type[Form], ...] = (
    NewPerson, PersonChange, NewCustomer, Claim, VisitPlan, Visit, Order, Payment, BankLine, DailyReport, Exemption,
    Transfer, CustomerChange, Target, Appeal, Charge, Deputy, Correction, Opportunity,
    OpeningCustomer,
)  # fmt: skip


def form_named(sheet: str) -> type[Form] | None:
    """The form whose sheet has this name, or None."""
    return next((form for form in FORMS if form.sheet == sheet), None)
