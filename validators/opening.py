"""Rules of 期初客户: those of a new customer but for its photos, and of an order that is not fully paid (客户新增 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ledger import customers, holdings, rows
from policy.forms.opening import FOLLOWED, POOLED, OpeningCustomer
from policy.posts import SALESPERSON
from policy.words import fold
from validators.context import Context
from validators.customer import name_is_whole, name_resembles_another, shared_people_are_active
from validators.facts import Facts, Lookalike
from validators.form_rules import FormRules, Read
from validators.named_customer import lookalikes
from validators.opening_order import ORDER_RULES, same_order
from validators.particulars import particular_rules, taken_name
from validators.places import area_named
from validators.rule import FLAG, NOTE, REFUSE, Rule, Values, rule


@rule(
    "opening.name.taken", clause="customer.3.1.1", column="客户名称", severity=REFUSE, reads=("name",),
    says="“{name}”已经在册，归属：{owner}", remedy="不用再登记；资料要改的，请归属人投递“信息变更”",
)  # fmt: skip
def name_is_new(row: OpeningCustomer, facts: Facts) -> Iterator[Values]:
    """One customer, one entry in the company's book."""
    yield from taken_name(facts)


@rule(
    "opening.name.more", clause="customer.3.1.1", column="客户名称", severity=NOTE, reads=("name",),
    says="“{name}”的资料先前已登记，这一行只登记它的订单", remedy="资料有变的，请归属人投递“信息变更”",
)  # fmt: skip
def customer_is_there(row: OpeningCustomer, facts: Facts) -> Iterator[Values]:
    """A customer with several open orders has a row for each: the first brings the customer."""
    if facts.opening and facts.customer:
        yield {"name": facts.customer.name}


@rule(
    "opening.owner.missing", clause="customer.3.2.2", column="销售经理", severity=REFUSE, reads=("owner", "state"),
    says="跟进中的客户没有写归属人", remedy="请填写在职销售人员的姓名；没有人跟进的，客户状态选“公海”",
)  # fmt: skip
def owner_is_named(row: OpeningCustomer, facts: Facts) -> Iterator[Values]:
    """A customer that is followed belongs to somebody."""
    if row.state == FOLLOWED and not row.owner:
        yield {}


@rule(
    "opening.owner.active", clause="customer.3.2.2", column="销售经理", severity=REFUSE, reads=("owner", "state"),
    says="“{owner}”不是在职的销售人员", remedy="请先登记人员，或改填在职销售人员；没有人跟进的，客户状态选“公海”",
)  # fmt: skip
def owner_is_a_salesperson(row: OpeningCustomer, facts: Facts) -> Iterator[Values]:
    """A customer that is followed belongs to somebody who sells and who is here."""
    person = facts.people.get(row.owner or "")
    if row.state == FOLLOWED and row.owner and not (person and person.post == SALESPERSON and facts.active(row.owner)):
        yield {"owner": row.owner}


@rule(
    "opening.owner.former", clause="customer.3.2.2", column="销售经理", severity=REFUSE, reads=("owner", "state"),
    says="人员名册中没有“{owner}”", remedy="公海客户请填写名册中的原归属人，或者空着",
)  # fmt: skip
def former_owner_is_known(row: OpeningCustomer, facts: Facts) -> Iterator[Values]:
    """Whoever had a pooled customer last is somebody in the register, or nobody is named."""
    if row.state == POOLED and row.owner and row.owner not in facts.people:
        yield {"owner": row.owner}


@rule(
    "opening.owner.room", clause="person.10.1", column="销售经理", severity=FLAG, reads=("owner", "state"),
    says="连同这一行，{owner}有 {held} 个客户，超过上限 {limit} 个", remedy="期初照常登记；请转交部分客户，或由销售经理调整上限",
)  # fmt: skip
def owner_has_room(row: OpeningCustomer, facts: Facts) -> Iterator[Values]:
    """What somebody has already is not taken away by the book's beginning; from then on the limit holds."""
    person, held = facts.people.get(row.owner or ""), facts.held.get(row.owner or "", 0)
    if row.state == FOLLOWED and person and not facts.opening and held + 1 > person.max_customers:
        yield {"owner": row.owner, "held": held + 1, "limit": person.max_customers}


@rule(
    "opening.shared.owner", clause="customer.3.2.3", column="共享人员", severity=REFUSE, reads=("shared", "owner"),
    says="“{name}”已是客户的归属人，不用再列为共享人员", remedy="请从共享人员中去掉这个姓名",
)  # fmt: skip
def shared_people_are_others(row: OpeningCustomer, facts: Facts) -> Iterator[Values]:
    """The owner need not share with themselves."""
    if row.owner in row.shared:
        yield {"name": row.owner}


