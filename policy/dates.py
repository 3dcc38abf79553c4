"""How a date is read as staff write it: in full, without its year, or as 今天 (销售日报 7(1))."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

_FULL = re.compile(
    r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*[日号]?(?:[ T]+\d{1,2}:\d{2}(?::\d{2})?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NO_YEAR = re.compile(r"(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*[日号]?")
_DAYS_AWAY = {
    "今天": 0, "今日": 0, "当天": 0, "当日": 0, "本日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1, "明日": 1,
}  # fmt: skip
_NEW_YEAR = 7  #: days of January in which hands still write the old year


class UnclearDay(ValueError):
    """The words do not say which day is meant; the message tells why, in Chinese."""


def read_day(value: Any, text: str, today: date | None) -> date:
    """The day that a cell means; *today* is the day of its arrival, None where nothing may be taken from it.

    :raises UnclearDay: no single day is meant
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = unicodedata.normalize("NFKC", text)
    match = _FULL.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is not None:
        return _real(text, *(int(part) for part in match.groups()))
    if today is not None and text in _DAYS_AWAY:
        return today + timedelta(days=_DAYS_AWAY[text])
    short = _NO_YEAR.fullmatch(text)
    if today is None or short is None:
        raise UnclearDay(f"“{text}”看不出是哪一天，请写成 2026-11-23 的样子，年月日都要写全")
    month, day = int(short[1]), int(short[2])
    if isinstance(value, float) and day < 4:  # a cell of numbers shows 11.10 as 11.1
        raise UnclearDay(f"“{text}”看不出是 {day} 日还是 {day}0 日，请写成 2026-11-23 的样子，年月日都要写全")
    return _nearest(text, month, day, today)


def in_full(value: Any, text: str) -> bool:
    """Whether the cell itself says year, month and day."""
    text = unicodedata.normalize("NFKC", text)
    return isinstance(value, date) or bool(_FULL.fullmatch(text) or _COMPACT.fullmatch(text))


def of_this_year(day: date, today: date) -> date:
    """A day of the first week of January, written with the old year in that very week, is one of this year."""
    slipped = today.month == day.month == 1 and today.day <= _NEW_YEAR and day.day <= _NEW_YEAR
    return day.replace(year=today.year) if slipped and day.year == today.year - 1 else day


def _nearest(text: str, month: int, day: int, today: date) -> date:
    """The day of that month that lies nearest to *today*."""
    found = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    if not found:
        raise UnclearDay(f"“{text}”不是真实存在的日期")
    return min(found, key=lambda each: abs((each - today).days))


def _real(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise UnclearDay(f"“{text}”不是真实存在的日期") from None
