"""Rules of 客户转交 (客户转交 8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger import customers, holdings
from ledger.records import Customer
from policy.forms.transfer import ALL, LEAVES, Transfer
from policy.posts import DEPARTMENT_MANAGER, SALES_MANAGER, SALESPERSON
from validators.context import Context
from validators.facts import Facts, Move
from validators.form_rules import FormRules, Read
from validators.named_customer import named_customer
from validators.near import colleagues_hint, customers_hint, sellers_hint
from validators.rule import NOTE, REFUSE, Rule, Values, rule
from validators.spoken_for import own_live, reserved
from validators.stands_in import cannot_act, stands_in_for
from validators.words import too_short


@rule(
    "transfer.customer.known", clause="transfer.8.1", column="客户名称", severity=REFUSE, reads=("customer",),
    says="客户档案中没有“{customer}”{hint}", remedy="请核对客户名称；还在审批中的请等通过后再转交；全部转交请填 全部",
)  # fmt: skip
def customer_is_known(transfer: Transfer, facts: Facts) -> Iterator[Values]:
    """What is handed over is in the book."""
    if transfer.customer != ALL and facts.customer is None:
        yield {"customer": transfer.customer, "hint": customers_hint(facts.lookalikes)}


@rule(
    "transfer.customer.mine", clause="transfer.8", column="客户名称", severity=REFUSE, reads=("customer",),
    says="“{customer}”归属{owner}，不能由您转交", remedy="请由归属人转交；归属人已离职或不在岗的，由其部门经理（没有的由销售经理）转交",
)  # fmt: skip
def customer_is_ours_to_give(transfer: Transfer, facts: Facts) -> Iterator[Values]:
    """One gives away one's own; a department manager gives what belonged to one who left."""
    if facts.customer is not None and not facts.move.customers:
        yield {"customer": facts.customer.name, "owner": facts.customer.owner or "公海"}


@rule(
    "transfer.customer.none", clause="transfer.8.1", column="客户名称", severity=REFUSE, reads=("customer",),
    says="没有可以转交的客户{rest}", remedy="请核对；已离职同事的客户由其部门经理（没有的由销售经理）转交",
)  # fmt: skip
def there_is_something_to_give(transfer: Transfer, facts: Facts) -> Iterator[Values]:
    """全部 of nothing is nothing."""
    if transfer.customer == ALL and not facts.move.customers:
        rest = "、".join(facts.move.rest)
        yield {"rest": f"：{rest} 正在办理别的手续，或接受人名额不够" if rest else ""}


@rule(
    "transfer.customer.reserved", clause="transfer.8", column="客户名称", severity=REFUSE, reads=("customer",),
    says="客户正由受理号 {receipt_no}（{form}，{person}）办理中", remedy="请等前一项审批完成后再提交",
)  # fmt: skip
def customer_is_not_under_way(transfer: Transfer, facts: Facts) -> Iterator[Values]:
    """A customer is handed over once at a time."""
    if facts.reserved:
        yield {"receipt_no": facts.reserved.receipt_no, "form": facts.reserved.form, "person": facts.reserved.person}


@rule(
    "transfer.receiver.active", clause="transfer.8.1", column="接受人", severity=REFUSE, reads=("receiver",),
    says="接受人“{name}”不是在职的销售人员{hint}", remedy="请填写在职销售人员的姓名",
)  # fmt: skip
def receiver_is_a_salesperson(transfer: Transfer, facts: Facts) -> Iterator[Values]:
    """A customer goes to somebody who sells and who is here."""
    person = facts.people.get(transfer.receiver)
    if person is None or not facts.active(transfer.receiver) or person.post != SALESPERSON:
        yield {"name": transfer.receiver, "hint": sellers_hint(transfer.receiver, facts)}


@rule(
    "transfer.receiver.other", clause="transfer.8.1", column="接受人", severity=REFUSE, reads=("receiver",),
    says="{name}已经是这些客户的归属人", remedy="请填写另一位同事",
)  # fmt: skip
def receiver_is_somebody_else(transfer: Transfer, facts: Facts) -> Iterator[Values]:
    """Handing over to oneself changes nothing."""
    if facts.move.owner and transfer.receiver == facts.move.owner:
        yield {"name": transfer.receiver}


@rule(
    "transfer.receiver.room", clause="person.10.1", column="接受人", severity=REFUSE, reads=("receiver", "customer"),
    says="{name}已有 {held} 个客户（含待审批），上限 {limit} 个，只能再接 {room} 个，这里有 {n} 个", remedy="请减少转交的客户或换接受人，或由销售经理调整上限",
)  # fmt: skip
def receiver_has_room(transfer: Transfer, facts: Facts) -> Iterator[Values]:
    """All or none: a receiver without room for all of them gets none, and is told how many fit."""
    person, move = facts.people.get(transfer.receiver), facts.move
    if person is None or person.post != SALESPERSON or person.name == move.owner:
        return
    room = max(0, person.max_customers - move.held)
    if len(move.customers) > room:
        yield {
            "name": person.name,
            "held": move.held,
            "limit": person.max_customers,
            "room": room,
            "n": len(move.customers),
        }


