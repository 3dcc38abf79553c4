"""The life played through folders: files are dropped, sheets are filled in, the nights and months are closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.company import Company, a_company, person, read
from tests.simulator.count import does, employed
from tests.simulator.life import LATE, ON_TIME, REFUSED, TOO_LATE, TRIED, Life

HR, SUPERVISION, BOSS = "孙人", "钱督", "赵总"
_LEAVING_TOLD = 9  #: the day on which it is told who will leave


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
    made.found([*sellers, *managers, *others], "2026-09-06 09:00")
    return made


def live(co: Company, life: Life) -> dict[date, dict[str, dict[str, Any]]]:
    """All days, one after another; gives what 企管部 read of each the morning after: person → line."""
    told: dict[date, dict[str, dict[str, Any]]] = {}
    for n, day in enumerate(life.days):
        _morning(co, life, n, day)
        _evening(co, life, day)
        told[day] = _night(co, day)
    for n in (0, 1):  # what was objected to on the last days is still decided
        day = life.days[-1] + timedelta(days=1 + n)
        _morning(co, life, len(life.days) + n, day)
        co.nightly(str(day), f"{day + timedelta(days=1)} 00:30")
    return told


def _morning(co: Company, life: Life, n: int, day: date) -> None:
    """Leave is told, 企管部 decides, late reports and objections of the day before come."""
    for i, leave in enumerate(each for each in life.leaves if each.told_on == day):
        row = {"姓名": leave.person, "开始日期": str(leave.start), "结束日期": str(leave.end), "原因": "年假"}
        co.hand_in(HR, f"请假{i}.xlsx", 日报豁免=[row])
    if n == 0:
        for manager, (deputy, start, end) in life.deputies.items():
            row = {"委托人": manager, "代理人": deputy, "开始日期": str(start), "结束日期": str(end), "原因": "出差"}
            co.hand_in(manager, "代理.xlsx", 审批代理=[row])
    if n == _LEAVING_TOLD:
        rows = [{"姓名": name, "生效日期": str(last), "状态": "离职"} for name, last in life.leaves_company.items()]
        co.hand_in(BOSS, "离职.xlsx", 人员变更=rows)
    _supervision_decides(co, life)
    for name in life.people:
        _about_yesterday(co, life, name, day - timedelta(days=1), day)
    co.run(f"{day} 10:00")


def _about_yesterday(co: Company, life: Life, name: str, day: date, today: date) -> None:
    if (name, day) not in life.does or not employed(life, name, today):
        return
    if does(life, name, day) == TOO_LATE:
        co.hand_in(name, "补交.xlsx", 销售日报=[_report(name, day)])
    if (name, day) in life.appeals and employed(life, name, day):
        co.hand_in(name, "申诉.xlsx", 日报申诉=[{"日期": str(day), "申诉理由": "当天在客户工厂调试设备，没有网络"}])


def _evening(co: Company, life: Life, day: date) -> None:
    for name in life.people:
        kind = does(life, name, day)
        if kind == ON_TIME:
            co.hand_in(name, "日报.xlsx", 销售日报=[_report(name, day)])
        elif kind == TRIED:
            co.hand_in(name, "日报.xlsx", 销售日报=[{**_report(name, day), "日期": "2026-02-30"}])
        elif kind == REFUSED:
            co.drop(name, "日报.xlsx", b"\xd0\xcf\x11\xe0 an old workbook")
    co.run(f"{day} 19:00")
    for name in life.people:
        if does(life, name, day) == LATE:
            co.hand_in(name, "日报.xlsx", 销售日报=[_report(name, day)])
    co.run(f"{day} 20:30")
    for manager in life.managers.values():
        for sheet in _new_sheets(co, manager, "销售日报"):
            co.decide(manager, sheet)
    co.run(f"{day} 21:30")


def _night(co: Company, day: date) -> dict[str, dict[str, Any]]:
    after = day + timedelta(days=1)
    co.nightly(str(day), f"{after} 00:30")
    if after.day == 1:
        co.monthly(f"{day:%Y-%m}", f"{after} 01:00")
    found = sorted((co.share / SUPERVISION / "取件" / "报表").rglob(f"日报合规_{day}.xlsx"))
    return {row["姓名"]: row for row in read(found[0]).rows("明细")} if found else {}


def _report(name: str, day: date) -> Mapping[str, Any]:
    return {
        "日期": str(day), "今日工作总结": f"{name}在 {day} 拜访了三家客户，谈定第 {day.toordinal()} 号合同的交期。",
        "明日工作计划": "上午整理报价，下午拜访华新。",
    }  # fmt: skip


def _new_sheets(co: Company, name: str, form: str) -> list[Path]:
    folder = co.share / name / "取件" / "审批"
    return co.fresh(sorted(folder.glob(f"*{form}_*.xlsx")))


def _supervision_decides(co: Company, life: Life) -> None:
    for sheet in _new_sheets(co, SUPERVISION, "扣款核定"):
        words = {key: "计" if counts else "不计" for key, counts in life.counts.items()}
        _decide(co, sheet, words, "姓名")
    for sheet in _new_sheets(co, SUPERVISION, "日报申诉"):
        words = {key: "同意" if granted else "驳回" for key, granted in life.appeals.items()}
        _decide(co, sheet, words, "提交人")


def _decide(co: Company, sheet: Path, words: Mapping[tuple[str, date], str], who: str) -> None:
    """Fill in the rows that are decided; the others stay blank."""
    book = openpyxl.load_workbook(sheet)
    page: Worksheet = book.worksheets[0]
    top = next(row for row in range(1, 10) if "受理号" in [cell.value for cell in page[row]])
    at = {cell.value: n for n, cell in enumerate(page[top], 1)}
    for row in range(top + 1, page.max_row + 1):
        day = page.cell(row, at["日期"]).value
        if day is None:
            continue
        when = day.date() if isinstance(day, datetime) else date.fromisoformat(str(day)[:10])
        decision = words.get((str(page.cell(row, at[who]).value), when))
        if decision:
            page.cell(row, at["审批结论"], decision)
            page.cell(row, at["审批意见"]).value = "查看原件和证明"
    book.save(co.share / SUPERVISION / "投递" / sheet.name)
