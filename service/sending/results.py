"""指标达成 put together from the ledger and sent to everybody who may see it, each their part (指标编审 11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from ledger import activity, days, targets
from ledger.records import Person
from ledger.targets import Aimed
from outbox.queue import tell
from outbox.reports.attainment import AttainmentChange, AttainmentReport
from policy.periods import MONTHLY, QUARTERLY, YEARLY, Period, holding
from policy.posts import COMPANY_WIDE, SALESPERSON
from processors.attainment import KINDS, Attained, aimed_at, attain, changes_between, months_of
from service.company import Service
from service.days.outstanding import ATTAINMENT
from service.days.periods import post_closing
from service.sending.trends import trends_of
from service.sending.unread import attainment_line


def close_attainment(service: Service, year: int, month: int, now: datetime) -> tuple[int, list[str]]:
    """Post and send the month's attainment unless nothing changed; gives version and files.  Inside a transaction."""
    period = f"{ATTAINMENT}_{year:04d}-{month:02d}"
    spans = _spans(service, year, month)
    content = {name: [_kept(line) for line in lines] for name, lines in spans.items()}
    before = days.last_closing(service.book, period)
    version = post_closing(service, period, content, now)
    if not version:
        return 0, []
    changes = list(changes_between(before["content"], content)) if before else []
    people = [(line.department, line.name) for line in spans["本年累计"] if line.level == "个人"]
    trends = trends_of(service, year, month, people)
    files, folder = list[str](), service.settings.folders.reports
    for viewer in service.people(now.date()).values():
        if not viewer.active_on(now.date()) or not _may_see(service, viewer, now.date()):
            continue
        shown = tuple(
            (name, tuple(attainment_line(_kept(line)) for line in _part(viewer, lines)))
            for name, lines in spans.items()
        )
        report = AttainmentReport(
            f"{year:04d}-{month:02d}",
            _scope(viewer),
            now,
            shown,
            _shown_changes(viewer, changes),
            version,
            tuple(trends[line.level, line.department, line.name] for line in _part(viewer, spans["本年累计"])),
        )
        tell(service.book, viewer.name, folder, f"{period}.xlsx", report, "report", now)
        files.append(f"{viewer.name}/{period}.xlsx")
    return version, files


def _shown_changes(viewer: Person, changes: Sequence[Changed]) -> tuple[AttainmentChange, ...]:
    """The differences to the last version in the lines that this reader sees."""
    return tuple(
        AttainmentChange(span, name, WORDS[what], *((old / 100, new / 100) if what.endswith("_fen") else (old, new)))
        for span, level, department, name, what, old, new in changes
        if _part(viewer, [Attained(level, department, name)])
    )


Changed = tuple[str, str, str, str, str, int, int]

WORDS = {
    f"{part}.{kind}": f"{word}{what}"
    for part, what in (("targets", "指标"), ("results", "完成"))
    for kind, word in zip(KINDS, ("成交金额(元)", "回款金额(元)", "拜访次数", "新增客户"), strict=True)
}


def _spans(service: Service, year: int, month: int) -> dict[str, list[Attained]]:
    """The month, its quarter and its year so far; and a quarter or a year as a whole, where somebody has a target of it."""
    aims, end = targets.approved(service.book, year), Period(MONTHLY, year, month).end
    spans = {
        name: _span(service, _together(aims, year, months), date(year, months[0], 1), end)
        for name, months in months_of(year, month).items()
    }
    for name, kind in (("季度指标", QUARTERLY), ("年度指标", YEARLY)):
        period = holding(kind, end)
        if any((each.kind, each.number) == (kind, period.number) for own in aims.values() for each in own):
            spans[name] = _span(service, aimed_at(aims, period), period.start, end)
    return spans


def _together(aims: Mapping[str, Sequence[Aimed]], year: int, months: Sequence[int]) -> dict[str, dict[str, int]]:
    """What the targets of some months come to."""
    sums: dict[str, dict[str, int]] = {}
    for month in months:
        for name, numbers in aimed_at(aims, Period(MONTHLY, year, month)).items():
            own = sums.setdefault(name, dict.fromkeys(KINDS, 0))
            for kind in KINDS:
                own[kind] += numbers[kind]
    return sums


def _span(service: Service, aims: Mapping[str, Mapping[str, int]], start: date, end: date) -> list[Attained]:
    results: dict[str, dict[str, int]] = {}
    for record in activity.achieved(service.book, start, end):
        results.setdefault(record["person"], {})[record["kind"]] = int(record["n"] or 0)
    return attain(_members(service, end, {*results, *aims}, start), aims, results)


def _members(service: Service, end: date, named: Iterable[str], start: date) -> list[tuple[str, str]]:
    """Everybody who sells in these months, and everybody with a result or a target."""
    wanted = set(named)
    return [
        (person.department, person.name)
        for person in service.people(end).values()
        if person.name in wanted or (person.post == SALESPERSON and (person.active_on(end) or person.active_on(start)))
    ]


def _kept(line: Attained) -> dict[str, Any]:
    return {**vars(line), "targets": dict(line.targets), "results": dict(line.results)}


def _may_see(service: Service, viewer: Person, today: date) -> bool:
    return viewer.post in service.settings.as_of(today).posts.sees.get(ATTAINMENT, ())


def _part(viewer: Person, lines: Sequence[Attained]) -> list[Attained]:
    """A salesperson sees their own line, a department manager the department's, the company's posts all (适用范围 2)."""
    if viewer.post in COMPANY_WIDE:
        return list(lines)
    if viewer.post == SALESPERSON:
        return [line for line in lines if line.level == "个人" and line.name == viewer.name]
    return [line for line in lines if line.level != "公司" and line.department == viewer.department]


def _scope(viewer: Person) -> str:
    if viewer.post in COMPANY_WIDE:
        return "全公司"
    return viewer.name if viewer.post == SALESPERSON else viewer.department
