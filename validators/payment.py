"""Rules of 客户回款 (客户回款 6)."""

from __future__ import annotations

from collections.abc import Iterator

from ledger import deals, payments
from policy.forms.payment import REFUND, SALES, Payment
from policy.posts import SALESPERSON
from policy.words import fold
from validators.context import Context
from validators.facts import Facts, OrderFacts, Reserved
from validators.form_rules import FormRules, Read
from validators.named_customer import customer_read, customer_rules, named_customer, not_mine
from validators.rule import FLAG, NOTE, REFUSE, Rule, Values, rule
from validators.stands_in import stands_in_for


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
    "payment.order.replaced", clause="payment.6.1.1", column="订单受理号", severity=NOTE, reads=("order_no",),
    says="受理号 {order_no} 的订单已由受理号 {receipt_no} 替换，这笔回款记在后者名下", remedy="无需处理",
)  # fmt: skip
def order_is_the_present_one(payment: Payment, facts: Facts) -> Iterator[Values]:
    """A payment follows its order when that is handed in anew."""
    if facts.order and payment.order_no and facts.order.receipt_no != payment.order_no:
        yield {"order_no": payment.order_no, "receipt_no": facts.order.receipt_no}


@rule(
    "payment.order.unnamed", clause="payment.6.1.1", column="订单受理号", severity=FLAG, reads=("order_no", "kind"),
    says="{kind}没有填写所付订单的受理号", remedy="请填写订单受理号，便于核对尾款；由出纳核实",
)  # fmt: skip
def order_is_named(payment: Payment, facts: Facts) -> Iterator[Values]:
    """Money for goods belongs to an order, and so does money that goes back."""
    if payment.kind in (SALES, REFUND) and not payment.order_no:
        yield {"kind": payment.kind}


@rule(
    "payment.order.undecided", clause="payment.6.1.1", column="订单受理号", severity=FLAG, reads=("order_no",),
    says="受理号 {order_no} 的订单还没有审批通过", remedy="由出纳核实",
)  # fmt: skip
def order_is_approved(payment: Payment, facts: Facts) -> Iterator[Values]:
    """Money may come before the approval does; the cashier should know."""
    if facts.order and facts.order.status in ("pending", "waiting"):
        yield {"order_no": facts.order.receipt_no}


@rule(
    "payment.amount.over", clause="payment.6.1.2", column="回款金额", severity=FLAG, reads=("order_no", "amount_fen", "kind"),
    says="连同这一笔，受理号 {order_no} 的回款共 {paid:,.2f} 元，超过订单金额 {amount:,.2f} 元", remedy="请核对金额和订单；由出纳核实",
)  # fmt: skip
def order_is_not_overpaid(payment: Payment, facts: Facts) -> Iterator[Values]:
    """Part payments add up; more than the order is worth is worth a question."""
    if payment.kind != REFUND and facts.order and facts.order.paid_fen + payment.amount_fen > facts.order.amount_fen:
        paid = (facts.order.paid_fen + payment.amount_fen) / 100
        yield {"order_no": facts.order.receipt_no, "paid": paid, "amount": facts.order.amount_fen / 100}


@rule(
    "payment.refund.over", clause="payment.6.1.2", column="回款金额", severity=FLAG, reads=("order_no", "amount_fen", "kind"),
    says="退款 {back:,.2f} 元，超过受理号 {order_no} 已收的 {paid:,.2f} 元", remedy="请核对金额和订单；由出纳核实",
)  # fmt: skip
def refund_was_paid_before(payment: Payment, facts: Facts) -> Iterator[Values]:
    """More cannot go back than has come."""
    if payment.kind == REFUND and facts.order and payment.amount_fen > facts.order.paid_fen:
        paid = facts.order.paid_fen / 100
        yield {"order_no": facts.order.receipt_no, "back": payment.amount_fen / 100, "paid": paid}


@rule(
    "payment.again", clause="payment.6.1.2", column="流水号", severity=FLAG, reads=("customer", "paid_on", "amount_fen", "serial"),
    says="与受理号 {receipt_no}（{person}）的客户、日期、金额都相同，可能是同一笔钱",
    remedy="确是另一笔的，请填写它的银行流水号（没有的写 第2笔）；由出纳核实",
)  # fmt: skip
def payment_is_another(payment: Payment, facts: Facts) -> Iterator[Values]:
    """The same money is easily entered twice, by two people or for two orders."""
    if facts.same_payment:
        yield {"receipt_no": facts.same_payment.receipt_no, "person": facts.same_payment.person}


def _last_to_follow(payment: Payment, facts: Facts) -> bool:
    """Whether a customer in the pool was the submitter's: the order's salesperson, or the last owner."""
    customer, me = facts.customer, facts.submitter.name
    pooled = customer is not None and customer.owner is None
    return pooled and me in (facts.order.person if facts.order else None, customer.previous_owner if customer else None)


