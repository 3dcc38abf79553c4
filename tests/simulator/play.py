"""The life played through folders: files are dropped, sheets are filled in, the nights and months are closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from tests.company import Company, a_company, head_row, person
from tests.hostile import book, data, text
from tests.simulator.count import DAY, does, here
from tests.simulator.life import CLOSED, LATE, ON_TIME, REFUSED, TOO_LATE, TRIED, Leave, Life, PersonDay

HR, SUPERVISION, BOSS = "孙人", "钱督", "赵总"
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Night:
    """What lay in people's folders the morning after *day*."""

    day: date
    lines: dict[str, dict[str, Any]]  #: of 企管部's 日报合规: person → line
    deductions: dict[int, dict[str, Rows]]  #: month → the sheets of HR's 日报扣款, where it is new
    versions: dict[int, int]  #: month → how many versions of it HR has
    calendars: dict[int, Rows]  #: month → 企管部's 日报月历, where it is new


def company(folder: Path, life: Life) -> Company:
    """Everybody of *life* in the register, the day before it begins."""
    made = a_company(folder, [])
    sellers = [
        person(name, f"1380013{n:04d}", life.departments[name], "销售人员", 入职日期=str(life.joins.get(name, "2026-09-01")))
        for n, name in enumerate(life.people)
    ]  # fmt: skip
    managers = [
        person(name, f"1380014{n:04d}", department, "部门经理", 入职日期="2026-09-01")
        for n, (department, name) in enumerate(sorted(life.managers.items()))
    ]
    others = [
        person(name, f"1380015000{n}", post, post, 入职日期="2026-09-01")
        for n, (name, post) in enumerate(((HR, "人力资源部"), (SUPERVISION, "企管部"), (BOSS, "销售经理")))
    ]
    made.found([*sellers, *managers, *others], f"{life.days[0] - DAY} 09:00")
    return made


