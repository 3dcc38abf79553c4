"""What the phone shows of the book: 今天 and 回执, customers and colleagues to choose from; a person's own things only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from door.forms import PHONE_FORMS
from ledger import customers, door, rows
from ledger.records import Person, Row, Severity, Status
from outbox.receipts.compose import finding_words
from policy.deadlines import due
from policy.forms.daily_report import DailyReport
from policy.posts import SALESPERSON
from processors.compliance import EXEMPT
from service.company import Service
from service.days.duties import duties_on
from service.sending.sweeping import stands_on

RECENT = timedelta(days=7)
_WEIGHTS = (Severity.REFUSE, Severity.FLAG, Severity.NOTE, Severity.OFF)
_SOON = 7  #: days before a customer goes back to the pool
_STATES = {
    Status.PENDING: "待审批", Status.WAITING: "待补照片", Status.SUPERSEDED: "被替换", Status.ACCEPTED: "已受理",
}  # fmt: skip


def choices_of(service: Service, person: Person, now: datetime) -> dict[str, Any]:
    """Customers of one's own, with where their doors are; colleagues to go along; those who sell, oneself too."""
    here = [each for each in service.people(now.date()).values() if each.active_on(now.date())]
    return {
        "customers": [
            {"name": each.name, "lat": each.lat, "lon": each.lon, "place": f"{each.district}{each.address}"}
            for each in customers.customers_of(service.book, person.name)
        ],
        "colleagues": sorted(each.name for each in here if each.name != person.name),
        "sellers": sorted(each.name for each in here if each.post == SALESPERSON),
    }  # fmt: skip


def today(service: Service, person: Person, now: datetime) -> list[dict[str, str]]:
    """What this person has to do, the most urgent first: (weight, words)."""
    return [{"weight": weight, "words": words} for weight, words in _to_do(service, person, now)]


def _to_do(service: Service, person: Person, now: datetime) -> Iterator[tuple[str, str]]:
    yield from _report(service, person, now)
    for row in rows.submitted_since(service.book, person.name, now - timedelta(days=3)):
        if row.status is Status.REJECTED:
            yield "refuse", f"{row.form}（{row.receipt_no}）{_outcome(row)}，见“回执”"
        elif row.status is Status.WAITING:
            yield "flag", f"{row.form}（{row.receipt_no}）还缺照片"
    for stand in stands_on(service, now.date()):
        if stand.owner == person.name and not stand.exempt and stand.days_left <= _SOON:
            yield "flag", f"“{stand.customer.name}”再过 {max(stand.days_left, 0)} 天没有跟进将回到公海"


def _report(service: Service, person: Person, now: datetime) -> Iterator[tuple[str, str]]:
    duty = next((each for each in duties_on(service, now.date(), ()) if each.person == person.name), None)
    if duty is None or duty.state == EXEMPT:
        return
    if duty.arrived_at is not None:
        yield "note", f"今天的日报已交（{duty.arrived_at:%H:%M}）"
    elif any(not each["taken"] for each in _came(service, person, now) if each["kind"] == DailyReport.code):
        yield "note", "今天的日报已送达，等待处理"
    else:
        limit = due(now.date(), service.settings.as_of(now.date()), service.zone)
        yield ("refuse" if now >= limit else "flag"), f"日报还没有交，{limit:%H:%M} 截止"


def _came(service: Service, person: Person, now: datetime) -> list[dict[str, Any]]:
    return door.came_since(service.book, person.name, now.replace(hour=0, minute=0, second=0, microsecond=0))


def receipts(service: Service, person: Person, now: datetime) -> list[dict[str, Any]]:
    """What became of everything of the last days, newest first."""
    since = now - RECENT
    told = [_row(row) for row in rows.submitted_since(service.book, person.name, since)]
    told += [_refused(each) for each in door.refused_since(service.book, person.name, since)]
    told += [_waiting(each) for each in door.came_since(service.book, person.name, since) if not each["taken"]]
    return sorted(told, key=lambda each: each["at"], reverse=True)


def _row(row: Row) -> dict[str, Any]:
    heaviest = sorted(row.findings, key=lambda finding: _WEIGHTS.index(finding.severity))
    lines = [{"weight": finding.severity.value, "words": finding_words(finding)} for finding in heaviest]
    if row.comment:
        lines.insert(0, {"weight": "refuse", "words": f"{row.decided_by}：{row.comment}"})
    about = next((str(row.values[name]) for name in ("customer", "name", "date") if row.values.get(name)), "")
    title = " · ".join(filter(None, (row.form, about)))
    return {
        "at": row.submitted_at.isoformat(), "title": title, "no": row.receipt_no, "outcome": _outcome(row),
        "good": row.status in (Status.ACCEPTED, Status.PENDING), "lines": lines,
    }  # fmt: skip


def _outcome(row: Row) -> str:
    if row.status is Status.REJECTED:
        return "驳回" if row.decided_by else "退回"
    return "已通过" if row.status is Status.ACCEPTED and row.decided_by else _STATES[row.status]


def _refused(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": record["arrived_at"], "title": record["name"], "no": "", "outcome": "拒收", "good": False,
        "lines": [{"weight": "refuse", "words": record["reason"]}],
    }  # fmt: skip


def _waiting(record: dict[str, Any]) -> dict[str, Any]:
    title = "照片" if record["kind"] == "picture" else _sheet(record["kind"])
    return {
        "at": record["at"], "title": title, "no": "", "outcome": "已送达，等待处理", "good": True,
        "lines": [{"weight": "note", "words": record["name"]}],
    }  # fmt: skip


def _sheet(code: str) -> str:
    return next((form.sheet for form in PHONE_FORMS if form.code == code), code)
