"""Rules of 期初客户 about the order that is not fully paid (客户成交 5, 客户回款 6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ledger import deals
from policy.forms.opening import OpeningCustomer
from policy.forms.order import Order
from policy.words import fold
from validators.context import Context
from validators.facts import Facts, Reserved
from validators.rule import FLAG, REFUSE, Rule, Values, rule


@rule(
    "opening.order.whole", clause="order.5.1.2", column="未收金额", severity=REFUSE,
    reads=("contract_no", "signed_on", "amount_fen", "unpaid_fen"),
    says="未收齐的订单缺少{what}", remedy="请补上；没有未收齐的订单，订单的四列都空着",
)  # fmt: skip
def order_is_whole(row: OpeningCustomer, facts: Facts) -> Iterator[Values]:
    """Half an order can neither be paid nor be found."""
    given = {"成交日期": row.signed_on, "成交金额": row.amount_fen, "未收金额": row.unpaid_fen}
    missing = [header for header, value in given.items() if value is None]
    if missing and (row.contract_no or len(missing) < len(given)):
        yield {"what": "、".join(missing), "column": missing[0]}


@rule(
    "opening.order.future", clause="order.5.1.2", column="成交日期", severity=REFUSE, reads=("signed_on",),
    says="成交日期 {date} 还没有到", remedy="请按合同签订日期填写",
)  # fmt: skip
def order_was_signed(row: OpeningCustomer, facts: Facts) -> Iterator[Values]:
    """An order of the book's beginning was signed before it."""
    if row.signed_on and row.signed_on > facts.today:
        yield {"date": row.signed_on}


@rule(
    "opening.order.unpaid", clause="payment.6.1.2", column="未收金额", severity=REFUSE, reads=("amount_fen", "unpaid_fen"),
    says="未收金额 {unpaid:,.2f} 元，多于成交金额 {amount:,.2f} 元", remedy="请核对；已经收齐的订单不用登记",
)  # fmt: skip
def no_more_is_due_than_was_agreed(row: OpeningCustomer, facts: Facts) -> Iterator[Values]:
    """What is still to come is a part of the order."""
    if row.amount_fen is not None and row.unpaid_fen is not None and row.unpaid_fen > row.amount_fen:
        yield {"unpaid": row.unpaid_fen / 100, "amount": row.amount_fen / 100}


@rule(
    "opening.contract.elsewhere", clause="order.5.2.1", column="合同编号", severity=REFUSE, reads=("contract_no",),
    says="合同编号 {number} 已用于另一笔订单（受理号 {receipt_no}，{person}）", remedy="请核对合同编号和客户名称",
)  # fmt: skip
def contract_is_entered_once(row: OpeningCustomer, facts: Facts) -> Iterator[Values]:
    """One contract, one order."""
    if same := facts.same_contract:
        yield {"number": row.contract_no, "receipt_no": same.receipt_no, "person": same.person}


@rule(
    "opening.deal.again", clause="order.5.2.1", column="成交金额", severity=FLAG, reads=("name", "signed_on", "amount_fen"),
    says="与受理号 {receipt_no} 的客户、日期、金额都相同，可能重复登记", remedy="请核对；确是两笔的不用改，重复的请用“更正”作废受理号 {receipt_no} 的订单",
)  # fmt: skip
def deal_is_new(row: OpeningCustomer, facts: Facts) -> Iterator[Values]:
    """The same customer, day and amount twice is more often a slip than two deals."""
    if facts.same_deal:
        yield {"receipt_no": facts.same_deal.receipt_no}


ORDER_RULES: tuple[Rule, ...] = (
    order_is_whole, order_was_signed, no_more_is_due_than_was_agreed, contract_is_entered_once, deal_is_new,
)  # fmt: skip


def same_order(record: OpeningCustomer, facts: Facts, context: Context) -> Facts:
    """The same contract, or the same deal, elsewhere in the book."""
    contract = context.ask(deals.contracts, fold(record.contract_no)) if record.contract_no else ()
    same: tuple[deals.Deal, ...] = ()
    if record.signed_on is not None and record.amount_fen is not None and not record.contract_no:
        same = context.ask(deals.same_deals, (fold(record.name), record.signed_on, record.amount_fen))
    return replace(facts, same_contract=_first(contract), same_deal=_first(same))


def _first(found: tuple[deals.Deal, ...]) -> Reserved | None:
    return next((Reserved(each.person, each.receipt_no, Order.sheet) for each in found), None)
