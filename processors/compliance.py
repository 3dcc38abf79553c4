"""A day judged: who reported on time, late, not at all, who is exempt; and how the reviews went (销售日报 7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from ledger.attempts import Attempt
from ledger.charges import Ruling
from ledger.days import Granted, Report
from ledger.records import Person, Status
from policy.calendar import WorkCalendar
from policy.deadlines import day_end, due, review_due
from policy.settings import Settings

ON_TIME, LATE, MISSING, EXEMPT, UNKNOWN, UNDECIDED = "按时", "迟交", "缺交", "豁免", "未知", "待核实"
REVIEWED, REVIEWED_LATE, UNREVIEWED, AWAY = "按时", "逾期", "未审", "豁免"
EXCUSED = "不计审核人逾期"  #: in the remark of a duty whose review could not be in time


@dataclass(frozen=True)
class Duty:
    """One person's report of one day, as judged at the day's closing."""

    day: date
    department: str
    person: str
    state: str  #: 按时, 迟交, 缺交, 豁免, 待核实 (tried, not accepted), or 未知 (evidence is missing: never fined)
    arrived_at: datetime | None
    reviewer: str
    review: str
    reviewed_at: datetime | None
    remark: str
    receipt_no: str
    fined: bool


@dataclass(frozen=True)
class DayFacts:
    """What the ledger knows about a day."""

    reports: Mapping[str, Report]
    exemptions: Mapping[str, Granted]
    attempts: Mapping[str, Sequence[Attempt]]  #: person → what they handed in on this day and got back
    unread: Mapping[str, Collection[str]]  #: person → files that our own reader could not read
    unreachable: Collection[str]  #: people whose drop folder could not be looked into when the day was closed
    reviewers: Mapping[str, str]  #: person → who reviews their reports
    rulings: Mapping[str, Ruling]  #: person → what 企管部 decided on this day
    appeals: Mapping[str, str]  #: person → 受理号 of an objection that waits
    refused_appeals: Mapping[str, str]  #: person → why an objection was not granted


def comply(day: date, people: Iterable[Person], known: DayFacts, settings: Settings, zone: tzinfo) -> list[Duty]:
    """Everybody who owed a report on *day*, and what became of it; nobody on a day off (销售日报 7(1)–(4))."""
    workday = WorkCalendar(settings.calendar).is_workday(day)
    duties = []
    for person in sorted(people, key=lambda person: (person.department, person.name)):
        if person.post not in settings.posts.daily_report or not person.active_on(day):
            continue
        report = known.reports.get(person.name)
        in_time = report is not None and _first(report) < day_end(day, settings, zone)
        if workday is False and not in_time:  # on a day off nothing is owed, and nothing can be missing
            continue
        duties.append(_duty(day, person, report, known, settings, zone, workday=workday))
    return duties


def _duty(
    day: date,
    person: Person,
    report: Report | None,
    known: DayFacts,
    settings: Settings,
    zone: tzinfo,
    *,
    workday: bool | None,
) -> Duty:
    exempt = person.name in known.exemptions
    owed = workday is True and not exempt
    if report is not None and workday is not None and not exempt and _is_doubtful(report, day, settings, zone):
        state, remark, fined = UNKNOWN, _doubt(report), False
    elif report is not None and report.arrived_at < day_end(day, settings, zone):
        state, remark = (ON_TIME if report.arrived_at <= due(day, settings, zone) else LATE), ""
        fined = state == LATE and owed and settings.daily_report.late_counts_as_missing
    else:
        state, remark = _absence(day, person, report, known, settings, zone, covered=workday is not None)
        fined = state == MISSING
    if fined or state == UNDECIDED:
        state, fined, ruled = _heard(person.name, state, known, fined=fined)
        remark = "；".join(part for part in (ruled, remark) if part)
    review, reviewed_at, aside = _review(day, person, report, known, settings, zone)
    return Duty(
        day=day,
        department=person.department,
        person=person.name,
        state=state,
        arrived_at=report.arrived_at if report else None,
        reviewer=(report.reviewer if report and report.reviewer else known.reviewers.get(person.name, "")),
        review=review,
        reviewed_at=reviewed_at,
        remark="；".join(part for part in (remark, _unmended(report), aside) if part),
        receipt_no=report.receipt_no if report else "",
        fined=fined,
    )


def _heard(person: str, state: str, known: DayFacts, *, fined: bool) -> tuple[str, bool, str]:
    """State, fine and words of a day that costs or may cost money, once 企管部 and the person were heard."""
    ruling, appeal = known.rulings.get(person), known.appeals.get(person)
    if ruling is not None and not ruling.counts:
        return EXEMPT, False, f"{ruling.by}核定不计（受理号 {ruling.receipt_no}）：{ruling.comment}"
    if appeal is not None:
        return UNDECIDED, False, f"本人已申诉（受理号 {appeal}），企管部决定之前不扣款"
    words = f"申诉未获支持：{known.refused_appeals[person]}" if person in known.refused_appeals else ""
    if ruling is None:
        return state, fined, words
    counted = f"{ruling.by}核定计入（受理号 {ruling.receipt_no}）" + (f"：{ruling.comment}" if ruling.comment else "")
    return (MISSING if state == UNDECIDED else state), True, "；".join(part for part in (counted, words) if part)


def _first(report: Report) -> datetime:
    """The earliest moment at which it may have come."""
    return report.earliest or report.arrived_at


def _is_doubtful(report: Report, day: date, settings: Settings, zone: tzinfo) -> bool:
    """Whether what is known of its arrival leaves open on which side of a limit it came."""
    on_time = _first(report) <= due(day, settings, zone) < report.arrived_at
    return on_time or _first(report) < day_end(day, settings, zone) <= report.arrived_at


def _doubt(report: Report) -> str:
    return (
        f"日报在 {_first(report):%m-%d %H:%M} 到 {report.arrived_at:%m-%d %H:%M} 之间送达：所在文件夹后来移动或变动过，"
        "当时服务没有看着，不能确定是否按时，不扣款；请人工核实"
    )


def _absence(
    day: date,
    person: Person,
    report: Report | None,
    known: DayFacts,
    settings: Settings,
    zone: tzinfo,
    *,
    covered: bool,
) -> tuple[str, str]:
    """State and remark of a day without a report in time.  What is not known is never held against anybody."""
    exemption = known.exemptions.get(person.name)
    if exemption is not None:
        return EXEMPT, f"{exemption.reason}（{exemption.granted_by}登记，受理号 {exemption.receipt_no}）"
    if person.registered_at > due(day, settings, zone):
        return EXEMPT, f"{person.registered_at:%Y-%m-%d %H:%M} 才登记入册，当日不计"
    if not covered:
        return UNKNOWN, "工作日历未覆盖这一天，不能确定是否工作日，不扣款；请在配置 calendar 中补充"
    if person.name in known.unreachable:
        return UNKNOWN, "关账时其投递文件夹无法读取或有文件仍在写入，不能确定是否已交，不扣款；请人工核实"
    if known.unread.get(person.name):
        files = "、".join(known.unread[person.name])
        return UNKNOWN, f"当日投递的 {files} 系统未能读取，不能确定是否已交，不扣款；请人工核实"
    return _unanswered(day, person, report, known, settings, zone)


def _unanswered(
    day: date, person: Person, report: Report | None, known: DayFacts, settings: Settings, zone: tzinfo
) -> tuple[str, str]:
    """A day without a report: missing if nothing was handed in; whoever tried is asked about, not fined (销售日报 7(4))."""
    parts = []
    if report is not None:
        parts.append(f"日报于 {report.arrived_at:%m-%d %H:%M} 才送达（受理号 {report.receipt_no}）")
    attempts = known.attempts.get(person.name, ())
    parts += map(str, attempts)
    tried = any(attempt.report and attempt.at < day_end(day, settings, zone) for attempt in attempts)
    if tried and settings.daily_report.imperfect == "ask":
        return UNDECIDED, "；".join(["有交过、没有被接受，是否计为缺交由企管部核实，核实前不扣款", *parts])
    return MISSING, "；".join(parts)


def _unmended(report: Report | None) -> str:
    """A report that its reviewer sent back and that nobody mended: handed in, and still for 企管部 to see."""
    if report is None or report.status != Status.REJECTED or report.reviewed_at is None:
        return ""
    return f"驳回未补：{report.reviewer}于 {report.reviewed_at:%m-%d %H:%M} 驳回（{report.comment}），没有改好再交"


def _review(
    day: date, person: Person, report: Report | None, known: DayFacts, settings: Settings, zone: tzinfo
) -> tuple[str, datetime | None, str]:
    """审核状态, when, and what excuses the reviewer: a report that came after the hour could not be reviewed by then."""
    if report is None:
        return "", None, ""
    limit = review_due(day, settings, zone)
    excuse = ""
    if report.arrived_at > limit:
        excuse = f"日报送达时已过审核时限，{EXCUSED}"
    elif report.issued_at is None or report.issued_at > limit:
        excuse = f"审核单在审核时限之后才发出，{EXCUSED}"
    if report.reviewed_at is not None and report.reviewed_at <= limit:
        return REVIEWED, report.reviewed_at, ""
    away = known.exemptions.get(report.reviewer or known.reviewers.get(person.name, ""))
    if away is not None:
        return AWAY, report.reviewed_at, f"审核人{away.person}当日{away.reason}（受理号 {away.receipt_no}），不计逾期"
    if report.reviewed_at is None:
        return UNREVIEWED, None, excuse
    return REVIEWED_LATE, report.reviewed_at, excuse
