"""Working days: by law, by the company, or not known."""

from __future__ import annotations

from datetime import date

import pytest

from policy.calendar import WorkCalendar
from policy.settings_sections import CalendarSettings


def calendar(**numbers: object) -> WorkCalendar:
    return WorkCalendar(CalendarSettings.model_validate(numbers))


@pytest.mark.parametrize(
    ("day", "expected", "basis"),
    [
        (date(2026, 11, 23), True, "星期一，工作日"),
        (date(2026, 11, 22), False, "星期日，休息日"),
        (date(2026, 10, 1), False, "国庆节放假"),
        (date(2026, 2, 14), True, "春节调休，上班"),
        (date(2026, 2, 23), False, "春节放假"),
    ],
)
def test_the_statutory_calendar_with_its_shifted_days_decides(day: date, expected: bool, basis: str) -> None:
    assert calendar().is_workday(day) is expected
    assert calendar().basis(day).startswith("国务院公布的节假日和调休安排（数据版本 ")
    assert calendar().basis(day).endswith(basis)


@pytest.mark.parametrize("day", [date(2100, 3, 1), date(2003, 12, 31)])
def test_a_year_that_nobody_covers_has_no_answer(day: date) -> None:
    assert calendar().is_workday(day) is None
    assert calendar().basis(day).startswith("未覆盖：")
    assert str(day.year) in calendar().basis(day)


def test_the_company_s_days_win_over_the_statutory_ones() -> None:
    ours = calendar(extra_holidays=[date(2026, 11, 23)], extra_workdays=[date(2026, 10, 1)])
    assert ours.is_workday(date(2026, 11, 23)) is False
    assert ours.is_workday(date(2026, 10, 1)) is True
    assert "extra_holidays" in ours.basis(date(2026, 11, 23))
    assert "extra_workdays" in ours.basis(date(2026, 10, 1))


def test_a_day_named_in_an_uncovered_year_is_known_and_its_neighbours_are_not() -> None:
    ours = calendar(extra_workdays=[date(2100, 3, 1)])
    assert ours.is_workday(date(2100, 3, 1)) is True
    assert ours.is_workday(date(2100, 3, 2)) is None


def test_a_year_declared_complete_goes_by_the_company_s_lists_and_the_week() -> None:
    ours = calendar(extra_holidays=[date(2100, 3, 1)], extra_workdays=[date(2100, 3, 6)], covered_years=[2100])
    answers = [ours.is_workday(date(2100, 3, day)) for day in (1, 2, 6, 7)]
    assert answers == [False, True, True, False]  # Monday off, Tuesday, Saturday on, Sunday
    assert "covered_years" in ours.basis(date(2100, 3, 2))


def test_declaring_a_statutory_year_never_turns_its_holidays_into_working_days() -> None:
    assert calendar(covered_years=[2026]).is_workday(date(2026, 10, 1)) is False


def test_a_six_day_week_works_on_saturday_but_not_on_a_holiday() -> None:
    ours = calendar(weekend=[7])
    assert ours.is_workday(date(2026, 11, 21)) is True
    assert ours.is_workday(date(2026, 10, 3)) is False
    assert calendar().is_workday(date(2026, 11, 21)) is False


def test_the_working_days_of_a_span_include_both_ends_and_leave_out_what_is_not_known() -> None:
    assert list(calendar().workdays(date(2026, 9, 30), date(2026, 10, 9))) == [
        date(2026, 9, 30),
        date(2026, 10, 8),
        date(2026, 10, 9),
    ]
    assert list(calendar().workdays(date(2100, 1, 1), date(2100, 1, 31))) == []
    assert list(calendar().uncovered(date(2003, 12, 31), date(2004, 1, 1))) == [date(2003, 12, 31)]
