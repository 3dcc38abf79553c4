"""Rules of 客户新增 (客户新增 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.place_names import suggest
from policy.forms.customer import NewCustomer
from policy.posts import SALESPERSON
from validators.facts import Facts
from validators.photo import photo_rules
from validators.rule import FLAG, REFUSE, Rule, Values, rule

_DOOR = re.compile(
    r"\d|[一二三四五六七八九十百零〇０-９]\s*(?:号|栋|幢|座|楼|层|单元|室|门)|[A-Za-z]\s*(?:栋|幢|座|区|楼|单元)"
)


@rule(
    "customer.name.taken", clause="customer.3.1.1", column="客户名称", severity=REFUSE, reads=("name",),
    says="“{name}”已经在册，归属：{owner}", remedy="不要重复新增；要跟进公海客户请申领，要修改资料请用“信息变更”",
)  # fmt: skip
def name_is_new(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """One customer, one entry in the company's book."""
    if facts.taken_name:
        yield {"name": facts.taken_name.name, "owner": facts.taken_name.owner}


@rule(
    "customer.name.resembles", clause="customer.3.1.1", column="客户名称", severity=FLAG, reads=("name",),
    says="与已有客户“{name}”（归属：{owner}）很相似", remedy="请核对营业执照上的名称；确是不同客户的，由审批人核实",
)  # fmt: skip
def name_resembles_another(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """Near-duplicates are how a customer gets two owners."""
    if facts.taken_name is None:
        for other in facts.lookalikes:
            yield {"name": other.name, "owner": other.owner}


@rule(
    "customer.name.full", clause="customer.3.1.1", column="客户名称", severity=REFUSE, reads=("name",),
    says="“{name}”不是完整的客户名称", remedy="请按营业执照等有效证件上的全称填写",
)  # fmt: skip
def name_is_whole(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """A certificate never shows a name of one or two characters, or only digits."""
    if len(customer.name) < 3 or customer.name.isdigit():
        yield {"name": customer.name}


@rule(
    "customer.area.real", clause="customer.3.1.4", column="客户地址", severity=REFUSE, reads=("area",),
    says="“{area}”不是真实的省/市/区", remedy="请写成 省/市/区{hint}",
)  # fmt: skip
def area_is_real(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """省/市/区 must exist."""
    if facts.area is None:
        near = suggest(customer.area)
        yield {"area": customer.area, "hint": f"，是否为 {near}" if near else "，例如 广东省/深圳市/南山区"}


@rule(
    "customer.area.city", clause="customer.3.1.4", column="客户地址", severity=REFUSE, reads=("area", "front_photos"),
    says="门头照片“{photo}”拍摄于{place}，与填写的{area}不在同一城市", remedy="请核对客户地址，或重新拍摄门头照片",
)  # fmt: skip
def photo_is_in_the_city(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """The shop front stands where the customer is said to be."""
    yield from _elsewhere(customer, facts, same_city=False)


@rule(
    "customer.area.district", clause="customer.3.1.4", column="客户地址", severity=FLAG, reads=("area", "front_photos"),
    says="地点异常：门头照片“{photo}”拍摄于{place}，与填写的{area}不在同一区", remedy="请核对客户地址；由审批人核实",
)  # fmt: skip
def photo_is_in_the_district(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """District borders are uncertain: another district of the same city is for the approver to judge."""
    yield from _elsewhere(customer, facts, same_city=True)


def _elsewhere(customer: NewCustomer, facts: Facts, *, same_city: bool) -> Iterator[Values]:
    area = facts.area
    for photo in facts.photos_of("front_photos"):
        near = photo.facts.near
        if area is None or not near or area in near:
            continue
        if same_city == any((place.province, place.city) == (area.province, area.city) for place in near):
            yield {"photo": photo.name, "place": str(near[0]), "area": str(area)}


@rule(
    "customer.address.door", clause="customer.3.1.4", column="详细地址", severity=REFUSE, reads=("address",),
    says="“{address}”没有写到楼栋门牌", remedy="请写明楼栋和门牌，例如 科苑路8号3栋1205室",
)  # fmt: skip
def address_names_the_door(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """A visitor must be able to find the door."""
    if len(customer.address) < 4 or not _DOOR.search(customer.address):
        yield {"address": customer.address}


@rule(
    "customer.owner.active", clause="customer.3.2.2", column="销售经理", severity=REFUSE, reads=("owner",),
    says="“{owner}”不是在职的销售人员", remedy="请填写在职销售人员的姓名；归自己的可以空着",
)  # fmt: skip
def owner_is_a_salesperson(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """A customer belongs to somebody who sells and who is here."""
    owner = customer.owner or facts.submitter.name
    person = facts.people.get(owner)
    if not facts.active(owner) or person is None or person.post != SALESPERSON:
        yield {"owner": owner}


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
    says="共享人员“{name}”不是在职同事", remedy="请填写在职同事的姓名，多人用顿号隔开",
)  # fmt: skip
def shared_people_are_active(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """Only colleagues who are here can share a customer."""
    yield from ({"name": name} for name in customer.shared if not facts.active(name))


@rule(
    "customer.shared.owner", clause="customer.3.2.3", column="共享人员", severity=REFUSE, reads=("shared", "owner"),
    says="“{name}”已是客户的归属人，不用再列为共享人员", remedy="请从共享人员中去掉这个姓名",
)  # fmt: skip
def shared_people_are_others(customer: NewCustomer, facts: Facts) -> Iterator[Values]:
    """The owner need not share with themselves."""
    owner = customer.owner or facts.submitter.name
    if owner in customer.shared:
        yield {"name": owner}


RULES: tuple[Rule, ...] = (
    name_is_whole, name_is_new, name_resembles_another, area_is_real, photo_is_in_the_city, photo_is_in_the_district,
    address_names_the_door, owner_is_a_salesperson, owner_has_room, shared_people_are_active, shared_people_are_others,
    *photo_rules("customer", "front_photos", "门头照片", {"": "customer.3.1"}, on_site=False),
    *photo_rules(
        "customer", "certificate_photos", "证件照片", {"": "customer.3.1.1"}, on_site=False,
        only=("unreadable", "blurred"),
    ),
)  # fmt: skip
