"""The ledger's answers for rows that concern a customer who is in the book."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rapidfuzz import fuzz, process

from intake.place.names import parse_area
from ledger import customers, deals, names
from ledger.book import Book
from ledger.people import people_on
from ledger.records import Area, Customer, Person
from ledger.rows import live_row
from policy.forms.claim import Claim
from policy.forms.customer_change import CustomerChange
from policy.forms.order import Order
from policy.forms.payment import Payment
from policy.forms.transfer import ALL, LEAVES, Transfer
from policy.posts import COMPANY_WIDE, DEPARTMENT_MANAGER, SALESPERSON
from policy.words import fold
from service.context import Context, key_text
from validators.facts import Facts, Lookalike, Move, OrderFacts, Reserved

_ALIKE = 88.0  #: percent from which two customers' names are worth a second look


def lookalikes(book: Book, key: str, limit: int = 3) -> tuple[Lookalike, ...]:
    """Customers whose folded names are nearly *key*, the likest first; one that once bore just this name among them."""
    keys, bearers = names.known(book)
    asked, receipts = names.submitted(book)
    found = [(score, bearers[index]) for _key, score, index in _near(key, keys)]
    found += [
        (score, bearer) for _key, score, index in _near(key, asked) if (bearer := names.waiting(book, receipts[index]))
    ]
    alike = sorted(((score, each) for score, each in found if fold(each.name) != key), key=lambda pair: -pair[0])
    once = {each.name: Lookalike(each.name, each.owner, score) for score, each in reversed(alike)}
    return tuple(sorted(once.values(), key=lambda each: -each.score))[:limit]


def _near(key: str, keys: list[str]) -> list[tuple[str, float, int]]:
    return process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None)


def named_customer(record: Any, facts: Facts, context: Context) -> Facts:
    """The customer that the row names: by its present name, by a former one, or still waiting for approval."""
    if record.customer is None:
        return facts
    book, key = context.book, fold(record.customer)
    waiting = customers.awaiting_approval(book, key)
    found, once = customers.customer_named(book, key), customers.customers_once_named(book, key)
    if found is None and waiting is None and len(once) == 1:
        found = once[0]
    return replace(
        facts,
        customer=found,
        customer_waiting=waiting is not None,
        customer_waiting_owner=str(waiting.read.get("owner")) if waiting else None,
        ambiguous=tuple(each.name for each in once) if found is None and len(once) > 1 else (),
        lookalikes=_hints(key, facts, context) if found is None and waiting is None else (),
    )


def _hints(key: str, facts: Facts, context: Context) -> tuple[Lookalike, ...]:
    """Customers that a mistyped name may mean, of those that the submitter may know of (适用范围 2)."""
    me, book = facts.submitter, context.book
    if me.post in COMPANY_WIDE:
        return lookalikes(book, key)
    team = {each.name for each in facts.people.values() if each.department == me.department}
    known = {"公海", me.name} | (team if me.post == DEPARTMENT_MANAGER else set())
    shared = {customer.name for customer in customers.customers_of(book, me.name)}
    return tuple(each for each in lookalikes(book, key, limit=20) if each.owner in known or each.name in shared)


def _reserved(book: Book, customer: Customer | None, besides: str) -> Reserved | None:
    row = customers.under_way(book, customer.id, besides) if customer else None
    return Reserved(row.person, row.receipt_no, row.form) if row else None


def for_claim(record: Claim, facts: Facts, context: Context) -> Facts:
    """Facts of 客户申领: whether the customer is spoken for, and how many the claimer holds."""
    facts, me = named_customer(record, facts, context), context.submitter.name
    besides = _own_live(context, record)
    return replace(
        facts,
        reserved=_reserved(context.book, facts.customer, besides),
        held={me: customers.held_by(context.book, me, besides)},
        claims_today=customers.claims_on(context.book, me, facts.today, besides),
    )


def _own_live(context: Context, record: Any) -> str:
    """受理号 of the row that this one would replace: it does not stand in its own way."""
    if record.customer is None:
        return context.receipt_no
    key = key_text((*record.key(context.submitter.name, ()), context.now.date().isoformat()))
    live = live_row(context.book, type(record).sheet, key)
    return live.receipt_no if live else context.receipt_no


def for_order(record: Order, facts: Facts, context: Context) -> Facts:
    """Facts of 成交订单: the same contract or the same deal elsewhere."""
    facts = named_customer(record, facts, context)
    if record.customer is None or record.signed_on is None or record.amount_fen is None:
        return facts
    book, besides, number = context.book, context.receipt_no, record.contract_no
    customer_key = facts.customer.name_key if facts.customer else fold(record.customer)
    contract = deals.contract_elsewhere(book, fold(number), besides) if number else None
    deal = deals.same_deal(book, customer_key, record.signed_on, record.amount_fen, besides)
    return replace(
        facts,
        same_contract=Reserved(contract["person"], contract["receipt_no"], Order.sheet) if contract else None,
        same_deal=Reserved(deal["person"], deal["receipt_no"], Order.sheet) if deal else None,
    )


def for_payment(record: Payment, facts: Facts, context: Context) -> Facts:
    """Facts of 客户回款: the order that it pays, and what has been paid of it."""
    facts = named_customer(record, facts, context)
    order = deals.order(context.book, record.order_no, context.receipt_no) if record.order_no else None
    if order is None:
        return facts
    return replace(
        facts,
        order=OrderFacts(
            receipt_no=order["receipt_no"],
            customer_key=order["customer_key"],
            status=order["status"],
            amount_fen=int(order["amount_fen"]),
            paid_fen=order["paid_fen"],
        ),
    )


def for_transfer(record: Transfer, facts: Facts, context: Context) -> Facts:
    """Facts of 客户转交: what would move, whose it is, and how much the receiver holds."""
    if record.customer is None:
        return facts
    book, me = context.book, context.submitter
    if record.customer != ALL:
        facts = named_customer(record, facts, context)
    named = () if facts.customer is None else (facts.customer,)
    givers = _givers(context, facts, record)
    wanted = _all_of(context, givers) if record.customer == ALL else named
    moving = tuple(customer for customer in wanted if customer.owner in givers)
    besides = _own_live(context, record) if record.receiver else context.receipt_no
    spoken_for = (_reserved(book, customer, besides) for customer in moving)
    return replace(
        facts,
        reserved=next((found for found in spoken_for if found), None),
        move=Move(
            customers=moving,
            owner=moving[0].owner or "" if moving else me.name,
            held=customers.held_by(book, record.receiver, besides) if record.receiver else 0,
        ),
    )


def _givers(context: Context, facts: Facts, record: Transfer) -> set[str]:
    """Whose customers the submitter may give away: one's own; a manager's those of people who can no longer do it.

    That is who has left the department's selling: gone from the company, or in
    a post that does not sell.  全部 because of 离职 means those, for any other
    reason one's own: never both at once.
    """
    me = context.submitter
    left = {
        person.name
        for person in people_on(context.book, facts.today).values()
        if me.post == DEPARTMENT_MANAGER and person.department == me.department and _cannot_give(person, facts)
    }
    if record.customer == ALL and me.post == DEPARTMENT_MANAGER:
        return left if record.reason == LEAVES else {me.name}
    return {me.name, *left}


def _cannot_give(person: Person, facts: Facts) -> bool:
    gone = person.left_on is not None and not facts.active(person.name)
    return gone or (facts.active(person.name) and person.post not in (SALESPERSON, DEPARTMENT_MANAGER))


def _all_of(context: Context, givers: set[str]) -> tuple[Customer, ...]:
    return tuple(customer for name in sorted(givers) for customer in customers.owned_by(context.book, name))


def for_change(record: CustomerChange, facts: Facts, context: Context) -> Facts:
    """Facts of 信息变更: the customer, whether its new name is free, and the 省/市/区 that will hold."""
    facts = named_customer(record, facts, context)
    customer = facts.customer
    if record.area:
        facts = replace(facts, area=parse_area(record.area))
    elif customer is not None:
        facts = replace(facts, area=Area(customer.province, customer.city, customer.district))
    if customer is not None:
        facts = replace(facts, reserved=_transfer_under_way(context, customer))
    return _new_name(record, facts, context) if record.new_name else replace(facts, lookalikes=())


def _transfer_under_way(context: Context, customer: Customer) -> Reserved | None:
    found = _reserved(context.book, customer, context.receipt_no)
    return found if found and found.form != CustomerChange.sheet else None


def _new_name(record: CustomerChange, facts: Facts, context: Context) -> Facts:
    key, me = fold(record.new_name or ""), facts.customer
    other, waiting = customers.customer_named(context.book, key), customers.awaiting_approval(context.book, key)
    if other is not None and (me is None or other.id != me.id):
        return replace(facts, taken_name=Lookalike(other.name, other.owner or "公海", 100))
    if waiting is not None:
        return replace(facts, taken_name=Lookalike(record.new_name or "", f"{waiting.person}，待审批", 100))
    alike = lookalikes(context.book, key)
    return replace(facts, lookalikes=tuple(each for each in alike if me is None or each.name != me.name))
