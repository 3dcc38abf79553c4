"""日报月历 put together from the month's duties and sent to those who see 日报合规, each their part (销售日报 7(3))."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from ledger import days
from outbox.queue import tell
from outbox.reports.month_calendar import MonthCalendar, PersonMonth, ReviewerMonth
from policy.sight import sees
from processors.compliance import AWAY, EXCUSED, REVIEWED, REVIEWED_LATE, UNREVIEWED, Duty
from service.company import Service
from service.days.outstanding import CALENDAR
from service.days.periods import post_closing
from service.sending.shelves import shelf

Content = Mapping[str, Any]
_COMPANY = "全公司"


def close_calendar(
    service: Service, month: str, of: Sequence[date], duties: Sequence[Duty], now: datetime
) -> list[str]:
    """Post and send the calendar of a *month* (YYYY-MM) unless nothing changed; gives the files.  Inside a transaction.

    :param of: the days of the month that are over, with their *duties*
    """
    period = f"{CALENDAR}_{month}"
    content = _content(of, duties)
    if not duties and days.last_closing(service.book, period) is None:
        return []
    version = post_closing(service, period, content, now)
    if not version:
        return []
    files, settings, today = list[str](), service.settings.as_of(now.date()), now.date()
    for viewer in service.people(today).values():
        if not viewer.active_on(today) or not sees(CALENDAR, viewer, viewer.department, settings):
            continue
        scope = _COMPANY if sees(CALENDAR, viewer, None, settings) else viewer.department
        report = month_calendar(period, content, version, now, scope)
        for folder, name in shelf(service, CALENDAR, month):
            tell(service.book, viewer.name, folder, name, report, "report", now)
        files.append(f"{viewer.name}/{period}.xlsx")
    return files


def _content(of: Sequence[date], duties: Sequence[Duty]) -> dict[str, Any]:
    """What the calendar says, as the journal keeps it; everybody's part is drawn from it."""
    states = {(duty.department, duty.person, duty.day): duty.state for duty in duties}
    reviews = Counter((duty.department, duty.reviewer, _review_of(duty)) for duty in duties if duty.reviewer)
    return {
        "days": [day.isoformat() for day in of],
        "people": [
            {"department": of_them, "person": name, "states": [states.get((of_them, name, day), "") for day in of]}
            for of_them, name in sorted({(duty.department, duty.person) for duty in duties})
        ],
        "reviews": [[*key, n] for key, n in sorted(reviews.items())],
    }


def _review_of(duty: Duty) -> str:
    """How the review went; what could not be in time is not held against the reviewer."""
    return AWAY if EXCUSED in duty.remark and duty.review != REVIEWED else duty.review


def month_calendar(period: str, content: Content, version: int, made_at: datetime, scope: str) -> MonthCalendar:
    """The report from what its closing kept, for the company or for the department that *scope* names."""
    people = [one for one in content["people"] if scope in (_COMPANY, one["department"])]
    counts: Counter[tuple[str, str]] = Counter()
    for department, reviewer, review, n in content["reviews"]:
        if scope in (_COMPANY, department):
            counts[reviewer, review] += n
    return MonthCalendar(
        month=period.split("_")[1],
        scope=scope,
        made_at=made_at,
        days=tuple(map(date.fromisoformat, content["days"])),
        people=tuple(PersonMonth(one["department"], one["person"], tuple(one["states"])) for one in people),
        reviewers=tuple(
            ReviewerMonth(name, *(counts[name, word] for word in (REVIEWED, REVIEWED_LATE, UNREVIEWED, AWAY)))
            for name in sorted({name for name, _review in counts})
        ),
        version=version,
    )
