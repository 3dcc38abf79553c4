"""Rules of 客户新增 (客户新增 3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger import customers, holdings
from policy.forms.customer import NewCustomer
from policy.posts import SALESPERSON
from policy.words import fold
from validators.context import Context
from validators.differences import located
from validators.disguise import disguise_rule
from validators.facts import Facts, Lookalike
from validators.form_rules import FormRules, Read
from validators.named_customer import lookalikes
from validators.near import colleagues_hint, sellers_hint
from validators.particulars import particular_rules, resembling, taken_name, whole_name
from validators.photo import photo_rules
from validators.places import area_named
from validators.rule import FLAG, REFUSE, Rule, Values, rule
from validators.written import certificate, shop_front
from validators.written.point import differing, told


@rule(
    "customer.name.taken", clause="customer.3.1.1", column="客户名称", severity=REFUSE, reads=("name",),
    says="“{name}”已经在册，归属：{owner}", remedy="不要重复新增；要跟进公海客户请申领，要修改资料请用“信息变更”",
)  # fmt: skip
def name_is_new(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """One customer, one entry in the company's book."""
    yield from taken_name(facts)


@rule(
    "customer.name.resembles", clause="customer.3.1.1", column="客户名称", severity=FLAG, reads=("name",),
    says="与已有客户“{name}”（归属：{owner}）或其曾用名很相似", remedy="请核对营业执照上的名称；确是不同客户的，由审批人核实",
)  # fmt: skip
def name_resembles_another(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """Near-duplicates are how a customer gets two owners."""
    yield from resembling(facts)


@rule(
    "customer.name.full", clause="customer.3.1.1", column="客户名称", severity=REFUSE, reads=("name",),
    says="“{name}”不是完整的客户名称", remedy="请按营业执照等有效证件上的全称填写",
)  # fmt: skip
def name_is_whole(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """A certificate never shows a name of one or two characters, or only digits."""
    yield from whole_name(customer.name)


@rule(
    "customer.owner.active", clause="customer.3.2.2", column="销售经理", severity=REFUSE, reads=("owner",),
    says="“{owner}”不是在职的销售人员{hint}", remedy="请填写在职销售人员的姓名；归自己的可以空着",
)  # fmt: skip
def owner_is_a_salesperson(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """A customer belongs to somebody who sells and who is here."""
    owner = customer.owner or facts.submitter.name
    person = facts.people.get(owner)
    if not facts.active(owner) or person is None or person.post != SALESPERSON:
        yield {"owner": owner, "hint": sellers_hint(owner, facts)}


@rule(
    "customer.owner.room", clause="person.10.1", column="销售经理", severity=REFUSE, reads=("owner",),
    says="{owner}已有 {held} 个客户（含待审批），达到上限 {limit} 个", remedy="请先转交部分客户，或由销售经理调整上限",
)  # fmt: skip
def owner_has_room(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """The limit that was set when the salesperson joined holds from then on."""
    owner = customer.owner or facts.submitter.name
    person, held = facts.people.get(owner), facts.held.get(owner, 0)
    if person and person.post == SALESPERSON and held >= person.max_customers:
        yield {"owner": owner, "held": held, "limit": person.max_customers}


@rule(
    "customer.shared.active", clause="customer.3.2.3", column="共享人员", severity=REFUSE, reads=("shared",),
    says="共享人员“{name}”不是在职同事{hint}", remedy="请填写在职同事的姓名，多人用顿号隔开",
)  # fmt: skip
def shared_people_are_active(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """Only colleagues who are here can share a customer."""
    for name in customer.shared:
        if not facts.active(name):
            yield {"name": name, "hint": colleagues_hint(name, facts)}


@rule(
    "customer.shared.owner", clause="customer.3.2.3", column="共享人员", severity=REFUSE, reads=("shared", "owner"),
    says="“{name}”已是客户的归属人，不用再列为共享人员", remedy="请从共享人员中去掉这个姓名",
)  # fmt: skip
def shared_people_are_others(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """The owner need not share with themselves."""
    owner = customer.owner or facts.submitter.name
    if owner in customer.shared:
        yield {"name": owner}


@rule(
    "customer.certificate.missing", clause="customer.3.1.1", column="证件照片", severity=FLAG, reads=("certificate_photos",),
    says="没有证件照片，无法核对客户名称与有效证件是否一致", remedy="有营业执照等证件照片的请一起投递；由审批人核实名称",
)  # fmt: skip
def certificate_is_there(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """The name is that of a certificate: without its picture the approver has to find out."""
    if not customer.certificate_photos and not facts.photos_of("certificate_photos"):
        yield {}


@rule(
    "customer.page.differs", clause="customer.3.1.1", column="证件照片", severity=FLAG, reads=("name", "certificate_photos"),
    says="{what}不一致：照片上是 {found}，表中是 {wanted}（{where}）", remedy="请对照证件核对；由审批人看照片核实",
)  # fmt: skip
def certificate_says_the_same(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """What the software read on the certificate differs from the row: it may have misread, so somebody looks."""
    yield from differing([certificate.name_on(customer.name, facts.photos_of("certificate_photos"))])


@rule(
    "customer.page.code", clause="customer.3.1.1", column="证件照片", severity=FLAG, reads=("certificate_photos",),
    says="证件上的统一社会信用代码 {found}（{where}），可能读错，也可能证件有误", remedy="请对照证件核对；由审批人看照片核实",
)  # fmt: skip
def code_can_be_one(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """A code whose last character does not fit the others was misread, mistyped or made up."""
    yield from differing([certificate.code_on(facts.photos_of("certificate_photos"))])


RULES: tuple[Rule, ...] = (
    disguise_rule("customer.name.disguised", "name", "客户名称", "customer.3.1.1"), name_is_whole, name_is_new, name_resembles_another,
    *particular_rules("customer", {"客户地址": "customer.3.1.4", "详细地址": "customer.3.1.4"}, "customer.3.1"),
    certificate_is_there, certificate_says_the_same, code_can_be_one, owner_is_a_salesperson, owner_has_room, shared_people_are_active, shared_people_are_others,
    *photo_rules(
        "customer", "certificate_photos", "证件照片", {"": "customer.3.1.1"}, on_site=False,
        only=("unreadable", "blurred"),
    ),
)  # fmt: skip


def _gather(record: NewCustomer, facts: Facts, context: Context) -> Facts:
    owner = record.owner or context.submitter.name
    area = area_named(record.area, context.settings) if record.area else None
    if record.name is None:
        return facts.but(held={owner: holdings.held_by(context.book, owner, context.receipt_no)}, area=area)
    key = fold(record.name)
    taken, taken_name, besides = context.ask(customers.named, key), facts.taken_name, context.receipt_no
    waiting = customers.awaiting_approval(context.book, key)
    if taken is not None:
        taken_name = Lookalike(taken.name, taken.owner or "公海", 100)
    elif waiting is not None and waiting.person != context.submitter.name:
        taken_name = Lookalike(record.name, f"{waiting.person}，待审批", 100)
    if waiting is not None and waiting.person == context.submitter.name:
        besides = waiting.receipt_no  # a row that replaces one's own waiting row takes no further room
    held = {owner: holdings.held_by(context.book, owner, besides)}
    return facts.but(held=held, area=area, taken_name=taken_name, lookalikes=lookalikes(context, key))


def _read(record: Any, facts: Facts) -> Read:
    front = located(facts.photos_of("front_photos"))
    return {
        "门头照片位置": str(front.facts.place) if front and front.facts.place else "",
        "lat": front.facts.lat if front else None,
        "lon": front.facts.lon if front else None,
        "area": vars(facts.area) if facts.area else None,
        "owner": record.owner or facts.submitter.name,
        "name_key": fold(record.name) if record.name else "",
        **(_pictures_say(record.name, facts) if record.name else {}),
    }


def _pictures_say(name: str, facts: Facts) -> Read:
    papers, fronts = facts.photos_of("certificate_photos"), facts.photos_of("front_photos")
    return told((*certificate.points(name, papers), *shop_front.points((name,), fronts)), (*papers, *fronts))


CUSTOMER = FormRules(NewCustomer, RULES, _gather, _read)