@dataclass
class Play:
    """A company living its *life*."""

    co: Company
    life: Life
    asked: dict[PersonDay, date] = field(default_factory=dict)  #: when 企管部 wrote what it says of a day
    reports: dict[PersonDay, str] = field(default_factory=dict)  #: 受理号 of reports that will be made void
    registered: dict[Leave, str] = field(default_factory=dict)  #: 受理号 of leave
    waiting: int = 0  #: files that were dropped since the last round

    def nights(self) -> Iterator[Night]:
        """All days, one after another, and two more on which what is still open is decided."""
        last = self.life.days[-1]
        for today in (*self.life.days, last + DAY, last + 2 * DAY):
            self._morning(today)
            self._evening(today)
            yield self._night(today)

    # -- the morning

    def _morning(self, today: date) -> None:
        """Leave and changes of people are told, 企管部 decides; yesterday's reports, objections and corrections come."""
        if today == self.life.days[0]:
            for each in self.life.deputies:
                row = {
                    "委托人": each.manager,
                    "代理人": each.deputy,
                    "开始日期": each.start,
                    "结束日期": each.end,
                    "原因": "出差",
                }
                self._hand_in(each.manager, "代理", "审批代理", [row])
        self._people_change(today)
        self._leave_is_told(today)
        self._supervision_decides(today)
        for name in self.life.people:
            self._about_yesterday(name, today)
        for (name, day), told in self.life.voids.items():
            if told == today and (name, day) in self.reports:
                self._make_void(name, day, today)
        self._round(f"{today} 10:00")
        self._note_leave(today)

    def _people_change(self, today: date) -> None:
        rows = [
            {"姓名": self._before(name, today), "生效日期": self.life.goes[name], "状态": "离职"}
            for name, told in self.life.going_told.items()
            if told == today
        ]
        renamed = [
            {"姓名": name, "生效日期": today, "新姓名": new}
            for name, (since, new) in self.life.renames.items()
            if since == today
        ]
        if rows or renamed:
            self._hand_in(BOSS, "人员", "人员变更", [*rows, *renamed])

    def _leave_is_told(self, today: date) -> None:
        told = [each for each in self.life.leaves if each.told_on == today]
        rows = [
            {"姓名": self._as_hr_says(each.person, today), "开始日期": each.start, "结束日期": each.end, "原因": "年假"}
            for each in told
        ]
        if rows:
            self._hand_in(HR, "请假", "日报豁免", rows)
        mended = [self._mended(each) for each in self.life.leaves if each.mended_on == today]
        if mended:
            self._hand_in(HR, "更正", "更正", mended)

    def _mended(self, leave: Leave) -> dict[str, Any]:
        row = {"受理号": self.registered[leave], "原因": "请假条上的日期看错了"}
        if leave.mended_end is None:
            return {**row, "处理": "作废"}
        return {**row, "处理": "更正", "列": "结束日期", "新值": leave.mended_end}

    def _note_leave(self, today: date) -> None:
        """HR keeps the 受理号 of what they have just told."""
        told = [each for each in self.life.leaves if each.told_on == today]
        if told:
            (paper,) = self._receipts(HR, today, "请假")
            rows = sheet(paper, "日报豁免")
            assert [row["结果"] for row in rows] == ["已受理"] * len(told)
            self.registered |= {leave: str(row["受理号"]) for leave, row in zip(told, rows, strict=True)}

    def _about_yesterday(self, name: str, today: date) -> None:
        day = today - DAY
        if (name, day) not in self.life.does or not here(self.life, name, today):
            return
        if does(self.life, name, day) == TOO_LATE:
            self._report(name, day, self._before(name, today))
        if (name, day) in self.life.appeals and here(self.life, name, day):
            row = {"日期": day, "申诉理由": "当天在客户工厂调试设备，没有网络"}
            self._hand_in(self._before(name, today), "申诉", "日报申诉", [row])

    def _make_void(self, name: str, day: date, today: date) -> None:
        """Whoever handed it in says so, or 企管部 when they have gone."""
        by = self._before(name, today) if here(self.life, name, today) else SUPERVISION
        row = {"受理号": self.reports[name, day], "处理": "作废", "原因": "这份日报写的是另一天的工作"}
        self._hand_in(by, f"作废{name}{day:%m%d}", "更正", [row])

    # -- the evening and the night

    def _evening(self, today: date) -> None:
        doing = {name: does(self.life, name, today) for name in self.life.people} if today in self.life.days else {}
        for name, kind in doing.items():
            called = self.life.called(name, today)
            if kind == ON_TIME:
                self._report(name, today, called)
            elif kind == TRIED:
                self._hand_in(called, "日报", "销售日报", [{**_words(name, today), "日期": "2026-02-30"}])
            elif kind == REFUSED:
                self._drop(called, "日报.xlsx", b"\xd0\xcf\x11\xe0 an old workbook")
        self._round(f"{today} 19:00")
        for name, kind in doing.items():
            if kind == LATE:
                self._report(name, today, self.life.called(name, today))
        self._round(f"{today} 20:30")
        for name in self.life.people:
            if (name, today) in self.life.voids and doing.get(name) in (ON_TIME, LATE):
                self._note_report(name, today)
        for manager in self.life.managers.values():
            called = self.life.called(manager, today)
            for path in (*self._sheets(called, "销售日报"), *self._sheets(called, "更正")):
                self.co.decide(called, path)
                self.waiting += 1
        self._round(f"{today} 21:30")

    def _note_report(self, name: str, day: date) -> None:
        papers = self._receipts(self.life.called(name, day), day, "日报")
        rows = [row for paper in papers for row in sheet(paper, "销售日报")]
        (number,) = [row["受理号"] for row in rows if str(row["日期"]) == str(day)]
        self.reports[name, day] = str(number)

    def _night(self, day: date) -> Night:
        after = day + DAY
        self.co.nightly(str(day), f"{after} 00:30")
        self.waiting = 0
        if day in CLOSED.values():
            self.co.monthly(f"{day:%Y-%m}", f"{after} 01:00")
        shelf, hr = self._pickup(SUPERVISION) / "报表", self._pickup(HR) / "报表"
        lines = [row for path in shelf.rglob(f"日报合规_{day}.xlsx") for row in sheet(path, "明细")]
        months = [f"{last:%Y-%m}" for last in CLOSED.values() if self.life.days[0] <= last <= day]
        new = self.co.fresh([path for month in months for path in hr.rglob(f"日报扣款_{month}.xlsx")])
        calendars = self.co.fresh([path for month in months for path in shelf.rglob(f"日报月历_{month}.xlsx")])
        return Night(
            day,
            {row["姓名"]: row for row in lines},
            {int(path.stem[-2:]): sheets(path) for path in new},
            {int(month[-2:]): len(list(hr.rglob(f"日报扣款_{month}*.xlsx"))) for month in months},
            {int(path.stem[-2:]): sheet(path, "月历") for path in calendars},
        )

    # -- 企管部

    def _supervision_decides(self, today: date) -> None:
        for path in self._sheets(SUPERVISION, "扣款核定"):
            self.asked |= dict.fromkeys(
                self._decide(
                    path, {key: "计" if counts else "不计" for key, counts in self.life.rulings.items()}, "姓名"
                ),
                today,
            )
        for path in self._sheets(SUPERVISION, "日报申诉"):
            self._decide(path, {key: "同意" if yes else "驳回" for key, yes in self.life.appeals.items()}, "提交人")

    def _decide(self, path: Path, words: Mapping[PersonDay, str], who: str) -> Iterable[PersonDay]:
        """Fill in the rows that are decided and drop the sheet; the others stay blank.  Gives what was decided."""
        first = {new: name for name, (_since, new) in self.life.renames.items()}
        decided = []
        with closing(openpyxl.load_workbook(path)) as opened:
            page: Worksheet = opened.worksheets[0]
            top = head_row(page)
            at = {cell.value: n for n, cell in enumerate(page[top], 1)}
            for row in range(top + 1, page.max_row + 1):
                if page.cell(row, at["日期"]).value is None:
                    continue
                called = str(page.cell(row, at[who]).value)
                key = (first.get(called, called), day_of(page.cell(row, at["日期"]).value))
                if key in words:
                    page.cell(row, at["审批结论"], words[key])
                    page.cell(row, at["审批意见"], "查看原件和证明")
                    decided.append(key)
            if decided:
                opened.save(self.co.share / SUPERVISION / "投递" / path.name)
                self.waiting += 1
        return decided

    # -- folders

    def _round(self, at: str) -> None:
        """A round, if there is anything to take."""
        if self.waiting:
            self.co.run(at)
        self.waiting = 0

    def _drop(self, name: str, file: str, content: bytes) -> None:
        self.co.drop(name, file, content)
        self.waiting += 1

    def _hand_in(self, name: str, file: str, form: str, rows: Rows) -> None:
        self._drop(name, f"{file}.xlsx", written(form, rows))

    def _report(self, name: str, day: date, called: str) -> None:
        self._hand_in(called, "日报", "销售日报", [_words(name, day)])

    def _before(self, name: str, today: date) -> str:
        """The name that *name* bears until this morning's round."""
        return self.life.called(name, today - DAY)

    def _as_hr_says(self, name: str, today: date) -> str:
        """Some go on calling a colleague by the former name; for thirty days it is understood."""
        since, _new = self.life.renames.get(name, (date.max, name))
        former = name in self.life.called_as_before and (today - since).days < 30
        return name if former else self._before(name, today)

    def _pickup(self, name: str) -> Path:
        return self.co.share / name / "取件"

    def _sheets(self, name: str, form: str) -> list[Path]:
        return self.co.fresh(sorted((self._pickup(name) / "审批").glob(f"审批_{form}_*.xlsx")))

    def _receipts(self, name: str, day: date, of: str) -> list[Path]:
        """The receipts of a day for files of this name."""
        return sorted((self._pickup(name) / "回执" / f"{day:%Y-%m}").glob(f"{day:%m%d}-*_{of}.xlsx"))


