"""Every character that stands for a figure, a unit or a letter on a page, and each limit from both sides."""

from __future__ import annotations

from datetime import date

import pytest

from validators.written import names
from validators.written.amounts import in_capitals, in_figures, whole_number
from validators.written.codes import check_digit, codes_in, holds
from validators.written.days import days_in
from validators.written.names import COMPANY, contains, cores, same

FIGURES = {
    0: "零〇O○", 1: "壹一", 2: "贰二貳弍两兩", 3: "叁三参叄參弎", 4: "肆四", 5: "伍五", 6: "陆六陸", 7: "柒七", 8: "捌八", 9: "玖九",
}  # fmt: skip


@pytest.mark.parametrize(
    ("figure", "letter"), [(figure, letter) for figure, each in FIGURES.items() for letter in each]
)
def test_each_way_to_write_a_figure(figure: int, letter: str) -> None:
    assert whole_number(f"伍佰{letter}") == 500 + figure
    if figure:
        assert whole_number(f"{letter}仟") == figure * 1000
        assert list(in_capitals(f"{letter}拾元")) == [figure * 1000]
        assert list(in_capitals(f"伍拾元{letter}角{letter}分")) == [5000 + figure * 11]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("拾", 10), ("十", 10), ("佰", 100), ("百", 100), ("仟", 1000), ("千", 1000), ("贰万", 20_000), ("贰萬", 20_000),
        ("贰亿", 200_000_000), ("贰億", 200_000_000), ("贰亿叁", 200_000_003), ("壹仟贰佰叁拾肆万伍仟陆佰柒拾捌", 12_345_678),
        ("壹仟亿", 100_000_000_000), ("壹拾贰亿叁仟万", 1_230_000_000), ("壹万亿", 1_000_000_000_000), ("壹万贰仟亿零伍万", 1_200_000_050_000), ("壹万零壹", 10_001),
        ("壹仟零壹拾", 1010), ("壹佰零伍万", 1_050_000), ("壹万贰仟亿", 1_200_000_000_000), ("壹亿贰万", 100_020_000),
        ("拾佰", None), ("佰仟", None), ("拾拾", None), ("壹佰佰", None), ("仟佰拾", 1110), ("零拾", None), ("万", None), ("亿", None),
        ("壹贰", None), ("零壹", 1), ("零", 0),
    ],
)  # fmt: skip
def test_a_number_written_out(text: str, number: int | None) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("壹拾元", 1000), ("壹拾圆", 1000), ("壹拾圓", 1000), ("壹拾元伍角", 1050), ("壹拾元零伍分", 1005), ("壹拾元伍角零伍分", 1055),
        ("壹拾元零角伍分", 1005),
    ],
)  # fmt: skip
def test_an_amount_in_capitals_ends_in_yuan(text: str, fen: int) -> None:
    assert list(in_capitals(f"人民币{text}整")) == [fen]


def test_several_amounts_in_capitals_are_read_in_their_order() -> None:
    assert list(in_capitals("定金壹佰元，余款贰佰元整；壹贰拾元不算，叁佰元")) == [10_000, 20_000, 30_000]


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("¥5", [500]), ("￥5", [500]), ("RMB5", [500]), ("rmb:5", [500]), ("CNY5", [500]), ("人民币5", [500]), ("5元", [500]), ("5圆", [500]),
        ("5", []), ("55", []), ("5,000", [500_000]), ("5.5", [550]), ("0.05", [5]), ("¥0", []), ("1.5万", [1_500_000]), ("2亿", [20_000_000_000]),
        ("1.234亿元", [12_340_000_000]), ("1,234.5万元", [1_234_500_000]), ("12.3456万", [12_345_600]), ("1.23456789万", []),
        ("5，000元", [500_000]), ("9999999999999.99元", [999_999_999_999_999]), ("10000000000000元", []), ("¥9,999,999,999,999", [999_999_999_999_900]),
        ("甲5元乙6元", [500, 600]), ("1.234元", [123_400]), ("1.234.567,89元", [123_456_789]), ("¥1,23", [123]),
    ],
)  # fmt: skip
def test_an_amount_in_figures(text: str, fen: list[int]) -> None:
    assert list(in_figures(text)) == fen


# -- days


@pytest.mark.parametrize(("digit", "letter"), [*enumerate("〇一二三四五六七八九"), *enumerate("零壹贰叁肆伍陆柒捌玖"), (0, "○"), (0, "O")])  # fmt: skip
def test_each_figure_of_a_year_in_words(digit: int, letter: str) -> None:
    assert list(days_in(f"二〇{letter}六年五月五日")) == [date(2006 + digit * 10, 5, 5)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二六年一月三十一日", date(2026, 1, 31)), ("二〇二六年零一月零三日", date(2026, 1, 3)), ("二〇二六年〇一月〇三日", date(2026, 1, 3)),
        ("二〇二六年拾贰月叁拾壹日", date(2026, 12, 31)), ("二〇二六年十二月九", date(2026, 12, 9)), ("2026年1月3日", date(2026, 1, 3)),
        ("2026.1.3", date(2026, 1, 3)), ("2026/01/03", date(2026, 1, 3)), ("2026-1-3", date(2026, 1, 3)), ("日期20260103", date(2026, 1, 3)),
        ("签于2026年01月03", date(2026, 1, 3)),
    ],
)  # fmt: skip
def test_a_day_on_a_page(text: str, day: date) -> None:
    assert list(days_in(text)) == [day]


