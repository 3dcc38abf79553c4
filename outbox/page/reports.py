"""销售日报 of others: who has not reported today, and a calendar of people and days (销售日报 7(3))."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ledger.days import COMPLIANCE
from ledger.records import Person
from outbox.page.model import Bar, Cell, Chart, Figure, Grid, GridRow, Part, Table
from outbox.page.own import days_of
from outbox.page.shelf import report_file, report_of
from outbox.page.words import clock, row, state, weekday
from outbox.page.world import Owed, World

MOST = 300  #: people in a table
_BARS = 10  #: days in the chart
_WORDS = ("按时", "迟交", "缺交", "豁免", "待核实", "未知")


def reports_of(world: World, viewer: Person, members: Collection[str]) -> Part:
    """The reports of *members*: today, then day by day."""
    today = world.now.date()
    owed = [each for each in world.owed_today().values() if each.person in members]
    open_ones = [each for each in owed if each.arrived_at is None and each.state != "豁免"]
    days = [(day, _lines(world, day, members)) for day in days_of(today)]
    closed = [(day, lines) for day, lines in days if lines]
    last = closed[-1] if closed else None
    missing = [line for line in last[1] if line["state"] not in ("按时", "豁免")] if last else []
    figures = [
        Figure("今天应交", str(len(owed)), "#reports-today"),
        Figure("今天还没有收到", str(len(open_ones)), "#reports-today", "warn" if open_ones else "good"),
    ]
    if last:
        figures.append(
            Figure(f"{last[0]:%m-%d} 没有按时交", str(len(missing)), "#reports-last", "bad" if missing else "good")
        )
    by_day = tuple(_of_day(world, viewer, day, lines) for day, lines in reversed(closed))
    chart = tuple(Bar(f"{day:%m-%d}", _late(lines)) for day, lines in closed[-_BARS:])
    return Part(
        id="reports",
        title="销售日报",
        figures=tuple(figures),
        charts=(Chart("最近每天没有按时交的人数", chart, "reports-days"),) if chart else (),
        tables=(
            _today(world, owed),
            *((_last(last[0], missing),) if last else ()),
            Table("reports-days", "逐日合计", ("日期", *_WORDS, "未审或逾期审核"), by_day, tuple(range(1, 8))),
        ),
        grids=(_grid(world, days, members),) if closed else (),
        file=report_file(world, viewer, COMPLIANCE),
    )


def _lines(world: World, day: date, members: Collection[str]) -> Sequence[Mapping[str, Any]] | None:
    lines = world.lines_of(day)
    return None if lines is None else [line for line in lines if line["person"] in members]


def _today(world: World, owed: Sequence[Owed]) -> Table:
    """Who has not reported comes first."""
    rows = []
    for each in sorted(owed, key=lambda each: (each.arrived_at is not None, each.state == "豁免", each.person)):
        if each.arrived_at is None:
            told = row(each.person, state("豁免" if each.state == "豁免" else "还没收到"), "", "")
        else:
            review = "等待审核" if each.reviewed_at is None else each.review
            told = row(each.person, state(each.state), clock(each.arrived_at), state(review))
        rows.append((Cell(_department(world, each.person)), *told))
    headers = ("部门", "姓名", "状态", "收到", "审核")
    more = f"另有 {len(rows) - MOST} 人没有列出。" if len(rows) > MOST else ""
    empty = "今天不用交日报。"
    return Table("reports-today", "今天的日报（还没收到的在前）", headers, tuple(rows[:MOST]), empty=empty, more=more)


def _department(world: World, name: str) -> str:
    return world.people[name].department if name in world.people else ""


def _last(day: date, missing: Sequence[Mapping[str, Any]]) -> Table:
    rows = tuple(
        row(line["department"], line["person"], state(line["state"]), clock(line["arrived_at"]), line["remark"])
        for line in missing[:MOST]
    )
    headers = ("部门", "姓名", "状态", "收到", "说明")
    return Table("reports-last", f"{weekday(day)} 没有按时交的", headers, rows, empty="都按时交了。")


def _of_day(world: World, viewer: Person, day: date, lines: Iterable[Mapping[str, Any]]) -> tuple[Cell, ...]:
    """A day's counts; the day leads to its workbook."""
    kept = list(lines)
    tally = Counter(line["state"] for line in kept)
    unreviewed = sum(line["review"] in ("未审", "逾期") for line in kept)
    href = report_of(world, viewer, COMPLIANCE, day.isoformat()) or "#reports-grid"
    return row(
        Cell(weekday(day), href), *(Cell(str(tally[word]), href) for word in _WORDS), Cell(str(unreviewed), href)
    )


def _late(lines: Iterable[Mapping[str, Any]]) -> int:
    return sum(line["state"] not in ("按时", "豁免") for line in lines)


def _grid(
    world: World, days: Sequence[tuple[date, Sequence[Mapping[str, Any]] | None]], members: Collection[str]
) -> Grid:
    """People down, days across: what became of each report and of its review."""
    told: dict[str, dict[date, tuple[str, str]]] = {}
    for day, lines in days:
        for line in lines or ():
            told.setdefault(line["person"], {})[day] = (line["state"], line["review"])
    today = world.now.date()
    for each in world.owed_today().values() if world.lines_of(today) is None else ():
        if each.person in members:
            came = each.arrived_at is not None
            word = each.state if came or each.state == "豁免" else "还没收到"
            told.setdefault(each.person, {})[today] = (word, _review(each) if came else "")
    names = sorted(told, key=lambda name: (_department(world, name), name))
    across = tuple(day for day, lines in days if lines or day == today)
    rows = tuple(
        GridRow(
            name,
            _department(world, name),
            tuple(told[name].get(day, ("", ""))[0] for day in across),
            tuple(told[name].get(day, ("", ""))[1] for day in across),
        )
        for name in names[:MOST]
    )
    more = f"另有 {len(names) - MOST} 人没有列出，见日报合规表。" if len(names) > MOST else ""
    return Grid("reports-grid", "日报和审核日历", across, rows, more)


def _review(each: Owed) -> str:
    return "等待审核" if each.reviewed_at is None else each.review