def _words(name: str, day: date) -> dict[str, Any]:
    return {
        "日期": day, "今日工作总结": f"{name}在 {day} 拜访了三家客户，谈定第 {day.toordinal()} 号合同的交期。",
        "明日工作计划": "上午整理报价，下午拜访华新。",
    }  # fmt: skip


def written(form: str, rows: Rows) -> bytes:
    """A workbook of one form sheet, with the columns that are filled in, all of it text."""
    headers = list(dict.fromkeys(header for row in rows for header in row))
    lines = [headers, *([str(row.get(header, "")) for header in headers] for row in rows)]
    cells = (
        (n, "".join(text(f"{chr(65 + column)}{n}", words) for column, words in enumerate(line) if words))
        for n, line in enumerate(lines, 1)
    )
    return book(data(*cells), name=form)


def sheets(path: Path) -> dict[str, Rows]:
    """Every sheet of a workbook, its rows by the headers in the first."""
    with closing(CalamineWorkbook.from_path(path)) as opened:
        return {name: _rows(opened.get_sheet_by_name(name).to_python()) for name in opened.sheet_names}


def sheet(path: Path, name: str) -> Rows:
    """One sheet; no rows where there is none of this name."""
    with closing(CalamineWorkbook.from_path(path)) as opened:
        return _rows(opened.get_sheet_by_name(name).to_python()) if name in opened.sheet_names else []


def _rows(lines: list[list[Any]]) -> Rows:
    headers = [str(header) for header in lines[0]] if lines else []
    return [dict(zip(headers, line, strict=True)) for line in lines[1:]]


def day_of(value: Any) -> date:
    """A day, however it stands in a cell."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
