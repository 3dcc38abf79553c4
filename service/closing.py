"""The night's work: a day closed, people reminded, workbooks brought up to date, the book copied."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from intake.inbox.scan import FolderTrouble
from ledger import days
from ledger.days import COMPLIANCE
from ledger.records import Person
from outbox.queue import tell
from outbox.reports.compliance import ComplianceReport
from outbox.reports.shelf import places
from policy.sight import sees
from processors.compliance import UNDECIDED, UNKNOWN, Duty
from service.company import Service
from service.days.charges import put_before_supervision
from service.days.duties import duties_on
from service.days.notices import tell_fined
from service.days.outstanding import without_reader
from service.days.periods import Closed, hidden_on, post_closing
from service.rows.again import forget_points
from service.rows.issuing import issue_sheets
from service.rows.pictures import give_up_waiting, tell_of_unnamed
from service.sending.deductions import renew_months
from service.sending.delivering import deliver
from service.sending.overview import OVERVIEW, send_overviews
from service.sending.sweeping import recycle, warn
from service.sending.templates import deliver_personal, deliver_templates
from service.sending.tidying import tidy
from service.sending.unclaimed import send_unclaimed, unclaimed_lines
from service.sending.unread import compliance_line
from service.taking import take_everything
from service.upkeep.backups import back_up_night
from service.upkeep.cooling import move_old
from service.upkeep.erasing import remove_erased
from service.upkeep.guarding import look_after
from service.upkeep.monitoring import write_metrics
from service.upkeep.readers import renew_copy
from service.upkeep.storage import measure


def close_day(service: Service, day: date, now: datetime, *, arrival: datetime | None, patience: float = 0) -> Closed:
    """Close *day*: take what still waits, judge everybody's report, tell those who may know; again changes nothing."""
    taken = take_everything(service, now, arrival=arrival, patience=patience)
    closed = Closed(f"{COMPLIANCE}_{day}", summary=taken)
    with service.lock():
        hidden = out_of_sight(service, now, arrival)
        unreachable = hidden_on(hidden, day)
        with service.book.transaction():
            give_up_waiting(service, now)
            tell_of_unnamed(service, now)
            duties = duties_on(service, day, unreachable)
            _post_compliance(service, day, duties, unreachable, closed, now)
            put_before_supervision(service, [day], [each for each in duties if each.state == UNDECIDED], {}, now)
            closed.files += renew_months(service, hidden, now)
            _look_after_customers(service, day, closed, now)
            deliver_templates(service, now)
            active = [person for person in service.people(now.date()).values() if person.active_on(now.date())]
            deliver_personal(service, active, now)
        issue_sheets(service, now)
        deliver(service, now, closed.summary)
        service.outbox.clear(service.book)
        tidy(service, now)
        forget_points(service, now)
        closed.summary.troubles += look_after(service, "night", now)
        closed.summary.troubles += _copied(service, day)
        closed.summary.troubles += renew_copy(service, now)
        remove_erased(service)
        closed.summary.troubles += move_old(service, now)
        closed.summary.troubles += write_metrics(service, now, closed.summary.waiting, len(closed.summary.troubles))
    closed.kept_for = [post for period, post in without_reader(service, now) if period == closed.period]
    closed.for_operator += _not_known(duties, UNKNOWN) + closed.summary.troubles
    return closed


def _copied(service: Service, day: date) -> list[str]:
    """Copy the book and note what it takes up; a copy that does not succeed is told, and the day is closed all the same."""
    try:
        back_up_night(service, day)
        measure(service, day)
    except OSError as error:
        return [f"{day} 的备份：{error}"]
    return []


def _look_after_customers(service: Service, day: date, closed: Closed, now: datetime) -> None:
    """Recycling, its warnings and the managers' overview, as of the day that begins when *day* has ended.

    Once a night: what has become due since, by a lower limit or a decision, is for the next one.
    """
    begins, period = day + timedelta(days=1), f"{OVERVIEW}_{day}"
    if days.last_closing(service.book, period) is not None:
        return
    gone = recycle(service, begins, now)
    warn(service, begins, now)
    closed.counts |= {"回收": len(gone)} if gone else {}
    lost = unclaimed_lines(service, day)
    content = {"recycled": [each.customer.id for each in gone], "unclaimed": [line.serial for line in lost]}
    post_closing(service, period, content, now)
    closed.files += send_overviews(service, day, gone, now)
    before = days.last_closing(service.book, f"{OVERVIEW}_{day - timedelta(days=1)}")
    if lost or (before and before["content"].get("unclaimed")):  # once more when all has been claimed
        closed.files += send_unclaimed(service, day, lost, now)


