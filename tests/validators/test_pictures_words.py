"""What stands on a picture, beside what a row says: the very words and places that an approver is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.records import Photo
from ledger.written import Line, Words
from policy.forms.order import Order
from tests.validators.pages import line, page, photo
from validators.written import certificate, contract, shop_front
from validators.written.codes import check_digit
from validators.written.lines import behind, right_of, under
from validators.written.point import Match, Point, Spot, differing, told, unread
from validators.written.seek import compared, values

NAME = "深圳市宏远电子有限公司"
OTHER = "广州华新模具有限公司"
CODE = "91440300708461136"
CODE += check_digit(CODE)


# -- where it stands


@pytest.mark.parametrize(
    ("x", "y", "where"),
    [
        (100, 100, "上部偏左"), (333, 333, "上部偏左"), (334, 334, "中部"), (500, 500, "中部"), (666, 666, "中部"),
        (667, 667, "下部偏右"), (900, 900, "下部偏右"), (500, 100, "上部"), (100, 500, "中部偏左"), (900, 500, "中部偏右"),
    ],
)  # fmt: skip
def test_an_approver_is_told_in_which_ninth_of_the_picture_to_look(x: int, y: int, where: str) -> None:
    there = line("字", (x, y), x)
    assert Spot(photo(there), there).where == f"证件.jpg {where}"
    assert Spot(photo(there, pages=2), replace(there, page=2)).where == f"证件.jpg 第 2 页{where}"


@pytest.mark.parametrize(
    ("start", "end", "where"),
    [
        ((333, 333), (334, 333), "上部"), ((333, 333), (333, 334), "中部偏左"), ((666, 333), (667, 333), "上部"),
        ((333, 666), (333, 667), "中部偏左"), ((667, 333), (667, 333), "上部偏右"), ((333, 667), (333, 667), "下部偏左"),
    ],
)  # fmt: skip
def test_a_ninth_ends_where_the_next_begins(start: tuple[int, int], end: tuple[int, int], where: str) -> None:
    assert Spot(photo(), line("字", start, end=end)).where == f"证件.jpg {where}"


def test_a_point_is_told_with_what_stands_on_the_picture_and_what_in_the_row() -> None:
    here = line("字", (900, 900), 900)
    spot = Spot(photo(here), here)
    said = [
        Point("合同编号", Match.SAME, "HY-1", "HY-1"), Point("合同编号", Match.OTHER, "HY-2", "HY-1", spot),
        Point("代码", Match.OTHER, "914"), Point("代码", Match.UNREAD, "91"), Point("代码", Match.UNREAD, spot=spot),
    ]  # fmt: skip
    assert [each.words for each in said] == [
        "合同编号 一致：HY-1", "合同编号 不一致：照片上是 HY-2，表中是 HY-1（证件.jpg 下部偏右）",
        "代码 不一致：照片上是 914", "代码 没有读到：只认出 91", "代码 没有读到（证件.jpg 下部偏右）",
    ]  # fmt: skip
    assert list(differing(said)) == [
        {"what": "合同编号", "found": "HY-2", "wanted": "HY-1", "where": "证件.jpg 下部偏右"}
    ]


def test_a_box_is_drawn_once_around_each_line_that_agrees_or_does_not() -> None:
    here, there = line("甲", (100, 200), 300), replace(line("乙", (700, 400), 800), page=2)
    picture = photo(here, there)
    points = (
        Point("名称", Match.SAME, spot=Spot(picture, here)), Point("又", Match.SAME, spot=Spot(picture, here)),
        Point("金额", Match.OTHER, "1", spot=Spot(picture, there)), Point("日期", Match.UNREAD, spot=Spot(picture, here)),
    )  # fmt: skip
    kept = told(points, (picture,))
    assert kept["marks"] == {picture.facts.sha256: [[1, 100, 189, 300, 211, 1], [2, 700, 389, 800, 411, 0]]}
    assert kept["照片核对"].splitlines() == [each.words for each in points]


def test_pictures_on_which_nothing_was_read_are_told_of_and_where_nobody_looked_nothing_is() -> None:
    blank, torn = replace(photo(), words=None), photo(trouble="太大")
    assert unread((blank, torn, photo())) == ["证件.jpg 没有读", "证件.jpg 没有读：太大"]
    assert told((), (blank,)) == {}
    assert told((), (blank, torn))["照片核对"].splitlines() == ["证件.jpg 没有读", "证件.jpg 没有读：太大"]
    for asked in (certificate.points(NAME, (torn, blank)), shop_front.points((NAME,), (torn, blank))):
        assert asked == ()


# -- a label, and what stands behind it

_LABEL = re.compile("编号:|编号$")


def test_behind_a_label_stands_the_rest_of_its_line_or_the_next_box() -> None:
    label, value, far = line("编 号", (100, 100), 200), line("HY-1", (250, 104), 400), line("远", (700, 100), 800)
    found = list(behind(Words((far, label, value, line("编号：HY-2", (100, 300)))), _LABEL))
    assert [(each.text, each.line.start) for each in found] == [("HY-1", (250, 104)), ("HY-2", (100, 300))]
    assert list(behind(Words((label,)), _LABEL)) == []


@pytest.mark.parametrize(
    ("other", "follows"),
    [
        (line("值", (201, 114)), True), (line("值", (201, 115)), False), (line("值", (201, 86)), True),
        (line("值", (201, 85)), False), (line("值", (180, 100)), True), (line("值", (179, 100)), False),
        (line("值", (201, 100), page=2), False), (line("值", (201, 128), height=40), True),
        (line("值", (201, 129), height=40), False),
    ],
)  # fmt: skip
def test_the_next_box_stands_level_with_its_label_on_the_same_page(other: Line, follows: bool) -> None:
    label = line("编号", (100, 100), 200)
    assert (right_of(Words((label, other)), label) is other) == follows


def test_on_a_page_that_is_askew_the_next_box_is_looked_for_along_the_slope() -> None:
    label = line("编号", (100, 100), end=(200, 120))
    level, askew = line("平", (300, 120)), line("斜", (300, 140))
    assert right_of(Words((label, level, askew)), label) is askew
    short = replace(label, end=(179, 120))  # too short for a slope
    assert right_of(Words((short, level, askew)), short) is level


def test_below_stands_the_nearest_line_of_the_same_breadth() -> None:
    top = line("甲方：深圳市", (100, 100), 300)
    near, far, beside = line("近", (200, 140)), line("远", (100, 180)), line("旁", (300, 120))
    assert under(Words((far, beside, near, top)), top) is near
    assert under(Words((far, top)), top) is far
    lower, left, next_page = line("低", (100, 181)), line("左", (10, 140), 100), line("下页", (100, 140), page=2)
    for other in (beside, lower, left, next_page, line("同", (100, 100))):
        assert under(Words((other, top)), top) is None


# -- one value, looked for


def seen(*given: tuple[int, float]) -> list[Any]:
    picture = photo()
    return [
        each
        for number, sure in given
        for each in values([("x", Spot(picture, line(sure=sure)))], lambda _text, n=number: [n], str)  # type: ignore[misc]
    ]


@pytest.mark.parametrize(
    ("named", "others", "match", "found"),
    [
        ([(1, 0.9)], [], Match.SAME, "1"), ([(2, 0.9), (1, 0.3)], [], Match.SAME, "1"),
        ([], [(2, 0.9), (1, 0.9)], Match.SAME, "1"), ([(2, 0.3)], [(1, 0.9)], Match.SAME, "1"),
        ([(2, 0.85)], [(1, 0.9)], Match.OTHER, "2"), ([(3, 0.84), (2, 0.9)], [], Match.OTHER, "2"),
        ([(3, 0.84)], [(2, 0.9)], Match.UNREAD, "3"), ([], [(2, 0.9)], Match.UNREAD, ""),
    ],
)  # fmt: skip
def test_what_a_label_names_decides_and_what_was_read_unsurely_contradicts_nobody(
    named: list[tuple[int, float]], others: list[tuple[int, float]], match: Match, found: str
) -> None:
    point = compared("金额", 1, "壹", seen(*named), seen(*others))
    assert (point.what, point.match, point.found, point.wanted) == ("金额", match, found, "壹")
    assert (point.spot is None) == (found == "")


# -- certificates and signs


@pytest.mark.parametrize(
    ("wanted", "photos", "match", "found"),
    [
        (NAME, [page("营业执照", f"名称：{NAME}")], Match.SAME, NAME),
        (NAME, [page("营业执照"), page(f"兹证明{NAME}为本行客户")], Match.SAME, NAME),
        (f"{NAME}（南山店）", [page(f"名称：{NAME}")], Match.SAME, f"{NAME}（南山店）"),
        (NAME, [page(f"名称：{OTHER}")], Match.OTHER, OTHER),
        (NAME, [page(line(f"名称：{OTHER}", sure=0.6), OTHER)], Match.UNREAD, OTHER),
        (NAME, [page("深圳市市场监督管理局", OTHER)], Match.UNREAD, "深圳市市场监督管理局"),
        (NAME, [page("看不清")], Match.UNREAD, ""),
    ],
)  # fmt: skip
def test_the_name_on_a_certificate(wanted: str, photos: Sequence[Photo], match: Match, found: str) -> None:
    point = certificate.name_on(wanted, photos)
    assert (point.what, point.match, point.found, point.wanted) == ("证件名称", match, found, wanted)
    assert (point.spot is None) == (found == "")


@pytest.mark.parametrize(
    ("lines", "match", "found"),
    [
        ((f"统一社会信用代码 {CODE}",), Match.SAME, f"{CODE}，校验位正确"),
        ((f"{CODE[:-1]}0", CODE), Match.SAME, f"{CODE}，校验位正确"),
        ((line(f"{CODE[:-1]}0", sure=0.6), f"{CODE[:-1]}1"), Match.OTHER, f"{CODE[:-1]}1，校验位不对"),
        ((line(f"{CODE[:-1]}0", sure=0.6),), Match.UNREAD, f"{CODE[:-1]}0"), (("没有",), Match.UNREAD, ""),
    ],
)  # fmt: skip
def test_the_code_on_a_certificate(lines: Sequence[str | Line], match: Match, found: str) -> None:
    point = certificate.code_on((page(*lines),))
    assert (point.what, point.match, point.found, point.wanted) == ("统一社会信用代码", match, found, "")
    assert (point.spot is None) == (found == "")


def test_a_sign_shows_the_name_its_core_or_something_else_in_large_letters() -> None:
    (whole,) = shop_front.points((NAME, OTHER), (page(NAME),))
    assert (whole.what, whole.match, whole.found, whole.wanted) == ("招牌", Match.SAME, f"有“{NAME}”", NAME)
    (core,) = shop_front.points((OTHER, NAME), (page("欢迎光临", "宏远电子"),))
    assert (core.match, core.found, core.wanted) == (Match.SAME, "有“宏远电子”", OTHER)
    assert core.spot is not None
    letters = {"小字": 10, "大字": 90, "中字": 50, "次字": 40}
    sign = photo(*(line(text, (100, 100 * n), height=height) for n, (text, height) in enumerate(letters.items())))
    (other,) = shop_front.points((NAME,), (sign,))
    assert (other.match, other.found, other.wanted) == (Match.UNREAD, "“大字”、“中字”、“次字”", NAME)


# -- contracts


def signed(*lines: str | Line, number: str | None = "HY-2026-118", names: tuple[str, ...] = (NAME,)) -> dict[str, Any]:
    """What is said of each particular of an order over 128,000 of 2026-11-23: 一致, 不一致 or 没有读到, and what was found."""
    given: dict[str, Any] = {"contract_no": number, "signed_on": date(2026, 11, 23), "amount_fen": 12_800_000}
    order = Order.model_construct(**given)
    return {each.what: (each.match.value, each.found) for each in contract.points(order, (page(*lines),), names)}


def test_a_contract_that_says_what_the_row_says() -> None:
    said = signed(
        "甲方：广州华新模具有限公司", f"乙方：{NAME}", "合同编号：HY-2026-118", "签订日期：2026年11月23日",
        "合同总金额：¥128,000.00", "大写：壹拾贰万捌仟元整",
    )  # fmt: skip
    assert said == {
        "签约方": ("一致", NAME), "合同编号": ("一致", "HY-2026-118"), "签订日期": ("一致", "2026-11-23"),
        "金额（小写）": ("一致", "128,000.00"), "金额（大写）": ("一致", "128,000.00"),
    }  # fmt: skip


def test_a_contract_that_says_something_else() -> None:
    said = signed(
        f"甲方：{OTHER}", "乙方：上海浦江仪器有限公司", "合同编号：HY-2026-119", "签订日期：2026年11月22日",
        "合同总金额：¥127,000.00", "大写：壹拾贰万柒仟元整",
    )  # fmt: skip
    assert said == {
        "签约方": ("不一致", f"{OTHER}、上海浦江仪器有限公司"), "合同编号": ("不一致", "HY-2026-119"),
        "签订日期": ("不一致", "2026-11-22"), "金额（小写）": ("不一致", "127,000.00"), "金额（大写）": ("不一致", "127,000.00"),
    }  # fmt: skip


def test_one_party_alone_may_be_ourselves_and_a_long_name_goes_on_below() -> None:
    assert signed(f"甲方：{OTHER}")["签约方"] == ("没有读到", OTHER)
    assert signed("甲方：深圳市宏远", line("电子有限公司", (100, 140)))["签约方"] == ("一致", NAME)
    assert signed("无", names=("别名公司", NAME))["签约方"] == ("没有读到", "")
    assert signed(f"致{OTHER}", names=(NAME, OTHER))["签约方"] == ("一致", OTHER)


def test_a_short_number_is_looked_for_behind_its_label_alone() -> None:
    assert signed("第 0118 页", number="0118")["合同编号"] == ("没有读到", "")
    assert signed("第 01187 页", number="01187")["合同编号"] == ("一致", "01187")
    assert signed("合同编号：O118", number="0118")["合同编号"] == ("一致", "O118")
    assert "合同编号" not in signed("合同", number=None)
    assert signed("合同编号：HY-7", number=None)["合同编号"] == ("没有读到", "HY-7")


def test_a_number_that_the_row_leaves_out_is_shown_with_where_it_stands() -> None:
    order = Order.model_construct(contract_no=None, signed_on=date(2026, 11, 23), amount_fen=1)
    told_of = [each.words for each in contract.points(order, (page("合同", "合同编号：HY-7"),), (NAME,))]
    assert "合同编号 没有读到：只认出 HY-7（证件.jpg 上部）" in told_of


def test_each_point_of_a_contract_is_told_with_where_it_stands() -> None:
    order = Order.model_construct(contract_no="HY-2026-118", signed_on=date(2026, 11, 23), amount_fen=12_800_000)
    lines = (f"甲方：{OTHER}", f"乙方：{NAME}", "HY-2026-118", "2026年11月23日", "¥128,000.00", "壹拾贰万捌仟元整")
    told_of = [each.words for each in contract.points(order, (page(*lines),), (NAME,))]
    assert told_of == [
        f"签约方 一致：{NAME}（证件.jpg 上部）", "合同编号 一致：HY-2026-118（证件.jpg 上部）", "签订日期 一致：2026-11-23（证件.jpg 中部）",
        "金额（小写） 一致：128,000.00（证件.jpg 中部）", "金额（大写） 一致：128,000.00（证件.jpg 中部）",
    ]  # fmt: skip
    others = (
        f"甲方：{OTHER}",
        "乙方：上海浦江仪器有限公司",
        "合同编号：HY-2026-119",
        "签订日期：2026年11月22日",
        "合同总金额：¥1.00",
        "大写：壹拾元整",
    )
    told_of = [each.words for each in contract.points(order, (page(*others),), (NAME,))]
    assert told_of == [
        f"签约方 不一致：照片上是 {OTHER}、上海浦江仪器有限公司，表中是 {NAME}（证件.jpg 上部）",
        "合同编号 不一致：照片上是 HY-2026-119，表中是 HY-2026-118（证件.jpg 上部）",
        "签订日期 不一致：照片上是 2026-11-22，表中是 2026-11-23（证件.jpg 中部）",
        "金额（小写） 不一致：照片上是 1.00，表中是 128,000.00（证件.jpg 中部）", "金额（大写） 不一致：照片上是 10.00，表中是 128,000.00（证件.jpg 中部）",
    ]  # fmt: skip
    assert contract.points(order, (photo(trouble="太暗"),), (NAME,)) == ()
    assert [each.words for each in contract.points(order, (page("白纸"),), (NAME,))] == [
        f"{what} 没有读到" for what in ("签约方", "合同编号", "签订日期", "金额（小写）", "金额（大写）")
    ]


def test_each_point_of_a_certificate_and_a_sign_is_told_with_where_it_stands() -> None:
    papers = page(f"名称：{NAME}", "", "", "", "", CODE)
    assert [each.words for each in certificate.points(NAME, (papers,))] == [
        f"证件名称 一致：{NAME}（证件.jpg 上部）", f"统一社会信用代码 一致：{CODE}，校验位正确（证件.jpg 中部）",
    ]  # fmt: skip
    wrong = page(f"名称：{OTHER}", f"{CODE[:-1]}0")
    assert [each.words for each in certificate.points(NAME, (wrong,))] == [
        f"证件名称 不一致：照片上是 {OTHER}，表中是 {NAME}（证件.jpg 上部）",
        f"统一社会信用代码 不一致：照片上是 {CODE[:-1]}0，校验位不对（证件.jpg 上部）",
    ]  # fmt: skip
    unsure = page(line(f"名称：{OTHER}", sure=0.5), line(f"{CODE[:-1]}0", (100, 900), sure=0.5))
    assert [each.words for each in certificate.points(NAME, (unsure,))] == [
        f"证件名称 没有读到：只认出 {OTHER}（证件.jpg 上部）", f"统一社会信用代码 没有读到：只认出 {CODE[:-1]}0（证件.jpg 下部）",
    ]  # fmt: skip
    assert [each.words for each in certificate.points(NAME, (page("白纸"),))] == [
        "证件名称 没有读到",
        "统一社会信用代码 没有读到",
    ]
    assert (
        certificate.points(NAME, (photo(trouble="太暗"),)) == shop_front.points((NAME,), (photo(trouble="太暗"),)) == ()
    )
    (sign,) = shop_front.points((NAME,), (page("欢迎", "宏远"),))
    assert (sign.words, sign.wanted) == ("招牌 一致：有“宏远”（证件.jpg 上部）", NAME)
    (nothing,) = shop_front.points((NAME,), (page(),))
    assert nothing.words == "招牌 没有读到"
