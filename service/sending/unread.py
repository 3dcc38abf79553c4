"""Reports made of what their closing kept: for whoever takes up the post that reads them, however late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ledger.days import COMPLIANCE
from outbox.reports.attainment import AttainmentLine, AttainmentReport
from outbox.reports.compliance import ComplianceLine, ComplianceReport
from outbox.reports.deduction import DeductionLine, DeductionReport, DeductionTotal, UnverifiedDay
from outbox.reports.funnel.model import FunnelReport
from outbox.reports.month_calendar import MonthCalendar
from processors.attainment import KINDS
from processors.compliance import UNDECIDED, UNKNOWN
from processors.deduction import totals_of
from service.company import Service
from service.days.outstanding import ATTAINMENT, CALENDAR, DEDUCTION, FUNNEL, Closing
from service.sending.funnel import funnel_report
from service.sending.month_calendar import month_calendar
from service.sending.trends import trends_of


def _made_at(closing: Closing) -> datetime:
    return datetime.fromisoformat(closing["closed_at"])


def _compliance(_service: Service, closing: Closing) -> ComplianceReport:
    lines = closing["content"]["lines"]
    return ComplianceReport(
        day=date.fromisoformat(closing["period"].split("_")[1]),
        made_at=_made_at(closing),
        scope="全公司",
        lines=tuple(map(compliance_line, lines)),
        notes=tuple(
            f"{line['day']} {line['person']}：{line['remark']}"
            for line in lines
            if line["state"] in (UNKNOWN, UNDECIDED)
        ),
    )


def compliance_line(kept: Mapping[str, Any]) -> ComplianceLine:
    """A line of 日报合规 from what its closing kept."""
    arrived, reviewed = (
        datetime.fromisoformat(kept[name]) if kept[name] else None for name in ("arrived_at", "reviewed_at")
    )
    return ComplianceLine(
        day=date.fromisoformat(kept["day"]),
        department=kept["department"],
        person=kept["person"],
        status=kept["state"],
        submitted_at=arrived,
        reviewer=kept["reviewer"],
        review_status=kept["review"],
        reviewed_at=reviewed,
        remark=kept["remark"],
    )


def _deduction(_service: Service, closing: Closing) -> DeductionReport:
    month = closing["period"].split("_")[1]
    report = deduction_report(month, closing["content"], closing["version"], _made_at(closing))
    return replace(report, mark=mark_of(closing))


def mark_of(closing: Closing | None) -> tuple[int, str] | None:
    """Length and newest hash of the journal when a version was closed; None where an older version closed it."""
    mark = closing["mark"] if closing else None
    return (int(mark["length"]), str(mark["head"])) if mark else None


def deduction_report(month: str, content: Mapping[str, Any], version: int, made_at: datetime) -> DeductionReport:
    """日报扣款 of a month from what its closing kept."""
    lines, unverified = content["lines"], content["unverified"]
    return DeductionReport(
        month=month,
        made_at=made_at,
        totals=tuple(DeductionTotal(*total) for total in totals_of(lines)),
        lines=tuple(
            DeductionLine(
                day=date.fromisoformat(line["day"]),
                person=line["person"],
                due_at=datetime.fromisoformat(line["due_at"]),
                basis=line["basis"],
                evidence=line["evidence"],
            )
            for line in lines
        ),
        unverified=tuple(UnverifiedDay(**{**each, "day": date.fromisoformat(each["day"])}) for each in unverified),
        version=version,
        unsigned=content.get("unsigned", len(lines)) + len(unverified),
    )


def _attainment(service: Service, closing: Closing) -> AttainmentReport:
    shown = tuple((span, tuple(map(attainment_line, lines))) for span, lines in closing["content"].items())
    year, month = map(int, closing["period"].split("_")[1].split("-"))
    members = [(line.department, line.name) for line in dict(shown).get("本年累计", ()) if line.level == "个人"]
    trends = tuple(trends_of(service, year, month, members).values())
    return AttainmentReport(
        f"{year:04d}-{month:02d}", "全公司", _made_at(closing), shown, (), closing["version"], trends
    )


def attainment_line(kept: Mapping[str, Any]) -> AttainmentLine:
    """A line of 指标达成 from what its closing kept; amounts in yuan."""
    return AttainmentLine(
        kept["level"], kept["department"], kept["name"], _numbers(kept["targets"]), _numbers(kept["results"])
    )


def _numbers(given: Mapping[str, int]) -> tuple[float, float, float, float]:
    orders, payments, visits, new = (given.get(kind, 0) for kind in KINDS)
    return (orders / 100, payments / 100, visits, new)


def _funnel(_service: Service, closing: Closing) -> FunnelReport:
    return funnel_report(closing["period"], closing["content"], closing["version"], _made_at(closing), "全公司")


def _calendar(_service: Service, closing: Closing) -> MonthCalendar:
    return month_calendar(closing["period"], closing["content"], closing["version"], _made_at(closing), "全公司")


REPORTS: Mapping[str, Callable[[Service, Closing], Any]] = {
    COMPLIANCE: _compliance,
    DEDUCTION: _deduction,
    CALENDAR: _calendar,
    ATTAINMENT: _attainment,
    FUNNEL: _funnel,
}
