"""Rules of 客户申领 (客户申领 4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ledger import holdings
from policy.forms.claim import Claim
from policy.posts import SALESPERSON
from validators.context import Context
from validators.facts import Facts
from validators.form_rules import FormRules
from validators.named_customer import customer_read, customer_rules, named_customer, undecided
from validators.near import colleagues_hint
from validators.rule import REFUSE, Rule, Values, rule
from validators.spoken_for import own_live, reserved


@rule(
    "claim.customer.waiting", clause="claim.4.1", column="客户名称", severity=REFUSE, reads=("customer",),
    says="客户“{customer}”正在审批，不在公海", remedy="获批后归对方，确需接手的请归属人转交；未获批的可以自己投递“客户新增”",
)  # fmt: skip
def customer_is_in_the_book(claim: Claim, facts: Facts) -> Iterator[Values]:
    """What somebody is entering as their own is not to be claimed, before the approval or after it."""
    yield from undecided(claim, facts)


@rule(
    "claim.customer.pooled", clause="claim.4.1", column="客户名称", severity=REFUSE, reads=("customer",),
    says="“{customer}”不在公海，归属{owner}", remedy="请在“公海客户”中选择；确需接手的请归属人转交",
)  # fmt: skip
def customer_is_in_the_pool(claim: Claim, facts: Facts) -> Iterator[Values]:
    """Only what nobody owns can be claimed."""
    if facts.customer and facts.customer.owner is not None:
        yield {"customer": facts.customer.name, "owner": facts.customer.owner}


@rule(
    "claim.customer.reserved", clause="claim.4.1", column="客户名称", severity=REFUSE, reads=("customer",),
    says="“{customer}”已由{person}先申领（受理号 {receipt_no}），正在审批", remedy="先到先得；若对方未获通过，可以再申领",
)  # fmt: skip
def customer_is_not_reserved(claim: Claim, facts: Facts) -> Iterator[Values]:
    """The first claim to arrive reserves the customer until it is decided."""
    if facts.customer and facts.reserved:
        yield {
            "customer": facts.customer.name,
            "person": facts.reserved.person,
            "receipt_no": facts.reserved.receipt_no,
        }


@rule(
    "claim.cooldown", clause="claim.4", column="客户名称", severity=REFUSE, reads=("customer",),
    says="您是“{customer}”的前任归属人，{allowed} 起才能再申领", remedy="请在 {allowed} 当天或之后申领",
)  # fmt: skip
def previous_owner_waits(claim: Claim, facts: Facts) -> Iterator[Values]:
    """Whoever let a customer go waits before taking it back; the refusal names the date."""
    customer, days = facts.customer, facts.settings.claim.cooldown_days
    if customer is None or customer.pooled_on is None or customer.previous_owner != facts.submitter.name:
        return
    allowed = customer.pooled_on + timedelta(days=days)
    if facts.today < allowed:
        yield {"customer": customer.name, "allowed": allowed}


@rule(
    "claim.claimer.active", clause="claim.4.1", column="客户名称", severity=REFUSE, reads=("customer",),
    says="{name}已不是在职的销售人员，不能接手客户", remedy="请由在职的销售人员申领",
)  # fmt: skip
def claimer_still_sells(claim: Claim, facts: Facts) -> Iterator[Values]:
    """Whoever left, or no longer sells, before the approval gets no customer."""
    me = facts.people.get(facts.submitter.name, facts.submitter)
    if me.post != SALESPERSON or not me.active_on(facts.today):
        yield {"name": me.name}


@rule(
    "claim.room", clause="person.10.1", column="客户名称", severity=REFUSE, reads=("customer",),
    says="您已有 {held} 个客户（含待审批），达到上限 {limit} 个", remedy="请先转交部分客户，或由销售经理调整上限",
)  # fmt: skip
def claimer_has_room(claim: Claim, facts: Facts) -> Iterator[Values]:
    """A claim may not lead above the limit."""
    held, limit = facts.held.get(facts.submitter.name, 0), facts.submitter.max_customers
    if held >= limit:
        yield {"held": held, "limit": limit}


@rule(
    "claim.daily_cap", clause="claim.4", column="客户名称", severity=REFUSE, reads=("customer",),
    says="今天已申领 {n} 个客户，每天最多 {cap} 个", remedy="请明天再申领",
)  # fmt: skip
def cap_is_kept(claim: Claim, facts: Facts) -> Iterator[Values]:
    """The company may limit how many customers one person claims in a day."""
    cap = facts.settings.claim.daily_cap
    if cap and facts.claims_today >= cap:
        yield {"n": facts.claims_today, "cap": cap}


@rule(
    "claim.shared.active", clause="claim.4.2", column="共享人员", severity=REFUSE, reads=("shared",),
    says="共享人员“{name}”不是在职同事，或就是您自己{hint}", remedy="请填写其他在职同事的姓名，多人用顿号隔开",
)  # fmt: skip
def shared_people_are_colleagues(claim: Claim, facts: Facts) -> Iterator[Values]:
    """Only other colleagues who are here can share a customer."""
    for name in claim.shared:
        if not facts.active(name) or name == facts.submitter.name:
            yield {"name": name, "hint": colleagues_hint(name, facts)}


RULES: tuple[Rule, ...] = (
    *(each for each in customer_rules("claim", "claim.4.1", mine="owner") if not each.id.endswith((".mine", ".waiting"))),
    customer_is_in_the_book, customer_is_in_the_pool, customer_is_not_reserved, previous_owner_waits, claimer_still_sells, claimer_has_room, cap_is_kept,
    shared_people_are_colleagues,
)  # fmt: skip


def _gather(record: Claim, facts: Facts, context: Context) -> Facts:
    """Whether the customer is spoken for, and how many the claimer holds."""
    facts, me = named_customer(record, facts, context), context.submitter.name
    besides = own_live(context, record)
    claims = context.ask(holdings.claims, (me, facts.today)) - {besides}
    return facts.but(
        reserved=reserved(context, facts.customer, besides),
        held={me: holdings.held_by(context.book, me, besides)},
        claims_today=len(claims),
    )


CLAIM = FormRules(Claim, RULES, _gather, customer_read)
