"""日报月历: a month of daily reports, person × day, with each one's course in a cell and the days as a chart (销售日报 7(3))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from outbox.heading import headed
from outbox.xlsx import chart as charts
from outbox.xlsx.palette import CELL, CENTRED, LABEL, NUMBER, RED, Look, status_look
from outbox.xlsx.sheet import Drawing, Page

STATES = ("按时", "迟交", "缺交", "待核实", "豁免", "未知")
_SIGNS = {"按时": "✓", "迟交": "迟", "缺交": "缺", "待核实": "核", "豁免": "假", "未知": "？"}
_HEIGHTS = {"按时": 2, "迟交": 1, "待核实": -1, "缺交": -2}  #: of a day in the course; what is not owed has none
_DUE = tuple(_HEIGHTS)
PERSON_HEADERS = ("部门", "姓名", "走势", "按时率")
DAY_HEADERS = ("日期", "应交", "按时", "迟交", "缺交", "待核实", "豁免")
REVIEW_HEADERS = ("审核人", "按时", "逾期", "未审", "不计逾期", "按时率")
_FIRST = len(PERSON_HEADERS)  # column of the first day
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class PersonMonth:
    """One person's month."""

    department: str
    person: str
    states: tuple[str, ...]  #: a state a day; '' where nothing was owed


@dataclass(frozen=True)
class ReviewerMonth:
    """How one reviewer's month went."""

    reviewer: str
    on_time: int
    late: int
    none: int
    excused: int = 0  #: away, or the report came, or was sent out, too late to be reviewed in time


@dataclass(frozen=True)
class MonthCalendar:
    """One month, for the whole company or one department."""

    month: str  #: YYYY-MM
    scope: str
    made_at: datetime
    days: tuple[date, ...]
    people: tuple[PersonMonth, ...]
    reviewers: tuple[ReviewerMonth, ...]
    version: int = 1
    company: str = ""  #: its name, for the heading


def render_month_calendar(report: MonthCalendar) -> bytes:
    """The workbook ``报表/日报月历_YYYY-MM.xlsx``."""
    version = f"　第 {report.version} 版" if report.version > 1 else ""
    title = headed(report.company, f"日报月历 {report.month}　{report.scope}{version}")
    book = Drawing(report.made_at, title=title)
    calendar, days, reviews, numbers = (book.page(name) for name in ("月历", "每日", "审核", "走势数据"))
    _write_calendar(calendar, numbers, report)
    _write_days(days, report)
    _write_reviews(reviews, report.reviewers)
    for page in book.pages:
        page.paper(f"{title}　{page.name}")
    return book.finish()


def _write_calendar(page: Page, numbers: Page, report: MonthCalendar) -> None:
    """A cell a day, told by a sign as well as by its colour; the course beside the name is drawn from 走势数据."""
    for at in (page, numbers):
        at.table_head(0, (*PERSON_HEADERS, *(f"{day.day}\n{_WEEKDAYS[day.weekday()]}" for day in report.days)))
        at.layout.height(0, 34)
        for column, width in enumerate((12, 9, 15, 8)):
            at.layout.width(column, width)
        for column in range(_FIRST, _FIRST + len(report.days)):
            at.layout.fix(column, 3.4)
        at.sheet.freeze_panes(1, _FIRST)
    for row, one in enumerate(report.people, 1):
        owed = [state for state in one.states if state in _DUE]
        rate = owed.count("按时") / len(owed) if owed else "—"
        for at in (page, numbers):
            at.put_row(row, (one.department, one.person, None))
            at.put(row, 3, rate, NUMBER.but(number="0%"))
        page.layout.height(row, 24)
        for column, state in enumerate(one.states, _FIRST):
            page.put(row, column, _SIGNS.get(state), _sign_look(state))
            numbers.put(row, column, _HEIGHTS.get(state), NUMBER)
        charts.spark(page, (row, 2), numbers, (_FIRST, _FIRST + len(report.days) - 1), charts.COURSE)
    words = "　".join(f"{sign} {state}" for state, sign in _SIGNS.items())
    page.put(len(report.people) + 2, 0, f"{words}　空白 = 当天不用交", LABEL.but(wrap=False))
    page.put(
        len(report.people) + 3,
        0,
        "走势：每天一根柱，高 = 按时，低 = 迟交，向下 = 待核实、缺交。",
        LABEL.but(wrap=False),
    )


def _sign_look(state: str) -> Look:
    return status_look(state).but(wrap=False) if state else CENTRED.but(fill="#F6F7F9")


def _write_days(page: Page, report: MonthCalendar) -> None:
    page.table_head(0, DAY_HEADERS)
    by_day = [[one.states[n] for one in report.people] for n in range(len(report.days))]
    owed = [(day, states) for day, states in zip(report.days, by_day, strict=True) if {*states} - {"", "豁免"}]
    for row, (day, states) in enumerate(owed, 1):
        page.put(row, 0, day, CENTRED.but(number="mm-dd"))
        due = sum(state in _DUE for state in states)
        page.put_row(row, (due, *(states.count(word) for word in DAY_HEADERS[2:])), NUMBER, start=1)
    for column in range(len(DAY_HEADERS)):
        page.layout.width(column, 14 if column == 0 else 9)
    page.sheet.freeze_panes(1, 1)
    if owed:
        _draw_days(page, len(owed))


def _draw_days(page: Page, last: int) -> None:
    chart = page.book.chart("column", "stacked")
    for word, look in charts.STATUS_LOOKS.items():
        column = DAY_HEADERS.index(word)
        chart.add_series(charts.series(page, column, (1, last), head=0, words=0, look=look))
    charts.dress(chart, "每天的日报（人数）", (820, 340))
    chart.set_x_axis({"num_font": dict(charts.FONTS), "num_format": "mm-dd", "text_axis": True})
    chart.set_y_axis({
        "num_font": dict(charts.FONTS), "num_format": "0", "min": 0, "major_gridlines": dict(charts.GRID),
    })  # fmt: skip
    charts.place(page, 1, len(DAY_HEADERS) + 1, chart, "每天按时、迟交、缺交、待核实的人数")


def _write_reviews(page: Page, reviewers: Sequence[ReviewerMonth]) -> None:
    page.table_head(0, REVIEW_HEADERS)
    for row, one in enumerate(reviewers, 1):
        total = one.on_time + one.late + one.none
        page.put(row, 0, one.reviewer, CELL.but(bold=True))
        page.put_row(row, (one.on_time, one.late), NUMBER, start=1)
        page.put(row, 3, one.none, NUMBER.but(ink=RED, bold=True) if one.none else NUMBER)
        page.put(row, 4, one.excused, NUMBER)
        page.put(row, 5, one.on_time / total if total else "—", NUMBER.but(number="0%"))
    if not reviewers:
        page.put(1, 0, "本月没有审核过的日报。", LABEL.but(wrap=False))
    note = "不计逾期：审核人当天请假，或日报、审批单来得太晚，不可能按时审核。"
    page.put(len(reviewers) + 2, 0, note, LABEL.but(wrap=False))
    for column in range(len(REVIEW_HEADERS)):
        page.layout.width(column, 20 if column == 0 else 12)
    page.sheet.freeze_panes(1, 1)
