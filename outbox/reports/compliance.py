"""日报合规: who handed in the daily report on one day, who did not, and who reviewed it (销售日报 7(1)–(3))."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from outbox.heading import headed
from outbox.xlsx import chart as charts
from outbox.xlsx.palette import CELL, CENTRED, LABEL, MUTED, NUMBER, TOTAL, TOTAL_NUMBER, Look, status_look
from outbox.xlsx.sheet import Drawing, Page, column_letter

DETAIL_HEADERS = ("日期", "部门", "姓名", "状态", "提交时间", "审核人", "审核状态", "审核时间", "说明")
STATUSES = ("按时", "迟交", "缺交", "待核实", "豁免", "未知")
REVIEWS = ("按时", "逾期", "未审")
_DUE = ("按时", "迟交", "缺交", "待核实")  # an exempt or unknown day is owed by nobody
SUMMARY_HEADERS = ("部门", "应交", *STATUSES, "按时率", *(f"审核{word}" for word in REVIEWS))
_RATE = 2 + len(STATUSES)


@dataclass(frozen=True)
class ComplianceLine:
    """One person who might owe a report on the day."""

    day: date
    department: str
    person: str
    status: str  #: 按时, 迟交, 缺交, 待核实, 豁免 or 未知
    submitted_at: datetime | None
    reviewer: str
    review_status: str  #: 按时, 逾期, 未审, 豁免 (the reviewer was away) or ''
    reviewed_at: datetime | None
    remark: str


@dataclass(frozen=True)
class ComplianceReport:
    """One day, for the whole company or one department."""

    day: date
    made_at: datetime
    scope: str  #: 全公司, or the department
    lines: tuple[ComplianceLine, ...]
    notes: tuple[str, ...] = ()  #: what could not be judged and has to be looked into
    company: str = ""  #: its name, for the heading


@dataclass(frozen=True)
class DepartmentSummary:
    """The counts of one department."""

    department: str
    statuses: Counter[str]
    reviews: Counter[str]

    @property
    def due(self) -> int:
        """Reports that were owed: without exempt and unknown."""
        return sum(self.statuses[status] for status in _DUE)


def summarise(lines: Sequence[ComplianceLine]) -> tuple[DepartmentSummary, ...]:
    """The counts of each department, in the order in which departments first appear."""
    departments = dict.fromkeys(line.department for line in lines)
    return tuple(
        DepartmentSummary(
            department,
            Counter(line.status for line in lines if line.department == department),
            Counter(line.review_status for line in lines if line.department == department),
        )
        for department in departments
    )


def render_compliance(report: ComplianceReport) -> bytes:
    """The workbook ``报表/YYYY-MM/日报合规_YYYY-MM-DD.xlsx``."""
    title = headed(report.company, f"日报合规 {report.day:%Y-%m-%d}　{report.scope}")
    book = Drawing(report.made_at, title=title)
    _write_detail(book.page("明细"), report)
    _write_summary(book.page("汇总"), summarise(report.lines))
    if report.notes:
        write_notes(book.page("待核实"), report.notes)
    for page in book.pages:
        page.paper(f"{title}　{page.name}")
    return book.finish()


def write_notes(page: Page, notes: Sequence[str]) -> None:
    """A sheet with one thing to be looked into a line."""
    page.table_head(0, ("序号", "待核实事项"))
    for row, note in enumerate(notes, 1):
        page.put(row, 0, row, MUTED)
        page.put(row, 1, note)
    page.layout.width(0, 8)
    page.layout.width(1, 90)
    page.sheet.freeze_panes(1, 0)


def _write_detail(page: Page, report: ComplianceReport) -> None:
    page.table_head(0, DETAIL_HEADERS)
    time = CENTRED.but(number="yyyy-mm-dd hh:mm")
    for row, line in enumerate(report.lines, 1):
        page.put(row, 0, line.day, CENTRED)
        page.put(row, 1, line.department)
        page.put(row, 2, line.person, CELL.but(bold=True))
        page.put(row, 3, line.status, status_look(line.status))
        page.put(row, 4, line.submitted_at, time)
        page.put(row, 5, line.reviewer)
        page.put(row, 6, line.review_status, status_look(line.review_status))
        page.put(row, 7, line.reviewed_at, time)
        page.put(row, 8, line.remark)
    for column, width in enumerate((13, 14, 11, 10, 19, 11, 11, 19, 46)):
        page.layout.width(column, width)
    page.sheet.freeze_panes(1, 3)
    if report.lines:
        page.sheet.autofilter(0, 0, len(report.lines), len(DETAIL_HEADERS) - 1)


def _write_summary(page: Page, departments: Sequence[DepartmentSummary]) -> None:
    page.table_head(0, SUMMARY_HEADERS)
    for row, one in enumerate(departments, 1):
        page.put(row, 0, one.department)
        page.put_row(row, _counts(one), NUMBER, start=1)
        _rate(page, row, one.statuses["按时"], one.due, NUMBER)
    for column in range(len(SUMMARY_HEADERS)):
        page.layout.width(column, 18 if column == 0 else 11)
    page.sheet.freeze_panes(1, 1)
    if not departments:
        page.put(1, 0, "当天没有应交日报的人员。", LABEL.but(wrap=False))
        return
    _write_total(page, departments)
    _draw(page, departments)


def _counts(one: DepartmentSummary) -> list[int | None]:
    return [one.due, *(one.statuses[word] for word in STATUSES), None, *(one.reviews[word] for word in REVIEWS)]


def _rate(page: Page, row: int, on_time: int, due: int, look: Look) -> None:
    if not due:
        page.put(row, _RATE, "—", look)
        return
    formula = f"={column_letter(2)}{row + 1}/{column_letter(1)}{row + 1}"
    page.formula(row, _RATE, formula, on_time / due, look.but(number="0%"))


def _write_total(page: Page, departments: Sequence[DepartmentSummary]) -> None:
    row = len(departments) + 1
    page.put(row, 0, "合计", TOTAL)
    for column, values in enumerate(zip(*map(_counts, departments), strict=True), 1):
        numbers = [value for value in values if value is not None]
        if column != _RATE:
            page.total(row, column, (1, row - 1), sum(numbers), TOTAL_NUMBER.but(number="0"))
    due, on_time = sum(one.due for one in departments), sum(one.statuses["按时"] for one in departments)
    _rate(page, row, on_time, due, TOTAL_NUMBER)


def _draw(page: Page, departments: Sequence[DepartmentSummary]) -> None:
    last, most = len(departments), max(one.due for one in departments)
    chart = page.book.chart("bar", "stacked")
    for column, word in enumerate(STATUSES, 2):
        if word in charts.STATUS_LOOKS:
            look = charts.STATUS_LOOKS[word]
            chart.add_series(charts.series(page, column, (1, last), head=0, words=0, look=look))
    charts.dress(chart, "各部门日报提交情况（人数）", (860, 130 + 34 * max(last, 3)))
    font = dict(charts.FONTS)
    chart.set_y_axis({"reverse": True, "num_font": font, "major_tick_mark": "none"})
    people = {"min": 0, "major_unit": max(1, -(-most // 8)), "num_format": "0", "label_position": "high"}
    chart.set_x_axis({**people, "major_gridlines": dict(charts.GRID), "num_font": font})
    charts.place(page, last + 3, 0, chart, "各部门日报提交情况")
