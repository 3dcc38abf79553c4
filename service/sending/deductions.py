"""日报扣款: a month's fines for HR, each line with its evidence, renewed by itself when facts change (销售日报 7(4))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ledger import days
from ledger.charges import look_until, looked_until, moved_since
from outbox.queue import tell
from outbox.receipts.compose import notice, queue_receipt
from outbox.receipts.model import Message
from outbox.reports.deduction import Change, DeductionReport
from policy.clauses import cite
from policy.deadlines import day_end
from policy.sight import sees
from processors.compliance import UNDECIDED, UNKNOWN, Duty
from processors.deduction import changes_between
from service.company import Service
from service.days.charges import put_before_supervision, undecided_fines
from service.days.duties import duties_on
from service.days.evidence import looked_at
from service.days.outstanding import DEDUCTION
from service.days.periods import Closed, ended_days, hidden_on, post_closing
from service.sending.month_calendar import close_calendar
from service.sending.unread import deduction_report, mark_of


def write_deductions(
    service: Service, closed: Closed, of: Sequence[date], hidden: Mapping[str, date], now: datetime
) -> list[Duty]:
    """Judge the days *of* a month and write HR what changed; what is not decided goes before 企管部.  In a transaction."""
    duties = [duty for day in of for duty in duties_on(service, day, hidden_on(hidden, day))]
    content = _content(service, duties)
    before = days.last_closing(service.book, closed.period)
    if before is None or _at_stake(before["content"]) != _at_stake(content):
        closed.version = post_closing(service, closed.period, content, now)
    if closed.version:
        _queue(service, closed, content, before, duties, now)
    asked = [duty for duty in duties if duty.fined or duty.state == UNDECIDED]
    evidence = {duty: looked_at(service, duty.person, duty.day, duty.remark) for duty in asked if duty.fined}
    put_before_supervision(service, of, asked, evidence, now)
    closed.counts = {"缺交": len(content["lines"]), "待核实": len(content["unverified"])}
    return duties


def renew_months(service: Service, hidden: Mapping[str, date], now: datetime) -> list[str]:
    """A new version for every month already reported whose facts have changed since; gives the files."""
    files: list[str] = []
    seq, _hash = service.book.head()
    moved = moved_since(service.book, looked_until(service.book))
    for period in days.reported(service.book, DEDUCTION) if moved else ():
        year, month = map(int, period.split("_")[1].split("-"))
        of = ended_days(year, month, now.date())
        if of and any(span.first <= of[-1].isoformat() and of[0].isoformat() <= span.last for span in moved):
            closed = Closed(period)
            duties = write_deductions(service, closed, of, hidden, now)
            files += [*closed.files, *close_calendar(service, _month(closed), of, duties, now)]
    look_until(service.book, seq, now)
    return files


def _content(service: Service, duties: Sequence[Duty]) -> dict[str, Any]:
    fined = [duty for duty in duties if duty.fined]
    unknown = [duty for duty in duties if duty.state in (UNKNOWN, UNDECIDED)]
    return {
        "unsigned": undecided_fines(service, fined),
        "lines": [
            {
                "day": duty.day.isoformat(),
                "department": duty.department,
                "person": duty.person,
                "due_at": day_end(duty.day, service.settings.as_of(duty.day), service.zone).isoformat(),
                "unit_fen": service.settings.as_of(duty.day).daily_report.deduction_fen,
                "basis": cite("daily.7.4"),
                "evidence": looked_at(service, duty.person, duty.day, duty.remark),
            }
            for duty in fined
        ],
        "unverified": [
            {"day": duty.day.isoformat(), "department": duty.department, "person": duty.person, "reason": duty.remark}
            for duty in unknown
        ],
    }


def _at_stake(content: dict[str, Any]) -> tuple[object, ...]:
    """What makes a version: who loses what for which day, which days are open, and whether 企管部 has signed.

    Evidence grows with every report, and is no reason for another version.
    """
    fines = [tuple(line[name] for name in ("day", "department", "person", "unit_fen")) for line in content["lines"]]
    return fines, [(each["day"], each["person"]) for each in content["unverified"]], _signed(content)


def _signed(content: dict[str, Any]) -> bool:
    """Whether 企管部 has decided on every line; months of earlier versions were never put before them."""
    return not content.get("unsigned", len(content["lines"])) and not content["unverified"]


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
        old = deduction_report(_month(closed), before["content"], before["version"], made_at)
        old = replace(old, mark=mark_of(before))
        files.append((f"{closed.period}_第{before['version']}版.xlsx", old))
    folder = service.settings.folders.reports
    for viewer in _viewers(service, now.date()):
        for name, each in files:
            tell(service.book, viewer, folder, name, each, "report", now)
            closed.files.append(f"{viewer}/{name}")
        if before is not None:
            _tell_of_version(service, viewer, closed, report, now)


def _tell_of_version(service: Service, viewer: str, closed: Closed, report: DeductionReport, now: datetime) -> None:
    """HR learns of a new version, and of what is different in it, without opening every workbook again."""
    changed = [
        f"{each.kind}：{each.day} {each.person} {each.before} → {each.after}（{each.reason}）"
        for each in report.changes
    ]
    state = f"未核定，还有 {report.unsigned} 条等企管部" if report.unsigned else "企管部已全部核定"
    words = [f"{closed.period} 已出第 {closed.version} 版（{state}），请以新版为准", *changed]
    told = notice(viewer, f"{closed.period}新版", now, [Message("flag", each) for each in words])
    queue_receipt(service.book, service.settings.folders.receipts, told, "report", now)


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
