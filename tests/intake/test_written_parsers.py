"""What stands on pages, read as numbers, days and codes: no reader of pictures is needed for these."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from validators.written.amounts import in_capitals, in_figures, whole_number
from validators.written.codes import check_digit, codes_in, holds
from validators.written.days import days_in
from validators.written.names import COMPANY, contains, cores, same

DIGITS, UNITS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")


def section(number: int) -> str:
    """Up to four figures in capitals, as an accountant writes them."""
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            said += ("零" if gap and said else "") + DIGITS[digit] + UNITS[place]
            gap = False
        else:
            gap = True
    return said


def capitals(fen: int) -> str:
    """The whole amount in capitals."""
    yuan, rest = divmod(fen, 100)
    said, before = "", False
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = yuan // unit % 10_000
        if part:
            said += ("零" if before and part < 1000 else "") + section(part) + name
        before = before or bool(part)
    tail = (f"{DIGITS[rest // 10]}角" if rest // 10 else "零" if rest else "") + (
        f"{DIGITS[rest % 10]}分" if rest % 10 else ""
    )
    return f"{said}元{tail or '整'}"


@given(
    some.integers(min_value=11, max_value=10**12 - 1).flatmap(lambda yuan: some.integers(yuan * 100, yuan * 100 + 99))
)
def test_every_amount_in_capitals_is_read_back_to_the_fen(fen: int) -> None:
    assert list(in_capitals(capitals(fen))) == [fen]


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("壹拾贰万元整", [12_000_000]),
        ("合同总金额为人民币(大写):壹拾贰万捌仟元整", [12_800_000]),
        ("人民币拾万元整", [10_000_000]),
        ("壹佰零捌万陆仟伍佰元伍角整", [108_650_050]),
        ("叁仟零伍元零柒分", [300_507]),
        ("贰亿叁仟万圆正", [23_000_000_000]),
        ("十二万八千元整", [12_800_000]),
        ("二〇〇元", []),  # figures in a row are no number written out
        ("元", []), ("伍元", []), ("拾万贰", []), ("万元", []),
    ],
)  # fmt: skip
def test_amounts_in_capitals_as_contracts_write_them(text: str, fen: list[int]) -> None:
    assert list(in_capitals(text)) == fen


@pytest.mark.parametrize(
    "text", ["壹贰拾", "拾佰", "零拾", "万", "叁伍", "壹万万", "壹万贰万", "壹亿万", "壹亿贰万叁亿"]
)
def test_characters_that_are_no_number_are_none(text: str) -> None:
    assert whole_number(text) is None


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("(小写):¥128,000.00", [12_800_000]),
        ("￥128000元".replace("￥", "¥"), [12_800_000]),
        ("总价为36,000.00元(大写:叁万陆仟元整)", [3_600_000]),
        ("12.8万元", [12_800_000]),
        ("12.345万元", [12_345_000]),
        ("¥128.000.00", [12_800_000]),  # a comma that came out as a point
        ("1,086,500.50", [108_650_050]),
        ("共 40 台".replace(" ", ""), []),  # a count is no amount
        ("支付30%", []),
        ("RMB5,000", [500_000]),
        ("3亿元", [30_000_000_000]),
        ("¥0.00", []),
    ],
)
def test_amounts_in_figures_look_like_money(text: str, fen: list[int]) -> None:
    assert list(in_figures(text)) == fen


@given(some.integers(min_value=1, max_value=10**13))
def test_every_amount_in_figures_is_read_back_to_the_fen(fen: int) -> None:
    assert list(in_figures(f"合计¥{fen / 100:,.2f}元")) == [fen]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("签订日期:2026年11月23日", [date(2026, 11, 23)]),
        ("2026-11-05", [date(2026, 11, 5)]),
        ("2026/1/5至2026.02.07", [date(2026, 1, 5), date(2026, 2, 7)]),
        ("二〇二六年十一月二十三日", [date(2026, 11, 23)]),
        ("贰零贰陆年拾壹月零伍日", [date(2026, 11, 5)]),
        ("20261123", [date(2026, 11, 23)]),
        ("合同编号YQ20261123", []),
        ("2026年2月30日", []),
        ("二〇二六年十拾月三日", []),
        ("二〇二六年十月三三日", []),
        ("12026-11-05", []),
    ],
)
def test_days_as_contracts_write_them(text: str, days: list[date]) -> None:
    assert list(days_in(text)) == days


@given(some.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    assert list(days_in(f"签订日期:{day.year}年{day.month}月{day.day}日")) == [day]


#: real ones, published by their owners
CODES = ("91440300708461136T", "91110000802100433B", "91330100799655058B", "914403001922038216", "91110108551385082Q")


@pytest.mark.parametrize("code", CODES)
def test_codes_that_were_given_out_hold(code: str) -> None:
    assert holds(code)
    assert list(codes_in(f"统一社会信用代码:{code}")) == [code]


@given(some.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), some.integers(0, 16), some.data())
def test_one_wrong_character_never_holds(first: str, at: int, data: some.DataObject) -> None:
    """GB 32100 is made so that a single slip is always seen."""
    other = data.draw(some.sampled_from([each for each in "0123456789ABCDEFGHJKLMNPQRTUWXY" if each != first[at]]))
    assert holds(first + check_digit(first))
    assert not holds(first[:at] + other + first[at + 1 :] + check_digit(first))


def test_what_a_reader_takes_for_a_letter_that_no_code_has_is_put_right() -> None:
    assert list(codes_in("9144O3OO7O846II36T")) == ["91440300708461136T"]
    assert list(codes_in("914403007084611361234")) == []
    assert not holds("91440300708461136")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("深圳市宏远电子有限公司", ("深圳市宏远电子", "宏远电子", "宏远")),
        ("客簿科技（上海）有限公司", ("客簿科技", "客簿")),
        ("杭州云栖智能设备股份有限公司", ("杭州云栖智能设备", "云栖智能设备", "云栖")),
        ("广东省东莞市华新五金厂", ("广东省东莞市华新五金", "华新五金", "华新")),
        ("东方电子有限公司", ("东方电子",)),  # 东方 is a city, 电子 a trade: neither alone is a name
        ("北京银行", ()),
        ("市场一品食品店", ("市场一品食品", "市场一品")),
    ],
)
def test_the_core_of_a_name_is_what_stands_on_a_sign(name: str, found: tuple[str, ...]) -> None:
    assert cores(name) == found


def test_names_are_the_same_however_they_are_typed() -> None:
    assert same("客簿科技（上海）有限公司", "客簿科技(上海)有限公司 ")
    assert contains("甲方:深圳市宏远电子有限公司(盖章)", "深圳市宏远电子有限公司")
    assert not same("深圳市宏远电子有限公司", "深圳市鸿远电子有限公司")
    assert not contains("甲方", "")
    assert COMPANY.fullmatch("深圳市宏远电子有限公司")
    assert not COMPANY.fullmatch("自动测试设备40台,含安装")
