"""A contract's pages beside 成交订单: parties, number, day of signing, amount in figures and in capitals (客户成交 5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from ledger.records import Photo
from policy.forms.order import Order
from policy.words import fold
from validators.written.amounts import in_capitals, in_figures
from validators.written.days import days_in
from validators.written.lines import plain, under
from validators.written.names import COMPANY, contains, same
from validators.written.point import Match, Point, Spot
from validators.written.seek import compared, everywhere, is_sure, labelled, values

PARTY, NUMBER, DAY, FIGURES, CAPITALS = "签约方", "合同编号", "签订日期", "金额（小写）", "金额（大写）"

_PARTY = re.compile(
    r"(?:^|[,。])(?:(?:甲|乙|丙)方|买方|卖方|需方|供方|采购方|供货方|销售方|购货单位|供货单位|委托方|受托方|发包方|承包方|定作方|承揽方|出租方|承租方|订货方)"
    r"(?:\([^()]{1,12}\))*(?:单位)?(?:全称|名称)?(?:\(?(?:盖章|签章|公章|签字)\)?)?(?::|$|(?=[\u4e00-\u9fff]{4,30}公司$))"
)
_NUMBER = re.compile(
    r"(?:合同|协议|订单)?(?:编号|号码|号)(?::|$)|(?:合同|协议|订单)(?:编号|号)|(?:^|[^A-Za-z])No[.:]", re.IGNORECASE
)
_SIGNED = re.compile(r"(?:签订|签约|签署|签字|订立|合同|立约)(?:日期|时间|日)(?::|$|(?=\d{4}))|^日期(?::|$)")
_TOTAL = re.compile(
    r"(?:小写\)?:?|(?:合同|协议)(?:总)?(?:金额|价款|价|额)|总(?:金额|价款|价|额)|价税合计|(?:金额|价款)(?:合计|总计))(?![的之以中])"
)
_CAPITAL = re.compile(
    r"(?:大写\)?:?|(?:合同|协议)(?:总)?(?:金额|价款|价|额)|总(?:金额|价款|价|额)|价税合计|(?:金额|价款)(?:合计|总计))(?![的之以中])"
)
_TAIL = re.compile(r"(?:法定代表人|统一社会|地址|电话|\(以下|\(盖章|\(签章|\(公章).*$")
_KEY = re.compile(r"[^0-9a-z\u4e00-\u9fff]")
_AS_READ = str.maketrans("oil", "011")  # what a reader takes for what
_NO = re.compile(r"[0-9A-Za-z\u4e00-\u9fff()\-_/—–.#]{3,40}")
_SHORT = 5  #: characters of a number that may be found anywhere: a shorter one stands in every other line


def points(order: Order, photos: Sequence[Photo], names: Sequence[str]) -> tuple[Point, ...]:
    """What the pictures say of each particular of *order*.

    :param names: what the customer is called: in the row, and in the book
    """
    if not any(photo.words and not photo.words.trouble for photo in photos):
        return ()
    return (
        _party(names, photos), *_number(order.contract_no, photos), _day(order.signed_on, photos),
        *_amounts(order.amount_fen, photos),
    )  # fmt: skip


def _party(names: Sequence[str], photos: Sequence[Photo]) -> Point:
    named = [(_TAIL.sub("", text), spot) for text, spot in labelled(photos, _PARTY)]
    for text, spot in (*named, *_continued(photos), *everywhere(photos)):
        for name in names:
            if same(text, name) or contains(text, name):
                return Point(PARTY, Match.SAME, name, names[0], spot)
    companies = {fold(text): (text, spot) for text, spot in named if COMPANY.fullmatch(text) and is_sure(spot.line)}
    shown = "、".join(dict.fromkeys(text for text, _spot in companies.values()))
    first = next((spot for _text, spot in companies.values()), None)
    # One party may be ourselves: only two of them leave no room for the customer.
    match = Match.OTHER if len(companies) > 1 else Match.UNREAD
    return Point(PARTY, match, shown, names[0], first)


def _continued(photos: Sequence[Photo]) -> Iterator[tuple[str, Spot]]:
    """Each line together with the one below: a long name goes on there."""
    for photo in photos:
        for line in photo.words.lines if photo.words else ():
            below = under(photo.words, line) if photo.words else None
            if below is not None:
                yield plain(line.text) + plain(below.text), Spot(photo, line)


def _number(wanted: str | None, photos: Sequence[Photo]) -> tuple[Point, ...]:
    """The contract's number; a row without one is shown what stands there."""
    named = values(labelled(photos, _NUMBER), _numbers, str)
    if wanted is None:
        found = next(iter(named), None)
        return (Point(NUMBER, Match.UNREAD, found.shown, "", found.spot),) if found else ()
    key = _key(wanted)
    for text, spot in everywhere(photos):
        if len(key) >= _SHORT and key in _key(text):
            return (Point(NUMBER, Match.SAME, wanted, wanted, spot),)
    keyed = [type(seen)(_key(seen.value), seen.shown, seen.spot) for seen in named]
    return (compared(NUMBER, key, wanted, keyed, ()),)


def _numbers(text: str) -> Iterator[str]:
    found = _NO.match(text)
    if found and any(letter.isdigit() for letter in found[0]):
        yield found[0]


def _key(number: str) -> str:
    return _KEY.sub("", fold(number)).translate(_AS_READ)


def _day(wanted: date, photos: Sequence[Photo]) -> Point:
    named = values(labelled(photos, _SIGNED), days_in, str)
    return compared(DAY, wanted, str(wanted), named, values(everywhere(photos), days_in, str))


def _amounts(wanted: int, photos: Sequence[Photo]) -> tuple[Point, Point]:
    figures = values(labelled(photos, _TOTAL), in_figures, _yuan)
    anywhere = values(everywhere(photos), in_figures, _yuan)
    capitals = values(labelled(photos, _CAPITAL), in_capitals, _yuan)
    written = values(everywhere(photos), in_capitals, _yuan)
    shown = _yuan(wanted)
    return (
        compared(FIGURES, wanted, shown, figures, anywhere),
        # A page that writes one sum in capitals means the contract's, whatever stands before it.
        compared(CAPITALS, wanted, shown, capitals or written, written),
    )


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"
