"""Rules of 拜访记录 (客户拜访 5.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rapidfuzz import fuzz

from intake.place.locate import distance_m
from ledger import photos, plans
from ledger.records import Area, Photo
from policy.forms.visit import Visit
from policy.settings import Settings
from policy.words import fold
from validators.context import Context
from validators.differences import located
from validators.earlier import earlier_texts
from validators.facts import EarlierText, Facts
from validators.form_rules import FormRules, Read
from validators.live_photo import RULES as LIVE_RULES
from validators.named_customer import customer_read, customer_rules, named_customer
from validators.near import colleagues_hint
from validators.photo import photo_rules
from validators.places import grounds
from validators.rule import FLAG, NOTE, REFUSE, Rule, Values, rule
from validators.whereabouts import RULES as WHEREABOUTS_RULES
from validators.whereabouts import whereabouts_known
from validators.words import too_short
from validators.written import shop_front
from validators.written.point import told


def _far(settings: Settings) -> str:
    return settings.photos.far


#: what to do about a picture from far away: where it is refused, no approver comes to see it
_WAYS = {
    "flag": "不在门店见面的请在拜访记录里写明地点；由审批人核实",
    "refuse": "变更通过后再投递这一行；没有搬迁的请投递在客户处拍的照片",
}
_NOBODY = re.compile(r"(无|没有|不详|未知|客户|老板|同上|测试|test|[\W\d_]+)", re.IGNORECASE)


@rule(
    "visit.plan.followed", clause="visit.5.3", column="客户名称", severity=NOTE, reads=("customer",),
    says="本次拜访按已审批的计划进行（受理号 {receipt_no}：{text}）", remedy="无需处理",
)  # fmt: skip
def plan_was_followed(visit: Visit, facts: Facts) -> Iterator[Values]:
    """A visit that was planned and approved says so to whoever approves it."""
    if facts.plan:
        yield {"receipt_no": facts.plan.receipt_no, "text": facts.plan.text}


@rule(
    "visit.companions.active", clause="visit.5.2.2", column="同行人员", severity=REFUSE, reads=("companions",),
    says="同行人员“{name}”不是在职同事{hint}", remedy="请填写在职同事的姓名，多人用顿号隔开；没有同行人员就空着",
)  # fmt: skip
def companions_are_colleagues(visit: Visit, facts: Facts) -> Iterator[Values]:
    """Companions are colleagues who work here on that day."""
    for name in visit.companions:
        if not facts.active(name):
            yield {"name": name, "hint": colleagues_hint(name, facts)}


@rule(
    "visit.companions.self", clause="visit.5.2.2", column="同行人员", severity=REFUSE, reads=("companions",),
    says="同行人员不能是自己（{name}）", remedy="请去掉自己的姓名；没有同行人员就空着",
)  # fmt: skip
def companions_are_others(visit: Visit, facts: Facts) -> Iterator[Values]:
    """One does not accompany oneself."""
    if facts.submitter.name in visit.companions:
        yield {"name": facts.submitter.name}


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


@rule(
    "visit.met.named", clause="visit.5.2.6", column="拜访对象", severity=REFUSE, reads=("met",),
    says="“{met}”不是拜访对象的姓名", remedy="请填写客户方主要人员的姓名",
)  # fmt: skip
def met_somebody(visit: Visit, facts: Facts) -> Iterator[Values]:
    """The person met has a name."""
    if len(visit.met) < 2 or _NOBODY.fullmatch(visit.met):
        yield {"met": visit.met}


@rule(
    "visit.purpose.substantial", clause="visit.5.2.7", column="拜访目的", severity=REFUSE, reads=("purpose",),
    says="拜访目的只有 {length} 个字，看不出要达成什么", remedy="请写清这次拜访的目的，至少 {least} 个字",
)  # fmt: skip
def purpose_is_substantial(visit: Visit, facts: Facts) -> Iterator[Values]:
    """The purpose says what the visit was to achieve."""
    yield from too_short(visit.purpose, facts.settings.text.min_purpose)


@rule(
    "visit.content.substantial", clause="visit.5.2.7", column="拜访记录", severity=REFUSE, reads=("content",),
    says="拜访记录只有 {length} 个字，没有写清洽谈内容", remedy="请详细写明与客户洽谈的主要内容，至少 {least} 个字",
)  # fmt: skip
def content_is_substantial(visit: Visit, facts: Facts) -> Iterator[Values]:
    """The record says what was talked about."""
    yield from too_short(visit.content, facts.settings.text.min_content)


@rule(
    "visit.content.copied", clause="visit.5.2.7", column="拜访记录", severity=FLAG, reads=("content",),
    says="与受理号 {receipt_no} 的拜访记录有 {score:.0f}% 相同，疑似照抄", remedy="请写本次拜访的实际内容；由审批人核实",
)  # fmt: skip
def content_is_new(visit: Visit, facts: Facts) -> Iterator[Values]:
    """Text copied from an earlier visit tells nothing about this one."""
    limit = facts.settings.text.copied_ratio
    for earlier in facts.earlier.get("content", ()):
        score = fuzz.ratio(visit.content, earlier.text, score_cutoff=limit)
        if score >= limit:
            yield {"receipt_no": earlier.receipt_no, "score": score}
            return


RULES: tuple[Rule, ...] = (
    *customer_rules("visit", "visit.5.2"), plan_was_followed, companions_are_colleagues, companions_are_others,
    *photo_rules(
        "visit", "photos", "现场照片", {"": "visit.5.2.3", "untimed": "visit.5.2.5", "clock": "visit.5.2.5",
        "future": "visit.5.2.5", "stale": "visit.5.2.note", "carried": "visit.5.2.note", "stripped": "visit.5.2.note", "edited": "visit.5.2.note",
        "screenshot": "visit.5.2.note", "retouched": "visit.5.2.note"}, on_site=True,
    ),
    *LIVE_RULES, *WHEREABOUTS_RULES, place_is_known, place_has_a_name, photo_is_near_the_customer, photo_is_on_the_spot, photo_is_in_the_city,
    photo_is_in_the_district, met_somebody, purpose_is_substantial, content_is_substantial, content_is_new,
)  # fmt: skip


def _gather(record: Visit, facts: Facts, context: Context) -> Facts:
    me = context.submitter.name
    facts = whereabouts_known(named_customer(record, facts, context), context)
    return facts.but(
        usual_models=context.ask(photos.usual_models, me),
        earlier={"content": earlier_texts(context, Visit.sheet, "content")},
        plan=_plan(context, record.customer, me, facts) if record.customer else None,
    )


def _plan(context: Context, customer: str, me: str, facts: Facts) -> EarlierText | None:
    """The approved plan for this customer and the day on which the picture was taken."""
    taken = [photo.facts.taken_at for photo in facts.photos_of("photos") if photo.facts.taken_at]
    day = min(taken).date() if taken else facts.today
    known = facts.customer
    plan = plans.approved_plan(
        context.book, me, day, known.id if known else None, known.name_key if known else fold(customer)
    )
    return EarlierText(plan.receipt_no, plan.purpose) if plan else None


def _read(record: Any, facts: Facts) -> Read:
    photos = facts.photos_of("photos")
    times = [photo.facts.taken_at for photo in photos if photo.facts.taken_at]
    placed = located(photos)
    return {
        "销售经理": facts.submitter.name,
        "客户办公地点": str(placed.facts.place) if placed and placed.facts.place else "",
        "拜访时间": f"{min(times):%Y-%m-%d %H:%M}" if times else "",
        "visited_at": min(times).isoformat(timespec="seconds") if times else "",
        **customer_read(record, facts),
        **(_pictures_say(record.customer, facts) if record.customer else {}),
    }


def _pictures_say(name: str, facts: Facts) -> Read:
    """Whether the sign is on one of the pictures: no rule, for a visit may be anywhere on the customer's ground."""
    names = (name, *([facts.customer.name] if facts.customer else ()))
    return told(shop_front.points(tuple(dict.fromkeys(names)), facts.photos_of("photos")), facts.photos_of("photos"))


VISIT = FormRules(Visit, RULES, _gather, _read)
