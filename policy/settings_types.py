"""The types of config values: strict about what is written, clear about what is allowed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from policy.posts import POSTS
from policy.settings_load import nearest, shown, wrong

_DAY = timedelta(hours=24)


def _clock(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", unicodedata.normalize("NFKC", str(value)).strip())
    clock = timedelta(hours=int(match[1]), minutes=int(match[2])) if match and int(match[2]) < 60 else None
    if clock is None or clock > _DAY:
        raise wrong(f'应为 00:00 到 24:00 之间的时刻，例如 "20:00"，现在写的是 {shown(value)}')
    return clock


def _of_day(value: timedelta) -> timedelta:
    if value >= _DAY:
        raise wrong('应为 00:00 到 23:59 之间的时刻，例如 "00:30"')
    return value


@dataclass(frozen=True)
class MonthlyAt:
    """A day of the month, and the time since its midnight."""

    day: int
    at: timedelta


def _monthly(value: Any) -> MonthlyAt:
    if isinstance(value, MonthlyAt):
        return value
    match = re.fullmatch(r"(\d{1,2})\s*(?:st|nd|rd|th|日|号)?\s+(\S+)", str(value).strip())
    if match is None or not 1 <= int(match[1]) <= 28:
        raise wrong(f'应为每月几日几点，写成 "1st 01:00"，日子只能是 1 到 28，现在写的是 {shown(value)}')
    return MonthlyAt(int(match[1]), _of_day(_clock(match[2])))


def _yuan(value: Any) -> Decimal:
    # A float goes through its shortest text: Decimal(0.1) would carry the binary tail.
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise wrong(f"应为不带引号的金额（元），例如 20，现在写的是 {shown(value)}")
    amount = Decimal(str(value))
    if not amount.is_finite() or not 0 <= amount <= 1_000_000 or amount != round(amount, 2):
        raise wrong(f"应为 0 到 1000000 元之间、最多两位小数的金额，现在写的是 {shown(value)}")
    return amount


def as_date(value: Any) -> date:
    """A TOML date, or one written as text; a moment is no date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise wrong(f"应为日期，写成 2026-10-01，现在写的是 {shown(value)}") from None


def _word(value: str) -> str:
    if not value.strip() or "\n" in value:
        raise wrong("不能是空白，也不能换行")
    return value.strip()


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    repeated = sorted({str(each) for each in values if values.count(each) > 1})
    if repeated:
        raise wrong(f"{'、'.join(repeated)}写了两次，请只留一个")
    return values


def _post(value: str) -> str:
    if value not in POSTS:
        raise wrong(f"没有“{value}”这个岗位{nearest(value, POSTS) or '，'}可以写：{'、'.join(POSTS)}")
    return value


_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def _folder_name(value: str) -> str:
    bad = _FORBIDDEN.search(value) or _DEVICE.fullmatch(value) or value.startswith(".") or value.endswith(".")
    if bad:
        raise wrong(f"应为文件夹的名称，不能带路径，不能有 : * ? < > | 或首尾的点，现在写的是 {shown(value)}")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise wrong(f"没有“{value}”这个时区，中国大陆请写 Asia/Shanghai") from None
    return value


Clock = Annotated[timedelta, BeforeValidator(_clock)]  #: since midnight; "24:00" is the day's end
TimeOfDay = Annotated[timedelta, BeforeValidator(_clock), AfterValidator(_of_day)]  #: since midnight, below 24 h
Monthly = Annotated[MonthlyAt, BeforeValidator(_monthly)]
Yuan = Annotated[Decimal, BeforeValidator(_yuan)]
Day = Annotated[date, BeforeValidator(as_date)]
Year = Annotated[int, Field(strict=True, ge=2000, le=2999)]
Weekday = Annotated[int, Field(strict=True, ge=1, le=7)]  #: ISO: 1 is Monday
Whole = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
Positive = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
Number = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
Switch = Annotated[bool, Field(strict=True)]
Word = Annotated[str, AfterValidator(_word)]
Words = Annotated[tuple[Word, ...], AfterValidator(_distinct)]
Choices = Annotated[tuple[Word, ...], Field(min_length=1), AfterValidator(_distinct)]
Post = Annotated[Word, AfterValidator(_post)]
Posts = Annotated[tuple[Post, ...], AfterValidator(_distinct)]
FolderName = Annotated[Word, AfterValidator(_folder_name)]
Zone = Annotated[str, AfterValidator(_zone)]
distinct = AfterValidator(_distinct)
