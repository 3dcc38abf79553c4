"""Rules of 成交订单 (客户成交 5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from ledger import deals
from ledger.rows import LIVE, under_key
from policy.forms.opportunity import Opportunity
from policy.forms.order import Order
from policy.words import fold
from validators.context import Context, key_text
from validators.facts import Facts, Reserved
from validators.form_rules import FormRules, Read
from validators.named_customer import customer_read, customer_rules, named_customer
from validators.photo import photo_rules
from validators.rule import FLAG, NOTE, REFUSE, Rule, Values, rule
from validators.written import contract
from validators.written.point import Point, differing, told


@rule(
    "order.date.future", clause="order.5.1.2", column="成交日期", severity=REFUSE, reads=("signed_on",),
    says="成交日期 {date} 还没有到", remedy="请按合同签订日期填写",
)  # fmt: skip
def date_has_come(order: Order, facts: Facts) -> Iterator[Values]:
    """A contract is entered once it is signed."""
    if order.signed_on > facts.today:
        yield {"date": order.signed_on}


@rule(
    "order.date.old", clause="order.5.1.2", column="成交日期", severity=FLAG, reads=("signed_on",),
    says="成交日期 {date} 距今已 {days} 天", remedy="请核对日期；由审批人核实",
)  # fmt: skip
def date_is_recent(order: Order, facts: Facts) -> Iterator[Values]:
    """An order entered very late is worth a look."""
    age = facts.today - order.signed_on
    if age > timedelta(days=90):
        yield {"date": order.signed_on, "days": age.days}


@rule(
    "order.contract.elsewhere", clause="order.5.2.1", column="合同编号", severity=REFUSE, reads=("contract_no",),
    says="合同编号 {number} 已用于另一笔订单（受理号 {receipt_no}，{person}）", remedy="请核对合同编号和客户名称",
)  # fmt: skip
def contract_is_entered_once(order: Order, facts: Facts) -> Iterator[Values]:
    """One contract, one order."""
    if facts.same_contract:
        same = facts.same_contract
        yield {"number": order.contract_no, "receipt_no": same.receipt_no, "person": same.person}


@rule(
    "order.deal.again", clause="order.5.2.1", column="成交金额", severity=FLAG, reads=("customer", "signed_on", "amount_fen"),
    says="与受理号 {receipt_no} 的客户、日期、金额都相同，可能重复录入", remedy="请核对；确是两笔订单的，由审批人核实",
)  # fmt: skip
def deal_is_new(order: Order, facts: Facts) -> Iterator[Values]:
    """The same customer, day and amount twice is more often a slip than two deals."""
    if facts.same_deal:
        yield {"receipt_no": facts.same_deal.receipt_no}


@rule(
    "order.photo.page_blurred", clause="order.5.1.3", column="合同照片", severity=FLAG, reads=("contract_photos",),
    says="合同照片“{photo}”不够清晰，文字可能看不清", remedy="请对准、补光后重拍；由审批人核实",
)  # fmt: skip
def pages_can_be_read(order: Order, facts: Facts) -> Iterator[Values]:
    """A page of text needs more sharpness than a street does."""
    least = facts.settings.photos.min_page_sharpness
    for photo in facts.photos_of("contract_photos"):
        if photo.facts.sharpness is not None and photo.facts.sharpness < least:
            yield {"photo": photo.name}


@rule(
    "order.photo.small", clause="order.5.1.3", column="合同照片", severity=FLAG, reads=("contract_photos",),
    says="合同照片“{photo}”只有 {width}×{height} 像素，文字可能看不清", remedy="请放入手机原图；由审批人核实",
)  # fmt: skip
def pages_are_large_enough(order: Order, facts: Facts) -> Iterator[Values]:
    """Letters on a page shrunk by a messenger cannot be read."""
    for photo in facts.photos_of("contract_photos"):
        if not photo.facts.trouble and photo.facts.width * photo.facts.height < 1_000_000:
            yield {"photo": photo.name, "width": photo.facts.width, "height": photo.facts.height}


@rule(
    "order.photo.single", clause="order.5.1.3", column="合同照片", severity=NOTE, reads=("contract_photos",),
    says="只有一页合同照片", remedy="合同不止一页的，请把每一页都拍照上传；由审批人核对是否完整",
)  # fmt: skip
def contract_is_complete(order: Order, facts: Facts) -> Iterator[Values]:
    """No program can know how many pages a contract has: the approver is told how many there are."""
    if sum(photo.facts.pages for photo in facts.photos_of("contract_photos")) == 1:
        yield {}


@rule(
    "order.opportunity.known", clause="purpose.1", column="商机名称", severity=FLAG, reads=("customer", "opportunity"),
    says="这个客户没有名称为“{name}”的商机", remedy="请核对商机名称，或先投递“商机”；由审批人核实",
)  # fmt: skip
def opportunity_is_known(order: Order, facts: Facts) -> Iterator[Values]:
    """An order that names its opportunity wins it: the name must lead there."""
    if order.opportunity and not facts.opportunity_known:
        yield {"name": order.opportunity}


def _contract(order: Order, facts: Facts) -> tuple[Point, ...]:
    names = (order.customer, *([facts.customer.name] if facts.customer else ()))
    return contract.points(order, facts.photos_of("contract_photos"), tuple(dict.fromkeys(names)))


@rule(
    "order.page.differs", clause="order.5.2.2", column="合同照片", severity=FLAG,
    reads=("customer", "signed_on", "amount_fen", "contract_no", "contract_photos"),
    says="{what}不一致：照片上是 {found}，表中是 {wanted}（{where}）", remedy="请对照合同核对；由审批人看照片核实",
)  # fmt: skip
def pages_say_the_same(order: Order, facts: Facts) -> Iterator[Values]:
    """What the software read on the pages differs from the row: it may have misread, so somebody looks."""
    yield from differing(_contract(order, facts))


RULES: tuple[Rule, ...] = (
    *customer_rules("order", "order.5.1.1"), date_has_come, date_is_recent, contract_is_entered_once, deal_is_new,
    *photo_rules(
        "order", "contract_photos", "合同照片", {"": "order.5.1.3"}, on_site=False,
        only=("unreadable", "reused", "similar"),
    ),
    pages_can_be_read, pages_are_large_enough, contract_is_complete, opportunity_is_known, pages_say_the_same,
)  # fmt: skip


def _gather(record: Order, facts: Facts, context: Context) -> Facts:
    """The same contract or the same deal elsewhere."""
    facts = _named_opportunity(record, named_customer(record, facts, context), context)
    if record.customer is None or record.signed_on is None or record.amount_fen is None:
        return facts
    customer_key = facts.customer.name_key if facts.customer else fold(record.customer)
    contract = context.ask(deals.contracts, fold(record.contract_no)) if record.contract_no else ()
    same = context.ask(deals.same_deals, (customer_key, record.signed_on, record.amount_fen))
    return facts.but(same_contract=_other(contract, context), same_deal=_other(same, context))


def _named_opportunity(record: Order, facts: Facts, context: Context) -> Facts:
    if record.opportunity is None or record.customer is None:
        return facts
    names = {fold(record.customer), facts.customer.name_key if facts.customer else ""} - {""}
    keys = [key_text((name, fold(record.opportunity))) for name in sorted(names)]
    among = [row for key in keys for row in context.ask(under_key, (Opportunity.sheet, key))]
    return facts.but(opportunity_known=any(row.status in LIVE for row in among))


def _other(found: Iterable[deals.Deal], context: Context) -> Reserved | None:
    others = (
        Reserved(deal.person, deal.receipt_no, Order.sheet) for deal in found if deal.receipt_no != context.receipt_no
    )
    return next(others, None)


def _read(record: Any, facts: Facts) -> Read:
    return {
        **customer_read(record, facts),
        "contract_key": fold(record.contract_no) if record.contract_no else "",
        "合同照片页数": str(sum(photo.facts.pages for photo in facts.photos_of("contract_photos"))),
        **(told(_contract(record, facts), facts.photos_of("contract_photos")) if _is_whole(record) else {}),
    }


def _is_whole(record: Any) -> bool:
    """Whether there is something to hold the pages against: a row whose cells could not be read comes back anyway."""
    return None not in (record.customer, record.signed_on, record.amount_fen)


ORDER = FormRules(Order, RULES, _gather, _read)
