"""Rules of 拜访记录 about where its pictures were taken (客户拜访 5.2.4)."""

from __future__ import annotations

from collections.abc import Iterator

from intake.place.locate import distance_m
from ledger.records import Area, Photo
from policy.forms.visit import Visit
from policy.settings import Settings
from validators.facts import Facts
from validators.places import grounds
from validators.rule import FLAG, Rule, Values, rule


def _far(settings: Settings) -> str:
    return settings.photos.far


#: what to do about a picture from far away: where it is refused, no approver comes to see it
_WAYS = {
    "flag": "不在门店见面的请在拜访记录里写明地点；由审批人核实",
    "refuse": "变更通过后再投递这一行；没有搬迁的请投递在客户处拍的照片",
}


@rule(
    "visit.photo.placeless", clause="visit.5.2.4", column="现场照片", severity=FLAG, reads=("photos",),
    says="地点异常：照片没有定位信息，无法得知拍摄地点", remedy="请打开手机相机的定位后拍照；由审批人核实",
)  # fmt: skip
def place_is_known(visit: Visit, facts: Facts) -> Iterator[Values]:
    """Without coordinates the place is not known: a person decides, nobody is accused."""
    photos = facts.photos_of("photos")
    if photos and all(photo.facts.lat is None for photo in photos):
        yield {}


@rule(
    "visit.photo.abroad", clause="visit.5.2.4", column="现场照片", severity=FLAG, reads=("photos",),
    says="地点异常：照片“{photo}”的坐标查不到所属的省市区", remedy="请检查手机定位；由审批人核实",
)  # fmt: skip
def place_has_a_name(visit: Visit, facts: Facts) -> Iterator[Values]:
    """Coordinates at sea or abroad have no 省市区."""
    for photo in _located(facts):
        if not photo.facts.near:
            yield {"photo": photo.name}


@rule(
    "visit.photo.far", clause="visit.5.2.4", column="现场照片", severity=FLAG, reads=("customer", "photos"), follows=_far,
    says="地点异常：照片“{photo}”拍摄于{place}，距客户门头约 {km:.1f} 公里，超过 {limit:g} 公里",
    remedy="客户已搬迁的请做信息变更（带新的门头照片）；{way}",
)  # fmt: skip
def photo_is_near_the_customer(visit: Visit, facts: Facts) -> Iterator[Values]:
    """The clause has the place read, not that it be the shop: a site or a fair is for the approver to judge."""
    limit = facts.settings.photos.far_m
    for photo, metres in _distances(facts):
        if metres > limit:
            where = {"place": _place(photo), "km": metres / 1000, "limit": limit / 1000}
            yield {"photo": photo.name, **where, "way": _WAYS[_far(facts.settings)]}


@rule(
    "visit.photo.off", clause="visit.5.2.4", column="现场照片", severity=FLAG, reads=("customer", "photos"),
    says="地点异常：照片“{photo}”距客户门头约 {metres:.0f} 米", remedy="由审批人核实拜访地点",
)  # fmt: skip
def photo_is_on_the_spot(visit: Visit, facts: Facts) -> Iterator[Values]:
    """Somewhat off may be a factory gate or a weak signal: a flag."""
    photos = facts.settings.photos
    for photo, metres in _distances(facts):
        if photos.near_m < metres <= photos.far_m:
            yield {"photo": photo.name, "metres": metres}


@rule(
    "visit.photo.city", clause="visit.5.2.4", column="现场照片", severity=FLAG, reads=("customer", "photos"), follows=_far,
    says="地点异常：照片“{photo}”拍摄于{place}，与客户所在的{area}不在同一城市",
    remedy="客户已搬迁的请做信息变更（带新的门头照片）；{way}",
)  # fmt: skip
def photo_is_in_the_city(visit: Visit, facts: Facts) -> Iterator[Values]:
    """Where the shop front has no coordinates, the customer's 省市区 is compared."""
    yield from ({**found, "way": _WAYS[_far(facts.settings)]} for found in _elsewhere(facts, same_city=False))


@rule(
    "visit.photo.district", clause="visit.5.2.4", column="现场照片", severity=FLAG, reads=("customer", "photos"),
    says="地点异常：照片“{photo}”拍摄于{place}，与客户所在的{area}不在同一区", remedy="由审批人核实拜访地点",
)  # fmt: skip
def photo_is_in_the_district(visit: Visit, facts: Facts) -> Iterator[Values]:
    """District borders are uncertain: never a reason to refuse."""
    yield from _elsewhere(facts, same_city=True)


def _located(facts: Facts) -> Iterator[Photo]:
    return (photo for photo in facts.photos_of("photos") if photo.facts.lat is not None)


def _distances(facts: Facts) -> Iterator[tuple[Photo, float]]:
    customer = facts.customer
    if customer is None or customer.lat is None or customer.lon is None:
        return
    for photo in _located(facts):
        if photo.facts.lat is not None and photo.facts.lon is not None:
            yield photo, distance_m(photo.facts.lat, photo.facts.lon, customer.lat, customer.lon)


def _elsewhere(facts: Facts, *, same_city: bool) -> Iterator[Values]:
    customer = facts.customer
    if customer is None or customer.lat is not None:  # the distance says more than the district
        return
    for photo in _located(facts):
        near = photo.facts.near
        home = Area(customer.province, customer.city, customer.district)
        on = grounds(home, facts.settings)
        if not near or not set(on).isdisjoint(near):
            continue
        cities = {(each.province, each.city) for each in on}
        if same_city == any((place.province, place.city) in cities for place in near):
            yield {"photo": photo.name, "place": _place(photo), "area": str(home)}


def _place(photo: Photo) -> str:
    return str(photo.facts.place) if photo.facts.place else "未知地点"


RULES: tuple[Rule, ...] = (
    place_is_known, place_has_a_name, photo_is_near_the_customer, photo_is_on_the_spot, photo_is_in_the_city,
    photo_is_in_the_district,
)  # fmt: skip