@rule(
    "transfer.description.substantial", clause="transfer.8.2", column="转交说明", severity=REFUSE, reads=("description",),
    says="转交说明只有 {length} 个字，没有写清原因", remedy="请详细描述转交原因，至少 {least} 个字",
)  # fmt: skip
def description_is_substantial(transfer: Transfer, facts: Facts) -> Iterator[Values]:
    """The reason is told in words, not only in kind."""
    yield from too_short(transfer.description, facts.settings.text.min_summary)


@rule(
    "transfer.shared.active", clause="transfer.8.3", column="共享人员", severity=REFUSE, reads=("shared", "receiver"),
    says="共享人员“{name}”不是在职同事，或就是接受人{hint}", remedy="请填写其他在职同事的姓名，多人用顿号隔开",
)  # fmt: skip
def shared_people_are_colleagues(transfer: Transfer, facts: Facts) -> Iterator[Values]:
    """Only other colleagues who are here can share a customer."""
    for name in transfer.shared:
        if not facts.active(name) or name == transfer.receiver:
            yield {"name": name, "hint": colleagues_hint(name, facts)}


@rule(
    "transfer.customer.rest", clause="transfer.8.1", column="客户名称", severity=NOTE, reads=("customer", "receiver"),
    says="没有一并转交：{names}（正在办理别的手续，或接受人名额不够）", remedy="办完或调整名额之后，再投递一次“全部”",
)  # fmt: skip
def rest_is_named(transfer: Transfer, facts: Facts) -> Iterator[Values]:
    """全部 takes what can go, and names what stays."""
    if facts.move.rest and facts.move.customers:
        yield {"names": "、".join(facts.move.rest)}


RULES: tuple[Rule, ...] = (
    customer_is_known, customer_is_ours_to_give, there_is_something_to_give, rest_is_named, customer_is_not_under_way,
    receiver_is_a_salesperson, receiver_is_somebody_else, receiver_has_room, description_is_substantial,
    shared_people_are_colleagues,
)  # fmt: skip


def _gather(record: Transfer, facts: Facts, context: Context) -> Facts:
    """Facts of 客户转交: what would move, whose it is, and how much the receiver holds."""
    if record.customer is None:
        return facts
    me = context.submitter
    if record.customer != ALL:
        facts = named_customer(record, facts, context)
    named = () if facts.customer is None else (facts.customer,)
    givers = _givers(context, facts, record)
    wanted = _all_of(context, givers) if record.customer == ALL else named
    ours = tuple(customer for customer in wanted if customer.owner in givers)
    besides = own_live(context, record) if record.receiver else context.receipt_no
    held = holdings.held_by(context.book, record.receiver, besides) if record.receiver else 0
    moving = _that_can_go(context, facts, record, ours, held, besides) if record.customer == ALL else ours
    spoken_for = (reserved(context, customer, besides) for customer in moving)
    return facts.but(
        reserved=next((found for found in spoken_for if found), None),
        move=Move(
            customers=moving,
            owner=moving[0].owner or "" if moving else me.name,
            held=held,
            rest=tuple(each.name for each in ours if each not in moving),
        ),
    )


def _that_can_go(
    context: Context, facts: Facts, record: Transfer, ours: tuple[Customer, ...], held: int, besides: str
) -> tuple[Customer, ...]:
    """Of 全部 those that nobody else has under way, as many as the receiver has room for."""
    free = tuple(each for each in ours if reserved(context, each, besides) is None)
    receiver = facts.people.get(record.receiver)
    return free if receiver is None else free[: max(0, receiver.max_customers - held)]


def _givers(context: Context, facts: Facts, record: Transfer) -> set[str]:
    """Whose customers the submitter may give away: one's own; a manager's those of people who cannot do it.

    全部 because of 离职 means those who have gone or sell no more, for any other
    reason one's own: never both at once, and never those of one who is merely away.
    """
    me, others = context.submitter, stands_in_for(context, facts)
    if record.customer == ALL and me.post in (DEPARTMENT_MANAGER, SALES_MANAGER):
        gone = {name for name in others if cannot_act(facts.people[name], facts)}
        return gone if record.reason == LEAVES else {me.name}
    return {me.name, *others}


def _all_of(context: Context, givers: set[str]) -> tuple[Customer, ...]:
    return tuple(customer for name in sorted(givers) for customer in customers.owned_by(context.book, name))


def _read(record: Any, facts: Facts) -> Read:
    moving = facts.move.customers
    return {
        "转交客户": "、".join(customer.name for customer in moving),
        "owner": facts.move.owner,
        "moving": [customer.id for customer in moving],
    }


TRANSFER = FormRules(Transfer, RULES, _gather, _read)
