"""The hours of a day: when a report is due, when its review is, when the day ends (销售日报 7)."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta, tzinfo

from policy.settings import Settings


def _at(day: date, since_midnight: timedelta, zone: tzinfo | None) -> datetime:
    midnight = datetime.combine(day, time(0), zone)
    return midnight + since_midnight


def due(day: date, settings: Settings, zone: tzinfo | None) -> datetime:
    """When the report of *day* is due (销售日报 7(1))."""
    return _at(day, settings.daily_report.due, zone)


def review_due(day: date, settings: Settings, zone: tzinfo | None) -> datetime:
    """When its review is due (销售日报 7(2))."""
    return _at(day, settings.daily_report.review_due, zone)


def photo_due(workday: date, settings: Settings, zone: tzinfo | None) -> datetime:
    """Until when a photo of the afternoon before *workday* is taken (客户拜访 5.2, note)."""
    return _at(workday, settings.photos.next_workday_until, zone)


def day_end(day: date, settings: Settings, zone: tzinfo | None) -> datetime:
    """From when on a report that has not arrived is missing."""
    return _at(day, settings.daily_report.day_ends, zone)


def months_before(now: datetime, months: int) -> datetime:
    """Midnight of the day that many months earlier; of the month's last day where it has no such day."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, calendar.monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day, hour=0, minute=0, second=0, microsecond=0)
