"""What is outstanding: which days are not closed,
which reports found no reader.

Asked by ``status``, which must not cost the loading of what draws, judges or closes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from ledger import days
from ledger.days import COMPLIANCE
from policy.posts import COMPANY_WIDE
from service.company import Service

DEDUCTION = "日报扣款"
ATTAINMENT = "指标达成"
FUNNEL = "商机漏斗"
CALENDAR = "日报月历"
REPORTS = (
    COMPLIANCE,
    DEDUCTION,
    CALENDAR,
    ATTAINMENT,
    FUNNEL,
)  #: those that are kept until somebody of a post can read them

Closing = Mapping[str, Any]


def days_to_close(service: Service, now: datetime) -> list[date]:
    """The days that have ended and were never closed, oldest first; the service may have been away."""
    begin, last = days.first_day(service.book), days.last_closed(service.book, COMPLIANCE)
    if begin is None:
        return []
    start = date.fromisoformat(last) + timedelta(days=1) if last else begin
    return [start + timedelta(days=n) for n in range((now.date() - start).days)]


def without_reader(service: Service, now: datetime) -> Iterator[tuple[str, str]]:
    """(report, post) of everything that waits for somebody to take up a post."""
    for kind in REPORTS:
        for post in readers_of(service, kind, now.date()):
            if not holders_of(service, post, now.date()):
                yield from ((str(closing["period"]), post) for closing in unread_by(service, kind, post))


def readers_of(service: Service, kind: str, today: date) -> tuple[str, ...]:
    """The posts of the company that see the whole of a report; a department's part reaches one of them anyway."""
    return tuple(post for post in service.settings.as_of(today).posts.sees.get(kind, ()) if post in COMPANY_WIDE)


def holders_of(service: Service, post: str, today: date) -> list[str]:
    """Who holds a post today."""
    return [each.name for each in service.people(today).values() if each.post == post and each.active_on(today)]


def unread_by(service: Service, kind: str, post: str) -> list[Closing]:
    """The newest closing of each period that nobody who ever held *post* was given, although the post was to see it then."""
    found = (days.last_closing(service.book, period) for period in days.never_received(service.book, kind, post))
    return [
        each
        for each in found
        if each is not None and post in readers_of(service, kind, datetime.fromisoformat(each["closed_at"]).date())
    ]
