"""How each one's attainment has gone from month to month of a year, for 指标达成 (指标编审 11)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ledger import activity, targets
from outbox.reports.attainment import AttainmentTrend
from policy.periods import MONTHLY, Period
from processors.attainment import Attained, aimed_at, attain
from service.company import Service

Who = tuple[str, str, str]  #: level, department, name


def trends_of(
    service: Service, year: int, month: int, members: Collection[tuple[str, str]]
) -> dict[Who, AttainmentTrend]:
    """Orders aimed at and signed in every month up to this one, of each of *members*, their departments and the company."""
    aims = targets.approved(service.book, year)
    months = [_month(service, aims, Period(MONTHLY, year, number), members) for number in range(1, month + 1)]
    return {
        who: AttainmentTrend(
            *who,
            aims=tuple(each[who].targets.get("orders_fen", 0) / 100 for each in months),
            done=tuple(each[who].results.get("orders_fen", 0) / 100 for each in months),
        )
        for who in months[-1]
    }


def _month(
    service: Service, aims: dict[str, tuple[targets.Aimed, ...]], period: Period, members: Collection[tuple[str, str]]
) -> dict[Who, Attained]:
    results: dict[str, dict[str, int]] = {}
    for record in activity.achieved(service.book, period.start, period.end):
        results.setdefault(record["person"], {})[record["kind"]] = int(record["n"] or 0)
    lines: Sequence[Attained] = attain(sorted(members), aimed_at(aims, period), results)
    return {(line.level, line.department, line.name): line for line in lines}
