"""Rules of 审批代理 (适用范围 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ledger.deputies import deputies
from policy.forms.deputy import Deputy
from policy.posts import DEPARTMENT_MANAGER, SALES_MANAGER
from validators.context import Context
from validators.facts import Facts
from validators.form_rules import FormRules
from validators.near import colleagues_hint
from validators.rule import NOTE, REFUSE, Rule, Values, rule


@rule(
    "deputy.principal.known", clause="scope.2", column="委托人", severity=REFUSE, reads=("principal",),
    says="“{name}”不是在职同事{hint}", remedy="请填写名册中的姓名（同名同事带手机号后四位）",
)  # fmt: skip
def principal_is_here(deputy: Deputy, facts: Facts) -> Iterator[Values]:
    """Only a colleague can be away."""
    if not facts.active(deputy.principal):
        yield {"name": deputy.principal, "hint": colleagues_hint(deputy.principal, facts)}


@rule(
    "deputy.principal.own", clause="scope.2", column="委托人", severity=REFUSE, reads=("principal",),
    says="您不能替{name}委托代理人", remedy="请由{name}本人投递；部门经理不在的，由销售经理投递",
)  # fmt: skip
def principal_is_oneself(deputy: Deputy, facts: Facts) -> Iterator[Values]:
    """One hands over one's own decisions; 销售经理 may for a department manager."""
    person, me = facts.people.get(deputy.principal), facts.submitter
    if person is None or deputy.principal == me.name:
        return
    if not (me.post == SALES_MANAGER and person.post == DEPARTMENT_MANAGER):
        yield {"name": deputy.principal}


@rule(
    "deputy.deputy.active", clause="scope.2", column="代理人", severity=REFUSE, reads=("deputy", "principal"),
    says="代理人“{name}”不是在职同事，或就是委托人{hint}", remedy="请填写另一位在职同事的姓名",
)  # fmt: skip
def deputy_is_a_colleague(deputy: Deputy, facts: Facts) -> Iterator[Values]:
    """Somebody else who is here decides."""
    if not facts.active(deputy.deputy) or deputy.deputy == deputy.principal:
        yield {"name": deputy.deputy, "hint": colleagues_hint(deputy.deputy, facts)}


@rule(
    "deputy.dates.order", clause="scope.2", column="结束日期", severity=REFUSE, reads=("start", "end"),
    says="结束日期 {end} 早于开始日期 {start}", remedy="请核对起止日期",
)  # fmt: skip
def dates_are_in_order(deputy: Deputy, facts: Facts) -> Iterator[Values]:
    """A time ends after it begins."""
    if deputy.end < deputy.start:
        yield {"start": deputy.start, "end": deputy.end}


@rule(
    "deputy.dates.over", clause="scope.2", column="结束日期", severity=REFUSE, reads=("end",),
    says="结束日期 {end} 已经过去", remedy="请填写今天或以后的日期",
)  # fmt: skip
def time_is_to_come(deputy: Deputy, facts: Facts) -> Iterator[Values]:
    """Nothing of what was decided is decided anew."""
    if deputy.end < facts.today:
        yield {"end": deputy.end}


@rule(
    "deputy.circle", clause="scope.2", column="代理人", severity=REFUSE, reads=("deputy", "principal", "start", "end"),
    says="{name}这段时间自己也委托了{other}，兜回到{principal}，没有人能审批", remedy="请另选一位这段时间在岗的同事",
)  # fmt: skip
def deputies_do_not_go_in_circles(deputy: Deputy, facts: Facts) -> Iterator[Values]:
    """Whoever stands in for somebody is not away with them."""
    if deputy.principal in _followed(deputy.deputy, facts.deputies):
        yield {"name": deputy.deputy, "other": facts.deputies[deputy.deputy], "principal": deputy.principal}


def _followed(name: str, named: Mapping[str, str]) -> list[str]:
    """Whom decisions reach from *name* on, one after another."""
    found: list[str] = []
    while (name := named.get(name, "")) and name not in found:
        found.append(name)
    return found


@rule(
    "deputy.away", clause="scope.2", column="代理人", severity=NOTE, reads=("deputy", "principal", "start", "end"),
    says="{name}这段时间也委托了{other}，重叠的日子由{other}审批", remedy="无需处理；要换人请另选代理人",
)  # fmt: skip
def deputy_is_there(deputy: Deputy, facts: Facts) -> Iterator[Values]:
    """A deputy who has a deputy hands on."""
    other = facts.deputies.get(deputy.deputy)
    if other and deputy.principal not in _followed(deputy.deputy, facts.deputies):
        yield {"name": deputy.deputy, "other": other}


RULES: tuple[Rule, ...] = (
    principal_is_here, principal_is_oneself, deputy_is_a_colleague, dates_are_in_order, time_is_to_come,
    deputies_do_not_go_in_circles, deputy_is_there,
)  # fmt: skip


def _gather(record: Deputy, facts: Facts, context: Context) -> Facts:
    if record.start is None or record.end is None:
        return facts
    overlapping = [each for each in deputies(context.book, record.start) if each.start <= record.end]
    known = {each.principal: each.deputy for each in overlapping}
    for day in sorted({record.start, *(each.start for each in overlapping if each.start > record.start)}):
        of_day = {each.principal: each.deputy for each in overlapping if each.start <= day <= each.end}
        if record.principal in _followed(record.deputy or "", of_day):  # a circle on one of the days is a circle
            known = of_day
            break
    return facts.but(deputies=known)


DEPUTY = FormRules(Deputy, RULES, _gather)
