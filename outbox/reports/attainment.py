"""指标达成: targets and results of a month, its quarter and its year (指标编审 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outbox.heading import headed
from outbox.xlsx import chart as charts
from outbox.xlsx.palette import CELL, LABEL, MONEY, NUMBER, TOTAL, TOTAL_MONEY, TOTAL_NUMBER, Look
from outbox.xlsx.sheet import Drawing, Page

_KINDS = (("成交金额(元)", MONEY), ("回款金额(元)", MONEY), ("拜访次数", NUMBER), ("新增客户", NUMBER))
HEADERS = ("范围", "部门", "姓名", *(f"{name}{part}" for name, _look in _KINDS for part in ("指标", "完成", "达成率")))
TREND_HEADERS = ("范围", "部门", "姓名", "项目", "走势")
_MONTHS = len(TREND_HEADERS)  # column of the first month
_WIDTHS = (8, 12, 10, *(14, 14, 10) * 2, *(8, 8, 10) * 2)  # of the whole table: one screen


@dataclass(frozen=True)
class AttainmentLine:
    """One person, department or company; money in yuan."""

    level: str  #: 个人, 部门, 公司
    department: str
    name: str
    targets: tuple[float, float, float, float]
    results: tuple[float, float, float, float]


@dataclass(frozen=True)
class AttainmentChange:
    """A number that is not what the version before said; money in yuan."""

    span: str
    name: str
    what: str
    before: float
    after: float


@dataclass(frozen=True)
class AttainmentTrend:
    """Orders of one person, department or company from month to month of the year; money in yuan."""

    level: str
    department: str
    name: str
    aims: tuple[float, ...]  #: of January and the months that follow; 0 where nothing was aimed at
    done: tuple[float, ...]


@dataclass(frozen=True)
class AttainmentReport:
    """One month for one reader."""

    month: str  #: YYYY-MM
    scope: str
    made_at: datetime
    spans: tuple[tuple[str, tuple[AttainmentLine, ...]], ...]  #: 本月, 本季累计, 本年累计
    changes: tuple[AttainmentChange, ...] = ()
    version: int = 1
    trends: tuple[AttainmentTrend, ...] = ()
    company: str = ""  #: its name, for the heading


def render_attainment(report: AttainmentReport) -> bytes:
    """The workbook ``报表/指标达成_YYYY-MM.xlsx``."""
    version = f"　第 {report.version} 版" if report.version > 1 else ""
    title = headed(report.company, f"指标达成 {report.month}　{report.scope}{version}")
    book = Drawing(report.made_at, title=title)
    for name, lines in report.spans:
        _write_span(book.page(name), lines)
    if report.trends:
        _write_trends(book.page("各月走势"), report.trends)
    if report.changes:
        _write_changes(book.page("变化"), report.changes)
    for page in book.pages:
        page.paper(f"{title}　{page.name}")
    return book.finish()


def _write_span(page: Page, lines: Sequence[AttainmentLine]) -> None:
    page.table_head(0, HEADERS)
    for row, line in enumerate(lines, 1):
        _write_line(page, row, line)
    for column, width in enumerate(_WIDTHS):
        page.layout.width(column, width)
    page.sheet.freeze_panes(1, 3)
    if not lines:
        page.put(1, 0, "没有指标和业绩。", LABEL.but(wrap=False))
        return
    _draw(page, lines)


def _write_changes(page: Page, changes: Sequence[AttainmentChange]) -> None:
    """How this version differs from the one before."""
    page.table_head(0, ("范围", "姓名", "项目", "原来", "现在"))
    for row, change in enumerate(changes, 1):
        page.put_row(row, (change.span, change.name, change.what))
        look = MONEY if change.what.startswith(("成交", "回款")) else NUMBER
        page.put_row(row, (change.before, change.after), look, start=3)
    for column, width in enumerate((14, 14, 22, 16, 16)):
        page.layout.width(column, width)
    page.sheet.freeze_panes(1, 0)


def _write_line(page: Page, row: int, line: AttainmentLine) -> None:
    summed = _summed(line)
    for column, text in enumerate((line.level, line.department, line.name)):
        page.put(row, column, text, TOTAL if summed else CELL)
    for index, ((_name, look), aim, done) in enumerate(zip(_KINDS, line.targets, line.results, strict=True)):
        number = _of_sums(look) if summed else look
        page.put(row, 3 + 3 * index, aim or None, number)
        page.put(row, 4 + 3 * index, done, number)
        rate = (TOTAL_NUMBER if summed else NUMBER).but(number="0%")
        page.put(row, 5 + 3 * index, done / aim if aim else "未定指标", rate)


def _summed(line: AttainmentLine | AttainmentTrend) -> bool:
    return line.level != "个人"


def _of_sums(look: Look) -> Look:
    return TOTAL_MONEY if look is MONEY else TOTAL_NUMBER.but(number="0")


def _write_trends(page: Page, trends: Sequence[AttainmentTrend]) -> None:
    """What was signed month by month, and below each how much of the aim that was; a year stands within one screen."""
    begun = min(
        (n for one in trends for n, pair in enumerate(zip(one.aims, one.done, strict=True)) if any(pair)), default=0
    )
    months = range(begun, len(trends[0].done))
    page.table_head(0, (*TREND_HEADERS, *(f"{n + 1} 月" for n in months)))
    lines = [(one, course) for one in trends for course in _courses(one, months)]
    for row, (one, (what, values, look, drawn)) in enumerate(lines, 1):
        page.put_row(row, (one.level, one.department, one.name, what, None), TOTAL if _summed(one) else CELL)
        page.put_row(row, values, look, start=_MONTHS)
        page.layout.height(row, 24)
        charts.spark(page, (row, _MONTHS - 1), page, (_MONTHS, _MONTHS + len(values) - 1), drawn)
    for column, width in enumerate((*(6, 11, 10, 10, 16), *(10,) * len(months))):
        page.layout.width(column, width)
    page.sheet.freeze_panes(1, _MONTHS)
    words = "完成：当月成交金额；达成率：完成 ÷ 当月成交金额指标，没有指标的月份空着。"
    page.put(len(lines) + 2, 0, words, LABEL.but(wrap=False))


def _courses(
    one: AttainmentTrend, months: range
) -> tuple[tuple[str, Sequence[float | None], Look, Mapping[str, Any]], ...]:
    """The two lines of one person, department or company: what each says, its look, and how its course is drawn."""
    money, number = (TOTAL_MONEY, TOTAL_NUMBER) if _summed(one) else (MONEY, NUMBER)
    rates = [one.done[n] / one.aims[n] if one.aims[n] else None for n in months]
    return (
        ("完成(元)", [one.done[n] for n in months], money.but(number="#,##0"), charts.COLUMNS),
        ("达成率", rates, number.but(number="0%"), charts.LINE),
    )


def _draw(page: Page, lines: Sequence[AttainmentLine]) -> None:
    """Orders aimed at and signed, person by person: two bars that also differ in a grey print."""
    people = [row for row, line in enumerate(lines, 1) if line.level == "个人"]
    if not any(line.targets[0] or line.results[0] for line in lines):
        return
    chart = page.book.chart("column", "clustered")
    for column, look in ((3, charts.PALE), (4, charts.STRIPED)):
        chart.add_series(charts.series(page, column, (people[0], people[-1]), head=0, words=2, look=look))
    charts.dress(chart, "成交金额：指标与完成（元）", (900, 320))
    chart.set_x_axis({"num_font": dict(charts.FONTS)})
    chart.set_y_axis({"num_font": dict(charts.FONTS), "num_format": "#,##0", "min": 0})
    charts.place(page, len(lines) + 2, 0, chart, "成交金额指标与完成")
