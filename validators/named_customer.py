"""Rules about the customer that a row names, made for a form (客户拜访 5.2, 客户成交 5.1(1), 客户回款 6.1(1), 信息变更 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledger import customers, names
from policy.posts import COMPANY_WIDE, DEPARTMENT_MANAGER, SALESPERSON
from policy.shops import are_two_shops
from policy.words import fold
from validators.context import Context
from validators.facts import Facts, Lookalike
from validators.form_rules import Read
from validators.near import customers_hint
from validators.rule import NOTE, REFUSE, Rule, Values, rule

_LOOKED_AT = 20  #: names near to one that was not found; most are other people's customers


def _known(record: Any, facts: Facts) -> Iterator[Values]:
    """A row that concerns a customer names one that is in the book, or on its way into it."""
    if facts.customer is None and not facts.customer_waiting and not facts.ambiguous:
        yield {"customer": record.customer, "hint": customers_hint(facts.lookalikes)}


def _only_one(record: Any, facts: Facts) -> Iterator[Values]:
    """A former name may belong to several customers: then the present name is needed."""
    if facts.ambiguous:
        yield {"customer": record.customer, "names": "、".join(facts.ambiguous)}


def not_mine(record: Any, facts: Facts) -> Iterator[Values]:
    """Salespeople act for customers that they own or share; managers for any."""
    me = facts.submitter
    if me.post != SALESPERSON:
        return
    if facts.customer and me.name not in (facts.customer.owner, *facts.customer.shared):
        yield {"customer": facts.customer.name, "owner": facts.customer.owner or "公海"}
    elif facts.customer is None and facts.customer_waiting and facts.customer_waiting_owner != me.name:
        yield {"customer": record.customer, "owner": facts.customer_waiting_owner}


def _owned(record: Any, facts: Facts) -> Iterator[Values]:
    """Only the owner may do this; sharing is not enough."""
    if facts.customer and facts.customer.owner not in (facts.submitter.name, *facts.stands_in):
        yield {"customer": facts.customer.name, "owner": facts.customer.owner or "公海"}


def undecided(record: Any, facts: Facts) -> Iterator[Values]:
    """What changes a customer has to wait until the customer is in the book."""
    if facts.customer is None and facts.customer_waiting:
        yield {"customer": record.customer}


def customer_rules(code: str, clause: str, *, mine: str = "shared") -> tuple[Rule, ...]:
    """The rules of a form's 客户名称.

    :param mine: ``shared``: own or shared customers, also ones that still wait for approval;
        ``owner``: own ones in the book only
    """
    first = "新客户请先（或同时）投递“客户新增”" if mine == "shared" else "新客户请先投递“客户新增”"
    made = [
        _rule(code, "known", clause, "客户档案中没有“{customer}”{hint}", f"请核对客户名称；{first}", _known),
        _rule(
            code, "ambiguous", clause, "“{customer}”是几个客户用过的名称：{names}", "请填写客户现在的名称", _only_one
        ),
    ]
    if mine == "shared":
        words = "请由归属人提交，或请归属人把您加为共享人员；公海客户请先申领"
        made.append(_rule(code, "mine", clause, "“{customer}”归属{owner}，不是您可以跟进的客户", words, not_mine))
        waits = "客户“{customer}”还在审批中，客户通过后这一行才能审批"
        made.append(_rule(code, "waiting", clause, waits, "无需处理", undecided, severity_note=True))
    else:
        made.append(
            _rule(
                code,
                "mine",
                clause,
                "“{customer}”归属{owner}，只有归属人可以提交",
                "请由归属人提交；归属人已离职或不在岗的，由其部门经理（没有的由销售经理）提交",
                _owned,
            )
        )
        waits = "客户“{customer}”还在审批中，现在不能办理"
        made.append(_rule(code, "waiting", clause, waits, "请等客户通过审批后再提交", undecided))
    return tuple(made)


def _rule(
    code: str, name: str, clause: str, says: str, remedy: str, check: Any, *, severity_note: bool = False
) -> Rule:
    severity = NOTE if severity_note else REFUSE
    return rule(
        f"{code}.customer.{name}", clause=clause, column="客户名称", severity=severity, says=says, remedy=remedy,
        reads=("customer",),
    )(check)  # fmt: skip


def named_customer(record: Any, facts: Facts, context: Context) -> Facts:
    """The customer that the row names: by its present name, by a former one, or still waiting for approval."""
    if record.customer is None:
        return facts
    key = fold(record.customer)
    waiting = customers.awaiting_approval(context.book, key)
    found, once = context.ask(customers.named, key), context.ask(customers.once_named, key)
    if found is None and waiting is None and len(once) == 1:
        found = once[0]
    return facts.but(
        customer=found,
        customer_waiting=waiting is not None,
        customer_waiting_owner=str(waiting.read.get("owner")) if waiting else None,
        ambiguous=tuple(each.name for each in once) if found is None and len(once) > 1 else (),
        lookalikes=_hints(key, facts, context) if found is None and waiting is None else (),
    )


def customer_read(record: Any, facts: Facts) -> Read:
    """The folded name by which a row finds its customer, the present one if it was typed with a former one."""
    if facts.customer is not None:
        return {"customer_key": facts.customer.name_key}
    return {"customer_key": fold(record.customer) if record.customer else ""}


def lookalikes(context: Context, key: str) -> tuple[Lookalike, ...]:
    """Customers whose folded names are nearly *key*, the likest first; one that once bore just this name among them.

    Another shop of the same company is a customer like any other, and none of them.
    """
    near = (each for each in names.alike(context.book, key) if not are_two_shops(key, each[0]))
    return _bearers(context, key, ((key, 100.0), *near))[:3]


def _bearers(context: Context, key: str, near: Iterable[tuple[str, float]]) -> tuple[Lookalike, ...]:
    once: dict[str, Lookalike] = {}
    for name_key, score in near:
        for bearer in names.bearers(context.book, name_key):
            if fold(bearer.name) != key:
                once.setdefault(bearer.name, Lookalike(bearer.name, bearer.owner, score))
    return tuple(once.values())


def _hints(key: str, facts: Facts, context: Context) -> tuple[Lookalike, ...]:
    """Customers that a mistyped or shortened name may mean, of those that the submitter may know of (适用范围 2)."""
    me, near = facts.submitter, _bearers(context, key, names.nearest(context.book, key)[:_LOOKED_AT])
    if me.post in COMPANY_WIDE:
        return near
    team = {each.name for each in facts.people.values() if each.department == me.department}
    known = {"公海", me.name} | (team if me.post == DEPARTMENT_MANAGER else set())
    shared = context.ask(customers.shared_with, me.name)
    return tuple(each for each in near if each.owner in known or each.name in shared)
