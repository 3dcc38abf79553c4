"""Rules of 拜访记录 (客户拜访 5.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rapidfuzz import fuzz

from ledger import photos, plans
from policy.forms.visit import Visit
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
from validators.rule import FLAG, NOTE, REFUSE, Rule, Values, rule
from validators.visit_place import RULES as PLACE_RULES
from validators.whereabouts import RULES as WHEREABOUTS_RULES
from validators.whereabouts import whereabouts_known
from validators.words import too_short
from validators.written import shop_front
from validators.written.point import told

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
    *LIVE_RULES, *WHEREABOUTS_RULES, *PLACE_RULES, met_somebody, purpose_is_substantial, content_is_substantial, content_is_new,
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
