"""Rules of 销售指标 (指标编审 11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ledger import targets
from ledger.targets import Aimed
from policy.forms.target import Target
from policy.periods import MOST
from policy.posts import DEPARTMENT_MANAGER, SALESPERSON
from validators.context import Context
from validators.facts import Facts
from validators.form_rules import FormRules
from validators.near import colleagues_hint
from validators.rule import FLAG, REFUSE, Rule, Values, rule
from validators.sums import REMEDY, SAYS, sums_that_differ


@rule(
    "target.month.range", clause="target.11.1", column="月份", severity=REFUSE, reads=("period", "month"),
    says="月份 {month} {why}", remedy="请填写 {way}",
)  # fmt: skip
def period_is_one_of_its_kind(target: Target, facts: Facts) -> Iterator[Values]:
    """There are twelve months and four quarters."""
    most = MOST[target.kind]
    if not 1 <= target.month <= most:
        why = "不是 1：一年只有一个年度指标" if most == 1 else f"不在 1 到 {most} 之间"
        yield {"month": target.month, "why": why, "way": "1" if most == 1 else f"1 到 {most}"}


@rule(
    "target.year.near", clause="target.11.1", column="年度", severity=REFUSE, reads=("year",),
    says="年度 {year} 离今年太远", remedy="请填写四位数年份，例如 {now}",
)  # fmt: skip
def year_is_plausible(target: Target, facts: Facts) -> Iterator[Values]:
    """Targets are set for last, this and next year."""
    if abs(target.year - facts.today.year) > 1:
        yield {"year": target.year, "now": facts.today.year}


@rule(
    "target.start.exact", clause="target.11.2", column="开始日期", severity=REFUSE, reads=("year", "period", "month", "start"),
    says="开始日期 {given} 不是 {span}的第一天", remedy="请填写 {right}",
)  # fmt: skip
def start_is_the_first(target: Target, facts: Facts) -> Iterator[Values]:
    """A period begins on its first day."""
    if target.span and target.start != target.span.start:
        yield {"given": target.start, "span": target.span.name, "right": target.span.start}


@rule(
    "target.end.exact", clause="target.11.2", column="结束日期", severity=REFUSE, reads=("year", "period", "month", "end"),
    says="结束日期 {given} 不是 {span}的最后一天", remedy="请填写 {right}",
)  # fmt: skip
def end_is_the_last(target: Target, facts: Facts) -> Iterator[Values]:
    """A period ends on its last day."""
    if target.span and target.end != target.span.end:
        yield {"given": target.end, "span": target.span.name, "right": target.span.end}


@rule(
    "target.name.known", clause="target.11", column="姓名", severity=REFUSE, reads=("name",),
    says="“{name}”不是在职同事{hint}", remedy="请填写在职同事的姓名",
)  # fmt: skip
def person_is_here(target: Target, facts: Facts) -> Iterator[Values]:
    """Targets are for people who work here."""
    if not facts.active(target.name):
        yield {"name": target.name, "hint": colleagues_hint(target.name, facts)}


@rule(
    "target.name.allowed", clause="target.11", column="姓名", severity=REFUSE, reads=("name",),
    says="您不能为{name}编制指标", remedy="销售人员编制自己的，部门经理编制本部门的",
)  # fmt: skip
def person_is_ones_own(target: Target, facts: Facts) -> Iterator[Values]:
    """One sets one's own targets; a manager sets the team's."""
    me, person = facts.submitter, facts.people.get(target.name)
    if person is None or person.name == me.name:
        return
    if me.post == SALESPERSON or (me.post == DEPARTMENT_MANAGER and person.department != me.department):
        yield {"name": person.name}


@rule(
    "target.sum.differs", clause="target.11", column="", severity=FLAG,
    reads=("year", "period", "month", "name", "orders_fen", "payments_fen", "visits", "new_customers"),
    says=SAYS, remedy=REMEDY,
)  # fmt: skip
def overlapping_targets_add_up(target: Target, facts: Facts) -> Iterator[Values]:
    """What is aimed at in the months is what is aimed at in their quarter, and in their year."""
    if target.span is None:
        return
    own = Aimed(
        "", target.kind, target.month, target.orders_fen, target.payments_fen, target.visits, target.new_customers
    )
    yield from sums_that_differ(target.name, target.span, own, facts.aims)


RULES: tuple[Rule, ...] = (
    period_is_one_of_its_kind, year_is_plausible, start_is_the_first, end_is_the_last, person_is_here, person_is_ones_own,
    overlapping_targets_add_up,
)  # fmt: skip


def _gather(record: Target, facts: Facts, context: Context) -> Facts:
    """The other targets of this person in this year."""
    if record.name is None or record.year is None:
        return facts
    return replace(facts, aims=context.ask(targets.live, (record.name, record.year)))


TARGET = FormRules(Target, RULES, _gather)
