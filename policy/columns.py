"""The types of columns: how a cell, as it was read, becomes a value.

Each type accepts what staff really write (full-width digits, ￥, 万, text
dates) where only one reading is possible, and otherwise refuses with a
sentence in Chinese that says what to write instead.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from policy.dates import UnclearDay, read_day
from policy.words import clean, split_list

_MAX_EXACT = 10**15  # a spreadsheet keeps 15 digits; a longer number has lost some


def _wrong(kind: str, message: str) -> PydanticCustomError:
    # The message goes in as a value: a literal brace in what staff typed must not be read as a template.
    return PydanticCustomError(f"kebu_{kind}", "{words}", {"words": message})


def as_text(value: Any) -> str:
    """The cell as a person would read it aloud: whole numbers without a point, dates as ISO."""
    if isinstance(value, str):
        return value.strip() if value.isprintable() else clean(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < _MAX_EXACT:
        return str(int(value))
    if isinstance(value, datetime):
        return (
            value.isoformat(" ", "seconds")
            if (value.hour, value.minute, value.second) != (0, 0, 0)
            else (value.date().isoformat())
        )
    return "" if value is None else clean(str(value))


_SPACES = re.compile(r"\s+")


def _line(value: Any) -> str:
    return _SPACES.sub(" ", as_text(value))


def _names(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else split_list(as_text(value))


_YEARS = range(1950, 2100)  # nobody means another: a slip of the hand, which arithmetic on dates need not survive


def _day(value: Any, info: ValidationInfo) -> date:
    try:
        day = read_day(value, as_text(value), (info.context or {}).get("today"))
    except UnclearDay as why:
        raise _wrong("date", str(why)) from None
    if day.year not in _YEARS:
        raise _wrong("date", f"“{day.isoformat()}”的年份不对，请核对后填写四位数年份")
    return day


_AMOUNT = re.compile(r"(?:人民币|RMB|CNY|[¥￥])?\s*(-?[\d,]+(?:\.\d+)?)\s*(万|亿)?\s*元?整?", re.IGNORECASE)
_TIMES = {None: 1, "万": 10_000, "亿": 100_000_000}


def _fen(value: Any) -> int:
    if isinstance(value, (bool, date, datetime)):
        raise _wrong("money", "金额请填数字，例如 12800.50")
    text = f"{value:.15g}" if isinstance(value, float) else unicodedata.normalize("NFKC", as_text(value))
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise _wrong("money", f"“{text}”不是金额，请填数字，例如 12800.50")
    try:
        fen = Decimal(match[1].replace(",", "")) * _TIMES[match[2]] * 100
    except InvalidOperation:
        raise _wrong("money", f"“{text}”不是金额，请填数字，例如 12800.50") from None
    if fen != fen.to_integral_value():
        raise _wrong("money", f"“{text}”超过两位小数，金额最多精确到分")
    if not 0 < fen < _MAX_EXACT:
        raise _wrong("money", f"“{text}”超出范围，金额必须大于 0")
    return int(fen)


def _count(value: Any) -> int:
    text = unicodedata.normalize("NFKC", as_text(value)).replace(",", "")
    match = re.fullmatch(r"(\d{1,9})(?:\.0+)?\s*(?:个|家|户|天|次)?", text)
    if match is None:
        raise _wrong("count", f"“{text}”不是整数，请只填数字，例如 30")
    return int(match[1])


def _phone(value: Any) -> str:
    text = unicodedata.normalize("NFKC", as_text(value)).replace("－", "-").replace("—", "-")
    if re.fullmatch(r"[\d.]+[eE]\+?\d+", text):
        raise _wrong("phone", f"“{text}”是科学计数法，号码已不完整，请把单元格设为文本后重填完整号码")
    from policy.phones import valid_number  # its tables are only needed where a number is read

    number = valid_number(text)
    if number is None:
        raise _wrong("phone", f"“{text}”不是有效的手机或座机号码，请只填一个号码，例如 13800138000 或 0755-26001234")
    return number


def _phones(value: Any) -> str:
    """One number, or a second one besides: 13800138000、0755-26001234."""
    parts = [part for part in re.split(r"[、,，;；/／\n]+", as_text(value)) if part.strip()]
    if len(parts) > _PHONES:
        raise _wrong("phone", f"写了 {len(parts)} 个号码，最多两个，用顿号隔开，例如 13800138000、0755-26001234")
    return "、".join(dict.fromkeys(map(_phone, parts))) if len(parts) > 1 else _phone(value)


_PHONES = 2


def _mobile(value: Any) -> str:
    number = _phone(value)
    if not re.fullmatch(r"1\d{10}", number):
        raise _wrong("phone", f"“{number}”不是手机号码，请填 11 位手机号码")
    return number


Text = Annotated[str, BeforeValidator(_line)]  #: one line
LongText = Annotated[str, BeforeValidator(as_text)]  #: line breaks kept
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]  #: colleagues' names
PhotoNames = Annotated[tuple[str, ...], BeforeValidator(_names)]  #: file names of photos
Day = Annotated[date, BeforeValidator(_day)]
Fen = Annotated[int, BeforeValidator(_fen)]  #: money, in fen
Count = Annotated[int, BeforeValidator(_count)]  #: a whole number, not negative
Phone = Annotated[str, BeforeValidator(_phones)]  #: mobile or landline, and perhaps a second one
Mobile = Annotated[str, BeforeValidator(_mobile)]

#: What makes a value of a cell without knowing anything but the cell; the value needs no further look.
OUTRIGHT = frozenset({_line, as_text, _names, _fen, _count, _phone, _mobile})
