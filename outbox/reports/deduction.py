"""日报扣款: the month's deductions for missing daily reports, each with its evidence (销售日报 7(4)).

Only what is proved is in the sum; a day that no calendar covers stands under 待核实 and is never fined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from outbox.heading import headed
from outbox.xlsx.palette import CELL, CENTRED, LABEL, MONEY, NUMBER, RED, TOTAL, TOTAL_MONEY, TOTAL_NUMBER
from outbox.xlsx.sheet import Drawing, Page

SUMMARY_HEADERS = ("部门", "姓名", "缺交次数", "单价(元)", "扣款金额(元)", "签字")
DETAIL_HEADERS = ("日期", "姓名", "截止时间", "依据", "证据")
UNVERIFIED_HEADERS = ("日期", "部门", "姓名", "待核实原因")
CHANGE_HEADERS = ("变化", "日期", "姓名", "原来", "现在", "原因")
MARK_HEADERS = ("账本记录数", "校验值", "怎样核对")
_SIGNING = 30  # points; room for a signature


@dataclass(frozen=True)
class DeductionTotal:
    """One person's month."""

    department: str
    person: str
    missed: int
    unit_fen: int
    amount_fen: int


@dataclass(frozen=True)
class DeductionLine:
    """One missing report."""

    day: date
    person: str
    due_at: datetime
    basis: str  #: the clause, as staff read it
    evidence: str  #: what was looked at: working day by which list, no exemption, last report before and after


@dataclass(frozen=True)
class UnverifiedDay:
    """A day that could not be judged; not fined."""

    day: date
    department: str
    person: str  #: '' when it concerns everybody
    reason: str


@dataclass(frozen=True)
class Change:
    """A difference to the version that HR was given before."""

    kind: str  #: 新增, 撤销 or 修改
    day: date | None
    person: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class DeductionReport:
    """One month."""

    month: str  #: YYYY-MM
    made_at: datetime
    totals: tuple[DeductionTotal, ...]
    lines: tuple[DeductionLine, ...]
    unverified: tuple[UnverifiedDay, ...] = ()
    changes: tuple[Change, ...] = ()
    version: int = 1
    mark: tuple[int, str] | None = None  #: length of the journal and its newest hash when the month was closed
    unsigned: int = 0  #: fines and open days that 企管部 has not decided on
    company: str = ""  #: its name, for the heading


def render_deduction(report: DeductionReport) -> bytes:
    """The workbook ``报表/日报扣款_YYYY-MM.xlsx``."""
    version = f"　第 {report.version} 版" if report.version > 1 else ""
    title = f"日报扣款 {report.month}{version}" + (f"　未核定（{report.unsigned} 条）" if report.unsigned else "")
    title = headed(report.company, title)
    book = Drawing(report.made_at, title=title)
    totals = book.page("汇总")
    _write_totals(totals, report.totals)
    if report.unsigned:
        words = f"未核定：还有 {report.unsigned} 条等企管部核定，核定之前请不要扣款；核定后会自动出新版。"
        totals.put(len(report.totals) + 3, 0, words, LABEL.but(wrap=False, bold=True, ink=RED))
    _write_lines(book.page("明细"), report.lines)
    if report.unverified:
        _write_unverified(book.page("待核实"), report.unverified)
    if report.changes:
        _write_changes(book.page("变化"), report.changes)
    stamp = f"　账本 {report.mark[0]}:{report.mark[1][:16]}" if report.mark else ""
    if report.mark:
        _write_mark(book.page("账本"), report.mark)
    for page in book.pages:
        page.sheet.freeze_panes(1, 2)
        page.paper(f"{title}　{page.name}{stamp}")
    return book.finish()


def _write_mark(page: Page, mark: tuple[int, str]) -> None:
    """What proves on paper which book this was drawn from."""
    length, head = mark
    page.table_head(0, MARK_HEADERS)
    page.put(1, 0, length, NUMBER)
    page.put(1, 1, head)
    page.put(
        1,
        2,
        f"本表依据的账本共 {length} 条记录，以此校验值结尾。日后有争议时，请管理员运行 verify --printed {length}:{head[:16]} 核对。",
    )
    for column, width in enumerate((14, 70, 60)):
        page.layout.width(column, width)


def _write_totals(page: Page, totals: Sequence[DeductionTotal]) -> None:
    page.table_head(0, SUMMARY_HEADERS)
    for row, one in enumerate(totals, 1):
        page.put(row, 0, one.department)
        page.put(row, 1, one.person, CELL.but(bold=True))
        page.put(row, 2, one.missed, NUMBER)
        page.put(row, 3, one.unit_fen / 100, MONEY)
        page.put(row, 4, one.amount_fen / 100, MONEY)
        page.put(row, 5, None)
        page.layout.height(row, _SIGNING)
    _write_sum(page, totals)
    for column, width in enumerate((18, 14, 12, 14, 16, 24)):
        page.layout.width(column, width)


def _write_sum(page: Page, totals: Sequence[DeductionTotal]) -> None:
    row = len(totals) + 1
    page.put_row(row, ("合计", None, None, None, None, None), TOTAL)
    page.layout.height(row, _SIGNING)
    if not totals:
        page.put(row, 2, 0, TOTAL_NUMBER)
        page.put(row, 4, 0.0, TOTAL_MONEY)
        page.put(row + 1, 0, "本月没有日报扣款。", LABEL.but(wrap=False))
        return
    page.total(row, 2, (1, row - 1), sum(one.missed for one in totals), TOTAL_NUMBER.but(number="0"))
    page.total(row, 4, (1, row - 1), sum(one.amount_fen for one in totals) / 100, TOTAL_MONEY)


def _write_lines(page: Page, lines: Sequence[DeductionLine]) -> None:
    page.table_head(0, DETAIL_HEADERS)
    for row, line in enumerate(lines, 1):
        page.put(row, 0, line.day, CENTRED)
        page.put(row, 1, line.person, CELL.but(bold=True))
        page.put(row, 2, _deadline(line), CENTRED.but(number="yyyy-mm-dd hh:mm"))
        page.put(row, 3, line.basis)
        page.put(row, 4, line.evidence)
    for column, width in enumerate((13, 12, 19, 22, 78)):
        page.layout.width(column, width)
    if lines:
        page.sheet.autofilter(0, 0, len(lines), len(DETAIL_HEADERS) - 1)


def _deadline(line: DeductionLine) -> datetime | str:
    """The end of a day is its own 24:00: 00:00 of the next day would be read as a day too late."""
    ends_the_day = line.due_at.date() > line.day and not (line.due_at.hour or line.due_at.minute)
    return f"{line.due_at.date() - timedelta(days=1)} 24:00" if ends_the_day else line.due_at


def _write_unverified(page: Page, days: Sequence[UnverifiedDay]) -> None:
    page.table_head(0, UNVERIFIED_HEADERS)
    for row, one in enumerate(days, 1):
        page.put(row, 0, one.day, CENTRED)
        page.put_row(row, (one.department, one.person or "全体", one.reason), start=1)
    for column, width in enumerate((13, 16, 12, 78)):
        page.layout.width(column, width)


def _write_changes(page: Page, changes: Sequence[Change]) -> None:
    page.table_head(0, CHANGE_HEADERS)
    for row, one in enumerate(changes, 1):
        page.put(row, 0, one.kind, CENTRED.but(bold=True))
        page.put(row, 1, one.day, CENTRED)
        page.put_row(row, (one.person, one.before, one.after, one.reason), start=2)
    for column, width in enumerate((10, 13, 12, 28, 28, 52)):
        page.layout.width(column, width)
