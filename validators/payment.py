"""Rules of 客户回款 (客户回款 6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ledger import deals
from policy.forms.payment import SALES, Payment
from policy.words import fold
from validators.context import Context
from validators.facts import Facts, OrderFacts
from validators.form_rules import FormRules
from validators.named_customer import customer_read, customer_rules, named_customer
from validators.rule import FLAG, REFUSE, Rule, Values, rule


@rule(
    "payment.date.future", clause="payment.6.1.2", column="回款日期", severity=REFUSE, reads=("paid_on",),
    says="回款日期 {date} 还没有到", remedy="请如实填写到账日期",
)  # fmt: skip
def date_has_come(payment: Payment, facts: Facts) -> Iterator[Values]:
    """Money is entered once it is there."""
    if payment.paid_on > facts.today:
        yield {"date": payment.paid_on}


@rule(
    "payment.order.known", clause="payment.6.1.1", column="订单受理号", severity=REFUSE, reads=("order_no",),
    says="没有受理号为 {order_no} 的成交订单", remedy="请填写成交订单回执上的受理号；预付款可以不填",
)  # fmt: skip
def order_is_known(payment: Payment, facts: Facts) -> Iterator[Values]:
    """The order that is paid stands in the book."""
    if payment.order_no and (facts.order is None or facts.order.status in ("rejected", "superseded")):
        yield {"order_no": payment.order_no}


@rule(
    "payment.order.customer", clause="payment.6.1.1", column="订单受理号", severity=REFUSE, reads=("order_no", "customer"),
    says="受理号 {order_no} 的订单不是“{customer}”的", remedy="请核对客户名称和订单受理号",
)  # fmt: skip
def order_is_the_customers(payment: Payment, facts: Facts) -> Iterator[Values]:
    """A payment pays an order of the same customer."""
    if facts.order and facts.order.customer_key not in (
        fold(payment.customer),
        facts.customer.name_key if facts.customer else "",
    ):
        yield {"order_no": payment.order_no, "customer": payment.customer}


@rule(
    "payment.order.unnamed", clause="payment.6.1.1", column="订单受理号", severity=FLAG, reads=("order_no", "kind"),
    says="销售回款没有填写所付订单的受理号", remedy="请填写订单受理号，便于核对尾款；由出纳核实",
)  # fmt: skip
def order_is_named(payment: Payment, facts: Facts) -> Iterator[Values]:
    """Money for goods belongs to an order."""
    if payment.kind == SALES and not payment.order_no:
        yield {}


@rule(
    "payment.order.undecided", clause="payment.6.1.1", column="订单受理号", severity=FLAG, reads=("order_no",),
    says="受理号 {order_no} 的订单还没有审批通过", remedy="由出纳核实",
)  # fmt: skip
def order_is_approved(payment: Payment, facts: Facts) -> Iterator[Values]:
    """Money may come before the approval does; the cashier should know."""
    if facts.order and facts.order.status in ("pending", "waiting"):
        yield {"order_no": payment.order_no}


@rule(
    "payment.amount.over", clause="payment.6.1.2", column="回款金额", severity=FLAG, reads=("order_no", "amount_fen"),
    says="连同这一笔，受理号 {order_no} 的回款共 {paid:,.2f} 元，超过订单金额 {amount:,.2f} 元", remedy="请核对金额和订单；由出纳核实",
)  # fmt: skip
def order_is_not_overpaid(payment: Payment, facts: Facts) -> Iterator[Values]:
    """Part payments add up; more than the order is worth is worth a question."""
    if facts.order and facts.order.paid_fen + payment.amount_fen > facts.order.amount_fen:
        paid = (facts.order.paid_fen + payment.amount_fen) / 100
        yield {"order_no": payment.order_no, "paid": paid, "amount": facts.order.amount_fen / 100}


RULES: tuple[Rule, ...] = (
    *customer_rules("payment", "payment.6.1.1"), date_has_come, order_is_known, order_is_the_customers, order_is_named,
    order_is_approved, order_is_not_overpaid,
)  # fmt: skip


def _gather(record: Payment, facts: Facts, context: Context) -> Facts:
    """The order that is paid, and what has been paid of it."""
    facts = named_customer(record, facts, context)
    order = context.ask(deals.orders, record.order_no) if record.order_no else None
    if order is None:
        return facts
    paid = context.ask(deals.paid, order.receipt_no)
    return replace(
        facts,
        order=OrderFacts(
            receipt_no=order.receipt_no,
            customer_key=order.customer_key,
            status=order.status,
            amount_fen=order.amount_fen,
            paid_fen=sum(fen for receipt_no, fen in paid.items() if receipt_no != context.receipt_no),
        ),
    )


PAYMENT = FormRules(Payment, RULES, _gather, customer_read)