@pytest.mark.parametrize(
    "text",
    [
        "A20260103", "20260103B", "-20260103", "120260103", "202601034", "19260103", "2026年13月1日", "2026年2月29日", "二〇二六年十三月一日",
        "二〇二六年零月一日", "2026-11-055", "二〇二六年壹贰月一日", "二〇二六年一月壹贰日", "26年1月3日",
        "二〇X六年一月三日",
    ],
)  # fmt: skip
def test_what_is_no_day(text: str) -> None:
    assert list(days_in(text)) == []


# -- codes

CODE = "91440300708461136T"


@pytest.mark.parametrize(("read", "meant"), [("I", "1"), ("O", "0"), ("S", "5"), ("Z", "2"), ("V", "U")])
def test_each_letter_that_no_code_has_is_taken_for_the_one_that_it_looks_like(read: str, meant: str) -> None:
    assert list(codes_in(f"9144030070846{read}36AB")) == [f"9144030070846{meant}36AB"]


def test_a_code_has_eighteen_characters_with_eight_figures_and_stands_alone() -> None:
    assert list(codes_in(f"代码{CODE.lower()}，另{CODE}")) == [CODE, CODE]
    assert [list(codes_in(text)) for text in (f"A{CODE}", f"{CODE}9", CODE[:-1])] == [[], [], []]
    eight, seven = "12345678ABCDEFGHJK", "1234567LABCDEFGHJK"
    assert (list(codes_in(eight)), list(codes_in(seven))) == ([eight], [])


def test_each_character_weighs_and_the_last_one_checks() -> None:
    assert [check_digit("0" * n + "1" + "0" * (16 - n)) for n in range(17)] == [
        "0123456789ABCDEFGHJKLMNPQRTUWXY"[31 - weight]
        for weight in (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    ]
    assert check_digit("0" * 17) == "0"
    assert check_digit("Y" + "0" * 16) == "1"
    assert holds(CODE)
    assert not any(holds(code) for code in (CODE[:-1], f"{CODE}0", f"I{CODE[1:]}", f"{CODE[:-1]}0", CODE.lower(), ""))
    with pytest.raises(ValueError, match="longer"):
        check_digit("0" * 16)


# -- names


@pytest.mark.parametrize("kind", names.KIND.split("|"))
def test_each_kind_of_house_ends_a_company_s_name(kind: str) -> None:
    assert COMPANY.fullmatch(f"甲乙{kind}")
    assert COMPANY.fullmatch(f"甲乙(丙丁){kind}(南山)")
    assert cores(f"甲乙{kind}")[0] == "甲乙"
    assert cores(f"甲乙{kind}(南山分店)")[0] == "甲乙"


@pytest.mark.parametrize("trade", ["科技", "电子", "新材料", "材料", "印刷", "包装", "智能", "国际"])
def test_a_trade_is_no_part_of_the_innermost_name(trade: str) -> None:
    assert cores(f"甲乙{trade}有限公司") == (f"甲乙{trade}", "甲乙")
    assert cores(f"{trade}有限公司") == ()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("甲有限公司", ()), ("甲乙有限公司", ("甲乙",)), ("广东省深圳市南山区甲乙丙有限公司", ("广东省深圳市南山区甲乙丙", "甲乙丙")),
        ("深圳市有限公司", ()), ("深圳市电子有限公司", ("深圳市电子",)), ("（深圳）甲乙有限公司", ("甲乙",)), ("深圳市深圳甲乙公司", ("深圳市深圳甲乙", "甲乙")),
        ("ABC Group公司", ("abcgroup",)), ("", ()),
    ],
)  # fmt: skip
def test_what_of_a_name_may_stand_on_a_sign(name: str, found: tuple[str, ...]) -> None:
    assert cores(name) == found


def test_marks_and_width_make_no_other_name_and_nothing_is_the_same_as_nothing() -> None:
    assert same("甲·乙（丙）_有限公司", "甲乙(丙)有限公司")
    assert not same("", "")
    assert not same("()", "")
    assert contains("致：甲乙 有限公司。", "甲乙有限公司")
    assert [contains("甲乙", name) for name in ("乙", "丙", "", "·")] == [True, False, False, False]
    assert not COMPANY.fullmatch("公司")
    assert not COMPANY.fullmatch("甲乙")
    assert COMPANY.fullmatch(f"{'甲' * 36}公司")
    assert not COMPANY.fullmatch(f"{'甲' * 37}公司")
