"""日报扣款 for HR: who loses what, which days are not verified, what changed since the last version (销售日报 7(4))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ledger.records import Person
from outbox.page.model import Bar, Cell, Chart, Figure, Part, Table
from outbox.page.own import days_in, months_of
from outbox.page.shelf import report_file
from outbox.page.words import minute, row, yuan
from outbox.page.world import World

DEDUCTION = "日报扣款"
MOST = 500
Content = Mapping[str, Any]


def fines(world: World, viewer: Person) -> tuple[Part, ...]:
    """The newest month that was reported, and the running one."""
    running, last = months_of(world.now.date())
    reported = next((month for month in (running, last) if world.deductions_of(month)), "")
    parts = [_reported(world, viewer, reported)] if reported else []
    return (*parts, _so_far(world, running)) if reported != running else tuple(parts)


def _reported(world: World, viewer: Person, month: str) -> Part:
    versions = world.deductions_of(month)
    newest = versions[-1]
    content, number = newest["content"], newest["version"]
    unsigned = content.get("unsigned", len(content["lines"])) + len(content["unverified"])
    return Part(
        id="fines",
        title=f"{month} 日报扣款（第 {number} 版）",
        note=f"{minute(newest['closed_at'])} 出表；" + (f"还有 {unsigned} 条等企管部核定。" if unsigned else "企管部已全部核定。"),
        figures=(
            Figure("扣款合计（元）", yuan(sum(line["unit_fen"] for line in content["lines"])), "#fines-lines"),
            Figure("缺交", f"{len(content['lines'])} 次", "#fines-lines"),
            Figure("待核实", f"{len(content['unverified'])} 天", "#fines-unverified", "warn" if content["unverified"] else "good"),
        ),
        charts=_chart(_by_person(content["lines"]), "fines-people"),
        tables=(
            _people("fines-people", "各人扣款", content["lines"], "#fines-lines"),
            _lines("fines-lines", "扣款和证据", content["lines"]),
            Table("fines-unverified", "待核实的日子（不扣款）", ("日期", "部门", "姓名", "原因"),
                  tuple(row(each["day"], each["department"], each["person"], each["reason"]) for each in content["unverified"])),
            _changes(versions),
        ),
        file=report_file(world, viewer, DEDUCTION, month),
    )  # fmt: skip


def _so_far(world: World, month: str) -> Part:
    """What the days closed so far would cost; nothing is deducted before the month is reported and decided."""
    lines, open_days = list[dict[str, Any]](), list[tuple[Cell, ...]]()
    for day in days_in(month, world.now.date()):
        for line in world.lines_of(day) or ():
            if line["fined"]:
                evidence = world.evidence(line["person"], day, line["remark"])
                lines.append({**line, "unit_fen": world.fen_of_a_day(day), "evidence": evidence})
            elif line["state"] in ("待核实", "未知"):
                open_days.append(row(line["day"], line["department"], line["person"], line["state"], line["remark"]))
    return Part(
        id="running",
        title=f"{month} 到目前为止",
        note="月底汇总前，按每天关账的结果。",
        figures=(
            Figure("缺交", f"{len(lines)} 次", "#running-lines"),
            Figure("待核实", f"{len(open_days)} 天", "#running-open", "warn" if open_days else "good"),
        ),
        charts=_chart(_by_person(lines), "running-people"),
        tables=(
            _people("running-people", "各人到目前为止", lines, "#running-lines"),
            _lines("running-lines", "缺交和证据", lines),
            Table(
                "running-open", "还不能确定的日子", ("日期", "部门", "姓名", "状态", "说明"), tuple(open_days[:MOST])
            ),
        ),
    )


def _by_person(lines: Sequence[Content]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for line in lines:
        found.setdefault((line["department"], line["person"]), []).append(line["unit_fen"])
    return dict(sorted(found.items(), key=lambda each: (-sum(each[1]), each[0])))


def _chart(by_person: Mapping[tuple[str, str], Sequence[int]], table: str) -> tuple[Chart, ...]:
    bars = tuple(Bar(name, round(sum(fen) / 100)) for (_department, name), fen in list(by_person.items())[:20])
    return (Chart("各人扣款（元）", bars, table),) if bars else ()


def _people(table: str, caption: str, lines: Sequence[Content], href: str) -> Table:
    rows = tuple(
        row(department, name, Cell(str(len(fen)), href), Cell(yuan(sum(fen)), href))
        for (department, name), fen in _by_person(lines).items()
    )
    return Table(table, caption, ("部门", "姓名", "缺交次数", "金额(元)"), rows, (2, 3))


def _lines(table: str, caption: str, lines: Sequence[Content]) -> Table:
    rows = tuple(
        row(line["day"], line["department"], line["person"], yuan(line["unit_fen"]), line["evidence"])
        for line in lines[:MOST]
    )
    more = f"另有 {len(lines) - MOST} 行，见日报扣款表。" if len(lines) > MOST else ""
    return Table(
        table, caption, ("日期", "部门", "姓名", "金额(元)", "证据"), rows, (3,), empty="没有缺交。", more=more
    )


def _changes(versions: Sequence[Content]) -> Table:
    """Which lines came or went since the version before."""
    headers = ("变化", "日期", "姓名", "原来", "现在")
    if len(versions) < 2:
        return Table("fines-changes", "与上一版的差异", headers, (), empty="这是第一版。")
    told = tuple(_differences(versions[-2]["content"], versions[-1]["content"]))
    return Table(
        "fines-changes", f"与第 {versions[-2]['version']} 版的差异", headers, told, empty="各行没有变化，只是核定的状态变了。"
    )  # fmt: skip


def _differences(before: Content, after: Content) -> Iterator[tuple[Cell, ...]]:
    old, new = _said(before), _said(after)
    for key in sorted({*old, *new}):
        was, now = old.get(key, ""), new.get(key, "")
        if was != now:
            word = "新增" if not was else "删除" if not now else "改动"
            yield row(Cell(word, mark="bad" if word == "新增" else "warn"), *key, was or "没有", now or "没有")


def _said(content: Content) -> dict[tuple[str, str], str]:
    fined = {(line["day"], line["person"]): f"扣款 {yuan(line['unit_fen'])} 元" for line in content["lines"]}
    return fined | {(each["day"], each["person"]): "待核实，不扣款" for each in content["unverified"]}