@rule(
    "opening.followed.future", clause="person.10.2", column="最近跟进日期", severity=REFUSE, reads=("followed_on",),
    says="最近跟进日期 {date} 还没有到", remedy="请填写最近一次拜访或联系的日期；不知道就空着",
)  # fmt: skip
def follow_up_has_been(row: OpeningCustomer, facts: Facts) -> Iterator[Values]:
    """Nobody has been somewhere tomorrow."""
    if row.followed_on and row.followed_on > facts.today:
        yield {"date": row.followed_on}


@rule(
    "opening.followed.overdue", clause="person.10.2", column="最近跟进日期", severity=NOTE,
    reads=("followed_on", "owner", "state"),
    says="{days} 天没有跟进，{owner}的最长跟进天数是 {limit} 天", remedy="期初照常登记，留出提醒的时间；请尽快跟进，{until} 起没有跟进的回公海",
)  # fmt: skip
def follow_up_is_due(row: OpeningCustomer, facts: Facts) -> Iterator[Values]:
    """A customer whose time is over is not lost in the first night: its owner is warned first, as always."""
    person = facts.people.get(row.owner or "")
    if row.state != FOLLOWED or person is None or row.followed_on is None or row.followed_on > facts.today:
        return
    counted = _counted_from(row, facts)
    if counted > row.followed_on:
        until = counted + _days(person.max_follow_days) + timedelta(days=1)
        yield {"days": (facts.today - row.followed_on).days, "owner": row.owner, "limit": person.max_follow_days,
               "until": until}  # fmt: skip


def _as_for_new(each: Rule) -> Rule:
    """The rule of a new customer, under this form's name."""
    return replace(each, id=each.id.replace("customer.", "opening.", 1))


_CLAUSES = {"客户地址": "customer.3.1.4", "详细地址": "customer.3.1.4"}

RULES: tuple[Rule, ...] = (
    _as_for_new(name_is_whole), name_is_new, _as_for_new(name_resembles_another), customer_is_there,
    *(each for each in particular_rules("opening", _CLAUSES, "customer.3.1") if "front_photos" not in each.reads),
    owner_is_named, owner_is_a_salesperson, former_owner_is_known, owner_has_room,
    _as_for_new(shared_people_are_active), shared_people_are_others, follow_up_has_been, follow_up_is_due,
    *ORDER_RULES,
)  # fmt: skip


def _gather(record: OpeningCustomer, facts: Facts, context: Context) -> Facts:
    owner = record.owner or ""
    facts = replace(
        facts,
        held={owner: holdings.held_by(context.book, owner)} if owner else {},
        area=area_named(record.area, context.settings) if record.area else None,
    )
    if record.name is None:
        return facts
    return same_order(record, _same_name(record, facts, context), context)


def _same_name(record: OpeningCustomer, facts: Facts, context: Context) -> Facts:
    """A customer of this name, in the book or on its way into it; another order of an opening one is welcome."""
    key = fold(record.name)
    taken, waiting = context.ask(customers.named, key), customers.awaiting_approval(context.book, key)
    if taken is not None and record.amount_fen is not None and _is_opening(taken.receipt_no, context):
        return replace(facts, customer=taken, opening=True)
    if taken is not None:
        return replace(facts, taken_name=Lookalike(taken.name, taken.owner or POOLED, 100))
    if waiting is not None:
        facts = replace(facts, taken_name=Lookalike(record.name, f"{waiting.person}，待审批", 100))
    return replace(facts, lookalikes=lookalikes(context, key))


def _is_opening(receipt_no: str, context: Context) -> bool:
    came = rows.row(context.book, receipt_no)
    return came is not None and came.form == OpeningCustomer.sheet


def _counted_from(record: OpeningCustomer, facts: Facts) -> date:
    """The day from which the customer's time is counted: its last follow-up, but time for every warning is left."""
    person = facts.people.get(record.owner or "")
    if record.followed_on is None or person is None:
        return facts.today
    left = max(facts.settings.recycling.warn_days, default=0) + 1
    earliest = facts.today - _days(person.max_follow_days - left)
    return min(facts.today, max(record.followed_on, earliest))


def _days(n: int) -> timedelta:
    """*n* days, of which a century is enough for arithmetic."""
    return timedelta(days=min(max(n, 0), 36_500))


def _read(record: Any, facts: Facts) -> Read:
    return {
        "期初": "期初登记，没有门头照片",
        "area": vars(facts.area) if facts.area else None,
        "owner": record.owner,
        "name_key": fold(record.name) if record.name else "",
        "customer_key": fold(record.name) if record.name else "",
        "counted_from": _counted_from(record, facts).isoformat(),
    }


OPENING = FormRules(OpeningCustomer, RULES, _gather, _read)
