"""Amounts as contracts write them: in figures and in capitals (客户成交 5.1(2))."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

_DIGITS = {
    **dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    **dict(zip("〇一二三四五六七八九", range(10), strict=True)),
    "貳": 2, "弍": 2, "两": 2, "兩": 2, "参": 3, "叄": 3, "參": 3, "弎": 3, "陸": 6, "O": 0, "○": 0,
}  # fmt: skip
_UNITS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
_GREAT = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_WORD = "".join((*_DIGITS, *_UNITS, *_GREAT))
#: a run of capitals up to 元; 角 and 分 behind it; what is blank on a printed form may stand as a dash
_CAPITALS = re.compile(rf"([{_WORD}]+)[元圆圓](?:([{_WORD}])角)?零?(?:([{_WORD}])分)?")
_LEAST = 2  #: characters: 元 alone, or behind one figure, is no amount in capitals

_FIGURES = re.compile(r"([¥￥]|RMB|CNY|人民币)?:?(\d[\d,.，]*\d|\d)(万|亿)?(元|圆)?", re.IGNORECASE)
_FRACTION = re.compile(r"[.,](\d{1,2})$")
_TIMES = {"": 1, "万": 10_000, "亿": 100_000_000}
_MOST = 10**15  #: fen; more is a number of something else


def in_capitals(text: str) -> Iterator[int]:
    """The amounts, in fen, that *text* writes out: 壹拾贰万捌仟元整 is 12,800,000."""
    for found in _CAPITALS.finditer(text):
        whole, tenth, hundredth = found.groups()
        yuan = whole_number(whole) if len(whole) >= _LEAST else None
        if yuan is not None:
            yield yuan * 100 + _digit(tenth) * 10 + _digit(hundredth)


def _digit(text: str | None) -> int:
    return _DIGITS.get(text or "", 0)


def whole_number(text: str) -> int | None:
    """The number that characters write out, or None where they are no number: 拾万贰 or 壹贰拾."""
    total, section, digit = 0, 0, None
    least = 10**12  # each unit of a section must be smaller than the one before
    last, highest = 0, 0  # of 万 and 亿
    for letter in text:
        if letter in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[letter]
        elif letter in _UNITS:
            unit = _UNITS[letter]
            if unit >= least or digit == 0:
                return None
            section += (1 if digit is None else digit) * unit  # 拾万 begins with a bare 拾
            digit, least = None, unit
        else:
            great = _GREAT[letter]
            section += digit or 0
            counts_all = 0 < last < great  # 壹万贰仟亿: what stands before 万 is counted in 亿 as well
            if great in (last, highest) or not (section or counts_all):
                return None
            total = (total + section) * great if counts_all else total + section * great
            section, digit, least = 0, None, 10**12
            last, highest = great, max(great, highest)
    return total + section + (digit or 0)


def in_figures(text: str) -> Iterator[int]:
    """The amounts, in fen, that stand in *text* in figures and look like money: a sign, 元, fractions or thousands."""
    for found in _FIGURES.finditer(text):
        sign, digits, times, yuan = found.groups()
        if sign or yuan or times or "," in digits or "." in digits:
            fen = _fen(digits, times or "")
            if fen is not None:
                yield fen


def _fen(digits: str, times: str) -> int | None:
    """Separators are read as they may come out of a blurred page: only one or two last digits are a fraction."""
    digits = digits.replace("，", ",")
    fraction = _FRACTION.search(digits)
    cents = fraction[1] if fraction else ""
    if times and fraction is None and digits.count(".") == 1:  # 12.345万 has no thousands
        whole, cents = digits.replace(",", "").split(".")
    else:
        whole = re.sub(r"[.,]", "", digits[: fraction.start()] if fraction else digits)
    if not whole.isdigit():
        return None
    fen = Decimal(f"{whole}.{cents or 0}") * 100 * _TIMES[times]
    return int(fen) if fen == fen.to_integral_value() and 0 < fen < _MOST else None
