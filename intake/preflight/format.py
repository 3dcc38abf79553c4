"""What number formats mean: which numbers are dates, and what date a number is."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta

from intake.preflight.survey import DateKind

LAST_SERIAL = 2958466  # 10000-01-01
FALSE_LEAP_DAY = 60  # 1900-02-29, which never was
DAY_MS = 86_400_000

# 27–36 and 50–58 are the built-in formats of Chinese Excel (yyyy"年"m"月"d"日", 上午/下午h"时"mm"分", ...)
BUILTIN = {
    **dict.fromkeys((14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), DateKind.DATE),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56), DateKind.TIME),
    46: DateKind.DURATION,
}
ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', re.DOTALL)
NOISE = re.compile(r"general|g/通用格式|e[+-]", re.IGNORECASE)
HALF_DAY = re.compile(r"am/pm|a/p|上午/下午", re.IGNORECASE)


def kind_of_format(number: int, code: str | None) -> DateKind | None:
    """What a format shows: None for plain numbers.  *code* is None for built-in formats."""
    if code is None:
        return BUILTIN.get(number)
    first = code.partition(";")[0]
    if ELAPSED.search(LITERAL.sub(lambda match: match[0] if match[0][0] == "[" else "", first)):
        return DateKind.DURATION
    letters = HALF_DAY.sub("h", NOISE.sub("", LITERAL.sub("", first))).lower()
    if re.search(r"[yd年日]|e+年?", letters) or ("m" in letters and not re.search(r"[hs]", letters)):
        return DateKind.DATE
    return DateKind.TIME if re.search(r"[hms]", letters) else None


def is_date(serial: float, kind: DateKind, date1904: bool) -> bool:
    """Whether *serial* can be shown as the format wants."""
    if not math.isfinite(serial) or not 0 <= serial < LAST_SERIAL - (1462 if date1904 else 0):
        return False
    if kind is DateKind.DATE and not date1904:
        return serial >= 1 and math.floor(serial) != FALSE_LEAP_DAY
    return True


def to_moment(serial: float, kind: DateKind, date1904: bool) -> date | datetime | time | str:
    """The date, time or both that a serial number shows; a duration of a day or more is text such as ``26:30:00``.

    Rounded to milliseconds, as Excel shows them.  Only for what :func:`is_date` allows.
    """
    total = round(serial * DAY_MS)
    days, rest = divmod(total, DAY_MS)
    if kind is DateKind.DURATION and days:
        seconds = total // 1000
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    clock = (datetime.min + timedelta(milliseconds=rest)).time()
    if not days and kind is not DateKind.DATE:
        return clock
    day = _epoch(days, date1904) + timedelta(days=days)
    return datetime.combine(day, clock) if rest else day


def to_serial(moment: date | time, date1904: bool) -> float:
    """The number behind a moment: undoes what a library took for a date against our own reading of the format."""
    if isinstance(moment, time):
        return (datetime.combine(date.min, moment) - datetime.min) / timedelta(days=1)
    whole = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    days = (whole - datetime.combine(_epoch(FALSE_LEAP_DAY, date1904), time())) / timedelta(days=1)
    return days if date1904 or days > FALSE_LEAP_DAY else days - 1


def _epoch(days: int, date1904: bool) -> date:
    if date1904:
        return date(1904, 1, 1)
    return date(1899, 12, 31) if days < FALSE_LEAP_DAY else date(1899, 12, 30)