def _instead_of(facts: Facts) -> str | None:
    """For whom a manager enters the money: the customer's owner, or whoever followed it last, who cannot do it."""
    customer = facts.customer
    owner = customer.owner if customer else facts.customer_waiting_owner
    last = (facts.order.person if facts.order else None, customer.previous_owner if customer else None)
    return next((name for name in ((owner,) if owner else last) if name in facts.stands_in), None)


def _managers(payment: Payment, facts: Facts) -> Iterator[Values]:
    """Managers enter money for those who are away or gone, and for customers that are their own."""
    customer, me = facts.customer, facts.submitter
    owner = customer.owner if customer else facts.customer_waiting_owner
    own = me.name == owner or (customer is not None and me.name in customer.shared)
    named = customer is not None or facts.customer_waiting
    if named and me.post != SALESPERSON and not own and not _instead_of(facts):
        yield {"customer": customer.name if customer else payment.customer, "owner": owner or "公海"}


@rule(
    "payment.customer.mine", clause="payment.6.1.1", column="客户名称", severity=REFUSE, reads=("customer",),
    says="“{customer}”归属{owner}，不是您可以跟进的客户",
    remedy="请由归属人提交，或请归属人把您加为共享人员；归属人已离职或不在岗的，由其部门经理（没有的由销售经理）提交；"
    "公海客户的回款由订单的销售人员或原归属人提交",
)  # fmt: skip
def customer_is_ones_own(payment: Payment, facts: Facts) -> Iterator[Values]:
    """Money is entered by whoever follows the customer, or was the last to do so; for those who cannot, by their manager."""
    if not _last_to_follow(payment, facts):
        yield from not_mine(payment, facts)
        yield from _managers(payment, facts)


@rule(
    "payment.customer.instead", clause="payment.6.1.1", column="客户名称", severity=FLAG, reads=("customer",),
    says="{owner}已离职或不在岗，由{me}代为登记，算{owner}的回款", remedy="由出纳核实",
)  # fmt: skip
def manager_stands_in(payment: Payment, facts: Facts) -> Iterator[Values]:
    """The cashier reads who entered the money, and whose it is."""
    owner = _instead_of(facts)
    if owner is not None:
        yield {"owner": owner, "me": facts.submitter.name}


@rule(
    "payment.customer.pooled", clause="payment.6.1.1", column="客户名称", severity=FLAG, reads=("customer",),
    says="“{customer}”已在公海，由订单的销售人员或原归属人登记", remedy="由出纳核实",
)  # fmt: skip
def customer_is_in_the_pool(payment: Payment, facts: Facts) -> Iterator[Values]:
    """Money that comes after the customer has gone back to the pool is real money all the same."""
    if facts.customer and _last_to_follow(payment, facts):
        yield {"customer": facts.customer.name}


RULES: tuple[Rule, ...] = (
    *(each for each in customer_rules("payment", "payment.6.1.1") if not each.id.endswith(".mine")),
    customer_is_ones_own, manager_stands_in, customer_is_in_the_pool, date_has_come, order_is_known, order_is_the_customers,
    order_is_the_present_one, order_is_named, order_is_approved, order_is_not_overpaid, refund_was_paid_before,
    payment_is_another,
)  # fmt: skip


def _gather(record: Payment, facts: Facts, context: Context) -> Facts:
    """The order that is paid, and what has been paid of it."""
    facts = _same_money(record, named_customer(record, facts, context), context)
    facts = facts.but(stands_in=stands_in_for(context, facts))
    order = context.ask(deals.orders, record.order_no) if record.order_no else None
    if order is None:
        return facts
    paid = context.ask(deals.paid, order.receipt_no)
    return facts.but(
        order=OrderFacts(
            receipt_no=order.receipt_no,
            customer_key=order.customer_key,
            person=order.person,
            status=order.status,
            amount_fen=order.amount_fen,
            paid_fen=sum(fen for receipt_no, fen in paid.items() if receipt_no != context.receipt_no),
        ),
    )


def _same_money(record: Payment, facts: Facts, context: Context) -> Facts:
    """A payment of the same customer, day and amount, unless its 流水号 tells it from this one."""
    if record.customer is None or record.paid_on is None or record.amount_fen is None or record.kind == REFUND:
        return facts
    customer_key = facts.customer.name_key if facts.customer else fold(record.customer)
    for each in context.ask(payments.same_payments, (customer_key, record.paid_on, record.amount_fen)):
        if each.receipt_no != context.receipt_no and record.serial in (None, each.serial):
            return facts.but(same_payment=Reserved(each.person, each.receipt_no, Payment.sheet))
    return facts


def _read(record: Payment, facts: Facts) -> Read:
    """The customer; and whose money it is, where a manager enters it for somebody else."""
    owner = _instead_of(facts)
    return {**customer_read(record, facts), **({"for_person": owner} if owner else {})}


PAYMENT = FormRules(Payment, RULES, _gather, _read)
