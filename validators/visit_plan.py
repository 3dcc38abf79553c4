"""Rules of 拜访计划 (客户拜访 5.3)."""

from __future__ import annotations

from collections.abc import Iterator

from policy.forms.visit_plan import VisitPlan
from validators.facts import Facts
from validators.form_rules import FormRules
from validators.named_customer import customer_read, customer_rules, named_customer
from validators.rule import REFUSE, Rule, Values, rule
from validators.words import too_short


@rule(
    "plan.date.ahead", clause="visit.5.3", column="计划日期", severity=REFUSE, reads=("date",),
    says="计划日期 {date} 已经过去", remedy="请填写今天或以后的日期；已经拜访的请投递“拜访记录”",
)  # fmt: skip
def date_is_to_come(plan: VisitPlan, facts: Facts) -> Iterator[Values]:
    """A plan looks ahead."""
    if plan.date < facts.today:
        yield {"date": plan.date}


@rule(
    "plan.date.near", clause="visit.5.3", column="计划日期", severity=REFUSE, reads=("date",),
    says="计划日期 {date} 在一年以后，请确认年份", remedy="请核对计划日期",
)  # fmt: skip
def date_is_plausible(plan: VisitPlan, facts: Facts) -> Iterator[Values]:
    """A plan for next year's next year is a slip of the pen."""
    if (plan.date - facts.today).days > 366:
        yield {"date": plan.date}


@rule(
    "plan.purpose.substantial", clause="visit.5.1.1", column="拜访目的", severity=REFUSE, reads=("purpose",),
    says="拜访目的只有 {length} 个字，看不出要达成什么", remedy="请写清这次拜访的目的，至少 {least} 个字",
)  # fmt: skip
def purpose_is_substantial(plan: VisitPlan, facts: Facts) -> Iterator[Values]:
    """The purpose is clear before one sets out."""
    yield from too_short(plan.purpose, facts.settings.text.min_purpose)


RULES: tuple[Rule, ...] = (
    *customer_rules("plan", "visit.5.3"), date_is_to_come, date_is_plausible, purpose_is_substantial,
)  # fmt: skip


VISIT_PLAN = FormRules(VisitPlan, RULES, named_customer, customer_read)
