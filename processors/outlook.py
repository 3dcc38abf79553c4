"""What the opportunities may bring, beside what was aimed at and what is signed already: the forecast of 商机漏斗."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from policy.periods import KINDS, Period, holding
from processors.funnel import FunnelLine, Stage


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
    lines: Iterable[FunnelLine], aims: Sequence[Aim], stages: Sequence[Stage], periods: Sequence[Period], end: date
) -> list[Outlook]:
    """For each period everybody with an aim, a result or a hope; then their departments; then the company.

    An opportunity counts in the periods in which its expected day lies; one whose day has passed counts nowhere
    until somebody says anew when it is to be.
    """
    likely = {stage.name: stage.likelihood for stage in stages}
    ahead = [line for line in lines if line.now.is_open and line.now.expected_on > end]
    found: list[Outlook] = []
    for period in periods:
        sums: dict[tuple[str, str], list[int]] = {}
        for aim in aims:
            if aim.span == period.name:
                sums[aim.department, aim.person] = [aim.target_fen, aim.done_fen, 0]
        for line in ahead:
            if period.start <= line.now.expected_on <= period.end:
                one = sums.setdefault((line.department, line.now.person), [0, 0, 0])
                one[2] += line.now.amount_fen * likely.get(line.now.stage, 0) // 100
        found += _levels(period.name, sums)
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


def periods_after(end: date) -> tuple[Period, ...]:
    """The month that follows a month's *end*, and the quarter and the year in which that month lies."""
    start = end + timedelta(days=1)
    return tuple(holding(kind, start) for kind in KINDS)
