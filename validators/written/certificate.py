"""A certificate beside 客户新增: the company's name, and whether its code can be one (客户新增 3(1)1)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ledger.records import Photo
from policy.shops import company_of
from validators.written.codes import codes_in, holds
from validators.written.names import COMPANY, contains, same
from validators.written.point import Match, Point
from validators.written.seek import everywhere, is_sure, labelled, values

NAME, CODE = "证件名称", "统一社会信用代码"
_NAME = re.compile(
    r"^(?:企业|公司|单位|机构|个体工商户|主体|字号)?名称(?::|$|(?=[\u4e00-\u9fff]))|^称(?::|$|(?=[\u4e00-\u9fff]))"
)


def points(name: str, photos: Sequence[Photo]) -> tuple[Point, ...]:
    """What the pictures say of the company's name and code."""
    if not any(photo.words and not photo.words.trouble for photo in photos):
        return ()
    return (name_on(name, photos), code_on(photos))


def name_on(wanted: str, photos: Sequence[Photo]) -> Point:
    """The company's name; a shop's certificate may be the company's."""
    named = list(labelled(photos, _NAME))
    company = company_of(wanted)
    for text, spot in (*named, *everywhere(photos)):
        if same(text, wanted) or contains(text, wanted) or same(text, company):
            return Point(NAME, Match.SAME, wanted, wanted, spot)
    companies = [(text, spot) for text, spot in named if COMPANY.fullmatch(text)]
    for text, spot in companies:
        if is_sure(spot.line):
            return Point(NAME, Match.OTHER, text, wanted, spot)
    others = [(text, spot) for text, spot in everywhere(photos) if COMPANY.fullmatch(text)]
    for text, spot in (*companies, *others):
        return Point(NAME, Match.UNREAD, text, wanted, spot)
    return Point(NAME, Match.UNREAD, "", wanted)


def code_on(photos: Sequence[Photo]) -> Point:
    """The row has no code: what can be said is whether its check digit fits."""
    seen = values(everywhere(photos), codes_in, str)
    for each in seen:
        if holds(each.value):
            return Point(CODE, Match.SAME, f"{each.value}，校验位正确", "", each.spot)
    for each in seen:
        if is_sure(each.spot.line):
            return Point(CODE, Match.OTHER, f"{each.value}，校验位不对", "", each.spot)
    return Point(CODE, Match.UNREAD, seen[0].shown if seen else "", "", seen[0].spot if seen else None)
