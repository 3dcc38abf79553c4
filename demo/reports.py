"""The reports that the nights and the month bring, compared with what the story says they must show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from demo.people import MANAGERS, QIAN, SELLERS, ZHENG, selling
from demo.sheets import cells, table
from demo.stage import Stage
from demo.story import Day, Month, Shown
from policy.calendar import WorkCalendar


def check_night(stage: Stage, day: Day, now: datetime) -> Iterator[str]:
    """日报合规 of *day* against the story; gives what differs, and tells the table what is worth telling."""
    path = stage.pickup(QIAN, stage.folders.reports) / f"{day.date:%Y-%m}" / f"日报合规_{day.date}.xlsx"
    found = {row["姓名"]: row for row in table(path, "明细") if row["姓名"]}
    states = {name: str(row["状态"]) for name, row in found.items()}
    if states != _owed(stage, day):
        yield f"{path.name}：{states}，应为 {_owed(stage, day)}"
        return
    for owed in day.owed:
        if owed.remark not in str(found[owed.who]["说明"]):
            yield f"{path.name}：{owed.who}的说明中没有“{owed.remark}”"
        if owed.what:
            stage.tell(now, owed.what, owed.who, owed.state, path)
    for reviewed in day.reviewed:
        reviews = {row["审核状态"] for row in found.values() if row["审核人"] == reviewed.who and row["提交时间"]}
        if reviewed.review not in reviews:
            yield f"{path.name}：{reviewed.who}的审核状态是 {reviews}，应为 {reviewed.review}"
        stage.tell(
            now,
            reviewed.what,
            reviewed.who,
            reviewed.review if "审" in reviewed.review else f"审核{reviewed.review}",
            path,
        )


def _owed(stage: Stage, day: Day) -> dict[str, str]:
    if not WorkCalendar(stage.service.settings.calendar).is_workday(day.date):
        return {}
    return dict.fromkeys((each.name for each in selling(day.date)), "按时") | {
        owed.who: owed.state for owed in day.owed
    }


def check_month(stage: Stage, month: Month, name: str, now: datetime) -> Iterator[str]:
    """日报扣款 against the story: every fine, the sum, and the differences to the version before."""
    path = stage.pickup(ZHENG, stage.folders.reports) / f"{name}.xlsx"
    unit = stage.service.settings.as_of(month.day).daily_report.deduction_fen / 100
    fined = {(row["姓名"], _day(row["日期"])) for row in table(path, "明细") if row["姓名"]}
    if fined != set(month.fined):
        yield f"{path.name}：扣款 {sorted(fined)}，应为 {sorted(month.fined)}"
    amounts = [row["扣款金额(元)"] for row in table(path, "汇总") if row["姓名"]]
    if sum(amounts) != unit * len(month.fined):
        yield f"{path.name}：合计 {sum(amounts):g} 元，应为 {unit * len(month.fined):g} 元"
    if month.changes:
        changes = {(row["变化"], row["姓名"], _day(row["日期"])) for row in table(path, "变化")}
        if changes != set(month.changes):
            yield f"{path.name}：变化 {changes}，应为 {month.changes}"
    stage.tell(now, month.what, ZHENG, f"缺交 {len(fined)} 次，共 {sum(amounts):g} 元", path)


def check_shown(stage: Stage, shown: Shown, period: str, now: datetime) -> Iterator[str]:
    """Whether the report of *period* has the row; what it says goes into the table."""
    folder, name = stage.pickup(shown.who, stage.folders.reports), f"{shown.report}_{period}.xlsx"
    path = next(folder.rglob(name), folder / name)
    rows = cells(path, shown.sheet)
    at = next((row for row in rows if set(shown.columns) <= set(row)), [])
    found = next((row for row in rows if at and row is not at and any(shown.about in str(cell) for cell in row)), None)
    quoted = "，".join(f"{column} {_quoted(found[at.index(column)])}" for column in shown.columns) if found else ""
    if found is None or shown.says not in quoted:
        yield f"{path.name} {shown.sheet}：找不到“{shown.about} {shown.says}” {quoted}"
        return
    stage.tell(now, shown.what, shown.who, f"{shown.sheet}：{quoted}", path)


def _quoted(value: Any) -> str:
    return f"{value:,g}" if isinstance(value, float) else str(value)


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else date.fromisoformat(str(value)[:10])


def folders_made(stage: Stage) -> Iterator[str]:
    """Whether everybody has the folders and templates of their post."""
    for who in (*(each.name for each in SELLERS), *MANAGERS.values()):
        if not (stage.pickup(who, stage.folders.templates) / "个人工作簿.xlsx").is_file():
            yield f"{who}的模板文件夹里没有个人工作簿"
