"""Every rule there is, in the order in which findings are told; and the question itself: ``check``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.records import Finding
from policy.form import Form
from policy.forms.bank_line import BankLine
from policy.forms.claim import Claim
from policy.forms.customer import NewCustomer
from policy.forms.customer_change import CustomerChange
from policy.forms.daily_report import DailyReport
from policy.forms.exemption import Exemption
from policy.forms.order import Order
from policy.forms.payment import Payment
from policy.forms.person import NewPerson
from policy.forms.person_change import PersonChange
from policy.forms.target import Target
from policy.forms.transfer import Transfer
from policy.forms.visit import Visit
from policy.forms.visit_plan import VisitPlan
from validators import (
    claim,
    customer,
    customer_change,
    daily_report,
    exemption,
    order,
    payment,
    person,
    person_change,
    target,
    transfer,
    visit,
    visit_plan,
)
from validators.facts import Facts
from validators.rule import Rule, judge

RULES: Mapping[type[Form], tuple[Rule, ...]] = {
    NewPerson: person.RULES,
    NewCustomer: customer.RULES,
    Visit: visit.RULES,
    DailyReport: daily_report.RULES,
    Exemption: exemption.RULES,
    PersonChange: person_change.RULES,
    Claim: claim.RULES,
    VisitPlan: visit_plan.RULES,
    Order: order.RULES,
    Payment: payment.RULES,
    BankLine: payment.BANK_RULES,
    Transfer: transfer.RULES,
    CustomerChange: customer_change.RULES,
    Target: target.RULES,
}


@dataclass(frozen=True)
class ShapeRule:
    """A way in which a cell can fail to be what its column asks for; the clause is the column's."""

    id: str
    meaning: str


SHAPE_RULES: tuple[ShapeRule, ...] = (
    ShapeRule("shape.required", "必填的单元格没有填写"),
    ShapeRule("shape.choice", "不在可选范围内"),
    ShapeRule("shape.date", "看不出是哪一天"),
    ShapeRule("shape.understood", "没有写全的日期，按投递当天理解"),
    ShapeRule("shape.integer", "不是整数"),
    ShapeRule("shape.money", "不是金额"),
    ShapeRule("shape.phone", "不是有效的电话号码"),
    ShapeRule("shape.cell", "单元格是错误值、没有结果的公式或合并单元格"),
)


def rule_ids() -> frozenset[str]:
    """The ids that may stand in ``[rules]``."""
    return frozenset(rule.id for rules in RULES.values() for rule in rules)


def check(form: type[Form], record: Form, facts: Facts, unusable: frozenset[str]) -> list[Finding]:
    """All findings of all rules of *form*, at once."""
    return judge(RULES[form], record, facts, unusable)
