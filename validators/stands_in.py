"""Whose place a manager may take: owners who left, who sell no more, or who are away today (客户转交 8, 信息变更 9)."""

from __future__ import annotations

from ledger import days
from ledger.records import Person
from policy.posts import DEPARTMENT_MANAGER, SALES_MANAGER, SALESPERSON
from validators.context import Context
from validators.facts import Facts


def stands_in_for(context: Context, facts: Facts) -> frozenset[str]:
    """Names of the owners for whom the submitter may act: their 部门经理, or 销售经理 where there is none."""
    if context.submitter.post not in (DEPARTMENT_MANAGER, SALES_MANAGER):
        return frozenset()
    away = days.exemptions_on(context.book, facts.today)
    return frozenset(
        person.name
        for person in facts.people.values()
        if person.name != context.submitter.name
        and _leads(context.submitter, person, facts)
        and (cannot_act(person, facts) or person.name in away)
    )


def cannot_act(person: Person, facts: Facts) -> bool:
    """Whether somebody is gone from the company, or in a post that does not sell."""
    gone = person.left_on is not None and not facts.active(person.name)
    return gone or (facts.active(person.name) and person.post not in (SALESPERSON, DEPARTMENT_MANAGER))


def _leads(me: Person, person: Person, facts: Facts) -> bool:
    if me.post == DEPARTMENT_MANAGER:
        return person.department == me.department
    return not any(
        each.post == DEPARTMENT_MANAGER and each.department == person.department and facts.active(each.name)
        for each in facts.people.values()
    )
