"""Working days: the statutory calendar, the company's own days, and "not covered" rather than a guess (销售日报 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
from chinese_calendar.constants import holidays, workdays

from policy.settings_sections import CalendarSettings

_NAMES = {each.value: each.chinese for each in chinese_calendar.Holiday}
_LONGEST_BREAK = 30  #: days: no holiday is longer
_WEEKDAYS = "一二三四五六日"


class WorkCalendar:
    """Answers for the numbers it was made with.

    A day that the config names is as the config says; otherwise the statutory
    calendar's holidays and shifted working days hold; otherwise the week's rest
    days.  A year that neither the statutory calendar nor ``covered_years``
    covers has no answer: nobody is fined for it.
    """

    def __init__(self, settings: CalendarSettings) -> None:
        self._rest, self._work = frozenset(settings.extra_holidays), frozenset(settings.extra_workdays)
        self._weekend, self._declared = frozenset(settings.weekend), frozenset(settings.covered_years)

    def is_workday(self, day: date) -> bool | None:
        """Whether people work on *day*; None: not covered."""
        return self._answer(day)[0]

    def basis(self, day: date) -> str:
        """On what the answer rests, in words that stand as evidence."""
        return self._answer(day)[1]()

    def workdays(self, start: date, end: date) -> Iterator[date]:
        """The days from *start* to *end*, both included, that are known to be working days."""
        return (day for day in _days(start, end) if self.is_workday(day))

    def next_workday(self, day: date) -> date | None:
        """The first day after *day* that is known to be a working day; None: not covered."""
        for following in _days(day + timedelta(days=1), day + timedelta(days=_LONGEST_BREAK)):
            if (working := self.is_workday(following)) is not False:
                return following if working else None
        return None

    def uncovered(self, start: date, end: date) -> Iterator[date]:
        """The days from *start* to *end*, both included, that the operator must decide in the config."""
        return (day for day in _days(start, end) if self.is_workday(day) is None)

    def _answer(self, day: date) -> tuple[bool | None, _Words]:
        """The answer, and its basis for whoever asks for that: naming the table costs more than looking into it."""
        if day in self._rest:
            return False, lambda: "公司日历：另外放假（配置 extra_holidays）"
        if day in self._work:
            return True, lambda: "公司日历：另外上班（配置 extra_workdays）"
        statutory = _statutory(day)
        if not statutory and day.year not in self._declared:
            return None, lambda: f"未覆盖：{_table()}没有 {day.year} 年，请在配置的 [calendar] 里补充"
        source: _Words = _table if statutory else lambda: f"公司日历：{day.year} 年（配置 covered_years）"
        named = _named(day) if statutory else None
        if named is not None:
            return named[0], lambda: f"{source()}：{named[1]}"
        return self._ordinary(day, source)

    def _ordinary(self, day: date, source: _Words) -> tuple[bool, _Words]:
        working = day.isoweekday() not in self._weekend
        return working, lambda: f"{source()}：星期{_WEEKDAYS[day.weekday()]}，{'工作日' if working else '休息日'}"


_Words = Callable[[], str]


def _named(day: date) -> tuple[bool, str] | None:
    """The statutory calendar's word on a day that differs from an ordinary week."""
    if day in workdays:
        return True, f"{_NAMES.get(workdays[day], '节假日')}调休，上班"
    if day in holidays:
        return False, f"{_NAMES.get(holidays[day], '节假日')}放假"
    return None


def _statutory(day: date) -> bool:
    """Whether the statutory calendar covers *day*; beyond its years it raises."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=1)
def _table() -> str:
    from importlib.metadata import version  # brings the parser of mails with it

    return f"国务院公布的节假日和调休安排（数据版本 {'.'.join(version('chinesecalendar').split('.')[:2])}）"


def _days(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=n) for n in range((end - start).days + 1))
