"""The month's work: the deduction workbook, each line with its evidence (销售日报 7(4))."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from ledger import days
from outbox.queue import tell
from outbox.reports.deduction import Change
from policy.calendar import WorkCalendar
from policy.clauses import cite
from policy.deadlines import day_end
from policy.sight import sees
from processors.compliance import UNDECIDED, UNKNOWN, Duty
from processors.deduction import changes_between
from service.attainment import close_attainment
from service.closing import Closed, hidden_on, out_of_sight, post_closing
from service.company import Service
from service.days import duties_on
from service.delivering import deliver
from service.taking import take_everything
from service.unread import DEDUCTION, deduction_report, mark_of, without_reader

__all__ = ["DEDUCTION", "close_month", "ended_days"]


def close_month(
    service: Service, year: int, month: int, now: datetime, *, arrival: datetime | None, patience: float = 0
) -> Closed:
    """Write the month's deductions to HR; running it again writes a new version only if something changed."""
    taken = take_everything(service, now, arrival=arrival, patience=patience)
    closed = Closed(f"{DEDUCTION}_{year:04d}-{month:02d}", summary=taken)
    with service.lock():
        hidden = out_of_sight(service, now, arrival)
        ended = ended_days(year, month, now.date())
        duties = [duty for day in ended for duty in duties_on(service, day, hidden_on(hidden, day))]
        content = _content(service, duties)
        before = days.last_closing(service.book, closed.period)
        with service.book.transaction():
            if before is None or _at_stake(before["content"]) != _at_stake(content):
                closed.version = post_closing(service, closed.period, content, now)
            if closed.version:
                _queue(service, closed, content, before, duties, now)
            _version, files = close_attainment(service, year, month, now)
            closed.files += files
        deliver(service, now, closed.summary)
    closed.kept_for = [post for period, post in without_reader(service, now) if period == closed.period]
    closed.counts = {"缺交": len(content["lines"]), "待核实": len(content["unverified"])}
    closed.for_operator += [f"{each.day} {each.person}：{each.remark}" for each in duties if each.state == UNKNOWN]
    closed.for_operator += closed.summary.troubles
    return closed


def ended_days(year: int, month: int, today: date) -> list[date]:
    """The days of the month that are over."""
    first = date(year, month, 1)
    length = calendar.monthrange(year, month)[1]
    return [day for n in range(length) if (day := first + timedelta(days=n)) < today]


def _content(service: Service, duties: Sequence[Duty]) -> dict[str, Any]:
    fined = [duty for duty in duties if duty.fined]
    unknown = [duty for duty in duties if duty.state in (UNKNOWN, UNDECIDED)]
    return {
        "lines": [
            {
                "day": duty.day.isoformat(),
                "department": duty.department,
                "person": duty.person,
                "due_at": day_end(duty.day, service.settings.as_of(duty.day), service.zone).isoformat(),
                "unit_fen": service.settings.as_of(duty.day).daily_report.deduction_fen,
                "basis": cite("daily.7.4"),
                "evidence": _evidence(service, duty),
            }
            for duty in fined
        ],
        "unverified": [
            {"day": duty.day.isoformat(), "department": duty.department, "person": duty.person, "reason": duty.remark}
            for duty in unknown
        ],
    }


def _at_stake(content: dict[str, Any]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """What makes a version: who loses what for which day, and which days are open.  Evidence grows with every report."""
    fines = [tuple(line[name] for name in ("day", "department", "person", "unit_fen")) for line in content["lines"]]
    return fines, [(each["day"], each["person"]) for each in content["unverified"]]


def _evidence(service: Service, duty: Duty) -> str:
    """What was looked at before somebody loses pay."""
    before, after = days.neighbours(service.book, duty.person, duty.day)
    parts = [
        f"工作日依据：{WorkCalendar(service.settings.as_of(duty.day).calendar).basis(duty.day)}",
        "没有覆盖当日的豁免登记",
        f"之前最近一份日报：{before or '无'}",
        f"之后最近一份日报：{after or '无'}",
    ]
    return "；".join([*parts, *([duty.remark] if duty.remark else [])])


def _queue(
    service: Service, closed: Closed, content: dict[str, Any], before: dict[str, Any] | None, duties: Sequence[Duty],
    now: datetime,
) -> None:  # fmt: skip
    """The newest version under the month's own name; the one it replaces stays beside it."""
    latest = days.last_closing(service.book, closed.period)
    report = replace(deduction_report(_month(closed), content, closed.version, now), mark=mark_of(latest))
    if before is not None:
        report = replace(report, changes=_changes(before["content"], content, duties))
    files = [(f"{closed.period}.xlsx", report)]
    if before is not None:
        made_at = datetime.fromisoformat(before["closed_at"])
        old = replace(
            deduction_report(_month(closed), before["content"], before["version"], made_at), mark=mark_of(before)
        )
        files.append((f"{closed.period}_第{before['version']}版.xlsx", old))
    folder = service.settings.folders.reports
    for viewer in _viewers(service, now.date()):
        for name, report in files:
            tell(service.book, viewer, folder, name, report, "report", now)
            closed.files.append(f"{viewer}/{name}")


def _viewers(service: Service, today: date) -> Iterable[str]:
    for person in service.people(today).values():
        if person.active_on(today) and sees(DEDUCTION, person, None, service.settings.as_of(today)):
            yield person.name


def _changes(before: dict[str, Any], content: dict[str, Any], duties: Sequence[Duty]) -> tuple[Change, ...]:
    stands = {
        (duty.day.isoformat(), duty.person): f"当日现为“{duty.state}”：{duty.remark}".rstrip("：") for duty in duties
    }
    return tuple(
        Change(kind, date.fromisoformat(day), person, old, new, reason)
        for kind, day, person, old, new, reason in changes_between(before, content, stands)
    )


def _month(closed: Closed) -> str:
    return closed.period.split("_")[1]
