"""What the opportunities may bring, beside what was aimed at and what is signed already: the forecast of 商机漏斗."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from processors.funnel import FunnelLine, Stage


@dataclass(frozen=True)
class Span:
    """A period that is looked ahead to."""

    name: str
    start: date
    end: date


@dataclass(frozen=True)
class Outlook:
    """Orders aimed at, signed and to be hoped for, of one person, department or company in a period; fen."""

    span: str
    level: str  #: 个人, 部门 or 公司
    department: str
    name: str
    target_fen: int = 0
    done_fen: int = 0
    forecast_fen: int = 0


@dataclass(frozen=True)
class Aim:
    """What one person is to reach in a period, and has reached up to the report's last day; fen."""

    span: str
    person: str
    department: str
    target_fen: int = 0
    done_fen: int = 0


def outlooks(
    lines: Iterable[FunnelLine], aims: Sequence[Aim], stages: Sequence[Stage], spans: Sequence[Span], end: date
) -> list[Outlook]:
    """For each period everybody with an aim, a result or a hope; then their departments; then the company.

    An opportunity counts in the periods in which its expected day lies; one whose day has passed counts nowhere
    until somebody says anew when it is to be.
    """
    likely = {stage.name: stage.likelihood for stage in stages}
    ahead = [line for line in lines if line.now.is_open and line.now.expected_on > end]
    found: list[Outlook] = []
    for span in spans:
        sums: dict[tuple[str, str], list[int]] = {}
        for aim in aims:
            if aim.span == span.name:
                sums[aim.department, aim.person] = [aim.target_fen, aim.done_fen, 0]
        for line in ahead:
            if span.start <= line.now.expected_on <= span.end:
                one = sums.setdefault((line.department, line.now.person), [0, 0, 0])
                one[2] += line.now.amount_fen * likely.get(line.now.stage, 0) // 100
        found += _levels(span.name, sums)
    return found


def _levels(span: str, sums: Mapping[tuple[str, str], Sequence[int]]) -> list[Outlook]:
    people = [Outlook(span, "个人", of, name, *sums[of, name]) for of, name in sorted(sums)]
    together = [
        _together(span, "部门", of, of, [each for each in people if each.department == of])
        for of in sorted({of for of, _name in sums})
    ]
    return [*people, *together, _together(span, "公司", "", "全公司", people)] if people else []


def _together(span: str, level: str, department: str, name: str, people: Sequence[Outlook]) -> Outlook:
    target, done, hoped = (
        sum(part)
        for part in zip(*((each.target_fen, each.done_fen, each.forecast_fen) for each in people), strict=True)
    )
    return Outlook(span, level, department, name, target, done, hoped)


def spans_after(end: date) -> tuple[Span, ...]:
    """The month that follows a month's *end*, and the quarter and the year in which that month lies."""
    start = end + timedelta(days=1)
    quarter = 3 * ((start.month - 1) // 3) + 1
    return (
        Span(f"{start:%Y-%m}", start, _last(start.year, start.month)),
        Span(f"{start.year} 年第 {(start.month + 2) // 3} 季度", date(start.year, quarter, 1), _last(start.year, quarter + 2)),
        Span(f"{start.year} 年度", date(start.year, 1, 1), date(start.year, 12, 31)),
    )  # fmt: skip


def _last(year: int, month: int) -> date:
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