def out_of_sight(service: Service, now: datetime, arrival: datetime | None) -> dict[str, date]:
    """Person → the first day of which something may lie unseen in their drop folder.

    A folder that cannot be looked into may hide anything.  A file that has not come to rest hides only what can have
    arrived when it did: it says nothing about days that had ended long before.

    :param arrival: stands in for the file system's times (``--now``)
    """
    everybody = service.people(now.date())
    scan = service.inbox.scan(list(everybody), now)
    hidden: dict[str, date] = {}
    for trouble in scan.troubles:
        whole = trouble.kind == "unreachable" or _is_whole_folder(trouble)
        if whole or trouble.kind in ("locked", "large"):
            _hide(hidden, trouble.person, date.min if whole else _may_have_come(trouble.path, now, arrival))
    share = service.settings.folders.share
    for path in scan.settling:
        _hide(hidden, path.relative_to(share).parts[0], _may_have_come(path, now, arrival))
    return dict.fromkeys(everybody, date.min) if "" in hidden else hidden


def _hide(hidden: dict[str, date], person: str, first: date) -> None:
    hidden[person] = min(first, hidden.get(person, first))


_COPYING = timedelta(hours=1)  #: how long a slow copy may have been under way when the file system saw its last write


def _may_have_come(path: Path, now: datetime, arrival: datetime | None) -> date:
    """The first day on which the file may have arrived."""
    if arrival is not None:
        return now.date() - timedelta(days=1)
    try:
        seen = datetime.fromtimestamp(path.lstat().st_ctime, now.tzinfo)
    except OSError:
        return date.min
    return (seen - _COPYING).date()


def _is_whole_folder(trouble: FolderTrouble) -> bool:
    """Whether it concerns somebody's whole drop folder, such as one that was made a link."""
    return trouble.person in (trouble.path.parent.name, trouble.path.name)


def _not_known(duties: Iterable[Duty], *states: str) -> list[str]:
    return [f"{duty.day} {duty.person}：{duty.remark}" for duty in duties if duty.state in states]


def _post_compliance(
    service: Service, day: date, duties: Sequence[Duty], unreachable: Collection[str], closed: Closed, now: datetime
) -> None:
    for duty in duties:
        closed.counts[duty.state] = closed.counts.get(duty.state, 0) + 1
    content = {"lines": [duty_kept(duty) for duty in duties], "unreachable": sorted(unreachable)}
    before = days.last_closing(service.book, closed.period)
    closed.version = post_closing(service, closed.period, content, now)
    if closed.version:
        tell_fined(service, day, duties, before, now)
    if not closed.version or not (duties or closed.version > 1):
        return  # a day off on which nobody reported is closed without a workbook
    last = days.last_closed(service.book, COMPLIANCE)
    newest = last is None or date.fromisoformat(last) <= day
    shelf = list(places(service.settings.folders.reports, COMPLIANCE, day, newest=newest))
    for viewer, scope, lines in _audiences(service, duties, now.date()):
        report = ComplianceReport(
            day=day,
            made_at=now,
            scope=scope,
            lines=tuple(compliance_line(duty_kept(duty)) for duty in lines),
            notes=tuple(_not_known(lines, UNKNOWN, UNDECIDED)),
        )
        for folder, name in shelf:
            tell(service.book, viewer, folder, name, report, "report", now)
        closed.files.append(f"{viewer}/{closed.period}.xlsx")


def duty_kept(duty: Duty) -> dict[str, Any]:
    """A duty as the journal keeps it."""
    return {
        "day": duty.day.isoformat(),
        "department": duty.department,
        "person": duty.person,
        "state": duty.state,
        "arrived_at": duty.arrived_at.isoformat() if duty.arrived_at else None,
        "reviewer": duty.reviewer,
        "review": duty.review,
        "reviewed_at": duty.reviewed_at.isoformat() if duty.reviewed_at else None,
        "remark": duty.remark,
        "receipt_no": duty.receipt_no,
        "fined": duty.fined,
    }


def _audiences(service: Service, duties: Sequence[Duty], today: date) -> Iterable[tuple[str, str, Sequence[Duty]]]:
    """Who gets the report, and which part of it: the company's posts all, a department manager their own."""
    settings = service.settings.as_of(today)
    for viewer in _active(service, today):
        if sees(COMPLIANCE, viewer, None, settings):
            yield viewer.name, "全公司", duties
        elif sees(COMPLIANCE, viewer, viewer.department, settings):
            yield viewer.name, viewer.department, [duty for duty in duties if duty.department == viewer.department]


def _active(service: Service, day: date) -> list[Person]:
    return [person for person in service.people(day).values() if person.active_on(day)]
