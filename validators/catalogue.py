"""Every rule there is, in the order in which findings are told; and the question itself: ``check``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.records import Finding
from policy.form import Form
from policy.forms.customer import NewCustomer
from policy.forms.daily_report import DailyReport
from policy.forms.exemption import Exemption
from policy.forms.person import NewPerson
from policy.forms.visit import Visit
from validators import customer, daily_report, exemption, person, visit
from validators.facts import Facts
from validators.rule import Rule, judge

RULES: Mapping[type[Form], tuple[Rule, ...]] = {
    NewPerson: person.RULES,
    NewCustomer: customer.RULES,
    Visit: visit.RULES,
    DailyReport: daily_report.RULES,
    Exemption: exemption.RULES,
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
