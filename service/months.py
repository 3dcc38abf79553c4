"""The month's work: the deductions to HR, and the attainment of targets, the funnel (销售日报 7(4), 指标编审 11, 目的 1)."""

from __future__ import annotations

from datetime import datetime

from processors.compliance import UNKNOWN
from service.closing import out_of_sight
from service.company import Service
from service.days.outstanding import DEDUCTION, without_reader
from service.days.periods import Closed, ended_days
from service.rows.issuing import issue_sheets
from service.sending.deductions import write_deductions
from service.sending.delivering import deliver
from service.sending.funnel import close_funnel
from service.sending.month_calendar import close_calendar
from service.sending.results import close_attainment
from service.taking import take_everything


def close_month(
    service: Service, year: int, month: int, now: datetime, *, arrival: datetime | None, patience: float = 0
) -> Closed:
    """Write the month's deductions to HR; running it again writes a new version only if something changed."""
    taken = take_everything(service, now, arrival=arrival, patience=patience)
    closed = Closed(f"{DEDUCTION}_{year:04d}-{month:02d}", summary=taken)
    with service.lock():
        hidden = out_of_sight(service, now, arrival)
        with service.book.transaction():
            ended = ended_days(year, month, now.date())
            duties = write_deductions(service, closed, ended, hidden, now)
            closed.files += close_calendar(service, f"{year:04d}-{month:02d}", ended, duties, now)
            _version, files = close_attainment(service, year, month, now)
            closed.files += [*files, *close_funnel(service, year, month, now)]
        issue_sheets(service, now)
        deliver(service, now, closed.summary)
    closed.kept_for = [post for period, post in without_reader(service, now) if period == closed.period]
    closed.for_operator += [f"{each.day} {each.person}：{each.remark}" for each in duties if each.state == UNKNOWN]
    closed.for_operator += closed.summary.troubles
    return closed
