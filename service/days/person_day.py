"""The whole story of one person-day of 销售日报: what was due, what came, what was looked at, what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from ledger import days, files, rows
from ledger.attempts import attempts_on
from ledger.days import COMPLIANCE
from ledger.people import called_now
from ledger.records import Person, Row, Status
from policy.calendar import WorkCalendar
from policy.clauses import cite
from policy.deadlines import day_end, due
from processors.compliance import Duty
from service.company import Service
from service.days.duties import duties_on
from service.days.stages import STATUS_WORDS


def person_day(service: Service, name: str, day: date, now: datetime) -> list[str] | None:
    """The story in lines; None if nobody of that *name* is in the register."""
    name = called_now(service.book, name)
    person = service.people(max(day, now.date())).get(name)
    if person is None:
        return None
    told = [f"{name}（{person.department}，{person.post}）  {day}  销售日报"]
    duty = next((each for each in duties_on(service, day, ()) if each.person == name), None)
    told += _due(service, person, day, now, duty)
    told += _came(service, name, day)
    told += _reports(service, name, day)
    told += _looked_at(service, name, day)
    told += _judged(duty)
    return [*told, *_closings(service, name, day)]


def _due(service: Service, person: Person, day: date, now: datetime, duty: Duty | None) -> Iterator[str]:
    settings = service.settings.as_of(day)
    ends = day_end(day, settings, service.zone)
    yield f"应交：{_duty_words(service, person, day, duty)}（{WorkCalendar(settings.calendar).basis(day)}）"
    yield (
        f"  截止 {_moment(due(day, settings, service.zone))}；到 {_end_words(ends)} 仍未收到才算缺交〔{cite('daily.7.4')}〕"
    )
    if now < ends:
        yield "  这一天还没有结束"


def _duty_words(service: Service, person: Person, day: date, duty: Duty | None) -> str:
    settings = service.settings.as_of(day)
    if person.post not in settings.posts.daily_report:
        return f"岗位是{person.post}，不用交日报"
    if not person.active_on(day):
        return "当天不在职，不用交日报"
    workday = WorkCalendar(settings.calendar).is_workday(day)
    if workday is None:
        return "日历没有覆盖这一天，不能确定"
    return "工作日，要交日报" if workday else "休息日，不用交日报"


def _came(service: Service, name: str, day: date) -> Iterator[str]:
    """Every file of that day, whatever was in it."""
    found = files.arrived_on(service.book, name, day)
    yield "当天投递的文件" + ("" if found else "：没有")
    for file in found:
        became = f"，整份退回：{file['reason']}" if file["outcome"] == "refused" else ""
        yield f"  {_moment(datetime.fromisoformat(file['arrived_at']))}  {file['name']}{became}"


def _reports(service: Service, name: str, day: date) -> Iterator[str]:
    found = rows.of_day(service.book, days.DAILY_REPORT, name, day)
    yield "这一天的日报" + ("" if found else "：没有收到过")
    for row in found:
        yield f"  受理号 {row.receipt_no}  {_moment(row.submitted_at)} 收到  {STATUS_WORDS[row.status]}"
        yield from (f"    {finding.column}：{finding.message}" for finding in row.findings)
        yield from _reviewed(row)


def _reviewed(row: Row) -> Iterator[str]:
    if row.decided_by is not None and row.decided_at is not None:
        words = "同意" if row.status is Status.ACCEPTED else "驳回"
        yield f"    {row.decided_by} {_moment(row.decided_at)} {words}" + (f"：{row.comment}" if row.comment else "")


def _looked_at(service: Service, name: str, day: date) -> Iterator[str]:
    """What speaks for somebody: leave, tries that were not accepted, the reports around it."""
    yield "查看过的其他情况"
    exemption = days.exemptions_on(service.book, day).get(name)
    if exemption is None:
        yield "  没有覆盖当日的豁免登记"
    else:
        yield f"  豁免：{exemption.reason}（{exemption.granted_by}登记，受理号 {exemption.receipt_no}）"
    yield from (f"  {attempt}" for attempt in attempts_on(service.book, day).get(name, ()))
    unread = days.unread_files_on(service.book, day).get(name, ())
    yield from (f"  系统自己没能读取：{file}（不算本人的）" for file in unread)
    before, after = days.neighbours(service.book, name, day)
    yield f"  之前最近一份日报：{before or '无'}；之后最近一份：{after or '无'}"


def _judged(duty: Duty | None) -> Iterator[str]:
    if duty is None:
        yield "结论：这一天不用交，不计缺交"
        return
    fined = "按缺交扣款" if duty.fined else "不扣款"
    yield f"结论：{duty.state}，{fined}" + (f"。{duty.remark}" if duty.remark else "")
    if duty.review:
        at = f" {_moment(duty.reviewed_at)}" if duty.reviewed_at else ""
        yield f"  审核：{duty.review}（{duty.reviewer or '没有审核人'}{at}）"


def _closings(service: Service, name: str, day: date) -> Iterator[str]:
    """What the day's and the month's closings have said of it, version by version."""
    yield "关账"
    told = list(_said(service, f"{COMPLIANCE}_{day}", name, day, "lines", "state"))
    told += _said(service, f"日报扣款_{day:%Y-%m}", name, day, "lines", "evidence", "列入扣款：")
    told += _said(service, f"日报扣款_{day:%Y-%m}", name, day, "unverified", "reason", "列入待核实：")
    yield from told or ["  还没有关账，或没有列入"]


def _said(service: Service, period: str, name: str, day: date, part: str, what: str, before: str = "") -> Iterator[str]:
    for closing in days.closings(service.book, period):
        line: dict[str, Any] | None = next(
            (each for each in closing["content"][part] if (each["person"], each["day"]) == (name, str(day))), None
        )
        if line is not None:
            at = _moment(datetime.fromisoformat(closing["closed_at"]))
            yield f"  {period} 第 {closing['version']} 版（{at}）：{before}{line[what]}"


def _moment(at: datetime) -> str:
    return f"{at:%m-%d %H:%M}"


def _end_words(ends: datetime) -> str:
    """Midnight belongs to the day that it ends."""
    if (ends.hour, ends.minute) == (0, 0):
        return f"{ends - timedelta(days=1):%m-%d} 24:00"
    return _moment(ends)
