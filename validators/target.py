"""Rules of 销售指标 (指标编审 11)."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date

from policy.forms.target import Target
from policy.posts import DEPARTMENT_MANAGER, SALESPERSON
from validators.facts import Facts
from validators.form_rules import FormRules
from validators.rule import REFUSE, Rule, Values, rule


@rule(
    "target.month.range", clause="target.11.1", column="月份", severity=REFUSE, reads=("month",),
    says="月份 {month} 不在 1 到 12 之间", remedy="请填写 1 到 12",
)  # fmt: skip
def month_is_one_of_twelve(target: Target, facts: Facts) -> Iterator[Values]:
    """There are twelve months."""
    if not 1 <= target.month <= 12:
        yield {"month": target.month}


@rule(
    "target.year.near", clause="target.11.1", column="年度", severity=REFUSE, reads=("year",),
    says="年度 {year} 离今年太远", remedy="请填写四位数年份，例如 {now}",
)  # fmt: skip
def year_is_plausible(target: Target, facts: Facts) -> Iterator[Values]:
    """Targets are set for last, this and next year."""
    if abs(target.year - facts.today.year) > 1:
        yield {"year": target.year, "now": facts.today.year}


@rule(
    "target.start.exact", clause="target.11.2", column="开始日期", severity=REFUSE, reads=("year", "month", "start"),
    says="开始日期 {given} 不是 {year} 年 {month} 月的第一天", remedy="请填写 {right}",
)  # fmt: skip
def start_is_the_first(target: Target, facts: Facts) -> Iterator[Values]:
    """A month begins on its first day."""
    yield from _not_exact(target, target.start, last=False)


@rule(
    "target.end.exact", clause="target.11.2", column="结束日期", severity=REFUSE, reads=("year", "month", "end"),
    says="结束日期 {given} 不是 {year} 年 {month} 月的最后一天", remedy="请填写 {right}",
)  # fmt: skip
def end_is_the_last(target: Target, facts: Facts) -> Iterator[Values]:
    """A month ends on its last day."""
    yield from _not_exact(target, target.end, last=True)


def _not_exact(target: Target, given: date, *, last: bool) -> Iterator[Values]:
    if not (1 <= target.month <= 12 and 1 <= target.year <= 9999):
        return
    right = date(target.year, target.month, calendar.monthrange(target.year, target.month)[1] if last else 1)
    if given != right:
        yield {"given": given, "year": target.year, "month": target.month, "right": right}


@rule(
    "target.name.known", clause="target.11", column="姓名", severity=REFUSE, reads=("name",),
    says="“{name}”不是在职同事", remedy="请填写在职同事的姓名",
)  # fmt: skip
def person_is_here(target: Target, facts: Facts) -> Iterator[Values]:
    """Targets are for people who work here."""
    if not facts.active(target.name):
        yield {"name": target.name}


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


RULES: tuple[Rule, ...] = (
    month_is_one_of_twelve, year_is_plausible, start_is_the_first, end_is_the_last, person_is_here, person_is_ones_own,
)  # fmt: skip


TARGET = FormRules(Target, RULES)
