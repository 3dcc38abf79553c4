"""Every rule there is, in the order in which findings are told; and the question itself: ``check``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.records import Finding
from policy.form import Form
from validators import (
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
from validators.facts import Facts
from validators.form_rules import FormRules
from validators.rule import Rule, judge

#: Each form's rules, in the order in which people meet the forms.
FORM_RULES: tuple[FormRules, ...] = (
    person.PERSON, person_change.PERSON_CHANGE, customer.CUSTOMER, claim.CLAIM, visit_plan.VISIT_PLAN, visit.VISIT,
    order.ORDER, payment.PAYMENT, bank_line.BANK_LINE, daily_report.DAILY_REPORT, exemption.EXEMPTION,
    transfer.TRANSFER, customer_change.CUSTOMER_CHANGE, target.TARGET, appeal.APPEAL, charge.CHARGE,
    deputy.DEPUTY, correction.CORRECTION, opportunity.OPPORTUNITY,
    opening.OPENING,
)  # fmt: skip
RULES: Mapping[type[Form], tuple[Rule, ...]] = {each.form: each.rules for each in FORM_RULES}
_BY_FORM = {each.form: each for each in FORM_RULES}


def rules_for(form: type[Form]) -> FormRules:
    """What rows of *form* are held against."""
    return _BY_FORM[form]


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
    ShapeRule("shape.namesake", "姓名对得上两位同事"),
    ShapeRule("shape.renamed", "写了同事的旧姓名"),
    ShapeRule("shape.cell", "单元格是错误值、没有结果的公式或合并单元格"),
)


def rule_ids() -> frozenset[str]:
    """The ids that may stand in ``[rules]``."""
    return frozenset(rule.id for rules in RULES.values() for rule in rules)


def check(form: type[Form], record: Form, facts: Facts, unusable: frozenset[str]) -> list[Finding]:
    """All findings of all rules of *form*, at once."""
    return judge(RULES[form], record, facts, unusable)
