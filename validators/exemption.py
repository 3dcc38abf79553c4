"""Rules of 日报豁免 (销售日报 7(4))."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from policy.forms.exemption import Exemption
from policy.posts import DEPARTMENT_MANAGER, SUPERVISION
from validators.facts import Facts
from validators.form_rules import FormRules, Read
from validators.near import colleagues_hint
from validators.rule import REFUSE, Rule, Values, rule


@rule(
    "exemption.name.known", clause="daily.7.4", column="姓名", severity=REFUSE, reads=("name",),
    says="人员名册中没有“{name}”{hint}", remedy="请填写名册中的姓名（同名同事带手机号后四位）",
)  # fmt: skip
def person_is_known(exemption: Exemption, facts: Facts) -> Iterator[Values]:
    """Only somebody in the register can be exempted."""
    if exemption.name not in facts.people:
        yield {"name": exemption.name, "hint": colleagues_hint(exemption.name, facts)}


@rule(
    "exemption.name.own_department", clause="scope.2", column="姓名", severity=REFUSE, reads=("name",),
    says="{name}属于{department}，部门经理只能豁免本部门的同事", remedy="请由{department}的经理或人力资源部投递",
)  # fmt: skip
def person_is_in_ones_department(exemption: Exemption, facts: Facts) -> Iterator[Values]:
    """A department manager decides for their own department."""
    person = facts.people.get(exemption.name)
    me = facts.submitter
    if person and me.post == DEPARTMENT_MANAGER and person.department != me.department:
        yield {"name": person.name, "department": person.department}


@rule(
    "exemption.name.self", clause="scope.2", column="姓名", severity=REFUSE, reads=("name",),
    says="不能豁免自己", remedy="请由人力资源部投递",
)  # fmt: skip
def person_is_somebody_else(exemption: Exemption, facts: Facts) -> Iterator[Values]:
    """Nobody grants their own exemption."""
    if exemption.name == facts.submitter.name:
        yield {}


@rule(
    "exemption.dates.order", clause="daily.7.4", column="结束日期", severity=REFUSE, reads=("start", "end"),
    says="结束日期 {end} 早于开始日期 {start}", remedy="请核对起止日期",
)  # fmt: skip
def dates_are_in_order(exemption: Exemption, facts: Facts) -> Iterator[Values]:
    """A time ends after it begins."""
    if exemption.end < exemption.start:
        yield {"start": exemption.start, "end": exemption.end}


@rule(
    "exemption.dates.length", clause="daily.7.4", column="结束日期", severity=REFUSE, reads=("start", "end"),
    says="豁免长达 {days} 天，请确认日期没有写错", remedy="一次最多豁免 366 天；更长的请分次投递",
)  # fmt: skip
def length_is_plausible(exemption: Exemption, facts: Facts) -> Iterator[Values]:
    """A mistyped year would exempt somebody for ever."""
    days = (exemption.end - exemption.start).days + 1
    if days > 366:
        yield {"days": days}


RULES: tuple[Rule, ...] = (
    person_is_known, person_is_in_ones_department, person_is_somebody_else, dates_are_in_order, length_is_plausible,
)  # fmt: skip


def _read(record: Exemption, facts: Facts) -> Read:
    """A department manager who reaches far back does not decide alone: 企管部 looks at it (销售日报 7(3))."""
    back = timedelta(days=facts.settings.daily_report.retroactive_days)
    if record.start is not None and facts.submitter.post == DEPARTMENT_MANAGER and record.start < facts.today - back:
        return {"chain": [SUPERVISION]}
    return {}


EXEMPTION = FormRules(Exemption, RULES, read=_read)
