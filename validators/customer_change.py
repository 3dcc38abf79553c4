"""Rules of 信息变更: the same as for a new customer, for the fields that change (信息变更 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from intake.place.locate import distance_m
from ledger import customers
from ledger.records import Area, Customer
from policy.forms.customer_change import NOBODY, CustomerChange
from policy.words import fold
from validators.context import Context
from validators.differences import differences
from validators.disguise import disguise_rule
from validators.facts import Facts, Lookalike, Reserved
from validators.form_rules import FormRules, Read
from validators.named_customer import customer_read, customer_rules, lookalikes, named_customer
from validators.near import colleagues_hint
from validators.particulars import particular_rules, resembling, taken_name, whole_name
from validators.places import area_named
from validators.rule import FLAG, REFUSE, Rule, Values, rule
from validators.spoken_for import reserved
from validators.stands_in import stands_in_for
from validators.words import too_short
from validators.written import shop_front
from validators.written.point import told

_CHANGES = ("new_name", "source", "front_photos", "type", "contact", "phone", "area", "address", "region", "shared")


@rule(
    "change.name.full", clause="change.9.1", column="新客户名称", severity=REFUSE, reads=("new_name",),
    says="“{name}”不是完整的客户名称", remedy="请按营业执照等有效证件上的全称填写",
)  # fmt: skip
def name_is_whole(change: CustomerChange, facts: Facts) -> Iterator[Values]:
    """The new name is that of a certificate."""
    yield from whole_name(change.new_name)


@rule(
    "change.name.taken", clause="change.9.1", column="新客户名称", severity=REFUSE, reads=("new_name",),
    says="“{name}”已经在册，归属：{owner}", remedy="请核对名称；同一客户登记了两次的，用“客户转交”由一方交给另一方（在公海的请申领），今后只用已在册的名称",
)  # fmt: skip
def name_is_free(change: CustomerChange, facts: Facts) -> Iterator[Values]:
    """Two customers do not share a name."""
    yield from taken_name(facts)


@rule(
    "change.name.resembles", clause="change.9.1", column="新客户名称", severity=FLAG, reads=("new_name",),
    says="与已有客户“{name}”（归属：{owner}）或其曾用名很相似", remedy="请核对营业执照上的名称；由审批人核实",
)  # fmt: skip
def name_resembles_another(change: CustomerChange, facts: Facts) -> Iterator[Values]:
    """A rename may lead into somebody else's name."""
    if change.new_name:
        yield from resembling(facts)


@rule(
    "change.name.certificate", clause="change.9.1", column="新客户名称", severity=FLAG, reads=("new_name",),
    says="更名没有证件照片可以核对", remedy="请把新的营业执照给审批人看；由审批人核实名称",
)  # fmt: skip
def certificate_is_to_be_seen(change: CustomerChange, facts: Facts) -> Iterator[Values]:
    """A new name is that of a certificate, which the sheet has no place for: the approver asks to see it."""
    if change.new_name:
        yield {}


@rule(
    "change.something", clause="change.9", column="", severity=REFUSE, reads=_CHANGES,
    says="没有填写任何要变更的内容", remedy="请至少填写一项变更",
)  # fmt: skip
def something_changes(change: CustomerChange, facts: Facts) -> Iterator[Values]:
    """A change changes something."""
    if not _given(change, facts):
        yield {}


@rule(
    "change.different", clause="change.9", column="", severity=REFUSE, reads=("customer", *_CHANGES),
    says="填写的内容与档案中的内容相同，没有要变更的", remedy="请核对；档案中的现有内容见“我的客户”",
)  # fmt: skip
def something_differs(change: CustomerChange, facts: Facts) -> Iterator[Values]:
    """What stands in the book already need not be approved again; a new picture is always something new."""
    pictured = change.front_photos or facts.photos_of("front_photos")
    understood = change.area is None or facts.area is not None
    if facts.customer and understood and _given(change, facts) and not pictured and not differences(change, facts):
        yield {}


def _given(change: CustomerChange, facts: Facts) -> bool:
    return any(getattr(change, name) for name in _CHANGES) or bool(facts.photos_of("front_photos"))


@rule(
    "change.reserved", clause="change.9", column="客户名称", severity=REFUSE, reads=("customer",),
    says="客户正由受理号 {receipt_no}（{form}，{person}）办理中", remedy="请等前一项审批完成后再提交",
)  # fmt: skip
def customer_is_not_under_way(change: CustomerChange, facts: Facts) -> Iterator[Values]:
    """While a customer is being handed over its particulars stay as they are."""
    if facts.reserved:
        yield {"receipt_no": facts.reserved.receipt_no, "form": facts.reserved.form, "person": facts.reserved.person}


