"""Rules about a customer's particulars, the same for a new customer and for a change (客户新增 3, 信息变更 9)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from intake.place.names import suggest
from ledger.records import Severity
from validators.facts import Facts, Lookalike
from validators.photo import photo_rules
from validators.places import grounds
from validators.rule import FLAG, REFUSE, Check, Rule, Values, rule

_NUMERAL = "一二三四五六七八九十百零〇两"
_DOOR = re.compile(
    r"\d"
    rf"|[{_NUMERAL}]\s*(?:号|栋|幢|座|楼|层|单元|室|门|组|队|社|弄|巷|排|铺|档|区)"
    r"|[A-Za-z甲乙丙丁东西南北]\s*(?:栋|幢|座|区|楼|单元|门|组|队)"
    r"|村|屯|寨|(?:市场|商城|广场|大厦|大楼).*(?:摊|档|铺|柜)|摊位|档口|铺位|门面"
)
#: words with which the address of a whole street or district ends: whoever goes there finds no door
_ONLY_A_STREET = re.compile(r".*(?:路|街|道|巷|弄|区|镇|乡|县|市|省|园)")


def whole_name(name: str | None) -> Iterator[Values]:
    """A certificate never shows a name of one or two characters, or only digits."""
    if name is not None and (len(name) < 3 or name.isdigit()):
        yield {"name": name}


def taken_name(facts: Facts) -> Iterator[Values]:
    """One customer, one entry in the company's book."""
    if facts.taken_name:
        yield {"name": facts.taken_name.name, "owner": facts.taken_name.owner}


def resembling(facts: Facts) -> Iterator[Values]:
    """Near-duplicates are how a customer gets two owners."""
    others: tuple[Lookalike, ...] = () if facts.taken_name else facts.lookalikes
    yield from ({"name": other.name, "owner": other.owner} for other in others)


def area_is_real(record: Any, facts: Facts) -> Iterator[Values]:
    """省/市/区 must exist."""
    if record.area is not None and facts.area is None:
        near = suggest(record.area)
        yield {"area": record.area, "hint": f"，是否为 {near}" if near else "，例如 广东省/深圳市/南山区"}


def photo_is_in_the_city(record: Any, facts: Facts) -> Iterator[Values]:
    """The shop front stands where the customer is said to be."""
    yield from _elsewhere(facts, same_city=False)


def photo_is_in_the_district(record: Any, facts: Facts) -> Iterator[Values]:
    """District borders are uncertain: another district of the same city is for the approver to judge."""
    yield from _elsewhere(facts, same_city=True)


def _elsewhere(facts: Facts, *, same_city: bool) -> Iterator[Values]:
    area = facts.area
    for photo in facts.photos_of("front_photos"):
        near = photo.facts.near
        on = grounds(area, facts.settings) if area else ()
        if area is None or not near or not set(on).isdisjoint(near):
            continue
        cities = {(each.province, each.city) for each in on}
        if same_city == any((place.province, place.city) in cities for place in near):
            yield {"photo": photo.name, "place": str(near[0]), "area": str(area)}


def address_names_the_door(record: Any, facts: Facts) -> Iterator[Values]:
    """A visitor must be able to find the door."""
    address = record.address
    if address is not None and (len(address) < 4 or (not _names_a_door(address) and _ONLY_A_STREET.fullmatch(address))):
        yield {"address": address}


def address_may_name_the_door(record: Any, facts: Facts) -> Iterator[Values]:
    """A shop beside the post office has no number: where in doubt, the approver looks."""
    address = record.address
    if address is not None and len(address) >= 4 and not (_names_a_door(address) or _ONLY_A_STREET.fullmatch(address)):
        yield {"address": address}


def _names_a_door(address: str) -> bool:
    return _DOOR.search(unicodedata.normalize("NFKC", address)) is not None


#: (name, column, severity, fields read, check, says, remedy)
_TABLE: tuple[tuple[str, str, Severity, tuple[str, ...], Check, str, str], ...] = (
    ("area.real", "客户地址", REFUSE, ("area",), area_is_real, "“{area}”不是真实的省/市/区", "请写成 省/市/区{hint}"),
    ("area.city", "客户地址", REFUSE, ("area", "front_photos"), photo_is_in_the_city, "门头照片“{photo}”拍摄于{place}，与{area}不在同一城市", "请核对客户地址，或重新拍摄门头照片"),
    ("area.district", "客户地址", FLAG, ("area", "front_photos"), photo_is_in_the_district,
     "地点异常：门头照片“{photo}”拍摄于{place}，与{area}不在同一区", "请核对客户地址；由审批人核实"),
    ("address.door", "详细地址", REFUSE, ("address",), address_names_the_door, "“{address}”没有写到楼栋门牌", "请写明楼栋和门牌，例如 科苑路8号3栋1205室；村写到组，市场写到摊位"),
    ("address.doubt", "详细地址", FLAG, ("address",), address_may_name_the_door, "“{address}”看不出楼栋门牌", "由审批人核实"),
)  # fmt: skip


def particular_rules(code: str, clauses: Mapping[str, str], photo_clause: str) -> tuple[Rule, ...]:
    """The rules of a form's address and shop front.

    :param clauses: name of the rule's column → clause id
    """
    made = tuple(
        rule(f"{code}.{name}", clause=clauses[column], column=column, severity=severity, says=says, remedy=remedy, reads=reads)(check)
        for name, column, severity, reads, check, says, remedy in _TABLE
    )  # fmt: skip
    return (
        *made,
        *photo_rules(code, "front_photos", "门头照片", {"": photo_clause}, on_site=False),
        *photo_rules(code, "front_photos", "门头照片", {"": photo_clause}, on_site=True, only=("part",)),
    )