@rule(
    "change.shared.active", clause="change.9.9", column="共享人员", severity=REFUSE, reads=("shared", "customer"),
    says="共享人员“{name}”不是在职同事，或就是归属人{hint}", remedy="请填写其他在职同事的姓名，多人用顿号隔开",
)  # fmt: skip
def shared_people_are_colleagues(change: CustomerChange, facts: Facts) -> Iterator[Values]:
    """Only other colleagues who are here can share a customer."""
    owner = facts.customer.owner if facts.customer else None
    for name in change.shared:
        if change.shared != NOBODY and (not facts.active(name) or name == owner):
            yield {"name": name, "hint": colleagues_hint(name, facts)}


@rule(
    "change.explanation.substantial", clause="change.9", column="变更说明", severity=REFUSE, reads=("explanation",),
    says="变更说明只有 {length} 个字，没有写清原因", remedy="请写清为什么变更，至少 {least} 个字",
)  # fmt: skip
def explanation_is_substantial(change: CustomerChange, facts: Facts) -> Iterator[Values]:
    """The approver must be able to judge the change."""
    yield from too_short(change.explanation, facts.settings.text.min_purpose)


RULES: tuple[Rule, ...] = (
    disguise_rule("change.name.disguised", "new_name", "新客户名称", "change.9.1"),
    *customer_rules("change", "change.9", mine="owner"), name_is_whole, name_is_free, name_resembles_another, certificate_is_to_be_seen,
    something_changes, something_differs, customer_is_not_under_way,
    *particular_rules("change", {"客户地址": "change.9.6", "详细地址": "change.9.6"}, "change.9.2"),
    shared_people_are_colleagues, explanation_is_substantial,
)  # fmt: skip


def _gather(record: CustomerChange, facts: Facts, context: Context) -> Facts:
    """Facts of 信息变更: the customer, whether its new name is free, and the 省/市/区 that will hold."""
    facts = named_customer(record, facts, context).but(stands_in=stands_in_for(context, facts))
    customer = facts.customer
    if record.area:
        facts = facts.but(area=area_named(record.area, context.settings))
    elif customer is not None:
        facts = facts.but(area=Area(customer.province, customer.city, customer.district))
    if customer is not None:
        facts = facts.but(reserved=_transfer_under_way(context, customer))
    return _new_name(record, facts, context) if record.new_name else facts.but(lookalikes=())


def _transfer_under_way(context: Context, customer: Customer) -> Reserved | None:
    found = reserved(context, customer, context.receipt_no)
    return found if found and found.form != CustomerChange.sheet else None


def _new_name(record: CustomerChange, facts: Facts, context: Context) -> Facts:
    key, me = fold(record.new_name or ""), facts.customer
    other, waiting = context.ask(customers.named, key), customers.awaiting_approval(context.book, key)
    if other is not None and (me is None or other.id != me.id):
        return facts.but(taken_name=Lookalike(other.name, other.owner or "公海", 100))
    if waiting is not None:
        return facts.but(taken_name=Lookalike(record.new_name or "", f"{waiting.person}，待审批", 100))
    alike = lookalikes(context, key)
    return facts.but(lookalikes=tuple(each for each in alike if me is None or each.name != me.name))


def _read(record: Any, facts: Facts) -> Read:
    """What would become different, field by field; and the same in words for the approver."""
    changes = differences(record, facts)
    before = facts.customer
    words = [
        _moved(before, changes)
        if name == "lat"
        else f"{word}：{_shown(getattr(before, name, None))} → {_shown(changes[name])}"
        for name, word in FIELD_WORDS.items()
        if name in changes
    ]
    return {
        **customer_read(record, facts),
        "变更内容": "；".join(words),
        "changes": changes,
        **_pictures_say(record, facts),
    }


def _pictures_say(record: Any, facts: Facts) -> Read:
    """Whether a new shop front bears the name that will hold; a brand may hang there, so it is no rule."""
    before = facts.customer.name if facts.customer else record.customer
    name, fronts = record.new_name or before, facts.photos_of("front_photos")
    return told(shop_front.points((name,), fronts), fronts) if name else {}


def _moved(before: Customer | None, changes: Mapping[str, Any]) -> str:
    """How far the shop front has moved: nobody judges figures of longitude and latitude."""
    if before is None or before.lat is None or before.lon is None:
        return "门头位置：按新照片"
    metres = distance_m(before.lat, before.lon, changes["lat"], changes.get("lon", before.lon))
    return f"门头位置：按新照片，离原来约 {metres / 1000:.1f} 公里"


def _shown(value: Any) -> str:
    return (
        ("、".join(value) or "（空）")
        if isinstance(value, (tuple, list))
        else str(value if value is not None else "（空）")
    )


FIELD_WORDS = {
    "name": "客户名称", "source": "客户来源", "type": "客户类型", "contact": "联系人", "phone": "联系电话", "province": "省",
    "city": "市", "district": "区", "address": "详细地址", "region": "销售区域", "shared": "共享人员", "lat": "门头位置",
}  # fmt: skip


CUSTOMER_CHANGE = FormRules(CustomerChange, RULES, _gather, _read)
